"""Which statements speak of a request, and whether their conditions hold for it, as far as it is known."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from meshrole.access.denial import Denial, Principal
from meshrole.iam import wildcard
from meshrole.iam.evaluation import PolicySet, Request, evaluate
from meshrole.iam.policy import Document, Statement

State = Literal["holds", "fails", "unknown"]
STATES: dict[str, State] = {"allow": "holds", "deny": "fails", "depends": "unknown"}
VARIABLE = re.compile(r"\$\{[^{}]*\}")
# A request that needs a permission; which one it is does not matter.
ACTION = "ec2:DescribeRegions"
ANYBODY = "arn:aws:iam::000000000000:role/anybody"


class Check(NamedTuple):
    """A condition of a statement beside what the request is known to have; `found` is None where that is not known."""

    operator: str
    key: str
    expected: tuple[str, ...]
    found: tuple[str, ...] | None
    state: State


class Cited(NamedTuple):
    """A statement with the policy that it stands in and its number there, and its conditions checked."""

    document: str
    number: int
    statement: Statement
    checks: tuple[Check, ...]

    @property
    def state(self) -> State:
        """Whether its conditions hold, all of them together."""
        states = {check.state for check in self.checks}
        return "fails" if "fails" in states else "unknown" if "unknown" in states else "holds"


def matching(documents: Iterable[tuple[str, Document]], denial: Denial, effect: str) -> Iterator[Cited]:
    """The statements of an effect about the denied action and resource, whatever their conditions."""
    for name, document in documents:
        for index, statement in enumerate(document):
            if statement.effect == effect and speaks_of(statement, denial.action, denial.resource):
                yield Cited(name, index, statement, checks(statement, denial))


def speaks_of(statement: Statement, action: str | None, resource: str | None) -> bool:
    """Whether a statement is about an action on a resource; what is not known may be anything."""
    acts = action is None or any(wildcard.matches(pattern.lower(), action.lower()) for pattern in statement.actions)
    if resource is None or not acts:
        return acts
    if statement.not_resources:
        return not any(_takes(pattern, resource) for pattern in statement.not_resources)
    return any(_takes(pattern, resource) for pattern in statement.resources)


def checks(statement: Statement, denial: Denial) -> tuple[Check, ...]:
    """Each condition of a statement against what is known of the request."""
    known = _known(denial)
    found = []
    for operator, keys in statement.conditions:
        for key, values in keys:
            actual = _value(key.lower(), known)
            if actual is None:
                actual = _named(key.lower(), values, denial.principal)
            found.append(Check(operator, key, values, actual, _state(operator, key, values, actual, known)))
    return tuple(found)


def _known(denial: Denial) -> dict[str, tuple[str, ...]]:
    """The condition keys of the request whose values are known, in lower case."""
    who = denial.principal
    of_principal = {"aws:principalarn": who.role_arn, "aws:principalaccount": who.account} if who else {}
    own = {key: (text,) for key, text in of_principal.items() if text}
    return own | {key.lower(): values for key, values in denial.context}


def _value(key: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The values of a key; a tag that is not among the request's tags is sure to be absent."""
    return known.get(key, () if key.startswith("aws:requesttag/") and "aws:tagkeys" in known else None)


def _named(key: str, expected: tuple[str, ...], who: Principal | None) -> tuple[str, ...] | None:
    """The ARN of a role of which a message says the session only, which has no path in it: with the path that is expected.

    An account has one role of a name, so a name that does not match is another role whatever its path is.
    """
    if key != "aws:principalarn" or who is None or who.role is None or not expected:
        return None
    path = expected[0].partition(":role/")[2].rpartition("/")[0]
    partition = who.text.split(":")[1]
    return (f"arn:{partition}:iam::{who.account}:role/{path}/{who.role}".replace("role//", "role/"),)


def _takes(pattern: str, resource: str) -> bool:
    """A policy variable stands for any text."""
    return wildcard.matches(VARIABLE.sub("*", pattern), resource)


def _state(
    operator: str, key: str, values: tuple[str, ...], actual: tuple[str, ...] | None, known: Mapping[str, tuple[str, ...]]
) -> State:
    """Whether one condition holds: the decision about a statement that has no other."""
    statement = Statement(sid="Check", actions=("*",), resources=("*",), conditions=((operator, ((key, values),)),))
    context: dict[str, list[str] | None] = {name: list(found) for name, found in known.items()}
    if actual:
        context[key.lower()] = list(actual)
    elif actual is None:
        context[key.lower()] = None
    request = Request(ANYBODY, ACTION, "*", context=context, complete=actual == ())
    return STATES[evaluate(request, PolicySet(identity=[(statement,)])).decision]
