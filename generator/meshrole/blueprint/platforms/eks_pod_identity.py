"""EKS Pod Identity: the session's tags say which cluster, namespace and service account ask.

https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
"""

from dataclasses import replace

from meshrole.blueprint.platforms.base import Needs, service_trust
from meshrole.iam.policy import conditions
from meshrole.inventory.values import Environment, PodIdentity


def design(place: PodIdentity, environment: Environment, role_name: str) -> Needs:  # noqa: ARG001
    """A role for one service account of one namespace of one cluster, and the association that hands it out."""
    cluster = f"arn:{environment.partition}:eks:{environment.region}:{environment.account}:cluster/{place.cluster}"
    tags = {
        "aws:RequestTag/eks-cluster-arn": cluster,
        "aws:RequestTag/kubernetes-namespace": place.namespace,
        "aws:RequestTag/kubernetes-service-account": place.service_account,
    }
    assume = service_trust("pods.eks.amazonaws.com", conditions=conditions({"StringEquals": tags}))
    trust = (replace(assume, actions=("sts:AssumeRole", "sts:TagSession")),)
    return Needs(platform="eks-pod-identity", trust=trust, association=place)
