"""Statements that do not depend on the mesh: what an application asks for, and what runs beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from meshrole.iam.policy import Document, Statement, conditions, sid
from meshrole.inventory.values import Grant

NO_RESOURCE_TYPE = "HasNoResourceType"

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html: none has a resource type.
XRAY = Statement(
    sid=f"Xray{NO_RESOURCE_TYPE}",
    actions=(
        "xray:GetSamplingRules",
        "xray:GetSamplingStatisticSummaries",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ),
    resources=("*",),
)


def metrics(namespace: str) -> Statement:
    """PutMetricData has no resource type; its namespace can be fixed by a condition.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    return Statement(
        sid=f"Metrics{NO_RESOURCE_TYPE}",
        actions=("cloudwatch:PutMetricData",),
        resources=("*",),
        conditions=conditions({"StringEquals": {"cloudwatch:namespace": namespace}}),
    )


def application(grants: Iterable[Grant]) -> Iterator[Statement]:
    """The statements of an application's own permissions, named after the service that they are about."""
    for grant in grants:
        if not grant.actions:
            continue
        services = dict.fromkeys(action.partition(":")[0] for action in grant.actions)
        name = sid("App", *services)
        yield Statement(
            sid=name + (NO_RESOURCE_TYPE if grant.resources == ("*",) else ""),
            actions=grant.actions,
            resources=grant.resources,
            conditions=grant.conditions,
        )


def document(statements: Iterable[Statement]) -> Document:
    """The statements as one document: a Sid that comes again gets a number."""
    taken: set[str] = set()
    unique = []
    for statement in statements:
        name, number = statement.sid, 1
        while name in taken:
            number += 1
            name = f"{statement.sid}{number}"
        taken.add(name)
        unique.append(statement if name == statement.sid else replace(statement, sid=name))
    return tuple(unique)
