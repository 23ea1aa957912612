"""The state of an estate: whose role is everybody's, which grants are for every node or for none, what else is too much.

https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meshrole.importers.allowed import policy_name
from meshrole.importers.aws_calls.lattice import OPEN
from meshrole.importers.entries import Workload
from meshrole.importers.found import Found
from meshrole.importers.origin import Origin
from meshrole.importers.placing import Key
from meshrole.importers.roles import Roles, label, mesh_actions, streams
from meshrole.importers.running import Role

NODE = re.compile(r":mesh/([^/:]+)(?:/(virtualNode|virtualGateway)/([^/:]+))?$")
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
BROAD = re.compile(r"FullAccess|^AdministratorAccess|PowerUser|ReadWrite|^ReadOnlyAccess$")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an identity: the `kind`, whose it is, and in words."""

    kind: str
    subject: str
    message: str
    origin: Origin


TITLES = {
    "shared-role": "roles that several workloads share",
    "shared-service-account": "service accounts that several workloads share",
    "wide-grant": "grants of every node's configuration",
    "broken-grant": "grants that let no Envoy in",
    "execution-role-as-task-role": "execution roles used as task roles",
    "instance-role": "instance roles with rights in a mesh",
    "broad-policy": "broad managed policies",
    "open-network": "service networks that let everybody in",
    "open-service": "services that let everybody call",
}


def findings(found: Found, workloads: Mapping[Key, Workload]) -> tuple[Finding, ...]:
    """Everything that is wrong, by kind."""
    roles = Roles(found.roles)
    return tuple(
        item
        for part in (
            _shared(found, roles, workloads),
            _shared_accounts(workloads),
            _wide(found),
            _broken(found, workloads),
            _execution(found, roles),
            _instances(found, roles),
            _broad(found),
            _open(found),
        )
        for item in part
    )


def _shared(found: Found, roles: Roles, workloads: Mapping[Key, Workload]) -> Iterator[Finding]:
    """Workloads of one role, and task definitions with an Envoy that no node here is known to have."""
    users: dict[str, list[str]] = {}
    origins: dict[str, Origin] = {}
    is_one = len({key.mesh for key in workloads}) == 1
    for key, workload in workloads.items():
        if workload.place.role_key:
            users.setdefault(workload.place.role_key, []).append(key.name if is_one else f"{key.mesh}/{key.name}")
            origins.setdefault(workload.place.role_key, _origin(workload))
    placed = {id(task) for workload in workloads.values() for task in workload.place.tasks}
    others: dict[str, list[str]] = {}
    for task in (task for task in found.tasks if task.task_role and id(task) not in placed):
        role = roles.find(task.task_role)
        name = label(role) if role else str(task.task_role)
        (users if task.resource else others).setdefault(name, []).append(str(task.family or task.origin.name))
        origins.setdefault(name, role.origin if role else task.origin)
    for name, names in users.items():
        beside = others.pop(name, ())
        if len(names) + len(beside) > 1:
            also = f"; and without an Envoy: {', '.join(sorted(beside))}" if beside else ""
            count = f"{len(names)} workload{'s' if len(names) > 1 else ''}"
            yield Finding("shared-role", name, f"{count}: {', '.join(sorted(names))}{also}", origins[name])
    of_envoys = {label(role) for role in found.roles if any(streams(role))}
    for name, names in others.items():
        if len(names) > 1 and name in of_envoys:
            what = f"{len(names)} task definitions, whose nodes no source says: {', '.join(sorted(names))}"
            yield Finding("shared-role", name, what, origins[name])


def _shared_accounts(workloads: Mapping[Key, Workload]) -> Iterator[Finding]:
    """Whatever role a service account has or gets, all of its pods have it.

    https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html
    """
    users: dict[str, list[tuple[str, Origin]]] = {}
    for key, workload in workloads.items():
        if workload.place.account:
            users.setdefault(workload.place.account, []).append((key.name, workload.item.origin))
    for account, pairs in users.items():
        if len(pairs) > 1:
            names = ", ".join(sorted(name for name, _ in pairs))
            yield Finding("shared-service-account", account, f"{len(pairs)} workloads: {names}", pairs[0][1])


def _origin(workload: Workload) -> Origin:
    return workload.place.role.origin if workload.place.role else workload.item.origin


def _wide(found: Found) -> Iterator[Finding]:
    for role in found.roles:
        wide = dict.fromkeys(resource for resource in streams(role) if "*" in resource or "?" in resource)
        if wide:
            yield Finding("wide-grant", label(role), f"appmesh:StreamAggregatedResources on {', '.join(wide)}", role.origin)


def _broken(found: Found, workloads: Mapping[Key, Workload]) -> Iterator[Finding]:
    meshes = {key.mesh for key in workloads}
    for role in found.roles:
        for resource in dict.fromkeys(streams(role)):
            match = NODE.search(resource)
            if match is None or "*" in resource or "?" in resource:
                continue
            mesh, kind, name = match.groups()
            if kind is None:
                yield Finding("broken-grant", label(role), f"{resource} is a mesh, and no node of it", role.origin)
            elif mesh in meshes and Key(mesh, kind == "virtualGateway", name) not in workloads:
                yield Finding("broken-grant", label(role), f"{resource}: no source has that {kind}", role.origin)


def _execution(found: Found, roles: Roles) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for task in found.tasks:
        own, execution = roles.find(task.task_role), roles.find(task.execution_role)
        same_text = task.task_role is not None and str(task.task_role) == str(task.execution_role)
        if same_text or (own is not None and own is execution):
            name, family = label(own) if own else str(task.task_role), str(task.family or task.origin.name)
            if (name, family) not in told:
                told.add((name, family))
                yield Finding("execution-role-as-task-role", name, f"task {family}", task.origin)


def _instances(found: Found, roles: Roles) -> Iterator[Finding]:
    for profile in found.profiles:
        role = roles.find(profile.role)
        for actions, resources in mesh_actions(role) if role else ():
            whose = f" (of {profile.used_by})" if profile.used_by else ""
            yield Finding("instance-role", label(role), f"{actions} on {', '.join(resources)}{whose}", profile.origin)  # type: ignore[arg-type]


def _broad(found: Found) -> Iterator[Finding]:
    for role in found.roles:
        names = [name for name in map(policy_name, _managed(role)) if BROAD.search(name)]
        if names:
            yield Finding("broad-policy", label(role), ", ".join(names), role.origin)


def _open(found: Found) -> Iterator[Finding]:
    """What VPC Lattice asks nobody's identity for; a call must pass both its network and its service.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
    """
    for kind, items in (("open-network", found.meshes), ("open-service", found.services)):
        for item in items:
            if item.auth == OPEN:
                yield Finding(kind, str(item.name), f"its auth type is {OPEN}", item.origin)


def _managed(role: Role) -> Iterator:  # type: ignore[type-arg]
    yield from (policy for policy in role.policies if policy.document is None)
