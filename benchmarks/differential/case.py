"""A case: the object that `meshrole simulate` reads as a line, and what is expected of it."""

from typing import Any, Literal, NamedTuple

from meshrole.errors import InputError
from meshrole.iam import PolicySet, Request, evaluate

# "explicit" and "implicit" are kinds of deny, and "deny" is one of which the kind is not told; "error" is a policy that AWS would
# reject. "crash" is a peer that failed, and "unread" a case that it has no way to be asked.
Answer = Literal["allow", "explicit", "implicit", "deny", "depends", "error", "crash", "unread"]
DENIALS = ("explicit", "implicit", "deny")


class Case(NamedTuple):
    """A request with its policies; `expected` and `page` are the documentation's answer, where the case is from there."""

    id: str
    request: dict[str, Any]
    policies: dict[str, Any]
    expected: Answer | None = None
    page: str | None = None


class Said(NamedTuple):
    """What somebody says of a case; `why` is in words, where the answer is an error, a crash or that it was not read."""

    answer: Answer
    why: str = ""


def ours(case: Case) -> Said:
    """What we say."""
    try:
        decision = evaluate(Request.of(case.request), PolicySet.of(case.policies))
    except InputError as error:
        return Said("error", error.problems[0].message)
    return Said(decision.kind or "deny" if decision.decision == "deny" else decision.decision)


def agree(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same, as far as both tell."""
    return one == other or ("deny" in (one, other) and one in DENIALS and other in DENIALS)


def comparable(one: Answer, other: Answer) -> bool:
    """Whether a peer's answer can be held against ours: it has read the case, and the case has an answer of its kind."""
    return "unread" not in (one, other) and "depends" not in (one, other)


def statements(document: Any) -> list[dict[str, Any]]:
    """The statements of a document, which may be one alone."""
    found = document.get("Statement", []) if isinstance(document, dict) else []
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]
