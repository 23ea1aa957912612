"""What calls of the AWS CLI or an SDK printed, or are to be given, one by one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from meshrole.importers.aws_calls.json_text import values
from meshrole.importers.aws_calls.placeholders import Placeholders
from meshrole.importers.aws_calls.reading import each, text
from meshrole.importers.aws_calls.tasks import ENVOY
from meshrole.importers.base import SourceFile
from meshrole.importers.found import Miss
from meshrole.importers.marked import List, Map, line_of
from meshrole.importers.origin import Origin
from meshrole.importers.values import Value, unknown

SOURCE = Placeholders()
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# What an answer has besides its content.
AROUND = {"responsemetadata", "resultmetadata", "$metadata", "nexttoken", "istruncated", "marker", "tags", "clienttoken"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One document: `body` is its content, `file` and `line` say where it is."""

    file: str
    line: int
    body: Map

    def origin(self, name: Any = "", node: Any = None) -> Origin:
        """Where the document is, or `node` in it."""
        return Origin(self.file, line_of(node, default=self.line), str(name))

    @property
    def stem(self) -> str:
        """The file's name without what is behind its first dot."""
        return PurePosixPath(self.file).name.split(".")[0]

    @property
    def words(self) -> list[str]:
        """The words of the file's name."""
        return [word.lower() for word in WORDS.findall(self.stem)]

    @property
    def keys(self) -> set[str]:
        """What the document has at its top, in lower case."""
        return {key.lower() for key in self.body} - AROUND


def answers(files: Sequence[SourceFile]) -> tuple[list[Answer], list[Miss]]:
    """Every document of `files`, and a Miss for each that is none."""
    found: list[Answer] = []
    misses: list[Miss] = []
    for file in files:
        for body in values(file):
            if isinstance(body, Miss):
                misses.append(body)
            else:
                found += _unwrapped(file.name, body, line_of(body))
    return found, misses


def guessed(answer: Answer, option: str, known: frozenset[str] = frozenset()) -> Value:
    """A name that is only on the command line, guessed from the file's name: taken for it where others refer to that name."""
    return unknown(option, answer.stem, answer.stem if answer.stem in known else None)


def _unwrapped(file: str, body: Any, line: int) -> Iterator[Answer]:
    """A document out of what a recorder (placebo's `data`), a pager or a list puts around it."""
    if isinstance(body, List):
        if _are_containers(body):
            whole = Map(line)
            whole["containerDefinitions"], whole.lines["containerDefinitions"] = body, line
            yield Answer(file, line, whole)
            return
        for index, item in enumerate(body):
            yield from _unwrapped(file, item, line_of(body, index, line))
    elif isinstance(body, Map):
        if _is_envoy(body):
            containers = List(line)
            containers.append(body)
            yield from _unwrapped(file, containers, line)
            return
        inner = body.get("data") if "status_code" in body else _recorded(body)
        yield from _unwrapped(file, inner, line_of(inner, default=line)) if isinstance(inner, Map) else [Answer(file, line, body)]


def _recorded(body: Map) -> Any:
    """What a call was given that CloudTrail recorded, if it made or changed something.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    is_made = str(body.get("eventName")).startswith(("Create", "Update", "Register")) and not body.get("errorCode")
    return body.get("requestParameters") if "eventSource" in body and is_made else None


def _are_containers(body: List) -> bool:
    """Whether a list is what `--container-definitions` takes."""
    return bool(body) and all(isinstance(item, Map) and "image" in item and "name" in item for item in body)


def _is_envoy(body: Map) -> bool:
    """Whether a mapping is the definition of an Envoy's container, which says whose configuration it streams."""
    names = {str(text(SOURCE, item, "name")) for item in each(SOURCE, body, "environment")} if "image" in body else set()
    return "name" in body and not names.isdisjoint(ENVOY)
