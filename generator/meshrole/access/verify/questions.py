"""What AWS is asked about a role: everything that it should be allowed, and what it should not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meshrole.access.verify.cells import Cell, Except
from meshrole.access.verify.compare import Requests, allows, touched
from meshrole.access.verify.contexts import Value
from meshrole.access.verify.estate import Subject
from meshrole.access.verify.nodes import ACTION as STREAM
from meshrole.access.verify.reach import fixed, speaking
from meshrole.iam import actions
from meshrole.iam.escalation_paths import PATHS
from meshrole.iam.evaluation import PolicySet
from meshrole.iam.formats import VARIABLE

OTHER = "another"


@dataclass(frozen=True, slots=True)
class Question:
    """A request, and whether the role's policies and boundary allow it here."""

    action: str
    resource: str
    context: tuple[tuple[str, tuple[str, ...]], ...]
    is_allowed: bool


def questions(subject: Subject) -> Iterator[Question]:
    """Every grant on one resource of it, each condition once met and once not; and what would be an escalation."""
    seen = set()
    for cell in sorted(subject.policies.cells, key=str):
        if cell.effect == "Allow" and not isinstance(cell.resource, Except):
            for action in touched([cell]):
                for question in _of(subject, cell, action):
                    if question not in seen:
                        seen.add(question)
                        yield question
    asked = {question.action.lower() for question in seen}
    for action in dict.fromkeys([STREAM, *(path.actions[0] for path in PATHS if not path.existing)]):
        if action.lower() not in asked and actions.find(action):
            yield Question(action, _other(subject, action), (), _is_allowed(subject, action, _other(subject, action), {}))


def _of(subject: Subject, cell: Cell, action: str) -> Iterator[Question]:
    """A request that meets the grant, and the same on a resource that it does not name."""
    asked = Requests(frozenset((cell,)), action, subject.role.arn, fixed=dict(fixed(subject)))
    own = PolicySet(identity=[_document(cell)]).layers.identity
    met = [(resource, context) for resource, context in asked if allows(own, asked.request(resource, context))]
    named = next((each for each in met if each[0] != "*"), next(iter(met), None))
    if named is not None:
        resource, context = named
        yield _question(subject, action, resource, asked.shown(context))
        if asked.shown(context):
            yield _question(subject, action, resource, {})
        if resource != "*":
            yield _question(subject, action, _other(subject, action), asked.shown(context))


def _question(subject: Subject, action: str, resource: str, context: Mapping[str, Value]) -> Question:
    texts = {key: value if isinstance(value, tuple) else (str(value),) for key, value in context.items()}
    given = tuple(sorted(texts.items()))
    return Question(action, resource, given, _is_allowed(subject, action, resource, context))


def _is_allowed(subject: Subject, action: str, resource: str, context: Mapping[str, Value]) -> bool:
    sides = [side for side in (subject.policies, subject.limits) if side is not None]
    about = frozenset(cell for side in sides for cell in speaking(side.cells, action))
    asked = Requests(about, action, subject.role.arn, fixed=dict(fixed(subject)))
    request = asked.request(resource, {**dict(fixed(subject)), **context})
    return all(allows(side.layer(), request) for side in sides)


def _other(subject: Subject, action: str) -> str:
    """A resource of the kind that the action is about, which no policy names."""
    known = actions.find(action)
    formats = actions.arn_formats(known) if known else ()
    given = {"Partition": subject.role.partition, "Region": "us-east-1", "Account": subject.role.account}
    return VARIABLE.sub(lambda found: given.get(found[0][2:-1], OTHER), formats[0]) if formats else "*"


def _document(cell: Cell) -> dict[str, object]:
    condition: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in cell.conditions:
        condition.setdefault(operator, {})[key] = sorted(values)
    item: dict[str, object] = {"Effect": "Allow", "Resource": cell.resource}
    item |= {"NotAction": sorted(cell.action.names)} if isinstance(cell.action, Except) else {"Action": cell.action}
    return {"Version": "2012-10-17", "Statement": [{**item, **({"Condition": condition} if condition else {})}]}
