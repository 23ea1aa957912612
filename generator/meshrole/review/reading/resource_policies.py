"""Policies that lie at resources: buckets, keys, queues, topics, secrets, repositories, functions, Lattice, organizations."""

import json
from collections.abc import Iterator
from typing import Any

from meshrole.plans.resources import Resource
from meshrole.review.documents import Policy
from meshrole.review.reading.items import HIDDEN, Items, has, policy, text
from meshrole.review.things import UNKNOWN, Lattice, OrganizationPolicy, Reference, ResourcePolicy, Text

BUCKET, KEY, FUNCTION = "aws_s3_bucket", "aws_kms_key", "aws_lambda_function"
QUEUE, TOPIC, SECRET, REPOSITORY = "aws_sqs_queue", "aws_sns_topic", "aws_secretsmanager_secret", "aws_ecr_repository"
SERVICE, NETWORK, AUTH = "aws_vpclattice_service", "aws_vpclattice_service_network", "aws_vpclattice_auth_policy"
# Resource: the attribute that says whose policy it is, and the type of that.
APART = {
    "aws_s3_bucket_policy": ("bucket", BUCKET),
    "aws_kms_key_policy": ("key_id", KEY),
    "aws_sqs_queue_policy": ("queue_url", QUEUE),
    "aws_sns_topic_policy": ("arn", TOPIC),
    "aws_secretsmanager_secret_policy": ("secret_arn", SECRET),
    "aws_ecr_repository_policy": ("repository", REPOSITORY),
    AUTH: ("resource_identifier", SERVICE),
    "aws_vpclattice_resource_policy": ("resource_arn", SERVICE),
}
# Resources that can hold their policy themselves, with the attribute that names them. It is computed too, so it counts only
# where no resource of its own says it.
WITHIN = {BUCKET: "bucket", KEY: "key_id", "aws_kms_external_key": "id", "aws_kms_replica_key": "key_id"} | {
    QUEUE: "name",
    TOPIC: "name",
    SECRET: "name",
}
PERMISSION = "aws_lambda_permission"
ORGANIZATION, ATTACHMENT = "aws_organizations_policy", "aws_organizations_policy_attachment"
TYPES = {*APART, *WITHIN, PERMISSION, ORGANIZATION, ATTACHMENT, SERVICE, NETWORK, FUNCTION, REPOSITORY}


def resource_policies(items: Items) -> Iterator[ResourcePolicy]:
    """Every policy of a resource."""
    apart: set[str] = set()
    for type_, (attribute, kind) in APART.items():
        for item in items.of(type_):
            on = _on(items, item, attribute, kind)
            apart.add(on.address)
            yield ResourcePolicy(**items.base(item), on=on, policy=policy(item, "policy"))
    for type_, attribute in WITHIN.items():
        for item in items.of(type_):
            is_said = has(item, "policy") and (item.values["policy"] is not UNKNOWN or "policy" in item.references)
            if is_said and item.address not in apart:
                on = Reference(text(item, attribute), item.address)
                yield ResourcePolicy(**items.base(item), on=on, policy=policy(item, "policy"))
    for item in items.of(PERMISSION):
        on = items.reference(item, "function_name", FUNCTION)
        yield ResourcePolicy(**items.base(item), on=on, policy=_permission(item))


def lattice(items: Items) -> Iterator[Lattice]:
    """VPC Lattice services and service networks, with their auth policies."""
    policies = {_on(items, item, "resource_identifier", SERVICE).address: policy(item, "policy") for item in items.of(AUTH)}
    for item in items.of(SERVICE, NETWORK):
        yield Lattice(
            **items.base(item),
            name=text(item, "name"),
            arn=text(item, "arn"),
            auth_type=_auth_type(item),
            policy=policies.get(item.address),
        )


def _auth_type(item: Resource) -> Text:
    """What a service asks for. One that does not say it is unknown to Terraform, too, and becomes NONE."""
    found = text(item, "auth_type")
    return None if found is UNKNOWN and "auth_type" not in item.references else found


def organization(items: Items) -> Iterator[OrganizationPolicy]:
    """Service and resource control policies, with what they are attached to."""
    targets: dict[str, list[Reference]] = {}
    for item in items.of(ATTACHMENT):
        found = items.reference(item, "policy_id", ORGANIZATION)
        targets.setdefault(found.address, []).append(Reference(text(item, "target_id"), item.address))
    for item in items.of(ORGANIZATION):
        yield OrganizationPolicy(
            **items.base(item),
            name=text(item, "name"),
            kind=text(item, "type") or "SERVICE_CONTROL_POLICY",
            policy=policy(item, "content"),
            targets=tuple(targets.get(item.address, ())),
        )


def _on(items: Items, item: Resource, attribute: str, kind: str) -> Reference:
    found = items.reference(item, attribute, kind)
    return found if found.address or kind != SERVICE else items.reference(item, attribute, NETWORK)


def _permission(item: Resource) -> Policy:
    """The statement that AWS makes of a permission.

    https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    """
    source = f"{item.address}.principal"
    keys = ("principal", "action", "source_account", "source_arn", "principal_org_id", "function_url_auth_type")
    if UNKNOWN in [item.values.get(name) for name in keys]:
        return Policy(source, None, HIDDEN)
    principal = str(item.values.get("principal"))
    kind = "Service" if principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS"
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": "*" if principal == "*" else {kind: principal},
        "Action": item.values.get("action"),
        "Condition": dict(_conditions(item)),
    }
    return Policy(source, json.dumps({"Statement": [statement]}, sort_keys=True))


def _conditions(item: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    equal = {
        key: item.values[name]
        for name, key in (
            ("source_account", "AWS:SourceAccount"),
            ("principal_org_id", "aws:PrincipalOrgID"),
            ("function_url_auth_type", "lambda:FunctionUrlAuthType"),
        )
        if item.values.get(name)
    }
    if equal:
        yield "StringEquals", equal
    if item.values.get("source_arn"):
        yield "ArnLike", {"AWS:SourceArn": item.values["source_arn"]}
