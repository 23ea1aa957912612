"""Keys that one engine has and another has not: what means nothing to a mesh's engine is an error, and says what does."""

from collections.abc import Iterator, Mapping

from meshrole.inventory.mesh_model import Mesh
from meshrole.inventory.scope import Scope
from meshrole.inventory.types import Strict

# Keys that only one engine has.
OWNERS = {
    "vpc-lattice": ("service_network", "lattice_service", "lattice_name", "target_groups"),
    "ecs-service-connect": (
        "cluster",
        "namespace",
        "certificate_authority",
        "tls_key",
        "ecs_service",
        "task_family",
        "discovery_name",
    ),
    "istio": ("trust_domain", "deny_by_default", "pod_labels"),
}
OWNER_OF = {key: engine for engine, keys in OWNERS.items() for key in keys}
INSIDE = "a service has listeners and rules, whose ids AWS makes up: access is to all of them"
SHIFTED = "Service Connect routes nothing: ECS deployments (blue/green, linear, canary) shift traffic"
# Keys that an engine has no counterpart for, each with what to write instead.
WITHOUT: Mapping[str, Mapping[str, str]] = {
    "ecs-service-connect": {
        "virtual_node": "an ECS service is named by `ecs_service`",
        "virtual_gateway": "an ECS service is named by `ecs_service`",
        "virtual_service": "what others call is named by `discovery_name`",
        "router": SHIFTED,
        "routes": SHIFTED,
        "tls": "ECS makes and renews every certificate: give the mesh a `certificate_authority`",
    },
    "vpc-lattice": {
        "virtual_node": "what answers for a service is named by `target_groups`",
        "virtual_gateway": "a gateway is a workload like any other: it has no name in VPC Lattice",
        "virtual_service": "a service that exists is named by `lattice_service`",
        "router": INSIDE,
        "routes": INSIDE,
        "tls": "VPC Lattice has no mutual TLS: callers sign their requests, and a listener has the certificate",
    },
    "istio": {
        "owner": "Istio is in clusters, and no account owns it",
    },
}


def check_keys(mesh: Mesh, scope: Scope) -> None:
    """Report each key of a mesh and of what is in it that is of another engine than its own and the one it is leaving."""
    for where, entry in _entries(mesh, scope):
        if getattr(getattr(entry, "runs_on", None), "platform", None) == "lambda" and mesh.engines == ("app-mesh",):
            where.at("runs_on", "platform").problem("a Lambda function has no Envoy, so it is in no App Mesh", found="lambda")
        for name in sorted(entry.model_fields_set):
            if getattr(entry, name) in (None, {}, []):
                continue
            owner, instead = OWNER_OF.get(name), [WITHOUT.get(engine, {}).get(name) for engine in mesh.engines]
            if owner and owner not in mesh.engines:
                where.at(name).problem(f"`{name}` is a key of the engine {owner}; this mesh is {mesh.engine}")
            elif all(instead) and getattr(entry, name) is not False:
                where.at(name).problem(f"`{name}` means nothing to the engine {mesh.engine}", hint=instead[0])


def _entries(mesh: Mesh, scope: Scope) -> Iterator[tuple[Scope, Strict]]:
    yield scope, mesh
    yield from ((scope.at("gateways", name), gateway) for name, gateway in mesh.gateways.items())
    for name, service in mesh.services.items():
        yield scope.at("services", name), service
        yield from ((scope.at("services", name, "versions", each), version) for each, version in service.versions.items())
