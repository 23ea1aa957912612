"""Makes the plans of the checks' tests anew, by real terraform: `python tests/review/plans/checks/make.py [CASE…]`.

Each folder is a case. What is in its `before` is planned, and that plan's values become a state; every other folder is planned
over it, without asking AWS. A plan is kept as JSON, compressed, as CASE-FOLDER.json.gz; the version that made it is in it.
"""

import gzip
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "tests")]

from cloud import terraform  # noqa: E402

BEFORE = "before"
NOWHERE = "http://127.0.0.1:9"
PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
ACCOUNT = "123456789012"
# What a resource is known by: the attribute that its id is, and its ARN's beginning.
IDS = ("bucket", "name", "key_id", "role", "id")
ARNS = {
    "aws_iam_role": f"arn:aws:iam::{ACCOUNT}:role/",
    "aws_iam_policy": f"arn:aws:iam::{ACCOUNT}:policy/",
    "aws_cloudtrail": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/",
    "aws_cloudwatch_log_group": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:",
    "aws_s3_bucket": "arn:aws:s3:::",
    "aws_kms_key": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/",
}


def make(case: Path) -> None:
    """Plan every folder of the case but `before`, over what `before` would be."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        shutil.copytree(case / BEFORE, root)
        call = terraform(root, Path(folder), NOWHERE)
        resources = json.loads(_planned(call))["planned_values"]["root_module"].get("resources", ())
        state = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "made", "outputs": {}}
        Path(root, "terraform.tfstate").write_text(json.dumps({**state, "resources": list(_kept(resources))}))
        for after in sorted(each for each in case.iterdir() if each.is_dir() and each.name != BEFORE):
            for old in root.glob("*.tf"):
                old.unlink()
            shutil.copytree(after, root, dirs_exist_ok=True)
            # Without a time in it, the same plan is the same file.
            content = gzip.compress(_planned(call).encode(), mtime=0)
            Path(HERE, f"{case.name}-{after.name}.json.gz").write_bytes(content)


def _planned(call: Any) -> str:
    _told(call("plan", "-refresh=false", "-out=plan", "-no-color", "-input=false"))
    return _told(call("show", "-json", "plan"))


def _told(result: Any) -> str:
    assert result.code in (0, 2), f"{result.errors}\n{result.output}"
    return result.output


def _kept(resources: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Planned resources as those of a state, with what AWS would have given them."""
    instances: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number, item in enumerate(resources):
        values = item["values"]
        own = next((values[name] for name in IDS if values.get(name)), f"made-{number}")
        made = {"id": own, "arn": f"{ARNS[item['type']]}{own}"} if item["type"] in ARNS else {"id": own}
        if item["type"] == "aws_kms_key":
            made["key_id"] = own
        instance = {"schema_version": item["schema_version"], "attributes": {**made, **values}}
        if "index" in item:
            instance["index_key"] = item["index"]
        instances.setdefault((item["type"], item["name"]), []).append(instance)
    for (kind, name), each in instances.items():
        yield {"mode": "managed", "type": kind, "name": name, "provider": PROVIDER, "instances": each}


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(each.parent.name for each in HERE.glob(f"*/{BEFORE}")):
        make(HERE / name)
