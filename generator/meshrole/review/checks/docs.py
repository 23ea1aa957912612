"""What a check says of itself: its docstring, as help for people."""

import re
from dataclasses import dataclass
from types import ModuleType

PARTS = ("What", "Why", "Bad", "Good")
PART = re.compile(rf"^({'|'.join(PARTS)}): ", re.MULTILINE)
URL = re.compile(r"https://[^\s>)]+")


@dataclass(frozen=True, slots=True)
class Help:
    """The title of a check, what it finds, why that matters, the page that says so, and an example of either kind."""

    id: str
    title: str
    what: str
    why: str
    source: str
    bad: str
    good: str

    @property
    def markdown(self) -> str:
        """The help as a section of Markdown, without its heading."""
        return (
            f"{self.title}\n\n**What.** {self.what}\n\n**Why.** {self.why} ([AWS]({self.source}))\n\n"
            f"**Bad.** `{self.bad}`\n\n**Good.** `{self.good}`\n"
        )


def help_of(check_id: str, module: ModuleType) -> Help:
    """The help in a check's docstring. Raises ValueError when a part is missing."""
    title, _, rest = (module.__doc__ or "").strip().partition("\n\n")
    pieces = PART.split(rest)
    parts = dict(zip(pieces[1::2], (" ".join(piece.split()) for piece in pieces[2::2]), strict=True))
    source = URL.search(parts.get("Why", ""))
    if tuple(parts) != PARTS or source is None:
        raise ValueError(f"the docstring of {check_id} must say {', '.join(PARTS)}, and a page after Why")
    why = parts["Why"].replace(source[0], "").strip().rstrip(":")
    return Help(
        check_id, title.rstrip("."), _sentence(parts["What"]), f"{_sentence(why)}.", source[0], parts["Bad"], parts["Good"]
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
