"""The resolved inventory: every name looked up, every placeholder filled in, one value per environment. All frozen.

`path` is where the thing stands in the inventory, so that whoever finds it wrong later can say where.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshrole.iam.policy import Conditions, Statement
from meshrole.inventory.istio_values import Istio
from meshrole.inventory.model import Cluster, Quotas
from meshrole.inventory.platform_values import Ec2Instance as Ec2Instance
from meshrole.inventory.platform_values import EcsTask as EcsTask
from meshrole.inventory.platform_values import Irsa as Irsa
from meshrole.inventory.platform_values import LambdaFunction as LambdaFunction
from meshrole.inventory.platform_values import Platform as Platform
from meshrole.inventory.platform_values import PodIdentity as PodIdentity
from meshrole.inventory.provider_values import Provider as Provider
from meshrole.inventory.service_connect_values import ServiceConnect as ServiceConnect

if TYPE_CHECKING:
    from meshrole.inventory.audit_values import Audit, Guardrails, Organization
    from meshrole.inventory.lattice_values import Lattice

Path = tuple[str | int, ...]
TagItems = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Boundary:
    """A permissions boundary: `arn` of an existing policy, and the `statements` it is known to have (or is made of)."""

    arn: str | None
    statements: tuple[Statement, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Environment:
    """One Terraform root: an account, a region and what holds for all its roles."""

    name: str
    account_name: str
    account: str
    region: str
    partition: str
    organization: str
    role_path: str
    tags: TagItems
    boundary: Boundary | None
    clusters: Mapping[str, Cluster]
    position: int
    quotas: Quotas
    existing_trails: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on resources under conditions, checked against AWS's reference."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Names:
    """What was given for an identity's names: `role` and `adopt` are AWS's, `was` is ours."""

    role: str | None
    was: str | None
    adopt: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A service that a workload calls; without `methods`, `paths` or `headers`: whatever they are.

    A path that ends in `*` is a beginning. `path` is where the inventory says it.
    """

    service: str
    methods: tuple[str, ...]
    paths: tuple[str, ...]
    headers: tuple[tuple[str, tuple[str, ...]], ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Workload:
    """One Envoy: a virtual node (of a service, maybe of a version of it) or a virtual gateway.

    `name` is ours and unique in the mesh; `aws_name` is the virtual node's or gateway's; `certificate` and `trusts` are
    ARNs in ACM and ACM PCA; `backends` are names of virtual services. `calls` are what a node calls or a gateway routes to.
    `moves_from` is the platform that it runs on as well, while its mesh is leaving an engine. In ECS Service Connect it is an ECS
    service, which `aws_name` names, with task definitions of the `task_family` and a `discovery_name` if others can call it.
    """

    name: str
    is_gateway: bool
    service: str | None
    version: str | None
    aws_name: str
    platform: Platform
    certificate: str | None
    trusts: tuple[str, ...]
    xray: bool
    metrics_namespace: str | None
    grants: tuple[Grant, ...]
    statements: tuple[Statement, ...]
    backends: tuple[str, ...]
    calls: tuple[Call, ...]
    tags: TagItems
    names: Names
    path: Path
    moves_from: Platform | None = None
    task_family: str = ""
    discovery_name: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A virtual service with its router (None where it has none), its routes ("*" is all) and its virtual nodes.

    `virtual_service` is empty for virtual nodes that nobody calls by a name. A service that is elsewhere is none of the mesh's.
    """

    name: str
    virtual_service: str
    router: str | None
    routes: tuple[str, ...]
    nodes: tuple[str, ...]
    calls: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Mesh:
    """A mesh in one environment. `owner` is the account in the ARNs of everything in it.

    `leaving` is the same mesh in the engine that it comes from, `until` the last day of that. `lattice` is VPC Lattice's part.
    """

    key: str
    name: str
    engine: str
    environment: Environment
    owner: str
    tags: TagItems
    workloads: tuple[Workload, ...]
    services: tuple[Service, ...]
    retired: tuple[str, ...]
    was: str | None
    path: Path
    leaving: "Mesh | None" = None
    until: str | None = None
    lattice: "Lattice | None" = None
    service_connect: ServiceConnect | None = None
    istio: Istio | None = None

    @property
    def sides(self) -> "tuple[Mesh, ...]":
        """The mesh in its engine, and in the one that it is leaving."""
        return (self, self.leaving) if self.leaving else (self,)

    @property
    def is_shared(self) -> bool:
        """Whether another account than the environment's owns the mesh."""
        return self.owner != self.environment.account

    def is_same(self, other: "Mesh") -> bool:
        """Whether two environments have one and the same mesh: of one owner, under one name, in one region."""
        here, there = self.environment, other.environment
        return other is self or (here.region == there.region and (other.owner, other.name) == (self.owner, self.name))

    def service(self, name: str) -> Service | None:
        """The service of that name, if this environment has it."""
        return next((service for service in self.services if service.name == name), None)

    def same(self, workload: Workload) -> Workload:
        """The workload as this side of the mesh has it: engines have other names for it."""
        return next((item for item in self.workloads if item.name == workload.name), workload)


@dataclass(frozen=True, slots=True)
class Access:
    """A level of access to a mesh: to the named services of it, or to all of it where `services` is None."""

    level: str
    mesh: Mesh
    services: tuple[Service, ...] | None

    def on(self, side: Mesh) -> "Access":
        """The same level on a side of its mesh, to the services as that side has them."""
        if self.services is None:
            return Access(self.level, side, None)
        return Access(self.level, side, tuple(side.service(service.name) or service for service in self.services))


@dataclass(frozen=True, slots=True)
class Federated:
    """A group of people or a pipeline in one environment.

    `subjects` are the values of the token's `sub`; with `roles_claim` the token itself must name the role.
    """

    name: str
    is_pipeline: bool
    environment: Environment
    provider: Provider
    access: tuple[Access, ...]
    grants: tuple[Grant, ...]
    statements: tuple[Statement, ...]
    permission_set: str | None
    subjects: tuple[str, ...]
    claims: tuple[tuple[str, tuple[str, ...]], ...]
    roles_claim: bool
    session_tags: tuple[tuple[str, tuple[str, ...]], ...]
    max_session_hours: int
    tags: TagItems
    names: Names
    path: Path


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything, in the order in which it is written."""

    organization: str
    environments: tuple[Environment, ...]
    meshes: tuple[Mesh, ...]
    federated: tuple[Federated, ...]
    retired_people: tuple[str, ...]
    retired_pipelines: tuple[str, ...]
    audit: "Audit | None" = None
    guardrails: "Guardrails | None" = None
    management: "Organization | None" = None
