"""What an inventory declares of each role, worked out from its resolved values and not from the design that is to be proved.

Names, paths and boundaries are the blueprint's; who may take a role and what it may do is derived again, from the documented
rules: `declared_trust.py`, `declared_engines.py` and here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from meshrole.access.roles import Found, every
from meshrole.access.verify import cells, declared_lambda, declared_trust
from meshrole.access.verify.compare import Side
from meshrole.access.verify.declared_engines import ENGINES
from meshrole.access.verify.items import LEVELS, Item, allow, document
from meshrole.blueprint.model import Blueprint
from meshrole.iam import policy
from meshrole.iam.policy import Conditions, Document, Statement
from meshrole.inventory.values import EcsTask, Federated, Grant, Inventory, LambdaFunction, Mesh, Path, Workload

CACHE = 1_024
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


def _role(found: Found) -> Declared:
    known = _helper(found)
    trusts, items = ([known[0]], known[1]) if known else (declared_trust.trusts(found), list(_policy(found)))
    return Declared(
        found=found,
        trust=document(trusts),
        policy=document(items),
        node=_node(found),
        limits=_limits(found.boundary) if found.boundary else None,
    )


def _node(found: Found) -> str | None:
    origin, mesh = found.origin, found.mesh
    if not isinstance(origin, Workload) or mesh is None or found.is_helper:
        return None
    return next((node for side in mesh.sides if (node := ENGINES[side.engine].node(side.same(origin), side))), None)


def _helper(found: Found) -> tuple[Item, list[Item]] | None:
    for side in found.mesh.sides if found.is_helper and found.mesh else ():
        origin = side.same(found.origin) if isinstance(found.origin, Workload) else found.origin
        known = ENGINES[side.engine].helper(replace(found, mesh=side, origin=origin))
        if known:
            return known
    return None


def _policy(found: Found) -> Iterator[Item]:
    origin = found.origin
    if found.is_helper:
        assert isinstance(origin, Workload)
        task = next(place for place in (origin.platform, origin.moves_from) if isinstance(place, EcsTask))
        yield from _execution(found, task)
    elif isinstance(origin, Workload):
        assert found.mesh
        yield from _workload(origin, found.mesh)
        for place in (origin.platform, origin.moves_from):
            if isinstance(place, LambdaFunction):
                yield from declared_lambda.items(place, found.root.environment, found.role.name)
    elif isinstance(origin, Federated):
        for access in origin.access:
            for side in access.mesh.sides:
                yield from ENGINES[side.engine].statements(access.on(side), access.level)
        yield from map(_grant, origin.grants)
        yield from map(_statement, origin.statements)


def _workload(workload: Workload, mesh: Mesh) -> Iterator[Item]:
    for side in mesh.sides:
        yield from ENGINES[side.engine].workload(side.same(workload), side)
    if workload.xray:
        yield allow([f"xray:{name}" for name in XRAY], ["*"])
    if workload.metrics_namespace:
        namespace = {"StringEquals": {"cloudwatch:namespace": workload.metrics_namespace}}
        yield allow(["cloudwatch:PutMetricData"], ["*"], namespace)
    yield from map(_grant, workload.grants)
    yield from map(_statement, workload.statements)


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
        reached = LEVELS.index(access.level)
        for depth, level in enumerate(LEVELS):
            if (depth > reached) is beyond:
                for side in access.mesh.sides:
                    items.setdefault(level, []).extend(ENGINES[side.engine].statements(access.on(side), level))
    return tuple((name, document(each)) for name, each in items.items())
