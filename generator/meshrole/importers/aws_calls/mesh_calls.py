"""`aws appmesh`: what describe and list print, and what create and update take, also without the names of the command line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from meshrole.importers.aws_calls import appmesh
from meshrole.importers.aws_calls.answers import SOURCE, Answer, guessed
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.kinds import KINDS, LISTS, kind_of
from meshrole.importers.aws_calls.reading import at, each, has, text
from meshrole.importers.found import Miss
from meshrole.importers.marked import Map

Read = Callable[[Any, Any, appmesh.Named], Iterator[Any]]
READERS: dict[str, Read] = {
    "virtualnode": appmesh.node,
    "virtualgateway": appmesh.gateway,
    "virtualservice": appmesh.service,
    "virtualrouter": appmesh.router,
    "route": appmesh.route,
    "gatewayroute": appmesh.gateway_route,
}
PARENTS = {"route": "virtualroutername", "gatewayroute": "virtualgatewayname"}
REFERRING = {"virtualnode", "virtualnodename", "virtualroutername", "virtualservicename", "virtualgatewayname"}


@dataclass(frozen=True, slots=True)
class _Item:
    answer: Answer
    kind: str
    body: Any
    is_listed: bool = False


def takes(answer: Answer) -> bool:
    """Whether a document is of App Mesh."""
    return any(True for _ in _items(answer))


def read(answers: Sequence[Answer]) -> Iterator[Entry]:
    """What the documents say; a listing says only that something exists, which a description of it says too."""
    known = frozenset(name for answer in answers for name in _referred(answer.body))
    items = [item for answer in answers for item in _items(answer)]
    described = {_identity(item) for item in items if not item.is_listed}
    for item in items:
        if not item.is_listed or _identity(item) not in described:
            yield from _read(item, known)


def _items(answer: Answer) -> Iterator[_Item]:
    keys = {key.lower(): value for key, value in answer.body.items()}
    found = False
    for kind, plural in KINDS.items():
        if isinstance(keys.get(kind), Map) and not has(SOURCE, answer.body, "spec"):
            found = True
            yield _Item(answer, kind, keys[kind])
        if isinstance(keys.get(plural), list) and plural in LISTS:
            found = True
            yield from (_Item(answer, kind, item, True) for item in keys[plural] if text(SOURCE, item, _own(kind)))
    only = None if found else kind_of(answer)
    if only is not None:
        yield _Item(answer, only, answer.body)


def _read(item: _Item, known: frozenset[str]) -> Iterator[Entry]:
    body, kind, answer = item.body, item.kind, item.answer
    written = text(SOURCE, body, _own(kind))
    name = written or guessed(answer, _option(kind), known)
    origin = answer.origin(written or "", body)
    state = text(SOURCE, body, "status", "status")
    if state is not None and state.text == "DELETED":
        yield Miss(origin, f"{kind} {name}", "it is deleted")
        return
    if kind == "mesh":
        yield from appmesh.mesh(SOURCE, body, appmesh.Named(None, name, origin))
        return
    spec = at(SOURCE, body, "spec") if has(SOURCE, body, "spec") else body
    parent = text(SOURCE, body, PARENTS[kind]) if kind in PARENTS else None
    yield from READERS[kind](SOURCE, spec, appmesh.Named(text(SOURCE, body, "meshname"), name, origin, parent))


def _own(kind: str) -> str:
    return f"{kind}name"


def _option(kind: str) -> str:
    spelled = kind.replace("virtual", "virtual-").replace("gatewayroute", "gateway-route")
    return f"--{spelled}-name"


def _identity(item: _Item) -> tuple[str, ...]:
    names = ("meshname", PARENTS.get(item.kind, ""), _own(item.kind))
    return (item.kind, *(str(text(SOURCE, item.body, name)) if name else "" for name in names))


def _referred(body: Any) -> Iterator[str]:
    """Every name that something refers to."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting += node.values()
            yield from (item for key, item in node.items() if key.lower() in REFERRING and isinstance(item, str))
        elif isinstance(node, list):
            waiting += each(SOURCE, node)
