"""Platforms: who may assume a workload's role, and what else the platform needs. One file and one line here for each."""

from typing import Any

from meshrole.blueprint.platforms import ec2, ecs, eks_irsa, eks_pod_identity, lambda_function
from meshrole.blueprint.platforms.base import Needs, PlatformDesign
from meshrole.blueprint.statements import document
from meshrole.inventory.values import Ec2Instance, EcsTask, Environment, Irsa, LambdaFunction, PodIdentity, Workload

__all__ = ["design"]

PLATFORMS: dict[type, PlatformDesign[Any]] = {
    EcsTask: ecs.design,
    Ec2Instance: ec2.design,
    PodIdentity: eks_pod_identity.design,
    Irsa: eks_irsa.design,
    LambdaFunction: lambda_function.design,
}


def design(workload: Workload, environment: Environment, role_name: str) -> Needs:
    """What the platform of `workload` asks for, and the one that it moves from."""
    needs: Needs = PLATFORMS[type(workload.platform)](workload.platform, environment, role_name)
    if workload.moves_from is None:
        return needs
    return _both(needs, PLATFORMS[type(workload.moves_from)](workload.moves_from, environment, role_name))


def _both(new: Needs, old: Needs) -> Needs:
    """A role that either platform may assume, with what each of them needs beside it."""
    purposes = {helper.purpose for helper in new.helpers}
    return Needs(
        platform=new.platform,
        trust=document((*new.trust, *(statement for statement in old.trust if statement not in new.trust))),
        helpers=(*new.helpers, *(helper for helper in old.helpers if helper.purpose not in purposes)),
        has_instance_profile=new.has_instance_profile or old.has_instance_profile,
        association=new.association or old.association,
        own=(*new.own, *(statement for statement in old.own if statement not in new.own)),
    )
