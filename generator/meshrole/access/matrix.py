"""Who can do what on which resource, and who may be whom: the matrix of an inventory, row by row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from meshrole.access import lines, policies
from meshrole.access.limits import Holds, alive, conditions_of
from meshrole.access.policies import Applied
from meshrole.access.roles import Found
from meshrole.blueprint.model import Blueprint
from meshrole.blueprint.paths import trust_path
from meshrole.errors import Place
from meshrole.iam import actions, wildcard
from meshrole.iam.policy import Conditions, Statement
from meshrole.inventory.load import Loaded
from meshrole.inventory.values import Inventory, Path

# Grants that follow one another mostly come from the same lines.
PLACES = 64
Keys = Mapping[str, Mapping[str, Sequence[str]]]


class Grant(NamedTuple):
    """One action on one resource. `alive` is what boundary, organization and Deny statements leave of it.

    That is yes, partly, no, depends (on a condition) or unknown (a boundary of which only the ARN is known); `limited_by` says
    who takes away, as `layer:Sid`. A Deny statement is a row too, with nothing in these two.
    """

    environment: str
    module: str
    identity: str
    kind: str
    role: str
    role_arn: str
    effect: str
    action: str
    resource: str
    conditions: Keys
    sid: str
    document: str
    alive: str | None
    limited_by: tuple[str, ...]
    inventory: Place


class Trust(NamedTuple):
    """One principal that may assume a role, with the conditions that must hold all together."""

    environment: str
    module: str
    identity: str
    kind: str
    role: str
    role_arn: str
    effect: str
    principal_type: str
    principal: str
    actions: tuple[str, ...]
    conditions: Keys
    sid: str
    document: str
    inventory: Place


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked: `roles` among `all` of them, and `resources`, where there are none every resource.

    A resource is an ARN or a pattern of some, and then whatever reaches one of them is meant; or it is the end of one, and then
    what is written so is meant.
    """

    all: tuple[Found, ...]
    roles: tuple[Found, ...]
    resources: tuple[str, ...]

    def has(self, resource: str, action: str | None = None) -> bool:
        """Whether the question is about a resource, or about any of a pattern, on which an action may act or not."""
        return not self.resources or any(_reaches(wanted, resource, action) for wanted in self.resources)


def grants(scope: Scope, blueprint: Blueprint, inventory: Inventory, loaded: Loaded) -> Iterator[Grant]:
    """What each role may do, in the order of the inventory."""
    organization = inventory.management.id if inventory.management else None
    place = lru_cache(PLACES)(loaded.document.place)
    for found in scope.roles:
        applied = policies.applied(found.role, found.module, found.root, blueprint)
        holds = conditions_of(found.role, organization)
        for policy in applied.identity:
            for statement in sorted(policy.document, key=lambda item: item.sid):
                for action in sorted(set(statement.actions)):
                    for resource in _resources(statement):
                        if scope.has(resource, action):
                            yield _grant(
                                found, statement, policy.file or "", action, resource, (applied, holds), loaded.written, place
                            )


def trust(scope: Scope, loaded: Loaded) -> Iterator[Trust]:
    """Who may assume each role, in the order of the inventory."""
    for found in scope.roles:
        if not scope.has(found.role.arn):
            continue
        where = loaded.document.place(found.role.source)
        document = f"{found.root.environment.name}/{found.module.name}/{trust_path(found.role.label)}"
        for statement in found.role.trust:
            for kind, principals in statement.principals:
                for principal in principals or ("*",):
                    yield Trust(
                        **_identity(found),
                        effect=statement.effect,
                        principal_type=kind,
                        principal=principal,
                        actions=tuple(sorted(statement.actions)),
                        conditions=_keys(statement.conditions),
                        sid=statement.sid,
                        document=document,
                        inventory=where,
                    )


def _grant(
    found: Found,
    statement: Statement,
    document: str,
    action: str,
    resource: str,
    limits: tuple[Applied, Holds],
    written: Mapping[str, Any],
    place: Callable[[Path], Place],
) -> Grant:
    left = alive(action, resource, *limits) if statement.effect == "Allow" else None
    return Grant(
        **_identity(found),
        effect=statement.effect,
        action=action,
        resource=resource,
        conditions=_keys(statement.conditions),
        sid=statement.sid,
        document=document,
        alive=left.left if left else None,
        limited_by=left.by if left else (),
        inventory=place(lines.source(found, action, resource, written)),
    )


def _reaches(wanted: str, resource: str, action: str | None) -> bool:
    if not wanted.startswith(("arn:", "*")):
        return wildcard.matches(f"*{wanted}", resource)
    known = actions.find(action) if action else None
    return wildcard.overlaps(wanted, resource) and (known is None or wanted == "*" or actions.acts_on(known, wanted))


def _identity(found: Found) -> dict[str, str]:
    return {
        "environment": found.root.environment.name,
        "module": found.module.name,
        "identity": found.role.label,
        "kind": found.identity.kind,
        "role": found.role.name,
        "role_arn": found.role.arn,
    }


def _resources(statement: Statement) -> Sequence[str]:
    if statement.not_resources:
        return (f"everything but {', '.join(sorted(statement.not_resources))}",)
    return sorted(set(statement.resources))


def _keys(conditions: Conditions) -> Keys:
    return {operator: {key: list(values) for key, values in keys} for operator, keys in conditions}
