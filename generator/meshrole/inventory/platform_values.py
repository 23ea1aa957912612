"""Where workloads run, resolved. All frozen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EcsTask:
    """`images` and `secrets` are ARNs; `envoy_image` is a repository ARN or None where none is known."""

    images: tuple[str, ...]
    envoy_image: str | None
    log_group: str | None
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ec2Instance:
    """Instances with an instance profile."""


@dataclass(frozen=True, slots=True)
class PodIdentity:
    """A service account of an EKS cluster, through Pod Identity."""

    cluster: str
    namespace: str
    service_account: str


@dataclass(frozen=True, slots=True)
class Irsa:
    """A service account of an EKS cluster whose OIDC issuer is `issuer` (without https://)."""

    cluster: str
    issuer: str
    namespace: str
    service_account: str


@dataclass(frozen=True, slots=True)
class LambdaFunction:
    """A Lambda function: its name (None: its role's) and log group (None: Lambda's default); `has_vpc` where it is in a VPC."""

    function: str | None
    log_group: str | None
    has_vpc: bool


Platform = EcsTask | Ec2Instance | PodIdentity | Irsa | LambdaFunction
