"""Where the inventory says what a role may do, and what to write there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from meshrole.access.called import Change as Change
from meshrole.access.called import call_of, missing_call
from meshrole.access.matching import speaks_of
from meshrole.access.roles import Found
from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.engines.base import LEVELS
from meshrole.iam import actions
from meshrole.iam.policy import Statement
from meshrole.inventory.values import Access, Environment, Federated, Grant, Path, Workload

VARIABLE = re.compile(r"\$\{(Partition|Region|Account)\}")
# What an execution role may do comes from these keys of `runs_on`.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
TASK_KEYS = {"ecr": "images", "secretsmanager": "secrets", "ssm": "secrets", "logs": "log_group"}
# What ECS's own role for a service's TLS may do comes from these keys of the mesh.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
INFRASTRUCTURE_KEYS = {"acm-pca": "certificate_authority", "kms": "tls_key", "secretsmanager": "certificate_authority"}
ENVOY = "appmesh:streamaggregatedresources"
TLS_KEYS = {"acm:exportcertificate": "certificate", "acm-pca:getcertificateauthoritycertificate": "trusts"}


def existing(path: Path, written: Mapping[str, Any]) -> Path:
    """The longest beginning of a path that the inventory has."""
    value: Any = written
    for index, step in enumerate(path):
        is_key = isinstance(value, Mapping) and step in value
        is_item = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not is_key and not is_item:
            return path[:index]
        value = value[step]
    return path


def source(found: Found, action: str, resource: str | None, written: Mapping[str, Any]) -> Path:
    """The line that the grant of an action on a resource comes from."""
    for grant, path in grants(found, written):
        if speaks_of(_statement(grant), action, resource):
            return path
    called = call_of(found, action, resource)
    if called:
        return existing(called.path, written)
    for index, statement in enumerate(found.origin.statements if found.origin else ()):
        if speaks_of(statement, action, resource):
            return (*shared(found), "statements", index)
    return existing(_by_kind(found, action), written)


def written_statement(found: Found, statement: Statement) -> Path:
    """The line of a statement that the inventory has in IAM's own words."""
    given = found.origin.statements if found.origin else ()
    same = (index for index, item in enumerate(given) if replace(item, sid=statement.sid) == statement)
    index = next(same, None)
    return found.role.source if index is None else (*shared(found), "statements", index)


def missing(found: Found, action: str, resource: str | None, written: Mapping[str, Any]) -> Change:
    """What to write where, so that the role may do `action` on `resource`."""
    if found.is_helper:
        return _of_platform(found, action, resource, written)
    calling = missing_call(found, action, resource)
    if calling:
        return calling._replace(path=existing(calling.path, written))
    level = _level(found, action, resource)
    if level is not None:
        return level
    if isinstance(found.origin, Workload) and _by_kind(found, action) != found.role.source:
        return _of_workload(found, action, resource, written)
    return _permission(found, action, resource, written)


def templated(resource: str | None, action: str, environment: Environment) -> str:
    """A resource as an inventory writes it, with placeholders; the form that the action takes where it is not known."""
    known = actions.find(action)
    if known is not None and not known.resource_types:
        return "*"
    text = resource if resource and resource != "*" else None
    if text is None:
        formats = actions.arn_formats(known) if known else ()
        return VARIABLE.sub(lambda match: f"{{{match[1].lower()}}}", formats[0]) if formats else "ARN"
    parts = text.split(":", 5)
    given = {1: ("partition", environment.partition), 3: ("region", environment.region), 4: ("account", environment.account)}
    return ":".join(
        f"{{{given[index][0]}}}" if index in given and part == given[index][1] else part for index, part in enumerate(parts)
    )


def grants(found: Found, written: Mapping[str, Any]) -> Iterator[tuple[Grant, Path]]:
    """The permissions that the inventory gives the role itself, each with its path."""
    if found.origin is None or found.is_helper:
        return
    common = (*shared(found), "permissions")
    count = len(_at(common, written) or ())
    for index, grant in enumerate(found.origin.grants):
        own = (*found.origin.path, "permissions", index - count)
        yield grant, (*common, index) if index < count else own


def shared(found: Found) -> Path:
    """The service, gateway, person or pipeline of a role; for a version of a service, the service."""
    path = found.role.source
    is_version = isinstance(found.origin, Workload) and found.origin.version is not None
    return path[:-2] if is_version and path[-2:-1] == ("versions",) else path


def _by_kind(found: Found, action: str) -> Path:
    """The key that a grant of this action comes from when it is no permission."""
    name, common = action.lower(), shared(found)
    if _is_for_tls(found):
        return (*common[:2], INFRASTRUCTURE_KEYS.get(name.partition(":")[0], "certificate_authority"))
    if found.is_helper:
        return (*common, "runs_on", TASK_KEYS.get(name.partition(":")[0], ""))
    if isinstance(found.origin, Federated):
        return (*common, "access")
    if name in TLS_KEYS:
        return (*common, "tls", TLS_KEYS[name])
    if name.startswith("xray:") or name == "cloudwatch:putmetricdata":
        return (*common, "telemetry")
    return found.role.source


def _is_for_tls(found: Found) -> bool:
    connect = found.mesh.service_connect if found.mesh else None
    return found.is_helper and connect is not None and found.role.label == f"{found.identity.label}-infrastructure"


def _of_platform(found: Found, action: str, resource: str | None, written: Mapping[str, Any]) -> Change:
    if _is_for_tls(found):
        return Change(existing(_by_kind(found, action), written), None, "ECS uses this role for TLS, as the mesh's keys say")
    key = TASK_KEYS.get(action.partition(":")[0].lower(), "")
    path = existing((*shared(found), "runs_on", key), written)
    text = f'"{templated(resource, action, found.root.environment)}"'
    add = None if not key else text if path[-1] == key else "log_group: NAME" if key == "log_group" else f"{key}: [{text}]"
    return Change(path, add, "an execution role gets what the platform needs, from `runs_on`")


def _of_workload(found: Found, action: str, resource: str | None, written: Mapping[str, Any]) -> Change:
    path = existing(_by_kind(found, action), written)
    name = action.lower()
    text = templated(resource, action, found.root.environment)
    if name in TLS_KEYS:
        value = f'"{text}"' if TLS_KEYS[name] == "certificate" else f'["{text}"]'
        return Change(path, f"tls: {{{TLS_KEYS[name]}: {value}}}", "certificates are given by `tls`")
    value = "xray: true" if name.startswith("xray:") else "metrics_namespace: NAMESPACE"
    return Change(path, f"telemetry: {{{value}}}", "what runs beside the application is given by `telemetry`")


def _permission(found: Found, action: str, resource: str | None, written: Mapping[str, Any]) -> Change:
    """A resource more in a permission that has the action, or a permission more."""
    text = templated(resource, action, found.root.environment)
    for grant, path in grants(found, written):
        if action.lower() in (name.lower() for name in grant.actions):
            return Change(
                existing((*path, "resources"), written), f'"{text}"', "this permission has the action, for other resources"
            )
    path = existing((*shared(found), "permissions"), written)
    item = f'- actions: [{action}]\n  resources: ["{text}"]'
    add = item if path[-1] == "permissions" else "permissions:\n" + "\n".join(f"  {line}" for line in item.split("\n"))
    return Change(path, add, "no permission of this identity has the action")


def _level(found: Found, action: str, resource: str | None) -> Change | None:
    """The smallest change of `access`, `services` or `meshes` that grants the action."""
    origin = found.origin
    if not isinstance(origin, Federated) or not origin.access:
        return None
    common = shared(found)
    for access in origin.access:
        for level in LEVELS[LEVELS.index(access.level) + 1 :]:
            if _allows(Access(level, access.mesh, access.services), action, resource):
                only = ", and is of a whole mesh: leave `services` out" if level == "own" and access.services is not None else ""
                return Change(
                    (*common, "access"), f"access: {level}", f"`{access.level}` does not allow it, `{level}` does{only}"
                )
        for service in access.mesh.services if access.services is not None else ():
            if _allows(Access(access.level, access.mesh, (service,)), action, resource):
                return Change((*common, "services"), service.name, f'service "{service.name}" is not among its services')
    for mesh in found.meshes:
        if _allows(Access(origin.access[0].level, mesh, None), action, resource):
            return Change((*common, "meshes"), mesh.key, f'mesh "{mesh.key}" is not among its meshes')
    return None


def _allows(access: Access, action: str, resource: str | None) -> bool:
    return any(
        speaks_of(statement, action, resource)
        for side in access.mesh.sides
        for statement in ENGINES[side.engine].access_statements(access.on(side))
    )


def _statement(grant: Grant) -> Statement:
    return Statement(sid="", actions=grant.actions, resources=grant.resources)


def _at(path: Sequence[str | int], written: Mapping[str, Any]) -> Any:
    value: Any = written
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
