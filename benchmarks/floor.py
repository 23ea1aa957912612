"""The floor: plain Python that writes the same bytes from the parsed YAML, with no checks, no references, no quotas.

It knows only what `inventories.py` makes. `python floor.py INVENTORY OUT`.
"""

import json
import sys
from pathlib import Path

import yaml

DUMP = {"indent": 2, "ensure_ascii": False}
HEAD = "# Written by meshrole: change the inventory, then generate again.\n"


def main(path: str, out: Path) -> None:
    """Write every environment's folder."""
    inventory = yaml.load(Path(path).read_bytes(), Loader=yaml.CSafeLoader)
    for name, environment in inventory["environments"].items():
        account, region = inventory["accounts"][environment["account"]]["id"], environment["region"]
        for mesh, entry in inventory["meshes"].items():
            if name in entry["environments"]:
                write_mesh(out / name / mesh, mesh, entry["services"], (name, account, region))


def write_mesh(folder: Path, mesh: str, services: dict, where: tuple[str, str, str]) -> None:
    """The module of one mesh: identities.tf, outputs.tf, two JSON files for each role."""
    environment, account, region = where
    for kind in ("policies", "trust"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    blocks, outputs, profiles = [HEAD], [], []
    for name, service in services.items():
        role = f"acme-{mesh}-{name}-{environment}"
        place = service["runs_on"]
        kind = place["platform"]
        title = f"irtual node {name} of mesh {mesh}, on {kind}"
        blocks.append(f"\n# v{title}\n")
        trust, execution = TRUSTS[kind](place, account, region)
        grants = [
            statement(
                "AppDynamodb", ["dynamodb:GetItem", "dynamodb:PutItem"], f"arn:aws:dynamodb:{region}:{account}:table/{name}"
            ),
            statement("AppS3", ["s3:GetObject"], f"arn:aws:s3:::acme-{name}/*", {"Bool": {"aws:SecureTransport": ["true"]}}),
            statement("AppSqs", ["sqs:SendMessage"], f"arn:aws:sqs:{region}:{account}:{name}"),
            statement(
                "Envoy",
                ["appmesh:StreamAggregatedResources"],
                f"arn:aws:appmesh:{region}:{account}:mesh/{mesh}/virtualNode/{name}",
            ),
        ]
        blocks.append(write_role(folder, name, role, f"V{title}", trust, grants, mesh, name))
        outputs.append(name)
        if execution:
            label = f"{name}-execution"
            grants = execution_grants(account, region, role)
            blocks.append(
                "\n"
                + write_role(folder, label, f"{role}-execution", f"Execution role of v{title}", execution, grants, mesh, name)
            )
            outputs.append(label)
        if kind == "ec2":
            blocks.append(PROFILE.format(name=name, role=role, mesh=mesh))
            profiles.append(name)
        if kind == "eks-pod-identity":
            blocks.append(ASSOCIATION.format(name=name, mesh=mesh, **place))
    (folder / "identities.tf").write_text("".join(blocks))
    (folder / "outputs.tf").write_text(
        HEAD
        + output("role_arns", "The ARN of each role, by identity.", "aws_iam_role", "arn", outputs)
        + output(
            "instance_profile_names",
            "The name of each instance profile, by identity.",
            "aws_iam_instance_profile",
            "name",
            profiles,
        )
    )


def write_role(folder: Path, label: str, role: str, title: str, trust: dict, grants: list, mesh: str, name: str) -> str:
    """A role's two documents, and its two blocks."""
    for kind, statements in (("trust", [trust]), ("policies", grants)):
        text = json.dumps({"Version": "2012-10-17", "Statement": statements}, **DUMP)
        with open(f"{folder}/{kind}/{label}.json", "w") as file:  # noqa: PTH123
            file.write(text + "\n")
    return ROLE.format(label=label, role=role, title=title, mesh=mesh, name=name)


def statement(sid: str, actions: list, resource: str, condition: dict | None = None) -> dict:
    """An Allow."""
    made = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": [resource]}
    return made | {"Condition": condition} if condition else made


def assumes(service: str, actions: list, condition: dict | None = None) -> dict:
    """A trust statement."""
    made = {"Sid": "Assume", "Effect": "Allow", "Principal": {"Service": [service]}, "Action": actions}
    return made | {"Condition": condition} if condition else made


def ecs(_: dict, account: str, region: str) -> tuple:
    """Trust of the task role and of the execution role."""
    here = {"ArnLike": {"aws:SourceArn": [f"arn:aws:ecs:{region}:{account}:*"]}, "StringEquals": {"aws:SourceAccount": [account]}}
    task = assumes("ecs-tasks.amazonaws.com", ["sts:AssumeRole"], here)
    return task, assumes("ecs-tasks.amazonaws.com", ["sts:AssumeRole"])


def pods(place: dict, account: str, region: str) -> tuple:
    """Trust of a pod's role."""
    tags = {
        "aws:RequestTag/eks-cluster-arn": [f"arn:aws:eks:{region}:{account}:cluster/{place['cluster']}"],
        "aws:RequestTag/kubernetes-namespace": [place["namespace"]],
        "aws:RequestTag/kubernetes-service-account": [place["service_account"]],
    }
    return assumes("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], {"StringEquals": tags}), None


def execution_grants(account: str, region: str, role: str) -> list:
    """What ECS does for a task."""
    image = f"arn:aws:ecr:{region}:840364872350:repository/aws-appmesh-envoy"
    pulls = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    logs = f"arn:aws:logs:{region}:{account}:log-group:/ecs/{role}:log-stream:*"
    return [
        statement("EcrLoginHasNoResourceType", ["ecr:GetAuthorizationToken"], "*"),
        statement("PullImages", pulls, image),
        statement("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], logs),
    ]


def output(name: str, description: str, kind: str, attribute: str, labels: list) -> str:
    """An output block."""
    width = max((len(label) for label in labels), default=0) + 2
    lines = "".join(f"    {quoted(label):<{width}} = {kind}.{label}.{attribute}\n" for label in labels)
    return f'\noutput "{name}" {{\n  description = "{description}"\n  value = {{\n{lines}  }}\n}}\n' if labels else ""


def quoted(text: str) -> str:
    """In quotes."""
    return f'"{text}"'


TRUSTS = {
    "ecs": ecs,
    "ec2": lambda *_: (assumes("ec2.amazonaws.com", ["sts:AssumeRole"]), None),
    "eks-pod-identity": pods,
}
TAGS = """  tags = {{
    "meshrole:mesh"     = "{mesh}"
    "meshrole:workload" = "{name}"
  }}
}}
"""
ROLE = (
    """resource "aws_iam_role" "{label}" {{
  name                 = "{role}"
  path                 = "/mesh/"
  description          = "{title}"
  assume_role_policy   = file("${{path.module}}/trust/{label}.json")
  max_session_duration = 3600
"""
    + TAGS
    + """
resource "aws_iam_role_policy" "{label}" {{
  name   = "permissions"
  role   = aws_iam_role.{label}.name
  policy = file("${{path.module}}/policies/{label}.json")
}}
"""
)
PROFILE = (
    """
resource "aws_iam_instance_profile" "{name}" {{
  name = "{role}"
  path = "/mesh/"
  role = aws_iam_role.{name}.name
"""
    + TAGS
)
ASSOCIATION = (
    """
resource "aws_eks_pod_identity_association" "{name}" {{
  cluster_name    = "{cluster}"
  namespace       = "{namespace}"
  service_account = "{service_account}"
  role_arn        = aws_iam_role.{name}.arn
"""
    + TAGS
)

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
