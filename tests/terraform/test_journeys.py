"""Validate and plan with the real binary, and with the embedded one where it is installed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from meshrole.errors import InputError, TerraformError
from meshrole.terraform import find
from meshrole.terraform.journeys import plan, validate
from meshrole.terraform.settings import Event, Settings

TERRAFORM_TF = """\
terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}
"""
PROVIDERS_TF = 'provider "aws" {\n  region              = "eu-west-1"\n  allowed_account_ids = ["111122223333"]\n}\n'
MAIN_TF = 'module "shop" {\n  source = "./shop"\n}\n'
ROLE = (
    'resource "aws_iam_role" "a" {\n  name               = "NAME"\n  assume_role_policy = file("${path.module}/trust.json")\n}\n'
)
TRUST = '{"Version": "2012-10-17", "Statement": []}'
TOOLS = [
    "terraform",
    pytest.param("embedded", marks=pytest.mark.skipif(not find.has_embedded(), reason="the extra `embedded` is not installed")),
]

pytestmark = pytest.mark.terraform


def quiet(_: Event) -> None:
    """No progress."""


def root(folder: Path, name: str, role: str = ROLE) -> Path:
    place = folder / name
    (place / "shop").mkdir(parents=True)
    (place / "terraform.tf").write_text(TERRAFORM_TF)
    (place / "providers.tf").write_text(PROVIDERS_TF)
    (place / "main.tf").write_text(MAIN_TF)
    (place / "shop" / "identities.tf").write_text(role.replace("NAME", name))
    (place / "shop" / "trust.json").write_text(TRUST)
    return place


def tool(name: str) -> str:
    if name == find.EMBEDDED:
        return name
    try:
        found = find.binary(Settings(), prefers_embedded=False)
    except TerraformError:
        found = find.EMBEDDED
    if found == find.EMBEDDED:
        pytest.skip("no terraform binary on PATH")
    return found


def listing(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.parametrize("name", TOOLS)
def test_two_roots_validate_and_plan_and_stay_untouched(name, tmp_path, monkeypatch):
    folder, events = tmp_path / "out", []
    for environment in ("prod", "test"):
        root(folder, environment)
    (folder / "prod" / "backend.tf").write_text(
        'terraform {\n  backend "s3" {\n    bucket = "state" # a { in a comment\n  }\n}\n'
    )
    (folder / "modules").mkdir()
    before = listing(folder)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "/no/such/file")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("TF_LOG", "TRACE")
    monkeypatch.setenv("TF_CLI_ARGS_plan", "-no-such-flag")
    settings = Settings(binary=tool(name))

    checked = validate(folder, settings, events.append)
    assert [(result.root, result.summary, result.warnings) for result in checked.results] == [
        ("prod", "valid", ()),
        ("test", "valid", ()),
    ]
    assert checked.tool.startswith(("terraform ", "tofu "))
    assert {event.step for event in events} >= {"validate"}

    made = plan(folder, settings, quiet, offline=True, out=tmp_path / "plans")
    assert [result.summary for result in made.results] == ["1 to add, 0 to change, 0 to destroy"] * 2
    document = json.loads((tmp_path / "plans" / "prod.json").read_text())
    (change,) = document["resource_changes"]
    assert change["address"] == "module.shop.aws_iam_role.a"
    assert change["change"]["after"]["name"] == "prod"
    assert sorted(path.name for path in (tmp_path / "plans").iterdir()) == ["prod.json", "test.json"]
    assert listing(folder) == before


@pytest.mark.parametrize("name", TOOLS)
def test_every_root_that_fails_says_why_and_no_plan_is_written(name, tmp_path):
    folder = tmp_path / "out"
    root(folder, "good")
    root(folder, "bad", ROLE.replace("assume_role_policy", "assume_role_polici"))
    root(folder, "worse", ROLE.replace("}", ""))
    for run in (
        lambda: validate(folder, Settings(binary=tool(name)), quiet),
        lambda: plan(folder, Settings(binary=tool(name)), quiet, offline=True, out=tmp_path / "plans"),
    ):
        with pytest.raises(TerraformError) as error:
            run()
        messages = [problem.message for problem in error.value.problems]
        assert [message.partition(":")[0] for message in messages] == ["bad", "worse"]
        assert "assume_role_polici" in messages[0]
        assert error.value.exit_code == 6
    assert not (tmp_path / "plans").exists()


def test_online_it_runs_in_the_folder_itself_with_the_users_backend(tmp_path):
    place = root(tmp_path / "out", "prod")
    (place / "backend.tf").write_text('terraform {\n  backend "local" {\n    path = "mine.tfstate"\n  }\n}\n')
    (place / "providers.tf").write_text(
        PROVIDERS_TF.replace(
            "}",
            '  access_key                  = "x"\n  secret_key                  = "x"\n  skip_credentials_validation = true\n'
            "  skip_metadata_api_check     = true\n  skip_requesting_account_id  = true\n}",
        ).replace('  allowed_account_ids = ["111122223333"]\n', "")
    )
    mirror = find.plugin_dir(Settings())
    if mirror is None:
        pytest.skip("no provider mirror here, and an online run is not to fetch 700 MB into a test folder")
    run = plan(tmp_path / "out", Settings(binary=tool("terraform")), quiet, offline=False, out=None)
    assert run.results[0].summary == "1 to add, 0 to change, 0 to destroy"
    assert (place / ".terraform").is_dir()


def test_without_roots_it_is_wrong_input(tmp_path):
    with pytest.raises(InputError, match="no folder"):
        validate(tmp_path / "no", Settings(), quiet)
    with pytest.raises(InputError, match="no Terraform root"):
        plan(tmp_path, Settings(), quiet, offline=True, out=None)


def test_a_binary_that_is_missing_or_none_is_named(tmp_path, monkeypatch):
    root(tmp_path, "prod")
    with pytest.raises(TerraformError, match="no terraform binary at /no/terraform"):
        validate(tmp_path, Settings(binary="/no/terraform"), quiet)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TERRAFORM_BIN", raising=False)
    monkeypatch.setattr(find, "has_embedded", lambda: False)
    with pytest.raises(TerraformError, match="no terraform and no tofu on PATH"):
        validate(tmp_path, Settings(), quiet)
    with pytest.raises(TerraformError, match="not embedded here"):
        validate(tmp_path, Settings(binary="embedded"), quiet)


def test_a_binary_that_fails_keeps_its_own_words(tmp_path):
    root(tmp_path / "out", "prod")
    fake = tmp_path / "terraform"
    fake.write_text(
        '#!/bin/sh\n[ "$1" = version ] && { echo \'{"terraform_version": "1.9.9"}\'; exit 0; }\necho "Error: no room left" >&2\nexit 1\n'
    )
    fake.chmod(0o755)
    with pytest.raises(TerraformError, match=r"prod: terraform (get|init) failed\nError: no room left"):
        validate(tmp_path / "out", Settings(binary=str(fake)), quiet)
    fake.write_text("#!/bin/sh\necho hello\n")
    with pytest.raises(TerraformError, match="is it a terraform binary"):
        validate(tmp_path / "out", Settings(binary=str(fake)), quiet)


def test_a_mirror_without_the_provider_is_refused(tmp_path):
    root(tmp_path / "out", "prod")
    with pytest.raises(TerraformError, match="in the provider mirror"):
        validate(tmp_path / "out", Settings(binary=tool("terraform"), plugin_dir=tmp_path), quiet)


def test_interrupted_it_leaves_no_process_and_no_copy(tmp_path):
    root(tmp_path / "out", "prod")
    fake = tmp_path / "terraform"
    fake.write_text('#!/bin/sh\n[ "$1" = version ] && { echo \'{"terraform_version": "1.9.9"}\'; exit 0; }\nsleep 300 & wait\n')
    fake.chmod(0o755)
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch"), "TERRAFORM_BIN": str(fake)}
    (tmp_path / "scratch").mkdir()
    command = [sys.executable, "-c", "from meshrole.cli import main; main()", "validate", str(tmp_path / "out")]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(100):
        time.sleep(0.1)
        sleeping = subprocess.run(["pgrep", "-f", "sleep 300"], capture_output=True, text=True, check=False).stdout.split()
        if sleeping:
            break
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 130, errors
    left = subprocess.run(["pgrep", "-f", "sleep 300"], capture_output=True, text=True, check=False).stdout.split()
    assert sleeping
    assert not set(left) & set(sleeping)
    assert list((tmp_path / "scratch").iterdir()) == []
