"""What is generated with an audit on the disk: the modules beside it, the refusal to take an audit away."""

import shutil
from pathlib import Path

import pytest

from meshrole.terraform import hcl

ROOT = Path(__file__).parent.parent
PLAIN = """
version: 1
organization: {name: acme}
accounts: {shop: "111122223333", audit: "444455556666"}
environments:
  prod: {account: shop, region: eu-west-1}
"""
AUDITED = PLAIN + "audit: {trail: {}, config: {}}\n"
APART = PLAIN + "audit: {account: audit, trail: {}, config: {}}\n"


@pytest.fixture
def generate(meshrole, tmp_path):
    """`generate(text, *options)`: the outcome of writing an inventory's output, always into one folder."""

    def call(text, *options):
        (tmp_path / "inventory.yaml").write_text(text)
        return meshrole("generate", "--quiet", tmp_path / "inventory.yaml", "--out", tmp_path / "out", *options)

    call.out = tmp_path / "out"
    return call


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("options", [(), ("--check",), ("--prune",)])
def test_an_audit_is_not_taken_away_unasked(generate, options):
    assert generate(AUDITED).code == 0
    before = contents(generate.out)
    outcome = generate(PLAIN, *options)
    assert outcome.code == 5
    assert outcome.errors == (
        "prod/audit-trail.tf: this would take the audit of prod away, and Terraform what it recorded\n"
        "  help: put it back into the inventory, or give --allow-audit-loss\n"
        "prod/config-recorder.tf: this would take the audit of prod away, and Terraform what it recorded\n"
        "  help: put it back into the inventory, or give --allow-audit-loss\n"
        "prod/log-archive.tf: this would take the audit of prod away, and Terraform what it recorded\n"
        "  help: put it back into the inventory, or give --allow-audit-loss\n"
    )
    assert contents(generate.out) == before


def test_a_part_of_an_audit_is_not_taken_away_unasked(generate):
    assert generate(AUDITED).code == 0
    outcome = generate(PLAIN + "audit: {trail: {}}\n")
    assert outcome.code == 5
    assert outcome.errors.startswith("prod/config-recorder.tf: ")


def test_it_is_taken_away_where_that_is_asked_for(generate):
    assert generate(AUDITED).code == 0
    assert generate(PLAIN, "--allow-audit-loss").code == 0
    assert not list(generate.out.rglob("*audit*")) and not (generate.out / "modules").exists()


def test_records_that_would_move_to_another_account_are_kept_too(generate):
    """The bucket of prod would be destroyed: its records do not move by themselves."""
    assert generate(AUDITED).code == 0
    outcome = generate(APART)
    assert outcome.code == 5
    assert outcome.errors.startswith("prod/log-archive.tf: ")


def test_the_audit_accounts_root_stays_until_it_is_pruned_and_that_is_asked_for(generate):
    assert generate(APART).code == 0
    assert generate(PLAIN, "--prune").code == 5
    assert "audit/log-archive.tf: " in generate(PLAIN, "--prune").errors
    assert generate(PLAIN, "--allow-audit-loss").code == 0
    assert (generate.out / "audit" / "log-archive.tf").is_file()
    assert generate(PLAIN, "--prune", "--allow-audit-loss").code == 0
    assert not (generate.out / "audit").exists()


def test_adding_an_audit_and_running_again_needs_no_leave(generate):
    assert generate(PLAIN).code == 0
    assert generate(AUDITED).code == 0
    assert generate(AUDITED, "--check").code == 0
    readme = (generate.out / "prod" / "README.md").read_text()
    assert readme.startswith("# prod\n")
    assert "- `audit-trail.tf`: " in readme and "## Order" not in readme  # there is one root


def test_the_modules_that_are_called_are_copied_without_their_examples_and_tests(generate):
    assert generate(AUDITED).code == 0
    copied = {path.name for path in (generate.out / "modules").iterdir()}
    assert copied == {"audit-trail", "config-recorder", "log-archive"}
    for name in copied:
        inside = contents(generate.out / "modules" / name)
        wanted = contents(ROOT / "modules" / name)
        assert inside == {path: text for path, text in wanted.items() if path.split("/")[0] not in ("examples", "tests")}
        assert "main.tf" in inside


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("git::https://example.com/meshrole.git?ref=v1", "git::https://example.com/meshrole.git//modules/log-archive?ref=v1"),
        (
            "git::https://example.com/infra.git//aws/modules?ref=v1",
            "git::https://example.com/infra.git//aws/modules/log-archive?ref=v1",
        ),
        ("../../shared/modules", "../../shared/modules/log-archive"),
    ],
)
def test_the_modules_can_come_from_elsewhere(generate, given, wanted):
    assert generate(AUDITED, "--module-source", given).code == 0
    assert not (generate.out / "modules").exists()
    assert hcl.load(generate.out / "prod" / "log-archive.tf")["module"]["log_archive"]["source"] == wanted


def test_an_installed_package_carries_the_modules(tmp_path):
    """They are at the top of the repository, and in the package once it is built."""
    import subprocess
    import sys
    import tomllib

    included = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"modules": "meshrole/modules/files"}
    package = shutil.copytree(ROOT / "generator" / "meshrole", tmp_path / "meshrole")
    shutil.copytree(ROOT / "modules", package / "modules" / "files")
    code = "from meshrole.modules import module_files; print(sorted(module_files(['log-archive'])))"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "log-archive/main.tf" in run.stdout and "tests" not in run.stdout
