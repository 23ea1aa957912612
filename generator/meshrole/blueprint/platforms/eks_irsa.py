"""EKS IRSA: the cluster's own OIDC provider vouches for a service account.

https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from meshrole.blueprint.naming import iam_arn
from meshrole.blueprint.platforms.base import Needs
from meshrole.iam.policy import Statement, conditions
from meshrole.inventory.values import Environment, Irsa


def design(place: Irsa, environment: Environment, role_name: str) -> Needs:  # noqa: ARG001
    """A role for one service account; both claims are compared exactly."""
    subject = f"system:serviceaccount:{place.namespace}:{place.service_account}"
    claims = {f"{place.issuer}:aud": "sts.amazonaws.com", f"{place.issuer}:sub": subject}
    trust = Statement(
        sid="Assume",
        actions=("sts:AssumeRoleWithWebIdentity",),
        principals=(("Federated", (iam_arn(environment, "oidc-provider", place.issuer),)),),
        conditions=conditions({"StringEquals": claims}),
    )
    return Needs(platform="eks-irsa", trust=(trust,))
