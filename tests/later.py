"""The plan that comes after the first apply of a root: what AWS made has ids by then, and every policy is literal.

The root has a state in which they are, and is planned without a look at AWS: real terraform, on the files as they are.
"""

import json
from pathlib import Path

import cloud

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
# By story and root: the account, and the ids of the VPC Lattice services that are made there.
MADE = {("lattice-shop", "prod"): ("111122223333", {"receipts": "svc-0c1b2c3d4e5f60012"})}


def plan(root: Path, folder: Path, story: str, name: str) -> str:
    """The JSON of a plan of `root`, a copy of the story's; `folder` takes a configuration of the command line."""
    account, services = MADE[story, name]
    (root / "terraform.tfstate").write_text(json.dumps(_state(services, account)))
    with cloud.moto(account) as address, cloud.standing(root, folder, address) as run:
        made = run("plan", "-refresh=false", "-input=false", "-no-color", "-out=later.tfplan")
        assert made.code == 0, made.errors
        return run("show", "-json", "-no-color", "later.tfplan").output


def _state(services: dict[str, str], account: str) -> dict:
    resources = [_resource(name, identifier, account) for name, identifier in services.items()]
    return {"version": 4, "terraform_version": "1.7.0", "serial": 1, "lineage": "later", "outputs": {}, "resources": resources}


def _resource(name: str, identifier: str, account: str) -> dict:
    attributes = {
        "id": identifier,
        "arn": f"arn:aws:vpc-lattice:{cloud.REGION}:{account}:service/{identifier}",
        "name": f"shop-{name}",
        "auth_type": "AWS_IAM",
        "status": "ACTIVE",
        "tags": {},
        "tags_all": {},
    }
    return {
        "module": "module.shop",
        "mode": "managed",
        "type": "aws_vpclattice_service",
        "name": name,
        "provider": PROVIDER,
        "instances": [{"schema_version": 0, "attributes": attributes}],
    }
