"""The generated documentation is up to date, and what the README says can be run. `make docs` writes the generated parts anew."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from meshrole.inventory.schema import schema

ROOT = Path(__file__).parent.parent
COMMANDS = (
    "init",
    "import",
    "check",
    "generate",
    "validate",
    "plan",
    "access",
    "can",
    "verify",
    "review",
    "explain",
    "migrate",
    "simulate",
    "schema",
)
DOCUMENTS = sorted(path for path in ROOT.rglob("*.md") if ".venv" not in path.parts and ".build" not in path.parts)


def commands_page(meshrole) -> str:
    pages = [f"## meshrole {command}\n\n```text\n{meshrole(command, '--help').output.strip()}\n```\n" for command in COMMANDS]
    return "\n".join(["# Commands\n\nGenerated from `--help` by `make docs`.\n", *pages])


def kind(node: dict) -> str:
    """The type of a key, in words."""
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    options = node.get("anyOf") or node.get("oneOf")
    if options:
        return " or ".join(dict.fromkeys(kind(option) for option in options if option.get("type") != "null"))
    if "enum" in node:
        return " or ".join(f"`{value}`" for value in node["enum"])
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    if node.get("type") == "array":
        return f"list of {kind(node['items'])}"
    if node.get("type") == "object":
        inner = [*node.get("patternProperties", {}).values()]
        more = node.get("additionalProperties")
        inner += [more] if isinstance(more, dict) else []
        return f"mapping of names to {kind(inner[0])}" if inner else "mapping"
    return {"string": "text", "integer": "number", "boolean": "true or false"}.get(node.get("type", ""), "anything")


def model_section(name: str, node: dict) -> str:
    required = node.get("required", ())
    rows = [
        f"| `{key}` | {kind(value)} | {value['description']}{' **Required.**' if key in required else ''} |"
        for key, value in node.get("properties", {}).items()
    ]
    return "\n".join(
        [f"## {name}", "", node.get("description", ""), "", "| key | value | what it is for |", "|---|---|---|", *rows, ""]
    )


def inventory_page() -> str:
    made = schema()
    head = "# The inventory, format version 1\n\nGenerated from the model that reads it, by `make docs`. The README has an example.\n"
    models = [("InventoryFile", made), *sorted(made["$defs"].items())]
    return "\n".join([head, *(model_section(name, node) for name, node in models)])


@pytest.mark.parametrize("name", ["commands", "inventory"])
def test_the_generated_pages_are_up_to_date(name, meshrole):
    path = ROOT / "docs" / f"{name}.md"
    text = commands_page(meshrole) if name == "commands" else inventory_page()
    if os.environ.get("MESHROLE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "run `make docs`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_of_ours_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_console_blocks_of_the_readme_print_what_it_says(tmp_path, meshrole, monkeypatch):
    """Each ```console block is a command of ours and its whole output, run one after the other in one empty folder."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        command, _, expected = block.partition("\n")
        assert command.startswith("$ meshrole ")
        outcome = meshrole(*command.removeprefix("$ meshrole ").split())
        assert outcome.errors + outcome.output == expected, command


def test_the_make_targets_of_the_readme_exist():
    targets = set(re.findall(r"`make ([a-z]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert targets
    assert targets <= {line.split("\t")[0] for line in listed.splitlines()}
