"""Who an inventory says may take a role: one principal, the calls it makes, and the conditions that single it out."""

from typing import Any

from meshrole.access.roles import Found
from meshrole.blueprint.trust import HOME_OF_IDENTITY_CENTER, SIGN_IN
from meshrole.inventory.values import (
    Ec2Instance,
    EcsTask,
    Environment,
    Federated,
    Irsa,
    LambdaFunction,
    Platform,
    PodIdentity,
    Provider,
    Workload,
)

Item = dict[str, Any]
EC2_IN_CHINA = "ec2.amazonaws.com.cn"


def trusts(found: Found) -> list[Item]:
    """The statement of the role's trust policy, and another for the platform that its workload moves from."""
    environment = found.root.environment
    if isinstance(found.origin, Federated):
        return [_federated(found.origin, environment)]
    assert isinstance(found.origin, Workload)
    places: list[Platform] = [place for place in (found.origin.platform, found.origin.moves_from) if place is not None]
    if found.is_helper:
        places = list(filter(_is_task, places))[:1]
    return [_workload(place, environment, is_helper=found.is_helper) for place in places]


def _is_task(place: Platform) -> bool:
    return isinstance(place, EcsTask)


def _workload(place: Platform, environment: Environment, *, is_helper: bool) -> Item:
    account, region, partition = environment.account, environment.region, environment.partition
    match place:
        case EcsTask():
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
            here = {
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:ecs:{region}:{account}:*"},
                "StringEquals": {"aws:SourceAccount": account},
            }
            return _service("ecs-tasks.amazonaws.com", {} if is_helper else here)
        case Ec2Instance():
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
            return _service(EC2_IN_CHINA if partition == "aws-cn" else "ec2.amazonaws.com", {})
        case LambdaFunction():
            # https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
            return _service("lambda.amazonaws.com", {})
        case PodIdentity(cluster, namespace, service_account):
            # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
            tags = {
                "eks-cluster-arn": f"arn:{partition}:eks:{region}:{account}:cluster/{cluster}",
                "kubernetes-namespace": namespace,
                "kubernetes-service-account": service_account,
            }
            block = {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in tags.items()}}
            return {**_service("pods.eks.amazonaws.com", block), "Action": ["sts:AssumeRole", "sts:TagSession"]}
        case Irsa(_, issuer, namespace, service_account):
            # https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
            claims = {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": f"system:serviceaccount:{namespace}:{service_account}",
            }
            provider = f"arn:{partition}:iam::{account}:oidc-provider/{issuer}"
            return _item({"Federated": provider}, ["sts:AssumeRoleWithWebIdentity"], {"StringEquals": claims})


def _service(name: str, condition: Item) -> Item:
    return _item({"Service": name}, ["sts:AssumeRole"], condition)


def _item(principal: Item, actions: list[str], condition: Item) -> Item:
    item: Item = {"Effect": "Allow", "Principal": principal, "Action": actions}
    return {**item, "Condition": condition} if condition else item


def _federated(federated: Federated, environment: Environment) -> Item:
    provider = federated.provider
    arn = f"arn:{environment.partition}:iam::{environment.account}"
    equals: Item = {f"aws:RequestTag/{key}": list(values) for key, values in federated.session_tags}
    also = ["sts:TagSession"] if provider.session_tags else []
    also += ["sts:SetSourceIdentity"] if provider.source_identity else []
    match provider.type:
        case "saml":
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
            claims = {"SAML:aud": provider.audience or SIGN_IN[environment.partition], **equals}
            principal = {"Federated": f"{arn}:saml-provider/{provider.name}"}
            return _item(principal, ["sts:AssumeRoleWithSAML", *also], {"StringEquals": claims})
        case "identity-center":
            block = {"ArnLike": {"aws:PrincipalArn": _permission_set(federated, arn)}} | (
                {"StringEquals": equals} if equals else {}
            )
            return _item({"AWS": f"{arn}:root"}, ["sts:AssumeRole", *also], block)
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    block = {"StringEquals": {**_claims(federated, provider), **equals}}
    if federated.roles_claim:
        block |= {"Bool": {"sts:RoleAuthorizedByIdp": "true"}}
    principal = {"Federated": f"{arn}:oidc-provider/{provider.url}"}
    return _item(principal, ["sts:AssumeRoleWithWebIdentity", *also], block)


def _claims(federated: Federated, provider: Provider) -> Item:
    claims: Item = {f"{provider.url}:aud": provider.audience, **{key: list(values) for key, values in federated.claims}}
    return {**claims, f"{provider.url}:sub": list(federated.subjects)} if federated.subjects else claims


def _permission_set(federated: Federated, arn: str) -> str:
    """https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html"""
    region = federated.provider.region
    folder = "" if region == HOME_OF_IDENTITY_CENTER else f"{region}/"
    return f"{arn}:role/aws-reserved/sso.amazonaws.com/{folder}AWSReservedSSO_{federated.permission_set}_{'?' * 16}"
