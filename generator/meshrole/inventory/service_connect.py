"""A mesh of ECS Service Connect: a cluster, a Cloud Map namespace, and an ECS service for each workload.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from meshrole.iam import wildcard
from meshrole.inventory.grants import check_arn
from meshrole.inventory.mesh_model import Gateway, Mesh, PerEnvironment
from meshrole.inventory.mesh_model import Service as ServiceEntry
from meshrole.inventory.names import names_of, report_unknown
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import EcsTask, Service, ServiceConnect, Workload
from meshrole.inventory.values import Mesh as MeshValue

ENGINE = "ecs-service-connect"
PLATFORMS = ("ecs", "elsewhere")
# Clusters, services, families: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
DISCOVERY_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
# https://docs.aws.amazon.com/cloud-map/latest/api/API_Namespace.html
NAMESPACE_ID = re.compile(r"ns-[a-z0-9]{1,61}")
# The secrets that ECS keeps the private keys of TLS in:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
TLS_SECRETS = "arn:*:secretsmanager:*:*:secret:ecs-sc!*"

Names = Mapping[str, tuple[str, ...]]
Written = Mapping[str, object]


def with_service_connect(mesh: MeshValue, entry: Mesh, scope: Scope, written: Written) -> MeshValue:
    """The mesh with what ECS has of it, on whichever of its sides Service Connect is; any other mesh as it is."""
    if ENGINE not in entry.engines:
        return mesh
    _check(entry, scope)
    if mesh.engine == ENGINE:
        return _connected(mesh, entry, scope, written)
    return replace(mesh, leaving=_connected(mesh.leaving, entry, scope, written)) if mesh.leaving else mesh


def _connected(mesh: MeshValue, entry: Mesh, scope: Scope, written: Written) -> MeshValue:
    cluster = _named(entry.cluster, mesh.name, None, scope.at("cluster"))
    authority = _arn(entry.certificate_authority, "acm-pca", "certificate-authority/", scope.at("certificate_authority"), written)
    key = _arn(entry.tls_key, "kms", "key/", scope.at("tls_key"), written)
    if key and authority is None:
        scope.at("tls_key").problem("a key without a `certificate_authority` encrypts nothing", found=key)
    names = {name: tuple(_discovery_names(name, service, scope)) for name, service in entry.services.items()}
    workloads = tuple(_workload(item, entry, cluster, names, scope) for item in mesh.workloads)
    return replace(
        mesh,
        workloads=workloads,
        services=tuple(_service(item, entry.services[item.name], workloads, scope) for item in mesh.services),
        service_connect=ServiceConnect(cluster, _namespace(mesh, entry, scope.at("namespace"), written), authority, key),
    )


def _service(service: Service, entry: ServiceEntry, workloads: tuple[Workload, ...], scope: Scope) -> Service:
    nodes = tuple(item.aws_name for item in workloads if item.service == service.name)
    name = _own_discovery_name(service.name, entry, None, scope)
    return replace(service, virtual_service=name, router=None, routes=(), nodes=nodes)


def _workload(workload: Workload, entry: Mesh, cluster: str, names: Names, scope: Scope) -> Workload:
    section, name = ("gateways", workload.name) if workload.is_gateway else ("services", str(workload.service))
    written: Gateway | ServiceEntry = entry.gateways[name] if workload.is_gateway else entry.services[name]
    words = {"service": name, **({"version": workload.version} if workload.version else {})}
    here = scope.at(section, name).with_words(**words)
    service = _named(written.ecs_service, workload.name, workload.version, here.at("ecs_service"))
    family = _named(written.task_family, f"{cluster}-{service}", workload.version, here.at("task_family"))
    backends = [each for called in _called(written, workload.version) for each in names.get(called, ())]
    is_leaving = "app-mesh" in entry.engines
    platform = workload.platform
    return replace(
        workload,
        aws_name=service,
        task_family=family,
        discovery_name="" if isinstance(written, Gateway) else _own_discovery_name(name, written, workload.version, scope),
        # ECS adds the proxy itself, from an image of its own.
        platform=replace(platform, envoy_image=None) if isinstance(platform, EcsTask) and not is_leaving else platform,
        backends=tuple(dict.fromkeys(backends)),
    )


def _called(entry: Gateway | ServiceEntry, version: str | None) -> Iterator[str]:
    """The names of the services that a workload calls, those that are elsewhere among them."""
    if isinstance(entry, ServiceEntry):
        own = entry.versions[version].calls if version else None
        yield from (call.service for call in (entry.calls if own is None else own))


def _named(given: str | None, default: str, version: str | None, scope: Scope) -> str:
    """A name of ECS: the given one, which gets the version behind it as others do, or the default."""
    name = default if given is None else _suffixed(scope.fill(given), given, version)
    if not NAME.fullmatch(name) and "{" not in name:
        scope.problem("ECS takes letters, digits, - and _ in a name, at most 255", found=name)
    return name


def _suffixed(name: str, given: str, version: str | None) -> str:
    return f"{name}-{version}" if version and "{version}" not in given else name


def _discovery_names(name: str, entry: ServiceEntry, scope: Scope) -> Iterator[str]:
    """The names that others find a service by, one for each version: AWS takes a name once in a namespace."""
    if entry.discovery_name is not False:
        versions: list[str | None] = [*entry.versions]
        yield from (_discovery_name(name, entry, version, scope) for version in versions or [None])


def _own_discovery_name(name: str, entry: ServiceEntry, version: str | None, scope: Scope) -> str:
    return "" if entry.discovery_name is False else _discovery_name(name, entry, version, scope)


def _discovery_name(name: str, entry: ServiceEntry, version: str | None, scope: Scope) -> str:
    words = {"service": name, **({"version": version} if version else {})}
    here, given = scope.at("services", name, "discovery_name").with_words(**words), entry.discovery_name or None
    found = _suffixed(here.fill(given) if given else name.lower(), given or "", version.lower() if version else None)
    if not DISCOVERY_NAME.fullmatch(found) and "{" not in found:
        here.problem("a discovery name has lower-case letters, digits, - and _, at most 64, and begins with no -", found=found)
    return found


def _value(given: PerEnvironment | None, scope: Scope, written: Written) -> tuple[str | None, Scope]:
    """The value in the scope's environment, and where it stands: one for all, or one for each environment."""
    if not isinstance(given, dict):
        return (scope.fill(given) if given else None), scope
    known = names_of(written, "environments")
    for name in given:
        if name not in known:
            report_unknown(scope.report, (*scope.path, name), "environment", name, known)
    here, text = scope.at(scope.environment.name), given.get(scope.environment.name)
    return (here.fill(text) if text else None), here


def _namespace(mesh: MeshValue, entry: Mesh, scope: Scope, written: Written) -> str | None:
    """The ARN of the Cloud Map namespace: its id is AWS's, and known once the namespace exists."""
    text, here = _value(entry.namespace, scope, written)
    if text is None or "{" in text or text.startswith("arn:"):
        return _checked(text, "servicediscovery", "namespace/", here) if text else None
    if not NAMESPACE_ID.fullmatch(text):
        here.problem("this is no id or ARN of a Cloud Map namespace", found=text, hint="an id is like ns-e1tpmexample0001")
    environment = mesh.environment
    return f"arn:{environment.partition}:servicediscovery:{environment.region}:{mesh.owner}:namespace/{text}"


def _arn(given: PerEnvironment | None, service: str, kind: str, scope: Scope, written: Written) -> str | None:
    text, here = _value(given, scope, written)
    return _checked(text, service, kind, here) if text else None


def _checked(text: str, service: str, kind: str, scope: Scope) -> str:
    """All that Service Connect uses is in its own region: the namespace, the authority and the key."""
    parsed, environment = check_arn(text, scope, service, kind), scope.environment
    if parsed and wildcard.has_wildcard(text):
        scope.problem("name one, without wildcards", found=text)
    elif parsed and parsed.region != environment.region:
        scope.problem(f'this must be in {environment.region}, the region of environment "{environment.name}"', found=text)
    return text


def _check(entry: Mesh, scope: Scope) -> None:
    """Report what cannot be in Service Connect, wherever it stands."""
    for section, name, item in _entries(entry):
        here = scope.at(section, name)
        is_left = entry.engine != ENGINE and item.moves_from is not None
        _check_place(item.moves_from if is_left else item.runs_on, entry, here.at("moves_from" if is_left else "runs_on"))
        for index, call in enumerate(item.routes_to if isinstance(item, Gateway) else getattr(item, "calls", ())):
            callee = entry.services.get(call.service)
            if callee is not None and callee.discovery_name is False:
                key = "routes_to" if section == "gateways" else "calls"
                message = f'"{call.service}" has no discovery name, so nobody can call it'
                here.at(key, index).problem(message, found=call.service)


def _check_place(place: object, entry: Mesh, scope: Scope) -> None:
    platform = getattr(place, "platform", "")
    if platform not in PLATFORMS:
        message = "only what an ECS service runs can be in Service Connect"
        scope.at("platform").problem(message, found=platform, allowed=PLATFORMS)
    if getattr(place, "envoy_image", None) and "app-mesh" not in entry.engines:
        scope.at("envoy_image").problem("the proxy of Service Connect is AWS's own: no task pulls its image")
    for index, secret in enumerate(getattr(place, "secrets", ())):
        if wildcard.overlaps(secret, TLS_SECRETS):
            message = "this takes in the private keys that ECS keeps for Service Connect (ecs-sc!*)"
            scope.at("secrets", index).problem(message, found=secret, hint="name the secret")


def _entries(entry: Mesh) -> Iterator[tuple[str, str, Gateway | ServiceEntry]]:
    yield from (("gateways", name, item) for name, item in entry.gateways.items())
    yield from (("services", name, item) for name, item in entry.services.items())
