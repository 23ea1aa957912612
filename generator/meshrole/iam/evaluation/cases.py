"""Cases, one JSON object a line: a request with its policies in, a decision out.

Written as `{"id", "request": {"principal", "action", "resource", "resource_account", "context"}, "policies": {"identity": […],
"resource": …, "boundary": […], "session": …, "scp": [[…]], "rcp": [[…]], "endpoint": […]}}`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from meshrole.errors import InputError, Problem
from meshrole.iam.evaluation.decision import Decision
from meshrole.iam.evaluation.evaluator import evaluate
from meshrole.iam.evaluation.line import Case, read
from meshrole.iam.evaluation.policies import PolicySet
from meshrole.iam.evaluation.request import Request

SETS, DECISIONS = 4_096, 4_096
FIELDS = dict.fromkeys(("id", "request", "policies")).keys()


class Answered(NamedTuple):
    """A case and what became of it: a decision, or what is wrong with the case."""

    id: Any
    decision: Decision | None
    problems: tuple[Problem, ...] = ()

    def as_object(self) -> dict[str, Any]:
        """Plain JSON values."""
        if self.decision is None:
            return {"id": self.id, "error": "; ".join(_line(problem) for problem in self.problems)}
        return {"id": self.id, **self.decision.as_object()}

    def as_line(self) -> str:
        """JSON in one line."""
        if self.decision is None:
            return json.dumps(self.as_object())
        return f'{{"id": {json.dumps(self.id)}, {_text(self.decision)[1:]}'


def simulate(lines: Iterable[bytes]) -> Iterator[Answered]:
    """Every case of `lines`, in order. A line that is no case is answered with what is wrong; a blank one is left out.

    What else is noted beside a whole case is not looked at; beside one that lacks a field, it may be that field misspelt.
    """
    known: dict[str, PolicySet] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answered(line, number, known)


def _answered(line: bytes, number: int, known: dict[str, PolicySet]) -> Answered:
    name = None
    try:
        case = read(line, number, known)
        name = case.members.get("id")
        _check(case.members)
        policies = _policies(case, known)
        return Answered(name, evaluate(Request.of(case.members.get("request")), policies))
    except InputError as error:
        return Answered(name, None, error.problems)
    except RecursionError:
        return Answered(name, None, (Problem(f"line {number} is nested too deeply"),))


def _check(members: Mapping[str, Any]) -> None:
    if members.keys() == FIELDS:
        return
    unknown = [field for field in members if field not in FIELDS]
    if unknown and len(members) - len(unknown) < len(FIELDS):
        raise InputError(Problem("a case has no such field", found=unknown[0], allowed=tuple(FIELDS)))


def _policies(case: Case, known: dict[str, PolicySet]) -> PolicySet:
    """The policies of a case; those of the next case are often the same."""
    given = case.members.get("policies") or {}
    if isinstance(given, PolicySet):
        return given
    made = PolicySet.of(given)
    if case.policies is not None:
        if len(known) >= SETS:
            known.clear()
        known[case.policies] = made
    return made


@lru_cache(DECISIONS)
def _text(decision: Decision) -> str:
    """A decision as JSON: the same comes again and again."""
    return json.dumps(decision.as_object())


def _line(problem: Problem) -> str:
    where = f"{' > '.join(str(step) for step in problem.path)}: " if problem.path else ""
    found = f" (found {problem.found})" if problem.found is not None else ""
    return f"{where}{problem.message}{found}"
