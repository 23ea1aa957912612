"""One file a format. All of them say the same in the same order, and the same review is always the same bytes."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from meshrole.review.model import Review

Report = Callable[[Review], str]
# In each, the function has the format's name.
_FILES = {
    "text": "text",
    "json": "jsons",
    "sarif": "sarif",
    "markdown": "markdown",
    "github": "github",
    "junit": "junit",
    "gitlab": "gitlab",
}


class _Formats(Mapping[str, Report]):
    """The report of each format; its file is loaded when it is asked for, because a run needs one of them."""

    def __getitem__(self, name: str) -> Report:
        report: Report = getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
        return report

    def __iter__(self) -> Iterator[str]:
        return iter(_FILES)

    def __len__(self) -> int:
        return len(_FILES)


FORMATS: Mapping[str, Report] = _Formats()
