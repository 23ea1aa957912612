"""The identities in use: roles, and what runs under them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meshrole.importers.origin import Origin
from meshrole.importers.values import Value


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of a role: `document` as parsed JSON (texts in it may have placeholders), or the ARN of a managed one."""

    name: str
    origin: Origin
    document: Mapping[str, Any] | None = None
    managed: Value | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role. `key` is how the source refers to it (its logical id, address or name); `trust` is parsed JSON."""

    key: str
    name: Value | None
    origin: Origin
    arn: Value | None = None
    trust: Mapping[str, Any] | None = None
    policies: tuple[Policy, ...] = ()
    boundary: Value | None = None
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Task:
    """An ECS task definition. The roles are `Role.key`s, names or ARNs; `resource` is what its Envoy streams.

    `resource` is an ARN, `mesh/NAME/virtualNode/NAME`, or both parts of it as they are written in the environment variables
    APPMESH_RESOURCE_ARN, APPMESH_VIRTUAL_NODE_NAME (https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-config.html).
    `images` are the repositories' ARNs or addresses; `secrets` are ARNs; `log_groups` their names.
    """

    family: Value | None
    origin: Origin
    task_role: Value | None = None
    execution_role: Value | None = None
    resource: Value | None = None
    images: tuple[Value, ...] = ()
    secrets: tuple[Value, ...] = ()
    log_groups: tuple[Value, ...] = ()
    cluster: Value | None = None
    service: Value | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function with its role."""

    name: Value
    origin: Origin
    role: Value | None = None


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A Kubernetes service account; `role` is the ARN in its IRSA annotation or Pod Identity association."""

    namespace: Value | None
    name: Value
    origin: Origin
    role: Value | None = None
    is_pod_identity: bool = False
    cluster: Value | None = None


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods of a Deployment (or alike): labels, service account, and the nodes and gateways whose selectors they match."""

    namespace: Value | None
    name: Value
    origin: Origin
    labels: tuple[tuple[str, str], ...] = ()
    service_account: Value | None = None
    nodes: tuple[Value, ...] = ()
    gateways: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """An instance profile (or node role) of EC2 instances or of a cluster's nodes; `used_by` says of which (a node group…)."""

    name: Value | None
    role: Value | None
    origin: Origin
    used_by: str = ""
