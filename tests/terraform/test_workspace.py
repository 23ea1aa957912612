"""Copies of roots: what is taken, what is left out, what is overridden; and the small parsers around them."""

from pathlib import Path

import pytest

from meshrole.terraform import environment, find, hcl, workspace
from meshrole.terraform.messages import diagnostics, failure, summary_of_plan
from meshrole.terraform.run import CommandLine
from meshrole.terraform.settings import Step, StepResult


def made(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def test_a_copy_takes_what_the_root_calls_and_leaves_state_behind(tmp_path):
    files = {
        "out/prod/terraform.tf": "terraform {\n}\n",
        "out/prod/main.tf": 'module "a" {\n  source = "./a"\n}\n\nmodule "b" {\n  source = "../modules/b"\n}\n',
        "out/prod/terraform.tfstate": "{}",
        "out/prod/.terraform.lock.hcl": "",
        "out/prod/a/x.tf": "",
        "out/prod/unused/x.tf": "",
        "out/modules/b/x.tf": "",
        "scratch/keep": "",
    }
    made(tmp_path, files)
    copy = workspace.copy(tmp_path / "out/prod", tmp_path / "scratch", offline=False)
    assert sorted(path.name for path in copy.iterdir()) == ["a", "main.tf", "terraform.tf"]
    assert (tmp_path / "scratch/modules/b/x.tf").is_file()


def test_a_copy_links_every_folder_when_a_file_is_not_literal_hcl(tmp_path):
    files = {
        "out/prod/terraform.tf": "",
        "out/prod/main.tf": "locals {\n  a = [for x in [1] : x]\n}\n",
        "out/prod/a/x.tf": "",
        "out/modules/b/x.tf": "",
        "scratch/keep": "",
    }
    made(tmp_path, files)
    copy = workspace.copy(tmp_path / "out/prod", tmp_path / "scratch", offline=False)
    assert (copy / "a/x.tf").is_file()
    assert (tmp_path / "scratch/modules/b/x.tf").is_file()


def test_backends_are_left_out_and_each_provider_is_overridden(tmp_path):
    text = (
        'terraform {\n  backend "s3" {\n    key = "}"\n  }\n  required_version = ">= 1.7"\n}\n'
        'provider "aws" {\n  region = "a"\n}\nprovider "aws" {\n  alias = "us"\n}\nterraform {\n  cloud {\n    workspaces {\n    }\n  }\n}\n'
    )
    made(tmp_path, {"out/prod/terraform.tf": text, "out/prod/main.tf": "", "scratch/keep": ""})
    copy = workspace.copy(tmp_path / "out/prod", tmp_path / "scratch", offline=True)
    left = (copy / "terraform.tf").read_text()
    assert "backend" not in left
    assert "cloud" not in left
    assert 'required_version = ">= 1.7"' in left
    override = (copy / workspace.OVERRIDE).read_text()
    assert override.count('provider "aws" {') == 2
    assert override.count('alias = "us"') == 1


def test_pyhcl_reads_calls_and_names_the_file_that_it_cannot_read(tmp_path):
    made(tmp_path, {"main.tf": 'module "a" {\n  source = "./a"\n}\n', "bad.tf": "x = [for\n"})
    assert hcl.load(tmp_path / "main.tf") == {"module": {"a": {"source": "./a"}}}
    assert hcl.local_modules(tmp_path) is None
    with pytest.raises(ValueError, match=r"bad\.tf"):
        hcl.load(tmp_path / "bad.tf")


def test_python_terraform_only_spells_command_lines():
    line = CommandLine(terraform_bin_path="/bin/tf").generate_cmd_string("plan", "-no-color", "-out=x")
    assert line == ["/bin/tf", "plan", "-no-color", "-out=x"]
    with pytest.raises(AttributeError):
        _ = CommandLine().vaildate
    with pytest.raises(NotImplementedError):
        CommandLine().cmd("plan")


def test_the_environment_of_a_run():
    base = {
        "PATH": "/bin",
        "AWS_PROFILE": "me",
        "TF_VAR_x": "1",
        "TF_LOG": "TRACE",
        "TF_CLI_ARGS": "-x",
        "TF_CLI_CONFIG_FILE": "/no/file",
    }
    offline = environment.prepared(offline=True, config=None, base=base)
    online = environment.prepared(offline=False, config=None, base=base)
    assert offline == {"PATH": "/bin", "TF_CLI_CONFIG_FILE": "/dev/null", **environment.ALWAYS}
    assert online == {**offline, "AWS_PROFILE": "me", "TF_VAR_x": "1"}


def test_a_mirror_is_named_directly_when_it_is_unpacked(tmp_path):
    place = tmp_path / find.PROVIDER
    for version in ("5.99.0", "5.100.0"):
        made(place, {f"{version}/{find.PLATFORM}/terraform-provider-aws_v{version}_x5": ""})
    path, is_direct = environment.write_config(tmp_path, tmp_path)
    assert is_direct
    assert f'"hashicorp/aws" = "{place}/5.100.0/{find.PLATFORM}"' in path.read_text()


def test_a_mirror_of_archives_needs_init(tmp_path):
    made(tmp_path / find.PROVIDER, {"terraform-provider-aws_5.100.0_linux_amd64.zip": ""})
    path, is_direct = environment.write_config(tmp_path, tmp_path)
    assert not is_direct
    assert "filesystem_mirror" in path.read_text()


def test_messages():
    valid = StepResult(Step("validate", ("-json",), (0, 1)), 0, '{"valid": true, "diagnostics": []}', "")
    standing = '{"diagnostics": [{"severity": "warning", "summary": "Provider development overrides are in effect"}]}'
    assert failure(valid) is None
    assert diagnostics(standing) == []
    assert diagnostics("not json") == []
    assert failure(StepResult(Step("plan"), 1, "", "Error: no")) == "Error: no"
    assert failure(StepResult(Step("plan"), -9, "", "")) == "it ended with -9 and said nothing"
    changes = [
        {"change": {"actions": ["delete", "create"]}},
        {"change": {"actions": ["update"]}},
        {"change": {"actions": ["no-op"]}},
    ]
    assert summary_of_plan({"resource_changes": changes}) == "1 to add, 1 to change, 1 to destroy"
