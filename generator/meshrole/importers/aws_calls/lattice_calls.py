"""`aws vpc-lattice`: service networks, services, which is in which, and auth policies.

https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Operations.html
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from meshrole.importers.aws_calls.answers import SOURCE, Answer
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.lattice import ENGINE, edges
from meshrole.importers.aws_calls.policies import document
from meshrole.importers.aws_calls.reading import at, each, text
from meshrole.importers.found import Mesh, Miss, Service
from meshrole.importers.marked import Map
from meshrole.importers.values import Value, value

KIND = re.compile(r":vpc-lattice:[^:]*:[^:]*:([a-z]+)/")
# In a policy, or at the end of an ARN.
ID = re.compile(r"\b(svc|sn)-[0-9a-f]{8,}\b")
POLICY = {"policy", "resourceidentifier", "state", "createdat", "lastupdatedat"}
NETWORK, SERVICE = "servicenetwork", "service"


def takes(answer: Answer) -> bool:
    """Whether a document is of VPC Lattice."""
    return _is_policy(answer) or any(_kind(item) or _joins(item) for item in _items(answer))


def read(answers: Sequence[Answer]) -> Iterator[Entry]:
    """Networks as meshes, services, and who may call them."""
    items = [(answer, item) for answer in answers for item in _items(answer)]
    named = {key: _name(item) for _, item in items if _kind(item) in (NETWORK, SERVICE) for key in _identifiers(item)}
    joined = dict(pair for _, item in items if _joins(item) for pair in _join(item, named))
    seen: set[tuple[str, Value]] = set()
    for answer, item in items:
        kind, name = _kind(item), _name(item)
        if kind not in (NETWORK, SERVICE) or (kind, name) in seen:
            continue
        seen.add((kind, name))
        origin, key = answer.origin(name, item), str(text(SOURCE, item, "id") or "") or None
        yield (
            _network(item, name, key, answer)
            if kind == NETWORK
            else Service(joined.get(name), name, origin, id=key, auth=_auth(item))
        )
    for network in dict.fromkeys(joined.values()):
        if (NETWORK, network) not in seen:
            yield Mesh(network, next(answer.origin(network) for answer, item in items if _joins(item)), engine=ENGINE)
    for answer in answers:
        if _is_policy(answer):
            yield from _policy(answer, named, joined)


def _items(answer: Answer) -> Iterator[Any]:
    listed = at(SOURCE, answer.body, "items")
    yield from (item for item in (each(SOURCE, listed) if isinstance(listed, list) else [answer.body]) if isinstance(item, Map))


def _kind(item: Any) -> str:
    found = KIND.search(str(text(SOURCE, item, "arn") or ""))
    return found[1] if found else ""


def _joins(item: Any) -> bool:
    """Whether something says of a service in which network it is."""
    return bool(_first(item, "servicename", "servicearn", "serviceidentifier")) and bool(
        _first(item, "servicenetworkname", "servicenetworkarn", "servicenetworkidentifier")
    )


def _join(item: Any, named: dict[Value, Value]) -> Iterator[tuple[Value, Value]]:
    service, network = (
        _first(item, *(f"{kind}{key}" for key in ("name", "arn", "id", "identifier"))) for kind in ("service", "servicenetwork")
    )
    if service is not None and network is not None:
        yield named.get(service, service), named.get(network, network)


def _network(item: Any, name: Value, key: str | None, answer: Answer) -> Mesh:
    arn = str(text(SOURCE, item, "arn") or "").split(":")
    region, account = (arn[3], arn[4]) if len(arn) > 5 else (None, None)
    return Mesh(name, answer.origin(name, item), engine=ENGINE, id=key, account=account, region=region, auth=_auth(item))


def _auth(item: Any) -> str | None:
    """What `get-service` and `create-service` say; `list-services` does not."""
    written = text(SOURCE, item, "authtype")
    return written.text if written is not None and written.is_known else None


def _name(item: Any) -> Value:
    return _first(item, "name", "id", "arn") or Value(())


def _identifiers(item: Any) -> Iterator[Value]:
    yield from (found for key in ("name", "id", "arn") if (found := text(SOURCE, item, key)) is not None)


def _first(item: Any, *keys: str) -> Value | None:
    return next((found for key in keys if (found := text(SOURCE, item, key)) is not None), None)


def _is_policy(answer: Answer) -> bool:
    keys = answer.keys
    return "policy" in keys and keys <= POLICY and (len(keys) > 1 or ID.search(_policy_text(answer)) is not None)


def _policy_text(answer: Answer) -> str:
    return str(answer.body.get("policy") or answer.body.get("Policy") or "")


def _policy(answer: Answer, named: dict[Value, Value], joined: dict[Value, Value]) -> Iterator[Entry]:
    """An auth policy: of what it says itself, or of the service that its statements name."""
    written = text(SOURCE, answer.body, "resourceidentifier")
    found = ID.search(written.text if written else _policy_text(answer))
    resource = value(found[0]) if found else written
    if resource is None:
        yield Miss(answer.origin(), "an auth policy", "it does not say of which service it is")
        return
    callee = named.get(written or resource) or named.get(resource, resource)
    if resource.text.startswith("sn-") or ":servicenetwork/" in str(written):
        yield Miss(
            answer.origin(callee),
            f"auth policy of {callee}",
            "it is of the whole network: it says who may enter, not whom they call",
        )
        return
    yield from edges(document(SOURCE, at(SOURCE, answer.body, "policy")), joined.get(callee), callee, answer.origin(callee))
