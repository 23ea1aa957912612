"""What one set of policies allows and another does not: decided for every action of AWS, every resource, every context.

Only actions that differing cells speak of can differ. For each of those, one request stands for all that no pattern and no
condition of either side tells apart; the evaluator decides it on both sides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from meshrole.access.verify.cells import Cell, Cells, Except
from meshrole.access.verify.contexts import FRESH, Value, choices, plain, variables
from meshrole.access.verify.language import classes, shape
from meshrole.iam import actions, wildcard
from meshrole.iam.evaluation import PolicySet, Request
from meshrole.iam.evaluation.layer import Layer
from meshrole.iam.formats import VARIABLE

MAX_REQUESTS = 30_000
ARN, ARN_COLONS = "arn:", 5
# Where many actions differ alike, the first of these is the example: it says most.
TELLING = ("iam:PutRolePolicy", "sts:AssumeRole", "secretsmanager:GetSecretValue", "s3:GetObject")
NOBODY = "arn:aws:iam::000000000000:role/nobody"
Documents = Sequence[Mapping[str, Any]]
Context = Mapping[str, Value]


class UndecidedError(Exception):
    """There are more cases than are tried, and none of those that were shows anything."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A request that one side allows and the other does not, and every action for which it is so. Not `decided`: unknown."""

    action: str
    resource: str
    context: Context
    is_allowed: bool
    actions: tuple[str, ...]
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """Policies of one layer, as cells and as documents for the evaluator."""

    cells: Cells
    documents: tuple[Mapping[str, Any], ...]

    def layer(self) -> Layer:
        """The layer as the evaluator has it. Raises InputError when AWS would reject a document."""
        return PolicySet(identity=self.documents).layers.identity


def differences(found: Side, declared: Side, principal: str = NOBODY) -> tuple[Difference, ...]:
    """Where `found` allows what `declared` does not, or the reverse: one difference for all actions that differ alike."""
    if found.cells == declared.cells:
        return ()
    theirs, ours = found.layer(), declared.layer()
    alike: dict[tuple[Cells, Cells], list[str]] = defaultdict(list)
    for action in touched(found.cells ^ declared.cells):
        speaking = tuple(_about(side.cells, action) for side in (found, declared))
        if speaking[0] != speaking[1]:
            alike[speaking[0], speaking[1]].append(action)
    result: list[Difference] = []
    for speaking, names in alike.items():
        ordered = tuple(sorted(names, key=lambda name: name not in TELLING))
        requests = Requests(frozenset().union(*speaking), ordered[0], principal)
        result += _first(requests, theirs, ours, ordered)
    return tuple(result)


def touched(cells: Iterable[Cell]) -> list[str]:
    """Every action of AWS that one of the cells speaks of, and each name in them that AWS has not."""
    found: dict[str, None] = {}
    for cell in cells:
        names = actions.expand("*") if isinstance(cell.action, Except) else _expanded(cell.action)
        found |= dict.fromkeys(name for name in names if cell.speaks_of(name.lower()))
    return sorted(found)


def _expanded(name: str) -> tuple[str, ...]:
    if not wildcard.has_wildcard(name):
        known = actions.find(name)
        return (known.name if known else name,)
    return actions.expand(name) or (name.replace("*", "").replace("?", "x"),)


def _about(cells: Cells, action: str) -> Cells:
    return frozenset(cell._replace(action="") for cell in cells if cell.speaks_of(action.lower()))


def _first(requests: "Requests", found: Layer, declared: Layer, names: tuple[str, ...]) -> Iterator[Difference]:
    """The first request of each direction."""
    seen = set()
    for resource, context in requests:
        request = requests.request(resource, context)
        allowed = allows(found, request)
        if allowed not in seen and allowed != allows(declared, request):
            seen.add(allowed)
            yield Difference(names[0], resource, context, allowed, names)
    if not seen and not requests.complete:
        yield Difference(names[0], "*", {}, True, names, decided=False)


def allows(layer: Layer, request: Request) -> bool:
    """Whether the layer allows, by itself."""
    said = layer.says(request.facts, False)
    return said is not None and said[1] > 0


class Requests:
    """Requests of one action, one for each that the cells tell apart."""

    def __init__(
        self, cells: Cells, action: str, principal: str, within: Iterable[str] = (), fixed: Context | None = None
    ) -> None:
        """`within` are more patterns to tell resources apart by; `fixed` are keys that can have one value only."""
        self._action, self._principal = action, principal
        patterns = sorted({*within, *(text for cell in cells for text in resources_of(cell))})
        wanted = [text for text in samples(action, patterns, principal) if text.startswith(ARN) or text == "*"]
        found = classes([shape(plain(text)) for text in patterns], wanted, ARN)
        self._resources = list(found.texts.values())
        tried = choices(each for cell in cells for each in cell.conditions)
        values = dict(tried.values)
        for key in variables(patterns):
            values[key] = tuple(dict.fromkeys((*values.get(key, (None,)), FRESH)))
        self._fixed = fixed or {}
        values |= {key: (self._fixed[key],) for key in values if key in self._fixed}
        self._keys, self._values = list(values), list(values.values())
        count = len(self._resources)
        for each in self._values:
            count *= len(each)
        self.complete = found.complete and tried.complete and count <= MAX_REQUESTS

    def __iter__(self) -> Iterator[tuple[str, Context]]:
        for number, (resource, *values) in enumerate(product(self._resources, *self._values)):
            if number >= MAX_REQUESTS:
                return
            given: dict[str, Value] = dict(zip(self._keys, values, strict=True))
            yield str(resource), {key: value for key, value in given.items() if value is not None}

    def shown(self, context: Context) -> Context:
        """The part of a context that is not the principal's own."""
        return {key: value for key, value in context.items() if key not in self._fixed}

    def request(self, resource: str, context: Context) -> Request:
        """The request to evaluate; a value of several is a list."""
        given = {key: list(value) if isinstance(value, tuple) else value for key, value in context.items()}
        return Request(self._principal, self._action, resource, context=given)


def resources_of(cell: Cell) -> Iterable[str]:
    """The patterns of a cell's resources."""
    return cell.resource.names if isinstance(cell.resource, Except) else (cell.resource,)


def samples(action: str, patterns: Iterable[str], principal: str) -> list[str]:
    """Resources as a person would name them: those of the patterns, and one that nobody names."""
    named = ["".join(piece if isinstance(piece, str) else "x" for piece in plain(text)) for text in patterns]
    parts = next((text.split(":") for text in named if text.count(":") >= ARN_COLONS), principal.split(":"))
    known = actions.find(action)
    given = {"Partition": principal.split(":")[1], "Region": parts[3] or "us-east-1", "Account": principal.split(":")[4]}
    formats = actions.arn_formats(known) if known else ()
    others = [VARIABLE.sub(lambda found: given.get(found[0][2:-1], "other"), text) for text in formats]
    return [*others, *named, "*"]
