"""docs/explain.md: every form and every layer is on it, and every example prints what it says. `make docs` writes the output anew."""

import os
import re
import shlex
from pathlib import Path

import pytest

from meshrole.access.layers import LAYERS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explain.md"
# Where forms and verdicts come from.
MODULES = ("decoded", "diagnosis", "envoy", "events", "grammar", "odd_forms", "trust")
BLOCK = re.compile(r"^```(json|console)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"^(examples/\S+/inventory\.yaml):(\d+):(\d+): ", re.MULTILINE)


def examples(text):
    """Each command with its output, and the event that stands before it."""
    found, event = [], None
    for kind, content in BLOCK.findall(text):
        if kind == "json":
            event = content
            continue
        lines = content.splitlines(keepends=True)
        for count in range(1, len(lines) + 1):
            command = "".join(lines[:count])
            try:
                words = shlex.split(command)
            except ValueError:
                continue  # a quote is still open
            found.append((words, command, "".join(lines[count:]), event))
            break
        event = None
    return found


EXAMPLES = examples(PAGE.read_text(encoding="utf-8"))


@pytest.fixture
def run(meshrole, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")

    def ask(words, event):
        if event:
            (tmp_path / "event.json").write_text(event, encoding="utf-8")
        assert words[:2] == ["$", "meshrole"]
        outcome = meshrole(*words[2:])
        assert (outcome.code, outcome.errors) == (0, "")
        return outcome.output

    return ask


def test_every_example_prints_what_the_page_says(run):
    text = PAGE.read_text(encoding="utf-8")
    printed = [(command, expected, run(words, event)) for words, command, expected, event in EXAMPLES]
    if os.environ.get("MESHROLE_GOLDEN"):
        for command, expected, output in printed:
            text = text.replace(f"{command}{expected}```", f"{command}{output}```", 1)
        PAGE.write_text(text, encoding="utf-8")
    assert len(printed) >= 20
    assert [command for command, _, output in printed if f"{command}{output}```" not in text] == [], "run `make docs`"


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_names_a_line_of_its_inventory(number):
    words, _, expected, _ = EXAMPLES[number]
    inventory = words[words.index("-i") + 1]
    lines = (ROOT / inventory).read_text(encoding="utf-8").splitlines()
    places = PLACE.findall(expected)
    assert places
    for file, line, column in places:
        assert file == inventory
        assert lines[int(line) - 1][int(column) - 1 :].strip()


def test_every_layer_is_in_the_table():
    rows = dict(
        re.findall(
            r"^\| `([a-z-]+)` \| (.*) \|$", PAGE.read_text(encoding="utf-8").partition("## AWS's message")[2], re.MULTILINE
        )
    )
    assert rows == {layer.name: ", ".join(layer.words) for layer in LAYERS.values()}


def test_every_verdict_and_every_form_has_an_example_or_a_row(run):
    files = [ROOT / "generator" / "meshrole" / "access" / f"{name}.py" for name in MODULES]
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    verdicts = set(re.findall(r"verdict=\"([a-z-]+)\"", sources))
    assert verdicts == set(
        re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(encoding="utf-8").partition("## AWS's message")[0], re.MULTILINE)
    )
    forms = set(re.findall(r"form=\"([a-z0-9-]+)\"|_base\(\s*\"([a-z0-9-]+)\"|\"([a-z0-9-]+)\" if ENCODED", sources))
    known = {form for found in forms for form in found if form} | {"federation", "ec2"}
    shown = {re.search(r'"form": "([a-z0-9-]+)"', run([*words, "--format", "json"], event))[1] for words, _, _, event in EXAMPLES}
    # A call that names nobody is the general case of STS's.
    assert known - {"nobody"} == shown
