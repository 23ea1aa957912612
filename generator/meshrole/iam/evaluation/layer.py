"""One layer of policies made ready: which of its statements allow, and which deny."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from meshrole.errors import InputError
from meshrole.iam.evaluation import grammar
from meshrole.iam.evaluation.decision import LayerDecision, StatementReference
from meshrole.iam.evaluation.principal import Grade
from meshrole.iam.evaluation.request import Facts
from meshrole.iam.evaluation.sorts import Sort
from meshrole.iam.evaluation.statement import Statement

LAYERS = 16_384
ACTIONS = 4_096
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
OLDEST = "2008-10-17"
Path = tuple[str | int, ...]
Statements = tuple[Statement, ...]


class Outcome(NamedTuple):
    """What a layer says of a request: for sure, and what it may say too once more is known.

    `allowed` is the most direct statement that is sure to allow, with its `grade`; `possible` is what the grade may become.
    A layer that is open allows without a statement.
    """

    denied: Statement | None
    allowed: Statement | None
    grade: Grade
    possible: Grade
    unsure_denies: Statements = ()
    unsure_allows: Statements = ()


class Layer:
    """The statements of all documents of one layer; a level of the organization is a layer of its own."""

    __slots__ = ("_by_action", "implicit", "is_open", "level", "name", "statements")

    def __init__(self, sort: Sort, statements: Iterable[Statement], level: int | None = None) -> None:
        self.name = sort.layer
        self.level = level
        self.statements = tuple(statements)
        self.implicit = LayerDecision(self.name, "deny", "implicit", None, level)
        # Every RCP comes with RCPFullAWSAccess, which nobody can detach.
        # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
        self.is_open = sort.only_denies
        self._by_action: dict[str, tuple[Statements, Statements]] = {}

    def outcome(self, facts: Facts, has_boundary: bool) -> Outcome:
        """What the layer says of the request; `has_boundary` is whether its principal has a permissions boundary."""
        denies, allows = self._by_action.get(facts.action) or self._select(facts.action)
        unsure_denies: Statements = ()
        unsure_allows: tuple[tuple[Grade, Statement], ...] = ()
        denied = allowed = None
        for statement in denies:
            grade, sure = statement.match(facts, has_boundary)
            if grade and sure:
                denied = statement
                break
            if grade:
                unsure_denies += (statement,)
        best = Grade.direct if self.is_open else Grade.none
        for statement in allows:
            grade, sure = statement.match(facts, has_boundary)
            if grade > best and sure:
                allowed, best = statement, grade
            elif grade > best:
                unsure_allows += ((grade, statement),)
        if not unsure_allows:
            return Outcome(denied, allowed, best, best, unsure_denies)
        better = tuple(item for item in unsure_allows if item[0] > best)
        possible = max((grade for grade, _ in better), default=best)
        return Outcome(denied, allowed, best, possible, unsure_denies, tuple(statement for _, statement in better))

    def _select(self, action: str) -> tuple[Statements, Statements]:
        about = [statement for statement in self.statements if statement.speaks_of(action)]
        found = tuple(item for item in about if item.is_deny), tuple(item for item in about if not item.is_deny)
        if len(self._by_action) >= ACTIONS:
            self._by_action.clear()
        self._by_action[action] = found
        return found


@lru_cache(LAYERS)
def layer(sort: Sort, documents: tuple[str, ...], path: Path, level: int | None = None) -> Layer:
    """The layer of these documents, which are JSON; `path` is where they were given.

    Raises InputError with everything for which AWS would reject one of them.
    """
    read = [json.loads(text) for text in documents]
    places = [(*path, index) if len(read) > 1 else path for index in range(len(read))]
    problems = [each for value, place in zip(read, places, strict=True) for each in grammar.problems(value, sort, place)]
    if problems:
        raise InputError(problems)
    return Layer(sort, (each for index, value in enumerate(read) for each in _statements(value, sort, index, level)), level)


def _statements(document: Mapping[str, Any], sort: Sort, number: int, level: int | None) -> Iterator[Statement]:
    value = document["Statement"]
    for index, statement in enumerate(value if isinstance(value, list) else [value]):
        reference = StatementReference(sort.layer, number, index, statement.get("Sid"), level)
        yield Statement(statement, sort, document.get("Version", OLDEST), reference)
