"""The names of an account's roles, as patterns: what rules, alarms and policies recognize a mesh identity by."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from meshrole.blueprint.model import Module, Role
from meshrole.inventory.values import Environment

FEDERATED = ("people", "pipelines")
# https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
ENVOY_ACTION = "appmesh:StreamAggregatedResources"


@dataclass(frozen=True, slots=True)
class RoleNames:
    """The roles of the environments of one account.

    `prefixes` begin the names of the workloads' roles that are named by default, `others` are the rest of the workloads'
    names, `federated` those of people and pipelines; `boundaries` are ARNs, `bounded` the names of the workloads that have one
    where not all of them have. `have_envoys` where one of them is let stream an Envoy's configuration.
    """

    prefixes: tuple[str, ...]
    others: tuple[str, ...]
    federated: tuple[str, ...]
    boundaries: tuple[str, ...]
    bounded: tuple[str, ...]
    have_envoys: bool

    @classmethod
    def of(cls, environments: Iterable[Environment], modules: Mapping[str, tuple[Module, ...]]) -> "RoleNames":
        """The names in `environments`, which are in one account."""
        pairs = [(environment, module) for environment in environments for module in modules[environment.name]]
        meshes = [(environment, module) for environment, module in pairs if module.name not in FEDERATED]
        prefixes = tuple(dict.fromkeys(f"{environment.organization}-{module.name}-" for environment, module in meshes))
        workloads = [role for _, module in meshes for role in roles(module)]
        return cls(
            prefixes=prefixes,
            others=tuple(sorted({role.name for role in workloads if not role.name.startswith(prefixes)})),
            federated=tuple(sorted({role.name for _, module in pairs if module.name in FEDERATED for role in roles(module)})),
            boundaries=tuple(sorted({role.boundary for role in workloads if role.boundary})),
            bounded=() if all(role.boundary for role in workloads) else _names(role for role in workloads if role.boundary),
            have_envoys=any(_streams(role) for role in workloads),
        )

    def workload_pattern(self) -> str:
        """A regular expression over the names of workloads' roles; empty where there are none."""
        names = [*(f"{_escaped(prefix)}.+" for prefix in self.prefixes), *map(_escaped, self.others)]
        return f"^({'|'.join(names)})$" if names else ""

    def boundary_pattern(self) -> str:
        """A regular expression over the ARNs of their boundaries; empty where they have none."""
        return f"^({'|'.join(map(_escaped, self.boundaries))})$" if self.boundaries else ""

    def bounded_pattern(self) -> str:
        """A regular expression over the names of the workloads' roles that have a boundary; empty where all or none have."""
        return f"^({'|'.join(map(_escaped, self.bounded))})$" if self.bounded else ""


def roles(module: Module) -> Iterator[Role]:
    """Every role of a module, the helpers' included."""
    for identity in module.identities:
        yield from identity.roles


def _streams(role: Role) -> bool:
    documents = (role.policy, *(part.document for part in role.parts))
    return any(ENVOY_ACTION in statement.actions for document in documents for statement in document)


def _names(found: Iterable[Role]) -> tuple[str, ...]:
    return tuple(sorted({role.name for role in found}))


def _escaped(text: str) -> str:
    """`text` as a regular expression for itself; re.escape also escapes dashes, which makes names hard to read."""
    return re.sub(r"[.+*?^$(){}|\[\]\\]", r"\\\g<0>", text)
