"""What AWS makes of a resource's own attributes: its ARN, its id, and the documents of data sources.

The forms of ARNs: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
from typing import TYPE_CHECKING, Any

from meshrole.importers.tf import data
from meshrole.importers.tf.data import Encoded, Hole, as_text, known, simplified
from meshrole.importers.tf.documents import policy_document
from meshrole.importers.tf.evaluate import rendered
from meshrole.importers.values import Unknown, Value, joined

if TYPE_CHECKING:
    from meshrole.importers.tf.instance import Instance

ACCOUNT, REGION, PARTITION = (Hole(each) for each in (data.ACCOUNT, data.REGION, data.PARTITION))
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition
DNS_SUFFIX = Value((Unknown("data.aws_partition.dns_suffix", "dns_suffix", "amazonaws.com"),))
FACTS = {
    ("aws_caller_identity", "account_id"): ACCOUNT,
    ("aws_caller_identity", "id"): ACCOUNT,
    ("aws_region", "name"): REGION,
    ("aws_region", "id"): REGION,
    ("aws_region", "region"): REGION,
    ("aws_partition", "partition"): PARTITION,
    ("aws_partition", "id"): PARTITION,
    ("aws_partition", "dns_suffix"): DNS_SUFFIX,
}
MESH = "appmesh:@region:@account:mesh/"
IN_MESH = f"{MESH}@mesh_name/"
HERE = ":@region:@account:"
ARNS = {
    "aws_appmesh_mesh": f"{MESH}@name",
    "aws_appmesh_virtual_node": f"{IN_MESH}virtualNode/@name",
    "aws_appmesh_virtual_gateway": f"{IN_MESH}virtualGateway/@name",
    "aws_appmesh_gateway_route": f"{IN_MESH}virtualGateway/@virtual_gateway_name/gatewayRoute/@name",
    "aws_appmesh_virtual_service": f"{IN_MESH}virtualService/@name",
    "aws_appmesh_virtual_router": f"{IN_MESH}virtualRouter/@name",
    "aws_appmesh_route": f"{IN_MESH}virtualRouter/@virtual_router_name/route/@name",
    "aws_iam_role": "iam::@account:role@path@name",
    "aws_iam_policy": "iam::@account:policy@path@name",
    "aws_iam_instance_profile": "iam::@account:instance-profile@path@name",
    "aws_ecs_cluster": f"ecs{HERE}cluster/@name",
    "aws_ecs_task_definition": f"ecs{HERE}task-definition/@family:@revision",
    "aws_lambda_function": f"lambda{HERE}function:@function_name",
    "aws_cloudwatch_log_group": f"logs{HERE}log-group:@name",
    "aws_ecr_repository": f"ecr{HERE}repository/@name",
    "aws_dynamodb_table": f"dynamodb{HERE}table/@name",
    "aws_sqs_queue": f"sqs{HERE}@name",
    "aws_sns_topic": f"sns{HERE}@name",
    "aws_s3_bucket": "s3:::@bucket",
    "aws_vpclattice_service": f"vpc-lattice{HERE}service/@id",
    "aws_vpclattice_service_network": f"vpc-lattice{HERE}servicenetwork/@id",
    "aws_vpclattice_target_group": f"vpc-lattice{HERE}targetgroup/@id",
    "aws_service_discovery_http_namespace": f"servicediscovery{HERE}namespace/@id",
    "aws_service_discovery_private_dns_namespace": f"servicediscovery{HERE}namespace/@id",
}
# The attribute that the id of a resource is.
IDS = {
    "aws_appmesh_mesh": "name",
    "aws_iam_role": "name",
    "aws_iam_instance_profile": "name",
    "aws_iam_policy": "arn",
    "aws_ecs_cluster": "arn",
    "aws_ecs_task_definition": "family",
    "aws_lambda_function": "function_name",
    "aws_cloudwatch_log_group": "name",
    "aws_dynamodb_table": "name",
    "aws_s3_bucket": "bucket",
}
# Policies of AWS itself, that a configuration looks up by their names.
# https://docs.aws.amazon.com/app-mesh/latest/userguide/security-iam-awsmanpol.html
MANAGED = re.compile(r"AWSAppMesh\w+|AWSXRay\w+|CloudWatch\w+|AWSCloudMap\w+")
PIECE = re.compile(r"@([a-z_]+)")


def fact(mode: str, kind: str, name: str) -> Any:
    """A fact about the account, whose data source every configuration may have; None for anything else."""
    return FACTS.get((kind, name)) if mode == "data" else None


def computed(instance: "Instance", name: str) -> Any:
    """An attribute that a block does not say; None where nothing is known of it."""
    mode, kind, _ = instance.key
    if mode == "data" and (found := _data(instance, kind, name)) is not None:
        return found
    if name == "arn" and kind in ARNS:
        return arn(instance, kind)
    if name == "id" and kind in IDS:
        return instance.step(IDS[kind], f"{instance.address}.{IDS[kind]}")
    if name == "path" and kind.startswith("aws_iam_"):
        return "/"
    if name == "repository_url" and kind == "aws_ecr_repository":
        return simplified(joined((ACCOUNT.value, ".dkr.ecr.", REGION.value, ".amazonaws.com/", _part(instance, "name"))))
    if name in ("name", "family", "function_name"):
        return _generated(instance, name)
    return None


def arn(instance: "Instance", kind: str) -> Any:
    """The ARN of a resource."""
    form = ARNS[kind]
    parts: list[str | Value] = ["arn:", PARTITION.value, ":"]
    at = 0
    for match in PIECE.finditer(form):
        parts += [form[at : match.start()], _part(instance, match.group(1))]
        at = match.end()
    return simplified(joined((*parts, form[at:])))


def _part(instance: "Instance", name: str) -> Value:
    facts = {"region": REGION, "account": ACCOUNT}
    found = facts[name] if name in facts else instance.step(name, f"{instance.address}.{name}")
    return as_text(found) or Hole(f"{instance.address}.{name}").value


def _generated(instance: "Instance", name: str) -> Any:
    """A name that AWS's provider makes up, after the prefix that it is given."""
    prefix = instance.placed.block.attributes.get("name_prefix")
    ending = Hole(f"{instance.address}.{name}").value
    if prefix is None:
        return Hole(f"{instance.address}.{name}")
    return joined((as_text(instance.step("name_prefix", "name_prefix")) or "", ending))


def _data(instance: "Instance", kind: str, name: str) -> Any:
    if kind == "terraform_remote_state":
        return instance.scope.module.remote(instance.attributes(), name)
    if (kind, name) in FACTS:
        return FACTS[kind, name]
    if kind == "aws_iam_policy_document" and name in ("json", "minified_json"):
        return Encoded(policy_document(instance.attributes()))
    if kind == "template_file" and name == "rendered":
        attributes = instance.attributes()
        content, given = known(attributes.get("template")), attributes.get("vars", {})
        if content is not None and isinstance(given, dict):
            return rendered(content, given, instance.scope)
    if kind == "aws_iam_policy" and name == "arn":
        policy = known(instance.step("name", "name"))
        return f"arn:aws:iam::aws:policy/{policy}" if policy and MANAGED.fullmatch(policy) else None
    if kind == "aws_ecs_cluster" and name == "name":
        return instance.step("cluster_name", f"{instance.address}.cluster_name")
    return None
