"""Where a workload runs, resolved for one environment and one version."""

import re

from meshrole.inventory.grants import check_arn
from meshrole.inventory.platform_model import Ec2, Ecs, EksIrsa, EksPodIdentity, Lambda, RunsOn
from meshrole.inventory.scope import Scope
from meshrole.inventory.types import OIDC_ISSUER
from meshrole.inventory.values import Ec2Instance, EcsTask, Irsa, LambdaFunction, Platform, PodIdentity

# The regional registries of the Envoy image: https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html
ENVOY_ACCOUNT = "840364872350"
ENVOY_ACCOUNTS = {
    "af-south-1": "924023996002",
    "ap-east-1": "856666278305",
    "ap-southeast-3": "909464085924",
    "eu-south-1": "422531588944",
    "il-central-1": "564877687649",
    "me-south-1": "772975370895",
}
# Kubernetes names: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
CLUSTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def resolve_platform(shared: RunsOn, override: RunsOn | None, version: str | None, scope: Scope, own: Scope) -> Platform:
    """The platform of one workload: the version's own `runs_on`, or the service's, in the environment of the scope."""
    written, here = (override, own.at("runs_on")) if override is not None else (shared, scope.at("runs_on"))
    return _resolved(written, version if override is None else None, here)


def resolve_moves_from(written: RunsOn | None, version: str | None, scope: Scope) -> Platform | None:
    """The platform that a workload runs on as well, while its mesh is leaving an engine."""
    return _resolved(written, version, scope.at("moves_from")) if written is not None else None


def _resolved(written: RunsOn, suffix: str | None, scope: Scope) -> Platform:
    match written:
        case Ecs():
            return _task(written, scope)
        case Ec2():
            return Ec2Instance()
        case Lambda():
            return _function(written, suffix, scope)
    return _pod(written, suffix, scope)


def _function(written: Lambda, version: str | None, scope: Scope) -> LambdaFunction:
    """A function has one role, so each version of a service is a function of its own."""
    function = scope.at("function").fill(written.function) if written.function else None
    if function and version is not None and "{version}" not in (written.function or ""):
        function = f"{function}-{version}"
    if function and not FUNCTION_NAME.fullmatch(function):
        scope.at("function").problem("no Lambda function can have this name", found=function)
    log_group = scope.at("log_group").fill(written.log_group) if written.log_group else None
    return LambdaFunction(function, log_group, written.vpc)


def _task(written: Ecs, scope: Scope) -> EcsTask:
    images = scope.at("images").fill_all(written.images)
    secrets = scope.at("secrets").fill_all(written.secrets)
    for index, image in enumerate(images):
        check_arn(image, scope.at("images", index), "ecr", "repository/")
    for index, secret in enumerate(secrets):
        here = scope.at("secrets", index)
        service = "ssm" if ":ssm:" in secret else "secretsmanager"
        check_arn(secret, here, service, "parameter/" if service == "ssm" else "secret:")
    return EcsTask(
        images=images,
        envoy_image=_envoy_image(written, scope),
        log_group=scope.at("log_group").fill(written.log_group) if written.log_group else None,
        secrets=secrets,
    )


def _envoy_image(written: Ecs, scope: Scope) -> str | None:
    if written.envoy_image is not None:
        text = scope.at("envoy_image").fill(written.envoy_image)
        check_arn(text, scope.at("envoy_image"), "ecr", "repository/")
        return text
    environment = scope.environment
    if environment.partition != "aws":
        return None
    account = ENVOY_ACCOUNTS.get(environment.region, ENVOY_ACCOUNT)
    return f"arn:aws:ecr:{environment.region}:{account}:repository/aws-appmesh-envoy"


def _pod(written: EksPodIdentity | EksIrsa, version: str | None, scope: Scope) -> Platform:
    """One service account carries one role, so each version has a service account of its own."""
    account = scope.at("service_account").fill(written.service_account)
    if version is not None and "{version}" not in written.service_account:
        account = f"{account}-{version}"
    namespace = scope.at("namespace").fill(written.namespace)
    if not SUBDOMAIN.fullmatch(account):
        scope.at("service_account").problem("no Kubernetes service account can have this name", found=account)
    if not LABEL.fullmatch(namespace):
        scope.at("namespace").problem("no Kubernetes namespace can have this name", found=namespace)
    cluster = scope.at("cluster").fill(written.cluster)
    if not CLUSTER.fullmatch(cluster):
        scope.at("cluster").problem("no EKS cluster can have this name", found=cluster)
    clusters = scope.environment.clusters
    known = clusters.get(cluster)
    if clusters and known is None:
        scope.at("cluster").problem(
            f'environment "{scope.environment.name}" has no cluster "{cluster}"', found=cluster, allowed=clusters
        )
    name = known.name if known is not None and known.name else cluster
    if isinstance(written, EksPodIdentity):
        return PodIdentity(name, namespace, account)
    issuer = scope.fill(known.oidc_issuer) if known is not None and known.oidc_issuer else None
    if issuer is None or not re.fullmatch(OIDC_ISSUER, issuer):
        scope.at("cluster").problem(
            f'environment "{scope.environment.name}" has no `oidc_issuer` for the cluster "{cluster}"',
            found=issuer or cluster,
            hint=f"add environments.{scope.environment.name}.clusters.{cluster}.oidc_issuer",
        )
    return Irsa(name, (issuer or "").removeprefix("https://"), namespace, account)
