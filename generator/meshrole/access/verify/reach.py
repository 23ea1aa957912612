"""Whether a role may do an action on some resource of those that are asked about, with the request that shows it."""

from collections.abc import Iterator, Sequence

from meshrole.access.verify.cells import Cell, Cells, Except
from meshrole.access.verify.compare import Requests, UndecidedError, allows
from meshrole.access.verify.contexts import Value, plain
from meshrole.access.verify.estate import Subject
from meshrole.access.verify.finding import CounterExample
from meshrole.access.verify.language import accepts, shape
from meshrole.iam import wildcard
from meshrole.iam.evaluation import PolicySet


def reach(subject: Subject, action: str, within: Sequence[str]) -> CounterExample | None:
    """A request that the role's policies and boundary allow, on a resource that one of `within` matches."""
    return next(requests(subject, action, within), None)


def requests(subject: Subject, action: str, within: Sequence[str]) -> Iterator[CounterExample]:
    """Every such request that the patterns and conditions tell apart. Raises UndecidedError at the end of too many."""
    about = speaking(subject.policies.cells, action)
    if not any(cell.effect == "Allow" and _meets(cell, within) for cell in about):
        return
    sides = [side for side in (subject.policies, subject.limits) if side is not None]
    layers = [PolicySet(identity=side.documents).layers.identity for side in sides]
    limits = speaking(subject.limits.cells, action) if subject.limits else frozenset()
    asked = Requests(about | limits, action, subject.role.arn, within, dict(fixed(subject)))
    shapes = [shape(plain(text)) for text in within]
    for resource, context in asked:
        if any(accepts(each, resource) for each in shapes):
            request = asked.request(resource, context)
            if all(allows(layer, request) for layer in layers):
                yield CounterExample(subject.role.arn, action, resource, asked.shown(context), True)
    if not asked.complete:
        raise UndecidedError


def speaking(cells: Cells, action: str) -> Cells:
    """The cells that speak of an action."""
    return frozenset(cell for cell in cells if cell.speaks_of(action.lower()))


def fixed(subject: Subject) -> Iterator[tuple[str, Value]]:
    """The keys of a request that follow from the role."""
    yield "aws:principalarn", subject.role.arn
    yield "aws:principalaccount", subject.role.account
    yield "aws:principaltype", "AssumedRole"
    for key, value in subject.role.tags:
        yield f"aws:principaltag/{key}".lower(), value


def _meets(cell: Cell, within: Sequence[str]) -> bool:
    if isinstance(cell.resource, Except):
        return True
    return any(wildcard.overlaps(cell.resource, each) for each in within)
