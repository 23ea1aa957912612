"""Trust policies without an inventory: each must single out what runs one workload, as its platform documents it."""

from collections.abc import Iterable, Iterator

from meshrole.access.verify.cells import EVERYBODY, Cell, Except
from meshrole.access.verify.estate import PIPELINE, Subject, side, unreadable
from meshrole.access.verify.finding import Finding
from meshrole.iam import wildcard

# The platforms' services, and what must be fixed for each so that one workload alone is meant.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
POD_TAGS = tuple(f"aws:requesttag/{key}" for key in ("eks-cluster-arn", "kubernetes-namespace", "kubernetes-service-account"))
PLATFORMS: dict[str, tuple[str, ...]] = {
    "ecs-tasks.amazonaws.com": (),
    "ec2.amazonaws.com": (),
    "ec2.amazonaws.com.cn": (),
    "pods.eks.amazonaws.com": POD_TAGS,
    "lambda.amazonaws.com": (),
}
# It sends no source with its requests: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
WITHOUT_SOURCE = "lambda.amazonaws.com"
# ECS itself takes the roles that help a service, for its TLS or its target groups, and never the service's own.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
INFRASTRUCTURE, OF_ECS = ("-infrastructure", "-targets"), "ecs.amazonaws.com"
OIDC = ":oidc-provider/"
EXACT = ("StringEquals", "ArnLike")


def findings(subjects: Iterable[Subject]) -> Iterator[Finding]:
    """What is too wide in the trust policies of these roles, and which two of them the same principal can take."""
    first: dict[object, Subject] = {}
    for subject in subjects:
        yield from unreadable(subject, (subject.role.trust,))
        for cell in sorted(side((subject.role.trust,)).cells, key=str):
            if cell.effect == "Allow":
                reason = _fault(subject, cell)
                if reason:
                    yield Finding(f"the trust policy of {subject.name} {reason}", subject.name, address=subject.role.trust.source)
                yield from _shared(subject, cell, first)


def _fault(subject: Subject, cell: Cell) -> str | None:
    if isinstance(cell.principal, Except) or cell.principal[1] == EVERYBODY[1]:
        return "lets in anyone" if not cell.conditions else "names no principal, only conditions"
    kind, name = cell.principal
    if kind == "AWS":
        return f"lets in {name}, which is no platform of a workload" if subject.is_workload else _account(cell, name)
    missing = [key for key in _needed(subject, kind, name) if not _is_fixed(cell, key, several=not subject.is_workload)]
    if missing:
        return f"lets in {name} without fixing {', '.join(missing)}"
    is_helped = name == OF_ECS and subject.role.address.endswith(INFRASTRUCTURE)
    if kind == "Service" and subject.is_workload and name not in PLATFORMS and not is_helped:
        return f"lets in {name}, which is no platform of a workload"
    if kind == "Service" and name == WITHOUT_SOURCE and cell.conditions:
        return f"lets in {name} under conditions that are of another platform"
    return None


def _account(cell: Cell, name: str) -> str | None:
    """People of Identity Center come as roles of the account; a condition must name which."""
    keys = {key for _, key, _ in cell.conditions}
    return None if "aws:principalarn" in keys else f"lets in {name} without a condition on aws:PrincipalArn"


def _needed(subject: Subject, kind: str, name: str) -> tuple[str, ...]:
    if kind == "Service":
        return PLATFORMS.get(name, ())
    host = name.partition(OIDC)[2].lower()
    if not host:
        return ("saml:aud",)
    has_subject = subject.is_workload or subject.role.tag(PIPELINE) is not None
    return (f"{host}:aud", f"{host}:sub") if has_subject else (f"{host}:aud",)


def _is_fixed(cell: Cell, key: str, *, several: bool) -> bool:
    """Whether a condition compares the key with one text, or with several texts where that is as good."""
    return any(
        operator in EXACT and each == key and (several or len(values) == 1) and not any(map(wildcard.has_wildcard, values))
        for operator, each, values in cell.conditions
    )


def _shared(subject: Subject, cell: Cell, first: dict[object, Subject]) -> Iterator[Finding]:
    """Where a platform tells workloads apart by claims or tags, two with the same are one."""
    told_apart = not isinstance(cell.principal, Except) and (OIDC in cell.principal[1] or PLATFORMS.get(cell.principal[1]))
    if subject.is_workload and told_apart:
        other = first.setdefault((cell.principal, cell.action, cell.conditions), subject)
        if other is not subject:
            message = f"{subject.name} and {other.name} can be assumed by the same workload"
            yield Finding(message, subject.name, address=subject.role.trust.source)
