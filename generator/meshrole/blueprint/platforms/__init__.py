"""Platforms: who may assume a workload's role, and what else the platform needs. One file and one line here for each."""

from typing import Any

from meshrole.blueprint.platforms import ec2, ecs, eks_irsa, eks_pod_identity
from meshrole.blueprint.platforms.base import PlatformDesign
from meshrole.inventory.values import Ec2Instance, EcsTask, Environment, Irsa, PodIdentity, Workload

__all__ = ["design"]

PLATFORMS: dict[type, PlatformDesign[Any]] = {
    EcsTask: ecs.design,
    Ec2Instance: ec2.design,
    PodIdentity: eks_pod_identity.design,
    Irsa: eks_irsa.design,
}


def design(workload: Workload, environment: Environment, role_name: str) -> Any:
    """What the platform of `workload` asks for."""
    return PLATFORMS[type(workload.platform)](workload.platform, environment, role_name)
