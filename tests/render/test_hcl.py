"""HCL literals: any string survives terraform itself, and the layout is terraform fmt's."""

import json
import os
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshrole.render import hcl

TEMPLATES = st.sampled_from(
    ["${", "%{", "$${", "%%{", "}", '"', "\\", "\n", "\t", "${aws:username}", "\\n", "é", "\u2028", "#", "//", "<<EOT"]
)
# Terraform keeps strings in Unicode normal form C: https://developer.hashicorp.com/terraform/language/expressions/strings
TEXT = st.lists(
    TEMPLATES | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6), max_size=6
).map(lambda parts: unicodedata.normalize("NFC", "".join(parts)))
KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("éüßø"), max_size=8)
VALUES = st.recursive(
    TEXT | st.booleans() | st.integers(-(2**40), 2**40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def terraform(tmp_path_factory):
    binary = shutil.which("terraform") or shutil.which("tofu")
    if binary is None:
        pytest.skip("no terraform binary on PATH: these tests ask the command line itself")
    folder = tmp_path_factory.mktemp("hcl")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}

    def run(*arguments):
        return subprocess.run([binary, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return folder, run


@pytest.mark.terraform
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(TEXT, min_size=1, max_size=60))
def test_any_string_survives_hcl_and_json_through_terraform(terraform, texts):
    folder, run = terraform
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    blocks = [
        f'output "quoted" {hcl.body({"value": texts})}',
        'output "read" {\n  value = jsondecode(file("${path.module}/texts.json"))\n}',
    ]
    (folder / "main.tf").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    (folder / "terraform.tfstate").unlink(missing_ok=True)
    applied = run("apply", "-auto-approve", "-no-color")
    assert applied.returncode == 0, applied.stderr
    outputs = json.loads(run("output", "-json").stdout)
    assert outputs["quoted"]["value"] == texts
    assert outputs["read"]["value"] == texts


@pytest.mark.terraform
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(
        st.dictionaries(st.from_regex(r"[a-z]{1,12}", fullmatch=True), VALUES, min_size=1, max_size=6), min_size=1, max_size=20
    )
)
def test_any_block_is_laid_out_as_terraform_fmt_does(terraform, bodies):
    folder, run = terraform
    text = "\n\n".join(f'resource "x" "y{number}" {hcl.body(values)}' for number, values in enumerate(bodies)) + "\n"
    (folder / "fmt.tf").write_text(text, encoding="utf-8")
    checked = run("fmt", "-diff", "fmt.tf")
    (folder / "fmt.tf").unlink()
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", '"a"'),
        ("${aws:username}", '"$${aws:username}"'),
        ("50%{", '"50%%{"'),
        ("\\", '"\\\\"'),
        (True, "true"),
        (7, "7"),
        ([], "[]"),
        (["a"], '["a"]'),
        (["a", "b"], '[\n  "a",\n  "b",\n]'),
        ({}, "{}"),
        ({"a": "1", "bcd": "2"}, '{\n  "a"   = "1"\n  "bcd" = "2"\n}'),
        (hcl.Expression("aws_iam_role.a.name"), "aws_iam_role.a.name"),
    ],
)
def test_literals(value, expected):
    assert hcl.literal(value) == expected


def test_there_is_no_literal_for_nothing():
    with pytest.raises(TypeError, match="HCL has no literal for NoneType"):
        hcl.literal(None)
