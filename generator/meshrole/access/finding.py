"""What an inventory has to do with a denial."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from meshrole.access.matching import Check, Cited
from meshrole.access.roles import Found
from meshrole.inventory.values import Path


class Estate(NamedTuple):
    """An inventory to ask: the roles it becomes, and its plain values as they are written."""

    roles: tuple[Found, ...]
    written: Mapping[str, Any]

    @property
    def top(self) -> Path:
        """Where its identities begin, for what is about none of them."""
        return next(((key,) for key in ("meshes", "people", "pipelines") if key in self.written), ())


class Pointer(NamedTuple):
    """A further place to look at."""

    text: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of the inventory: a verdict, in words, and the line that it is about.

    `missing`: the inventory does not allow it. `allowed`, `conditional`: it does, always or under `checks`. `forbidden`: a Deny
    or the boundary of the inventory stops it. `trust`, `trust-unclear`, `trust-allows`: the same three answers of a trust
    policy. `unknown-role`, `not-a-role`, `nobody`: it cannot say, for the role is not in it or no role is named.
    """

    verdict: str
    message: str
    path: Path
    found: Found | None = None
    add: str | None = None
    help: str | None = None
    cited: Cited | None = None
    checks: tuple[Check, ...] = ()
    others: tuple[Pointer, ...] = ()
