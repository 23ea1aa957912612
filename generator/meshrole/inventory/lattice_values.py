"""A mesh as VPC Lattice has it, resolved for one environment. All frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class LatticeService:
    """A service: `name` is ours, `aws_name` what it is called where it is made here (`is_made`), `account` whose it is.

    `id` is AWS's, or stands for it until AWS has made it; `target_groups` are ids, each with the version that it is of.
    """

    name: str
    id: str
    is_made: bool
    aws_name: str
    account: str
    target_groups: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True)
class Lattice:
    """A service network and the services of it that are here or are called from here.

    In one environment of those that share a network the network is `kept`: its policy is written there, and the network is made
    there (`is_made`) where the inventory has no id of it. `elsewhere` are the services of the other environments that are called.
    Its callers are of the organization, or, where that has no id here, of the `accounts` of the environments that share it.
    """

    network: str
    is_made: bool
    is_kept: bool
    aws_name: str
    services: tuple[LatticeService, ...]
    elsewhere: tuple[LatticeService, ...]
    organization_id: str | None
    accounts: tuple[str, ...]

    def service(self, name: str) -> LatticeService | None:
        """The service of that name, wherever it is."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, LatticeService]:
        return {item.name: item for item in (*self.elsewhere, *self.services)}
