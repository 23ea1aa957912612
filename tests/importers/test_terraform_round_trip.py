"""What meshrole generates, applied to a moto server, and read back: from the configuration, the plan, the state and the account."""

import json
import shutil
from pathlib import Path

import pytest

import cloud
from meshrole.importers import aws_live, terraform
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found

ROOT = Path(__file__).parent.parent.parent
STORY = ROOT / "examples" / "ecs-shop" / "terraform" / "prod"
ACCOUNT = "111122223333"
# Of what a policy may have: which words are one text or a list of one is not said by anybody in the same way.
LISTS = ("Action", "Resource", "NotAction", "NotResource")


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The files of each kind, by its name, and the address of the server with what was applied."""
    folder = tmp_path_factory.mktemp("round-trip")
    root = Path(shutil.copytree(STORY, folder / "prod"))
    own = [SourceFile(path.relative_to(root).as_posix(), path.read_bytes()) for path in root.rglob("*") if path.is_file()]
    with cloud.moto(ACCOUNT) as address, cloud.standing(root, folder, address) as call:
        planned = call("plan", "-out=tfplan", "-no-color", "-input=false")
        assert planned.code == 0, planned.errors
        plan = call("show", "-json", "tfplan").output
        applied = call("apply", "-no-color", "-input=false", "tfplan")
        assert applied.code == 0, applied.errors
        state, shown = (root / "terraform.tfstate").read_bytes(), call("show", "-json").output
        files = {
            "configuration": own,
            "plan": [SourceFile("plan.json", plan.encode())],
            "state": [SourceFile("terraform.tfstate", state)],
            "show": [SourceFile("show.json", shown.encode())],
        }
        yield files, address


def written() -> dict[str, tuple[object, object]]:
    """The trust and the permissions of each role, in the files that were generated."""
    shop = STORY / "shop"
    stems = [path.stem for path in (shop / "trust").iterdir()]
    documents = {
        stem: tuple(json.loads((shop / kind / f"{stem}.json").read_text()) for kind in ("trust", "policies")) for stem in stems
    }
    return {_name(stem): (normal(trust), normal(permissions)) for stem, (trust, permissions) in documents.items()}


def _name(stem: str) -> str:
    is_execution = stem.endswith("-execution")
    return f"acme-shop-{stem.removesuffix('-execution')}-prod" + ("-execution" if is_execution else "")


def normal(node):
    """A document with every word that may be one or several as several."""
    if isinstance(node, dict):
        return {key: _several(normal(value)) if key in LISTS else normal(value) for key, value in node.items()}
    return [normal(item) for item in node] if isinstance(node, list) else node


def _several(value):
    return value if isinstance(value, list) else [value]


def read(found: Found) -> dict[str, tuple[object, object]]:
    """The same of what was imported; a role has one inline policy here."""
    inline = {str(role.name): [policy for policy in role.policies if policy.managed is None] for role in found.roles}
    assert {len(policies) for policies in inline.values()} == {1}
    return {str(role.name): (normal(role.trust), normal(inline[str(role.name)][0].document)) for role in found.roles}


@pytest.mark.terraform
@pytest.mark.parametrize("kind", ["configuration", "plan", "state", "show"])
def test_files_say_what_was_generated(sources, kind):
    found = terraform.read(sources[0][kind], Options())
    assert found.misses == ()
    assert read(found) == written()
    assert {role.path for role in found.roles} == {"/mesh/"}
    assert [(str(each.name), str(each.role)) for each in found.profiles] == [
        ("acme-shop-payments-prod", "acme-shop-payments-prod")
    ]


@pytest.mark.terraform
@pytest.mark.parametrize("kind", ["configuration", "plan", "state", "show"])
def test_each_role_has_the_boundary(sources, kind):
    found = terraform.read(sources[0][kind], Options())
    assert {str(role.boundary) for role in found.roles} == {f"arn:aws:iam::{ACCOUNT}:policy/mesh/acme-shop-prod-boundary"}


@pytest.mark.terraform
def test_the_account_says_what_was_generated(sources, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    found = aws_live.read_account(aws_live.SessionOptions("us-east-1", endpoint=sources[1], attempts=1))
    assert read(found) == written()
    assert {role.path for role in found.roles} == {"/mesh/"}
    assert {(str(each.name), str(each.role)) for each in found.profiles} == {
        ("acme-shop-payments-prod", "acme-shop-payments-prod")
    }
    assert {str(role.arn) for role in found.roles} == {f"arn:aws:iam::{ACCOUNT}:role/mesh/{name}" for name in written()}
