"""Where a workload runs, as it is written in an inventory."""

from typing import Annotated, Literal

from pydantic import Field

from meshrole.inventory.types import FUNCTION, LOG_GROUP, KubernetesName, Strict, Text


class Ecs(Strict):
    """An ECS task: a task role, and an execution role that pulls images, writes logs and reads secrets."""

    platform: Literal["ecs"]
    images: list[Text] = []
    envoy_image: Text | None = None
    log_group: Annotated[str, Field(pattern=LOG_GROUP)] | None = None
    secrets: list[Text] = []


class Ec2(Strict):
    """EC2 instances: a role in an instance profile."""

    platform: Literal["ec2"]


class EksPodIdentity(Strict):
    """A Kubernetes service account, through EKS Pod Identity: a role and its association."""

    platform: Literal["eks-pod-identity"]
    cluster: Text
    namespace: KubernetesName
    service_account: KubernetesName


class EksIrsa(Strict):
    """A Kubernetes service account, through the cluster's OIDC provider."""

    platform: Literal["eks-irsa"]
    cluster: Text
    namespace: KubernetesName
    service_account: KubernetesName


class Lambda(Strict):
    """A Lambda function: an execution role that writes to the function's own log group."""

    platform: Literal["lambda"]
    function: Annotated[str, Field(pattern=FUNCTION)] | None = None
    log_group: Annotated[str, Field(pattern=LOG_GROUP)] | None = None
    vpc: bool = False


class NoWorkload(Strict):
    """No workload: the virtual service, its router and routes are in the mesh, what answers is not, or is another service's."""

    platform: Literal["none"]


class Elsewhere(Strict):
    """Nothing is here: only a name that others call or route to, or a gateway of which only the routes are known."""

    platform: Literal["elsewhere"]


RunsOn = Annotated[Ecs | Ec2 | EksPodIdentity | EksIrsa | Lambda, Field(discriminator="platform")]
RunsOrNot = Annotated[Ecs | Ec2 | EksPodIdentity | EksIrsa | Lambda | NoWorkload | Elsewhere, Field(discriminator="platform")]
