"""The command line as a person uses it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parent.parent
SHOP = ROOT / "examples" / "ecs-shop" / "inventory.yaml"
COMMANDS = (
    "init",
    "import",
    "check",
    "generate",
    "validate",
    "plan",
    "can",
    "access",
    "verify",
    "review",
    "explain",
    "migrate",
    "simulate",
    "schema",
)


def process(*arguments, cwd=None, environment=None, **more):
    command = [sys.executable, "-c", "from meshrole.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, **more)


def test_help_lists_every_command(meshrole):
    outcome = meshrole("--help")
    assert outcome.code == 0
    listed = re.findall(r"^  ([a-z]+) {2,}\S", outcome.output, re.MULTILINE)
    assert set(listed) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(command, meshrole):
    outcome = meshrole(command, "--help")
    assert outcome.code == 0
    assert len(outcome.output) > 100
    assert f"meshrole {command}" in (ROOT / "README.md").read_text()


def test_no_command_at_all_prints_help_and_is_wrong_usage(meshrole):
    outcome = meshrole()
    assert outcome.code == 2
    assert "Usage: meshrole" in outcome.output + outcome.errors


@pytest.mark.parametrize("arguments", [("chekc",), ("check",), ("generate", str(SHOP)), ("check", str(SHOP), "--format", "xml")])
def test_wrong_usage_is_exit_2(arguments, meshrole):
    assert meshrole(*arguments).code == 2


def test_check_says_what_there_is_and_warns_once_of_the_end_of_app_mesh(meshrole):
    outcome = meshrole("check", SHOP)
    assert outcome.code == 0
    assert outcome.output == "prod (111122223333, us-east-1): shop 5\n"
    assert outcome.errors.count("App Mesh ended on 2026-09-30") == 1
    assert "ECS Service Connect" in outcome.errors


def test_quiet_is_quiet(meshrole):
    outcome = meshrole("check", "--quiet", SHOP)
    assert (outcome.code, outcome.output, outcome.errors) == (0, "", "")


def test_check_as_json_is_the_resolved_inventory(meshrole):
    outcome = meshrole("check", "--format", "json", SHOP)
    found = json.loads(outcome.output)
    assert outcome.code == 0
    assert found["version"] == 1
    (mesh,) = found["meshes"]
    assert (mesh["name"], mesh["engine"], mesh["environment"]) == ("shop", "app-mesh", "prod")
    assert (mesh["account"], mesh["region"]) == ("111122223333", "us-east-1")
    node = next(node for node in mesh["virtual_nodes"] if node["version"] == "blue")
    assert node == {
        "name": "checkout-blue",
        "service": "checkout",
        "version": "blue",
        "arn": "arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualNode/checkout-blue",
        "role": "acme-shop-checkout-blue-prod",
        "backends": ["payments.shop.local"],
    }
    assert mesh["virtual_gateways"] == [
        {
            "name": "ingress",
            "arn": "arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualGateway/ingress",
            "role": "acme-shop-ingress-prod",
        }
    ]
    assert mesh["virtual_services"] == ["storefront.shop.local", "checkout.shop.local", "payments.shop.local"]
    assert mesh["virtual_routers"][1] == {"name": "checkout", "routes": ["*"]}
    assert (found["people"], found["pipelines"], found["errors"]) == ([], [], [])
    assert found["warnings"][0]["line"] == 24


def test_check_as_json_holds_the_errors_and_exits_with_their_code(meshrole):
    outcome = meshrole("check", "--format", "json", ROOT / "tests/rejected/calls-unknown-service.yaml")
    (error,) = json.loads(outcome.output)["errors"]
    assert outcome.code == 3
    assert (error["line"], error["column"], error["found"]) == (12, 17, "chekout")
    assert error["help"] == 'did you mean "checkout"?'


def test_standard_input_is_an_inventory():
    run = process("check", "-", input=SHOP.read_text())
    assert (run.returncode, run.stdout) == (0, "prod (111122223333, us-east-1): shop 5\n")
    assert "<stdin>:24:13: warning" in run.stderr


def test_a_folder_of_files_is_one_inventory(tmp_path, meshrole):
    inventory = yaml.safe_load(SHOP.read_text())
    services = inventory["meshes"]["shop"]["services"]
    team = {"meshes": {"shop": {"services": {"payments": services.pop("payments")}}}, "version": 1}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(inventory))
    (tmp_path / "b.yml").write_text(yaml.safe_dump(team))
    assert meshrole("check", "-q", tmp_path).code == 0
    (tmp_path / "c.yaml").write_text(yaml.safe_dump(team))
    outcome = meshrole("check", "-q", tmp_path)
    assert outcome.code == 3
    assert re.search(
        r'c\.yaml:\d+:\d+: "payments" is defined in two files\n.*\n  help: first defined at .*b\.yml:', outcome.errors
    )


def test_a_missing_file_and_an_empty_folder_are_wrong_input(tmp_path, meshrole):
    assert meshrole("check", tmp_path / "no.yaml").code == 3
    assert "no .yaml file" in meshrole("check", tmp_path).errors


def test_generate_twice_check_and_diff(tmp_path, meshrole):
    out = tmp_path / "out"
    first = meshrole("generate", SHOP, "--out", out)
    assert first.code == 0
    assert "5 identities, files: 25 added" in first.errors
    assert "0 added, 0 changed, 0 removed, 25 unchanged" in meshrole("generate", SHOP, "--out", out).errors
    assert meshrole("generate", SHOP, "--out", out, "--check").code == 0
    changed = tmp_path / "inventory.yaml"
    changed.write_text(SHOP.read_text().replace("dynamodb:PutItem", "dynamodb:DeleteItem"))
    drifted = meshrole("generate", changed, "--out", out, "--check")
    assert drifted.code == 10
    assert drifted.output == "change prod/shop/policies/checkout-blue.json\nchange prod/shop/policies/checkout-green.json\n"
    shown = meshrole("generate", changed, "--out", out, "--diff")
    assert shown.code == 0
    assert '-        "dynamodb:PutItem"\n' in shown.output
    assert meshrole("generate", SHOP, "--out", out, "--check").code == 0


def test_an_edited_file_is_exit_5_with_a_diff(tmp_path, meshrole):
    out = tmp_path / "out"
    meshrole("generate", "-q", SHOP, "--out", out)
    (out / "prod/main.tf").write_text("# mine\n")
    outcome = meshrole("generate", "-q", SHOP, "--out", out)
    assert outcome.code == 5
    assert "+# mine" in outcome.errors


def test_an_inventory_that_is_wrong_writes_nothing(tmp_path, meshrole):
    outcome = meshrole("generate", "-q", ROOT / "tests/rejected/too-many-roles.yaml", "--out", tmp_path / "out")
    assert outcome.code == 4
    assert list(tmp_path.iterdir()) == []


def test_it_works_from_another_folder(tmp_path):
    run = process("generate", "-q", os.path.relpath(SHOP, tmp_path), "--out", "out", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "out/prod/main.tf").is_file()


def test_the_output_does_not_depend_on_the_order_of_hashes(tmp_path):
    stories = sorted((ROOT / "examples").glob("*/inventory.yaml"))
    code = (
        "import sys\nfrom pathlib import Path\nfrom meshrole.cli import main\nout, *stories = sys.argv[1:]\nfor story in stories:\n"
        "    sys.argv = ['meshrole', 'generate', '-q', story, '--out', f'{out}/{Path(story).parent.name}']\n"
        "    try:\n        main()\n    except SystemExit as end:\n        assert not end.code, story\n"
    )
    for seed in ("1", "2"):
        command = [sys.executable, "-c", code, str(tmp_path / seed), *map(str, stories)]
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
        assert len(list((tmp_path / seed).glob("*/*/main.tf"))) >= len(stories)
    compared = subprocess.run(["diff", "-r", tmp_path / "1", tmp_path / "2"], capture_output=True, text=True, check=False)
    assert (compared.returncode, compared.stdout) == (0, "")


def test_a_terminal_without_utf_8_is_no_reason_to_fail(tmp_path):
    path = tmp_path / "inventory.yaml"
    path.write_text("version: 1\norganization: {name: café}\n", encoding="utf-8")
    run = process("check", path, environment={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert run.returncode == 3
    assert "caf\\xe9" in run.stderr


def test_a_reader_that_has_enough_is_no_error():
    pipe = f'"{sys.executable}" -c "from meshrole.cli import main; main()" schema | head -n 1'
    run = subprocess.run(["bash", "-c", f"set -o pipefail; {pipe}"], capture_output=True, text=True, check=False)
    assert run.stdout == "{\n"
    assert run.stderr == ""


def test_interrupted_it_says_so_and_leaves_nothing(tmp_path):
    fifo = tmp_path / "inventory.yaml"
    os.mkfifo(fifo)
    command = [
        sys.executable,
        "-c",
        "from meshrole.cli import main; main()",
        "generate",
        str(fifo),
        "--out",
        str(tmp_path / "out"),
    ]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    writer = os.open(fifo, os.O_WRONLY)  # returns once the child reads
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=10)
    os.close(writer)
    assert child.returncode == 130
    assert errors == "interrupted\n"
    assert [path.name for path in tmp_path.iterdir()] == ["inventory.yaml"]


def test_a_bug_is_reported_and_never_a_bare_traceback(meshrole, monkeypatch):
    from meshrole import pipeline

    monkeypatch.setattr(pipeline, "check", lambda _: 1 / 0)
    outcome = meshrole("check", SHOP)
    assert outcome.code == 1
    assert outcome.errors.startswith("meshrole failed in a way that it should not. Please report this")
    assert "ZeroDivisionError" in outcome.errors


def test_colour_only_where_it_is_wanted(meshrole):
    assert "\x1b" not in meshrole("check", SHOP).errors


def test_schema_is_a_json_schema_that_refuses_what_check_refuses(meshrole):
    schema = json.loads(meshrole("schema").output)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for case in ("unknown-key-service", "account-id-short", "account-id-number", "platform-unknown", "mesh-with-slash"):
        inventory = yaml.safe_load((ROOT / f"tests/rejected/{case}.yaml").read_text())
        assert not validator.is_valid(inventory), case


@pytest.mark.terraform
def test_what_init_writes_works_as_written(tmp_path, meshrole):
    outcome = meshrole("init", tmp_path / "infra")
    assert outcome.code == 0
    folder = tmp_path / "infra"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        ".github/workflows/meshrole.yml",
        "Makefile",
        "inventory.schema.json",
        "inventory.yaml",
    ]
    scripts = tmp_path / "bin"
    scripts.mkdir()
    (scripts / "meshrole").write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from meshrole.cli import main; main()" "$@"\n')
    (scripts / "meshrole").chmod(0o755)
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    for target in ("check", "generate", "drift", "schema", "validate", "plan"):
        run = subprocess.run(["make", target], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads((folder / "plans/staging.json").read_text())["format_version"].startswith("1.")
    jsonschema.validate(
        yaml.safe_load((folder / "inventory.yaml").read_text()), json.loads((folder / "inventory.schema.json").read_text())
    )
    workflow = yaml.safe_load((folder / ".github/workflows/meshrole.yml").read_text())
    steps = [step["run"] for step in workflow["jobs"]["identities"]["steps"] if "run" in step]
    assert steps == ["pip install meshrole", "make check", "make drift", "make validate", "make plan"]
    assert meshrole("init", folder).code == 5


def test_the_console_script_is_installed():
    assert shutil.which("meshrole", path=str(Path(sys.executable).parent))
