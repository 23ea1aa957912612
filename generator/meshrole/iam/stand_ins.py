"""What stands for an id that AWS makes up until it has made it: a VPC Lattice service network's or service's.

AWS's own are `sn-` and `svc-` with 17 letters or digits behind it, so none of them has a second dash.
https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateService.html
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from meshrole.iam.policy import Document, Statement

IN_ARN = re.compile(r":(?:servicenetwork/sn|service/svc)-of-([A-Za-z0-9_-]+)(?:\.([A-Za-z0-9_-]+))?")
MARK = "-of-"


class Made(NamedTuple):
    """A service network (without `service`) or a service, by the names that a mesh and a service have in the inventory."""

    mesh: str
    service: str | None = None

    @property
    def id(self) -> str:
        """What stands for its id."""
        return f"svc-of-{self.mesh}.{self.service}" if self.service else f"sn-of-{self.mesh}"


def of(documents: Iterable[Document]) -> tuple[Made, ...]:
    """Whatever ids in these documents are not known yet, each once, in their order."""
    return tuple(dict.fromkeys(found for text in _texts(documents) if MARK in text for found in in_text(text)))


def are_in(document: Document) -> bool:
    """Whether an id in the document is not known yet."""
    return any(MARK in text and IN_ARN.search(text) for text in _texts((document,)))


def in_text(text: str) -> Iterator[Made]:
    """The stand-ins in the ARNs of a text."""
    return (Made(match[1], match[2]) for match in IN_ARN.finditer(text))


def replaced(text: str, by: Callable[[Made], str]) -> str:
    """The text with something else in the place of each stand-in."""

    def other(match: re.Match[str]) -> str:
        made = Made(match[1], match[2])
        return match[0].removesuffix(made.id) + by(made)

    return IN_ARN.sub(other, text)


def _texts(documents: Iterable[Document]) -> Iterator[str]:
    return (text for document in documents for statement in document for text in _of_statement(statement))


def _of_statement(statement: Statement) -> Iterator[str]:
    yield from statement.resources
    yield from statement.not_resources
    for _, keys in statement.conditions:
        for _, values in keys:
            yield from values
