"""What an inventory declares of each role, worked out from its resolved values and not from the design that is to be proved.

Names, paths and boundaries are the blueprint's; who may take a role and what it may do is derived again, from the documented
rules: `declared_trust.py`, `declared_levels.py` and here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from meshrole.access.roles import Found, Origin, every
from meshrole.access.verify import cells, declared_levels, declared_trust
from meshrole.access.verify.compare import Side
from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.model import Blueprint
from meshrole.iam import policy
from meshrole.iam.policy import Conditions, Document, Statement
from meshrole.inventory.values import EcsTask, Federated, Grant, Inventory, Mesh, Path, Workload

APP_MESH = "app-mesh"
CACHE = 1_024
Item = dict[str, Any]
Levels = tuple[tuple[str, Mapping[str, Any]], ...]
# https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html
XRAY = (
    "PutTraceSegments",
    "PutTelemetryRecords",
    "GetSamplingRules",
    "GetSamplingTargets",
    "GetSamplingStatisticSummaries",
)
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
PULL = ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")


@dataclass(frozen=True, slots=True)
class Declared:
    """A role as the inventory declares it. `node` is the ARN of the one node or gateway that its Envoy is.

    `limits` is the content of its boundary, None where the inventory does not know it.
    """

    found: Found
    trust: Mapping[str, Any]
    policy: Mapping[str, Any]
    node: str | None
    limits: Side | None

    @property
    def name(self) -> str:
        """The role's name."""
        return self.found.role.name

    @property
    def environment(self) -> str:
        """The environment that the role is in."""
        return self.found.root.environment.name

    @property
    def source(self) -> Path:
        """Where the inventory asks for it."""
        return self.found.role.source


def declared(blueprint: Blueprint, inventory: Inventory) -> tuple[Declared, ...]:
    """Every role of an inventory."""
    return tuple(_role(found) for found in every(blueprint, inventory))


@lru_cache(CACHE)
def _limits(boundary: Document) -> Side:
    """Many roles have one boundary."""
    value = policy.as_object(boundary)
    return Side(cells.of_value(value), (value,))


def document(items: list[Item]) -> dict[str, Any]:
    """Statements as a document; an empty one allows nothing."""
    return {"Version": policy.VERSION, "Statement": items}


def _role(found: Found) -> Declared:
    return Declared(
        found=found,
        trust=document([declared_trust.trust(found)]),
        policy=document(list(_policy(found))),
        node=_node(found.origin, found.mesh)
        if isinstance(found.origin, Workload) and found.mesh and not found.is_helper
        else None,
        limits=_limits(found.boundary) if found.boundary else None,
    )


def _policy(found: Found) -> Iterator[Item]:
    origin = found.origin
    if found.is_helper:
        assert isinstance(origin, Workload) and isinstance(origin.platform, EcsTask)
        yield from _execution(found, origin.platform)
    elif isinstance(origin, Workload):
        assert found.mesh
        yield from _workload(origin, found.mesh)
    elif isinstance(origin, Federated):
        for access in origin.access:
            if access.mesh.engine == APP_MESH:
                yield from declared_levels.statements(access, access.level)
            else:
                yield from map(_statement, ENGINES[access.mesh.engine].access_statements(access))
        yield from map(_grant, origin.grants)
        yield from map(_statement, origin.statements)


def _workload(workload: Workload, mesh: Mesh) -> Iterator[Item]:
    if mesh.engine == APP_MESH:
        yield allow(["appmesh:StreamAggregatedResources"], [_node(workload, mesh) or ""])
        if workload.certificate:
            yield allow(["acm:ExportCertificate"], [workload.certificate])
        if workload.trusts:
            yield allow(["acm-pca:GetCertificateAuthorityCertificate"], list(workload.trusts))
    else:
        yield from map(_statement, ENGINES[mesh.engine].workload_statements(workload, mesh))
    if workload.xray:
        yield allow([f"xray:{name}" for name in XRAY], ["*"])
    if workload.metrics_namespace:
        namespace = {"StringEquals": {"cloudwatch:namespace": workload.metrics_namespace}}
        yield allow(["cloudwatch:PutMetricData"], ["*"], namespace)
    yield from map(_grant, workload.grants)
    yield from map(_statement, workload.statements)


def _node(workload: Origin | None, mesh: Mesh | None) -> str | None:
    if mesh is None or mesh.engine != APP_MESH or not isinstance(workload, Workload):
        return None
    kind = "virtualGateway" if workload.is_gateway else "virtualNode"
    return f"{declared_levels.mesh_arn(mesh)}/{kind}/{workload.aws_name}"


def _execution(found: Found, task: EcsTask) -> Iterator[Item]:
    environment = found.root.environment
    yield allow(["ecr:GetAuthorizationToken"], ["*"])
    images = [image for image in (task.envoy_image, *task.images) if image]
    if images:
        yield allow([f"ecr:{name}" for name in PULL], images)
    group = task.log_group or f"/ecs/{found.identity.role.name}"
    stream = f"arn:{environment.partition}:logs:{environment.region}:{environment.account}:log-group:{group}:log-stream:*"
    yield allow(["logs:CreateLogStream", "logs:PutLogEvents"], [stream])
    for service, action in (("secretsmanager", "secretsmanager:GetSecretValue"), ("ssm", "ssm:GetParameters")):
        secrets = [secret for secret in task.secrets if f":{service}:" in secret]
        if secrets:
            yield allow([action], secrets)


def allow(actions: list[str], resources: list[str], condition: Mapping[str, Any] | None = None) -> Item:
    """A statement that allows."""
    item: Item = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**item, "Condition": condition} if condition else item


def _grant(grant: Grant) -> Item:
    return allow(list(grant.actions), list(grant.resources), _block(grant.conditions))


def _statement(statement: Statement) -> Item:
    item = {**allow(list(statement.actions), list(statement.resources), _block(statement.conditions)), "Effect": statement.effect}
    return {**item, "NotResource": list(statement.not_resources)} if statement.not_resources else item


def _block(conditions: Conditions) -> dict[str, Any]:
    return {operator: {key: list(values) for key, values in keys} for operator, keys in conditions}


def levels(found: Found, *, beyond: bool = False) -> Levels:
    """The levels that a group or a pipeline has, each with what it and those before it allow; or those `beyond` its own."""
    items: dict[str, list[Item]] = {}
    for access in found.origin.access if isinstance(found.origin, Federated) else ():
        reached = declared_levels.LEVELS.index(access.level)
        for depth, level in enumerate(declared_levels.LEVELS if access.mesh.engine == APP_MESH else ()):
            if (depth > reached) is beyond:
                items.setdefault(level, []).extend(declared_levels.statements(access, level))
    return tuple((name, document(each)) for name, each in items.items())
