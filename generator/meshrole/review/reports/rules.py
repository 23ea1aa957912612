"""What a check is about, as reports and `explain` tell it: from its docstring, which is the one place where it is said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from meshrole.review.checks import CHECKS
from meshrole.review.waivers import DESCRIBED

_EXAMPLES = ("Bad", "Good")
_SECTION = re.compile(r"^(What|Why|Bad|Good): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: its id, its first line, and its sections (What, Why, Bad, Good) in order."""

    id: str
    title: str
    sections: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """The whole as plain text."""
        return "\n".join([self.title, *(f"{name}: {text}" for name, text in self.sections)])

    def markdown(self) -> str:
        """The whole as Markdown, the examples as code."""
        return "\n\n".join(
            [self.title, *(f"**{name}:** {_code(text) if name in _EXAMPLES else text}" for name, text in self.sections)]
        )


def rules(found: Iterable[str]) -> tuple[Rule, ...]:
    """Every check that there is, and those in `found` that have no description, by id."""
    described = {**{check: module.__doc__ or "" for check, module in CHECKS.items()}, **DESCRIBED}
    return tuple(_rule(check, described.get(check, "")) for check in sorted({*described, *found}))


def _rule(check: str, doc: str) -> Rule:
    title, _, rest = doc.strip().partition("\n")
    parts = _SECTION.split(rest.strip())[1:]
    sections = tuple(
        (name, text.strip() if name in _EXAMPLES else " ".join(text.split()))
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    )
    return Rule(check, title or check, sections)


def _code(text: str) -> str:
    return f"\n\n```text\n{text}\n```"
