"""One layer of policies made ready: which of its statements allow, and which deny."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from meshrole.errors import InputError
from meshrole.iam.evaluation import grammar
from meshrole.iam.evaluation.decision import LayerDecision, Said, StatementReference
from meshrole.iam.evaluation.facts import Facts
from meshrole.iam.evaluation.principal import Grade
from meshrole.iam.evaluation.sorts import Sort
from meshrole.iam.evaluation.statement import Statement

LAYERS = 4_096
ACTIONS = 4_096
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
OLDEST = "2008-10-17"
Path = tuple[str | int, ...]
DIRECT = int(Grade.direct)
Statements = tuple[Statement, ...]


class Outcome(NamedTuple):
    """What a layer says of a request of which not all is known.

    `grade` is how directly it is sure to allow, `possible` how directly it may; the statements of which it is not known whether
    they speak of the request are those that could change that.
    """

    said: LayerDecision
    is_denied: bool
    grade: int
    possible: int
    unsure_denies: Statements
    unsure_allows: Statements

    @property
    def is_unsure(self) -> bool:
        """Whether it could say something else too."""
        return bool(self.unsure_denies or self.unsure_allows) and not self.is_denied


class Selection:
    """The statements of a layer about one action, and what it says before one of these matches."""

    __slots__ = ("_best", "allows", "denies", "first", "is_settled")

    def __init__(self, denies: Statements, allows: Statements, first: Said) -> None:
        self.denies = denies
        self.allows = allows
        self.first = first
        self._best = first.grade
        self.is_settled = not denies and (not allows or first.grade == DIRECT)

    def says(self, facts: Facts, has_boundary: bool) -> Said | None:
        """What the layer says of a request for the action; None where that is not sure."""
        for statement in self.denies:
            grade = statement.match(facts, has_boundary)
            if grade:
                return statement.denying if grade > 0 else None
        best = self._best
        if best == DIRECT:
            return self.first
        said = self.first
        for statement in self.allows:
            grade = statement.match(facts, has_boundary)
            if grade < 0:
                return None
            if grade == DIRECT:
                return statement.allowing[DIRECT]
            if grade > best:
                said, best = statement.allowing[grade], grade
        return said


class Layer:
    """The statements of all documents of one layer; a level of the organization is a layer of its own.

    A layer that `is_open` allows what none of its statements denies.
    """

    __slots__ = ("_by_action", "_otherwise", "is_open", "level", "name", "statements")

    def __init__(
        self, name: str, statements: Iterable[Statement] = (), level: int | None = None, *, is_open: bool = False
    ) -> None:
        self.name = name
        self.level = level
        self.statements = tuple(statements)
        self.is_open = is_open
        said = LayerDecision(name, "allow" if is_open else "deny", "implicit", None, level)
        self._otherwise = Said(said, DIRECT if is_open else 0)
        self._by_action: dict[str, Selection] = {}

    def says(self, facts: Facts, has_boundary: bool) -> Said | None:
        """What the layer says of the request, and how directly it allows; None where that is not sure.

        `has_boundary` is whether the request's principal has a permissions boundary.
        """
        return self.selected(facts.action).says(facts, has_boundary)

    def outcome(self, facts: Facts, has_boundary: bool) -> Outcome:
        """What the layer says for sure, and what it may say too once more is known."""
        selected = self.selected(facts.action)
        denying = [(statement.match(facts, has_boundary), statement) for statement in selected.denies]
        allowing = [(statement.match(facts, has_boundary), statement) for statement in selected.allows]
        said, best = selected.first
        for grade, statement in allowing:
            if grade > best:
                said, best = statement.said, grade
        denied = next((statement.said for grade, statement in denying if grade > 0), None)
        unsure = tuple(statement for grade, statement in allowing if -grade > best)
        return Outcome(
            said=denied or said,
            is_denied=denied is not None,
            grade=best,
            possible=max((-grade for grade, _ in allowing), default=best) if unsure else best,
            unsure_denies=tuple(statement for grade, statement in denying if grade < 0),
            unsure_allows=unsure,
        )

    def about(self, action: str) -> Statements:
        """The statements about an action, given in lower case."""
        selected = self.selected(action)
        return (*selected.denies, *selected.allows)

    def selected(self, action: str) -> Selection:
        """The statements about an action, given in lower case, made ready."""
        return self._by_action.get(action) or self._select(action)

    def _select(self, action: str) -> Selection:
        about = [statement for statement in self.statements if statement.speaks_of(action)]
        denies = tuple(statement for statement in about if statement.is_deny)
        allows = tuple(statement for statement in about if not statement.is_deny)
        is_about_all = bool(allows) and allows[0].is_about_all and not self.is_open
        if len(self._by_action) >= ACTIONS:
            self._by_action.clear()
        found = self._by_action[action] = Selection(
            denies, allows, allows[0].allowing[DIRECT] if is_about_all else self._otherwise
        )
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
    statements = (each for index, value in enumerate(read) for each in _statements(value, sort, index, level))
    # Every RCP comes with RCPFullAWSAccess, which nobody can detach.
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
    return Layer(sort.layer, statements, level, is_open=sort.only_denies)


def _statements(document: Mapping[str, Any], sort: Sort, number: int, level: int | None) -> Iterator[Statement]:
    value = document["Statement"]
    for index, statement in enumerate(value if isinstance(value, list) else [value]):
        reference = StatementReference(sort.layer, number, index, statement.get("Sid"), level)
        yield Statement(statement, sort, document.get("Version", OLDEST), reference)
