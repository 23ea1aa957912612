"""Makes edits.json: the plan that real terraform makes of `edits/after`, in a state that is as if `edits/before` were applied.

Run it after a change of the configurations: `.venv/bin/python tests/review/plans/make.py`. Nothing is applied: the state is
written from the plan of `edits/before`, with ARNs as AWS would give them. Only the import asks a server, moto's.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2] / "generator")]
ACCOUNT = "111122223333"
PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
ARNS = {"aws_iam_role": "role", "aws_iam_policy": "policy"}
# What a role has in the state of an older provider: fewer attributes, and its inline policies as they were refreshed.
OLD_ROLE = ("arn", "id", "name", "assume_role_policy", "path", "max_session_duration", "force_detach_policies", "unique_id")
Call = Callable[..., Any]


def main() -> None:
    """Plan `before`, write the state, plan `after`, keep what terraform says."""
    import cloud

    with cloud.moto(ACCOUNT) as address, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        before, after = (Path(shutil.copytree(HERE / "edits" / name, folder / name)) for name in ("before", "after"))
        trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        cloud.client("iam", address).create_role(RoleName="imported", AssumeRolePolicyDocument=document)
        planned = plan(cloud.terraform(before, folder, address))
        (after / "terraform.tfstate").write_text(json.dumps(state(planned)))
        found = plan(cloud.terraform(after, folder, address))
    lock = json.dumps({"terraform": found["terraform_version"], "hashicorp/aws": "5.100.0"}, indent=2)
    (HERE / "edits.versions.json").write_text(lock + "\n")
    (HERE / "edits.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


def plan(call: Call) -> Any:
    """A plan of a root, without looking at what there is."""
    result = call("plan", "-refresh=false", "-no-color", "-out=plan")
    if result.code:
        sys.exit(result.output + result.errors)
    return json.loads(call("show", "-json", "plan").output)


def state(planned: Any) -> Any:
    """The state after such a plan was applied."""
    return {
        "version": 4,
        "terraform_version": planned["terraform_version"],
        "serial": 1,
        "lineage": "00000000-0000-0000-0000-000000000000",
        "outputs": {},
        "resources": list(resources(planned["planned_values"]["root_module"], None)),
        "check_results": None,
    }


def resources(module: Any, address: str | None) -> Iterator[Any]:
    """The resources of a module and of those in it, their instances together."""
    grouped: dict[tuple[str, str], list[Any]] = {}
    for item in module.get("resources", ()):
        grouped.setdefault((item["type"], item["name"]), []).append(item)
    for (kind, name), items in grouped.items():
        one = {"mode": "managed", "type": kind, "name": name, "provider": PROVIDER}
        yield ({"module": address} if address else {}) | one | {"instances": list(map(instance, items))}
    for child in module.get("child_modules", ()):
        yield from resources(child, child["address"])


def instance(item: Any) -> Any:
    """A resource as it is in a state."""
    values = item["values"] | computed(item["type"], item["values"])
    if item["name"] == "upgraded" and item["type"] == "aws_iam_role":
        text = json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]}
        )
        values = {name: values[name] for name in OLD_ROLE} | {"inline_policy": [{"name": "access", "policy": text}]}
    index = {"index_key": item["index"]} if "index" in item else {}
    return index | {"schema_version": item["schema_version"], "attributes": values, "sensitive_attributes": []}


def computed(kind: str, values: Any) -> dict[str, Any]:
    """What AWS adds."""
    name = values.get("name") or values.get("bucket")
    if kind == "aws_iam_role_policy":
        return {"id": f"{values['role']}:{name}"}
    if kind not in ARNS:
        return {"id": name}
    arn = f"arn:aws:iam::{ACCOUNT}:{ARNS[kind]}/{name}"
    return {
        "arn": arn,
        "id": name if kind == "aws_iam_role" else arn,
        "unique_id": f"AROA{name}"[:20],
        "create_date": "2026-01-01T00:00:00Z",
    } | ({} if kind == "aws_iam_role" else {"policy_id": f"ANPA{name}"})


if __name__ == "__main__":
    main()
