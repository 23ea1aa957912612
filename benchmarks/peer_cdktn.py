"""The same roles with CDK Terrain, untyped resources. `python peer_cdktn.py INVENTORY OUT`"""

import json
import sys
from pathlib import Path

import yaml
from cdktn import App, TerraformResource, TerraformStack

inventory = yaml.load(Path(sys.argv[1]).read_bytes(), Loader=yaml.CSafeLoader)
app = App(outdir=sys.argv[2])
stack = TerraformStack(app, "bench")


def resource(kind: str, label: str, **values: str) -> None:
    """One resource without typed bindings."""
    made = TerraformResource(stack, f"{kind}-{label}", terraform_resource_type=kind)
    for key, value in values.items():
        made.add_override(key, value)


for mesh, entry in inventory["meshes"].items():
    environment = inventory["environments"][entry["environments"][0]]
    words = {"partition": "aws", "region": environment["region"], "account": inventory["accounts"][environment["account"]]["id"]}
    for name, service in entry["services"].items():
        statements = [
            {"Effect": "Allow", "Action": item["actions"], "Resource": [text.format(**words) for text in item["resources"]]}
            for item in service["permissions"]
        ]
        node = "arn:aws:appmesh:{region}:{account}:mesh/".format(**words) + f"{mesh}/virtualNode/{name}"
        statements.append({"Effect": "Allow", "Action": ["appmesh:StreamAggregatedResources"], "Resource": [node]})
        trust = {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": ["ecs-tasks.amazonaws.com"]}}
        policy, assume = ({"Version": "2012-10-17", "Statement": body} for body in (statements, [trust]))
        resource("aws_iam_role", name, name=f"acme-{mesh}-{name}", assume_role_policy=json.dumps(assume))
        resource("aws_iam_role_policy", name, name="permissions", role=f"acme-{mesh}-{name}", policy=json.dumps(policy))
app.synth()
