"""The modules of every environment with what guards and records them: boundaries, the audit, the organization's policies."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from meshrole.blueprint import statements
from meshrole.blueprint.audit.design import delegation, design_audit
from meshrole.blueprint.audit.names import roles
from meshrole.blueprint.audit.values import NO_AUDIT, RootAudit
from meshrole.blueprint.guardrails import boundary, organization
from meshrole.blueprint.guardrails.policies import OrganizationPolicy
from meshrole.blueprint.guardrails.protected import Protected, protected
from meshrole.blueprint.model import Blueprint, Module, Root
from meshrole.inventory.values import Inventory

SERVICE_CONTROL, RESOURCE_CONTROL = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"

Modules = Mapping[str, tuple[Module, ...]]


def guarded(inventory: Inventory, modules: Modules) -> Blueprint:
    """The blueprint of an inventory whose identities are `modules`, by environment."""
    if inventory.audit is None and inventory.guardrails is None:
        return Blueprint(tuple(Root(environment, modules[environment.name]) for environment in inventory.environments))
    safe = protected(inventory, modules)
    bounded = {name: tuple(_bounded(module, name, inventory, safe) for module in items) for name, items in modules.items()}
    administrators = inventory.guardrails.administrators if inventory.guardrails else ()
    audits = design_audit(inventory.audit, administrators, bounded) if inventory.audit else {}
    roots = [
        Root(environment, bounded[environment.name], audits.get(environment.name, NO_AUDIT), needs=_needs(inventory))
        for environment in inventory.environments
    ]
    return Blueprint((*roots, *_audit_root(inventory, audits), *_organization_root(inventory, safe)))


def _needs(inventory: Inventory) -> tuple[str, ...]:
    home = inventory.audit.home if inventory.audit else None
    return (home.environment.name,) if home else ()


def _audit_root(inventory: Inventory, audits: Mapping[str, RootAudit]) -> Iterator[Root]:
    home = inventory.audit.home if inventory.audit else None
    if inventory.audit and home:
        needs = (inventory.management.environment.name,) if inventory.management and delegation(inventory.audit) else ()
        yield Root(home.environment, (), audits[home.environment.name], needs=needs)


def _organization_root(inventory: Inventory, safe: Protected) -> Iterator[Root]:
    management = inventory.management
    if management is None:
        return
    audit = RootAudit(delegation=delegation(inventory.audit) if inventory.audit else None)
    policies = tuple(_policies(inventory, safe))
    if policies or not audit.is_empty:
        yield Root(management.environment, (), audit, policies)


def _bounded(module: Module, environment: str, inventory: Inventory, safe: Protected) -> Module:
    """The module with the guardrails in its boundary, beside the inventory's own statements."""
    mesh = next((item for item in inventory.meshes if item.key == module.name and item.environment.name == environment), None)
    guards = inventory.guardrails and inventory.guardrails.entry.permissions_boundary
    if module.boundary is None or mesh is None or not guards:
        return module
    own = module.boundary.document or (boundary.allowed(roles(module)),)
    document = statements.document([*own, *boundary.forbidden(mesh, safe)])
    return replace(module, boundary=replace(module.boundary, document=document))


def _policies(inventory: Inventory, safe: Protected) -> Iterator[OrganizationPolicy]:
    guardrails = inventory.guardrails
    if guardrails is None:
        return
    targets = tuple(guardrails.entry.targets) or _accounts(inventory)
    name = f"{inventory.organization}-mesh"
    if guardrails.entry.service_control_policy:
        yield OrganizationPolicy(
            label="service_control",
            type=SERVICE_CONTROL,
            name=name,
            description="Trails, recorders, records, mesh identities and their boundaries stay as they are.",
            document=organization.service_control(safe, guardrails.administrators),
            targets=targets,
        )
    if guardrails.entry.resource_control_policy and inventory.management and inventory.management.id:
        yield OrganizationPolicy(
            label="resource_control",
            type=RESOURCE_CONTROL,
            name=name,
            description="Nobody outside of the organization reads the records or takes a mesh identity.",
            document=organization.resource_control(safe, inventory.management.id),
            targets=targets,
        )


def _accounts(inventory: Inventory) -> tuple[str, ...]:
    """The accounts of the environments and of the audit; policies of the organization do not hold in the management account."""
    audit = inventory.audit
    accounts = [environment.account for environment in inventory.environments]
    accounts += [audit.home.environment.account] if audit and audit.home else []
    management = inventory.management.environment.account if inventory.management else ""
    return tuple(dict.fromkeys(account for account in accounts if account != management))
