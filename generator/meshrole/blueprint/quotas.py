"""AWS's limits, known before apply: lengths of names and policies, counts in an account, the mesh services' own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from meshrole.blueprint.audit.limits import audit_limits
from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.guardrails.policies import MAX_ORGANIZATION_POLICY
from meshrole.blueprint.model import Blueprint, Identity, Module, Role, Root
from meshrole.blueprint.naming import MAX_POLICY_NAME, MAX_ROLE_NAME
from meshrole.blueprint.sizes import MAX_MANAGED
from meshrole.errors import Problem
from meshrole.iam import policy
from meshrole.inventory.values import Inventory, Mesh

TRUST_POLICY_LENGTH = 2_048
MAX_DESCRIPTION = 1_000
MAX_AUTH_POLICY = 10_240
MAX_PATH = 512
MAX_TAGS = 50
SHOWN = 4
ACCOUNT_QUOTAS = {
    "roles": 1_000,
    "instance_profiles": 1_000,
    "customer_managed_policies": 1_500,
    "oidc_providers": 100,
    "saml_providers": 100,
}


def exceeded(inventory: Inventory, blueprint: Blueprint) -> Iterator[Problem]:
    """Every limit that the blueprint passes, with what fills it."""
    for root in blueprint.roots:
        for module in root.modules:
            yield from _labels(module)
            for identity in module.identities:
                for role in identity.roles:
                    yield from _role(role, root)
            yield from _auth_policies(module)
            if module.boundary:
                size = policy.size(module.boundary.document)
                boundary = root.environment.boundary
                path = boundary.path if boundary else ("guardrails", "permissions_boundary")
                if size > MAX_MANAGED:
                    yield _limit(f"the permissions boundary of {module.name}", size, MAX_MANAGED, "characters", path)
        yield from _organization(root)
    yield from _role_names(blueprint)
    yield from _accounts(blueprint)
    yield from _meshes(inventory)
    if inventory.audit:
        yield from audit_limits(inventory.audit)


def _role(role: Role, root: Root) -> Iterator[Problem]:
    quotas = root.environment.quotas
    trust = quotas.trust_policy_length or TRUST_POLICY_LENGTH
    checks = (
        ("name", len(role.name), MAX_ROLE_NAME, "characters"),
        ("path", len(role.path), MAX_PATH, "characters"),
        ("description", len(role.description), MAX_DESCRIPTION, "characters"),
        ("trust policy", policy.size(role.trust), trust, "characters"),
        ("tags", len({*dict(role.tags), *dict(root.environment.tags)}), MAX_TAGS, "tags"),
        *(("policy name", len(part.name), MAX_POLICY_NAME, "characters") for part in role.parts),
    )
    for what, count, limit, unit in checks:
        if count > limit:
            yield _limit(f"the {what} of role {role.name}", count, limit, unit, role.source)


def _auth_policies(module: Module) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html"""
    for item in module.beside.lattice.policies if module.beside.lattice else ():
        size = len(json.dumps(policy.as_object(item.document), separators=(",", ":")).encode())
        if size > MAX_AUTH_POLICY:
            what = f"the auth policy of service {item.label}"
            yield _limit(what, size, MAX_AUTH_POLICY, "bytes", item.path, "each caller's role and each way of calling takes some")


def _organization(root: Root) -> Iterator[Problem]:
    for item in root.policies:
        size = policy.size(item.document)
        if size > MAX_ORGANIZATION_POLICY:
            path = ("guardrails", item.label + "_policy")
            yield _limit(f"the {item.label.replace('_', ' ')} policy", size, MAX_ORGANIZATION_POLICY, "characters", path)


def _limit(what: str, count: int, limit: int, unit: str, path: tuple[str | int, ...], fills: str | None = None) -> Problem:
    return Problem(f"{what} has {count:,} {unit}, AWS allows {limit:,}", path=path, found=fills)


def _labels(module: Module) -> Iterator[Problem]:
    """A helper's label must not be another workload's name: both would be one Terraform resource and one file."""
    roles = [role for identity in module.identities for role in identity.roles]
    first: dict[str, Role] = {}
    for role in roles:
        other = first.setdefault(role.label.lower(), role)
        if other is not role:
            yield Problem(f'"{role.label}" is the label of two roles: {other.name} and {role.name}', path=role.source)


def _role_names(blueprint: Blueprint) -> Iterator[Problem]:
    """Role names are unique in an account, whatever their case and path."""
    first: dict[tuple[str, str], Role] = {}
    for root in blueprint.roots:
        for role in _roles(root):
            other = first.setdefault((root.environment.account, role.name.lower()), role)
            if other is not role:
                yield Problem(
                    f'two roles of account {root.environment.account} are called "{role.name}"',
                    path=role.source,
                    found=f"the other is {' > '.join(map(str, other.source))}",
                    help="give one of them a `role:` of its own",
                )


def _accounts(blueprint: Blueprint) -> Iterator[Problem]:
    roots: dict[str, list[Root]] = defaultdict(list)
    for root in blueprint.roots:
        roots[root.environment.account].append(root)
    for account, members in roots.items():
        environment = members[0].environment
        for quota, default in ACCOUNT_QUOTAS.items():
            counts = Counter(dict(_counted(quota, members)))
            limit = getattr(environment.quotas, quota, None) or default
            if counts.total() > limit:
                fills = ", ".join(f"{name} {count:,}" for name, count in counts.most_common(SHOWN))
                what = f"{counts.total():,} {quota.replace('_', ' ')}"
                yield Problem(
                    f"account {environment.account_name} ({account}) would have {what}, AWS allows {limit:,}",
                    path=("accounts", environment.account_name),
                    found=fills,
                    help=f"raise accounts.{environment.account_name}.quotas.{quota} once AWS has raised it",
                )


def _counted(quota: str, roots: Iterable[Root]) -> Iterator[tuple[str, int]]:
    for root in roots:
        for module in root.modules:
            count = sum(_count(quota, identity) for identity in module.identities)
            count += sum(quota == f"{'saml' if item.type == 'saml' else 'oidc'}_providers" for item in module.providers)
            count += bool(quota == "customer_managed_policies" and module.boundary)
            if count:
                yield f"{root.environment.name}/{module.name}", count


def _count(quota: str, identity: Identity) -> int:
    match quota:
        case "roles":
            return len(identity.roles)
        case "instance_profiles":
            return int(identity.has_instance_profile)
        case "customer_managed_policies":
            return sum(len(role.parts) for role in identity.roles)
    return 0


def _meshes(inventory: Inventory) -> Iterator[Problem]:
    """What the services behind the meshes count in an account and a region."""
    groups: dict[tuple[str, str, str], list[Mesh]] = defaultdict(list)
    for mesh in inventory.meshes:
        for side in mesh.sides:
            groups[side.engine, side.environment.account, side.environment.region].append(side)
    for (engine, account, region), meshes in groups.items():
        for item in ENGINES[engine].mesh_counts(meshes):
            if item.number > item.limit:
                name = meshes[0].environment.account_name
                yield Problem(
                    f"{item.number:,} {item.what} in account {account}, {region}: AWS allows {item.limit:,}",
                    path=item.path,
                    help=f"raise accounts.{name}.quotas.{item.quota} once AWS has raised it"
                    if item.quota
                    else "AWS does not raise this one",
                )


def _roles(root: Root) -> Iterator[Role]:
    for module in root.modules:
        for identity in module.identities:
            yield from identity.roles
