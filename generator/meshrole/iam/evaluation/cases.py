"""Cases, one JSON object a line: a request with its policies in, a decision out.

Written as `{"id", "request": {"principal", "action", "resource", "resource_account", "context"}, "policies": {"identity": […],
"resource": …, "boundary": […], "session": …, "scp": [[…]], "rcp": [[…]], "endpoint": […]}}`.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from meshrole.errors import InputError, Problem
from meshrole.iam.evaluation.decision import Decision
from meshrole.iam.evaluation.evaluator import evaluate
from meshrole.iam.evaluation.policies import PolicySet
from meshrole.iam.evaluation.request import Request

SETS = 4_096
FIELDS = ("id", "request", "policies")


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


def simulate(lines: Iterable[bytes]) -> Iterator[Answered]:
    """Every case of `lines`, in order. A line that is no case is answered with what is wrong; a blank one is left out.

    What else is noted beside a whole case is not looked at; beside one that lacks a field, it may be that field misspelt.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answered(line, number)


def _answered(line: bytes, number: int) -> Answered:
    name = None
    try:
        case = _read(line, number)
        name = case.get("id")
        unknown = [field for field in case if field not in FIELDS]
        if unknown and len(case) - len(unknown) < len(FIELDS):
            raise InputError(Problem("a case has no such field", found=unknown[0], allowed=FIELDS))
        policies = _policies(json.dumps(case.get("policies") or {}))
        return Answered(name, evaluate(Request.of(case.get("request")), policies))
    except InputError as error:
        return Answered(name, None, error.problems)
    except RecursionError:
        return Answered(name, None, (Problem(f"line {number} is nested too deeply"),))


def _read(line: bytes, number: int) -> dict[str, Any]:
    """The object in a line. AWS takes no policy in which an element comes twice, so a key that does is an error."""
    try:
        value = DECODER.decode(line.decode("utf-8-sig"))
    except ValueError as error:
        raise InputError(Problem(f"line {number} is not JSON: {error}")) from None
    if not isinstance(value, dict):
        raise InputError(Problem(f"line {number} is not an object"))
    return value


@lru_cache(SETS)
def _policies(text: str) -> PolicySet:
    """The policies of a case; those of the next case are often the same."""
    return PolicySet.of(json.loads(text))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)} is given twice")
    return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    return float(text) if isfinite(float(text)) else _no_number(text)


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)


def _line(problem: Problem) -> str:
    where = f"{' > '.join(str(step) for step in problem.path)}: " if problem.path else ""
    found = f" (found {problem.found})" if problem.found is not None else ""
    return f"{where}{problem.message}{found}"
