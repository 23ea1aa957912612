"""Who can do what on which resource, and who may be whom: the matrix of an inventory, row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
from meshrole.inventory.values import Inventory

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
    """What is asked: `roles` among `all` of them, and the patterns of resources, where there are none every resource.

    A pattern that is no ARN may begin anywhere: `table/orders` means `*table/orders`.
    """

    all: tuple[Found, ...]
    roles: tuple[Found, ...]
    resources: tuple[str, ...]

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of whole ARNs."""
        return tuple(text if text.startswith(("arn:", "*")) else f"*{text}" for text in self.resources)

    def has(self, resource: str) -> bool:
        """Whether the question is about a resource, or about some of a pattern."""
        return not self.patterns or any(wildcard.overlaps(pattern, resource) for pattern in self.patterns)

    def has_grant(self, action: str, resource: str) -> bool:
        """Whether a grant reaches what the question is about; an action without resource types reaches no resource."""
        known = actions.find(action) if resource == "*" else None
        if known is not None and not known.resource_types:
            return not self.patterns or "*" in self.patterns
        return self.has(resource)


def grants(scope: Scope, blueprint: Blueprint, inventory: Inventory, loaded: Loaded) -> Iterator[Grant]:
    """What each role may do, in the order of the inventory."""
    organization = inventory.management.id if inventory.management else None
    for found in scope.roles:
        applied = policies.applied(found.role, found.module, found.root, blueprint)
        holds = conditions_of(found.role, organization)
        for policy in applied.identity:
            for statement in sorted(policy.document, key=lambda item: item.sid):
                for action in sorted(set(statement.actions)):
                    for resource in _resources(statement):
                        if scope.has_grant(action, resource):
                            yield _grant(found, statement, policy.file or "", action, resource, (applied, holds), loaded)


def trust(scope: Scope, loaded: Loaded) -> Iterator[Trust]:
    """Who may assume each role, in the order of the inventory."""
    for found in scope.roles:
        if not scope.has(found.role.arn):
            continue
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
                        inventory=loaded.document.place(found.role.source),
                    )


def _grant(
    found: Found, statement: Statement, document: str, action: str, resource: str, limits: tuple[Applied, Holds], loaded: Loaded
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
        inventory=loaded.document.place(lines.source(found, action, resource, loaded.written)),
    )


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
