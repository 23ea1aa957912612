"""What a source of a mesh holds, as frozen values: what every reader makes and what the inventory is made of.

A name is a `Value`: `None` where the source does not say it at all. Things refer to each other by their names in AWS (a
backend is the name of a virtual service), so that several files and sources can be put together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from meshrole.importers.origin import Origin
from meshrole.importers.running import Function, Pods, Profile, Role, ServiceAccount, Task
from meshrole.importers.values import Value


@dataclass(frozen=True, slots=True)
class Mesh:
    """A mesh (App Mesh), service network (Lattice) or namespace (Service Connect); `engine` is the inventory's word.

    `id` is the id that AWS generated, where the source has it; `auth` is Lattice's type of authorization (`NONE`, `AWS_IAM`),
    where the source has it, or has none and means the default.
    """

    name: Value
    origin: Origin
    owner: Value | None = None
    engine: str = "app-mesh"
    id: str | None = None
    account: str | None = None
    region: str | None = None
    auth: str | None = None


@dataclass(frozen=True, slots=True)
class Tls:
    """`certificate` (ARN) that a workload serves, `authorities` (ARNs) that it trusts, and the files or SDS secrets of both."""

    certificate: Value | None = None
    authorities: tuple[Value, ...] = ()
    certificate_file: Value | None = None
    certificate_sds: Value | None = None
    authority_files: tuple[Value, ...] = ()
    authority_sds: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A virtual node. `backends` are names of virtual services; `listeners` are (port, protocol), as they are written.

    `discovery` has a `type`: dns, with a `hostname`; or cloud_map, with a `namespace` and a `service`.
    `namespace` is Kubernetes'.
    """

    mesh: Value | None
    name: Value | None
    origin: Origin
    backends: tuple[Value, ...] = ()
    tls: Tls | None = None
    discovery: Mapping[str, str] | None = None
    listeners: tuple[tuple[str, str], ...] = ()
    namespace: Value | None = None


@dataclass(frozen=True, slots=True)
class Gateway:
    """A virtual gateway. `namespace` is Kubernetes'."""

    mesh: Value | None
    name: Value | None
    origin: Origin
    tls: Tls | None = None
    listeners: tuple[tuple[str, str], ...] = ()
    namespace: Value | None = None


@dataclass(frozen=True, slots=True)
class GatewayRoute:
    """A gateway route to the virtual service `target`."""

    mesh: Value | None
    gateway: Value | None
    name: Value | None
    target: Value | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Service:
    """A virtual service (or a Lattice service). Its provider is a node, a router, or neither; `id` and `auth` as for a mesh."""

    mesh: Value | None
    name: Value | None
    origin: Origin
    node: Value | None = None
    router: Value | None = None
    id: str | None = None
    auth: str | None = None


@dataclass(frozen=True, slots=True)
class Router:
    """A virtual router."""

    mesh: Value | None
    name: Value | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a router. `kind` is http, http2, grpc or tcp; `targets` are nodes with their weights, as they are written."""

    mesh: Value | None
    router: Value | None
    name: Value | None
    origin: Origin
    kind: str = "http"
    targets: tuple[tuple[Value, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """Who may call whom in a mesh without nodes (a Lattice auth policy, an Istio AuthorizationPolicy).

    `caller` is the ARN of a role or `namespace/service-account`; `callee` is the name of a service.
    """

    mesh: Value | None
    caller: Value
    callee: Value
    origin: Origin
    methods: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that was not understood, where, and why."""

    origin: Origin
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that one or several sources hold."""

    meshes: tuple[Mesh, ...] = ()
    nodes: tuple[Node, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    gateway_routes: tuple[GatewayRoute, ...] = ()
    services: tuple[Service, ...] = ()
    routers: tuple[Router, ...] = ()
    routes: tuple[Route, ...] = ()
    edges: tuple[Edge, ...] = ()
    roles: tuple[Role, ...] = ()
    tasks: tuple[Task, ...] = ()
    functions: tuple[Function, ...] = ()
    service_accounts: tuple[ServiceAccount, ...] = ()
    pods: tuple[Pods, ...] = ()
    profiles: tuple[Profile, ...] = ()
    misses: tuple[Miss, ...] = ()

    def __add__(self, other: "Found") -> "Found":
        both = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return replace(self, **both)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was read."""
        return not any(getattr(self, field.name) for field in fields(self) if field.name != "misses")
