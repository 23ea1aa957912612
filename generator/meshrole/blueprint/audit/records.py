"""One record for each role of the inventory, for the queries to join with what CloudTrail saw."""

from collections.abc import Iterable, Iterator, Mapping

from meshrole.blueprint.audit.names import ENVOY_ACTION
from meshrole.blueprint.audit.values import RoleRecord
from meshrole.blueprint.model import Identity, Module, Role
from meshrole.inventory.values import Environment


def records(environments: Iterable[Environment], modules: Mapping[str, tuple[Module, ...]]) -> Iterator[RoleRecord]:
    """A record for each role of `environments`, in the order of the inventory."""
    for environment in environments:
        for module in modules[environment.name]:
            for identity in module.identities:
                for role in identity.roles:
                    yield _record(role, identity, module, environment)


def _record(role: Role, identity: Identity, module: Module, environment: Environment) -> RoleRecord:
    is_own = role is identity.role
    return RoleRecord(
        arn=role.arn,
        name=role.name,
        mesh="" if identity.kind in ("people", "pipeline") else module.name,
        environment=environment.name,
        identity=identity.label,
        kind=identity.kind if is_own else "helper",
        trusted=_trusted(role),
        nodes=tuple(_nodes(role)),
    )


def _trusted(role: Role) -> tuple[str, ...]:
    """Who may assume the role."""
    return tuple(name for statement in role.trust for _, names in statement.principals for name in names)


def _nodes(role: Role) -> Iterator[str]:
    for document in (role.policy, *(part.document for part in role.parts)):
        for statement in document:
            if ENVOY_ACTION in statement.actions:
                yield from statement.resources
