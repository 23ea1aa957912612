"""AWS's documentation as tables of cases, put to `simulate`.

A file of `cases/` is a topic. Its groups each cite a page, say the rule in a line and list rows: a name, a value for each of
`columns`, what to expect, and perhaps a mapping with the deciding `layer`, the `sid` of its statement or the keys that it `needs`.
What the rows do not set comes from the group and then from the file's `base`. A column is a part of the request, a layer of
policies (`identity`, `resource_policy`, `boundary`, `session`, `scp`, `rcp`, `endpoint`; `network` is the auth policy of a VPC
Lattice service network), `policies` (several layers at once) or `condition`, which stands for an identity policy with a single
statement that has the condition and the group's `effect`. Documents are named in `documents` or written as lists of statements.

Expected are allow, unstated (allowed though no statement says so: the root user), explicit or implicit (kinds of deny), deny (of
either kind), depends and error; match and miss say of a condition
whether its statement applies.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from meshrole.iam import simulate

CASES = Path(__file__).parent / "cases"
DOCUMENTATION = "https://docs.aws.amazon.com/"
REQUEST = ("principal", "action", "resource", "resource_account", "context")
LAYERS = {"resource_policy": "resource"} | {name: name for name in ("identity", "boundary", "session", "scp", "rcp", "endpoint")}
DENY = {"explicit": ("deny", "explicit"), "implicit": ("deny", "implicit")}
ALLOW = {"allow": ("allow", "explicit"), "unstated": ("allow", "implicit")}
ANSWERS = ALLOW | DENY | {"deny": ("deny", ...), "depends": ("depends", None), "error": ("error", ...)}
MATCHING = {"Allow": {"match": "allow", "miss": "implicit"}, "Deny": {"match": "explicit", "miss": "allow"}}
FEWEST = {
    "conditions_string": 60,
    "conditions_numeric_date": 60,
    "conditions_other": 70,
    "conditions_sets": 40,
    "variables": 25,
    "wildcards": 45,
    "principals": 45,
    "layers_same_account": 45,
    "layers_organization": 45,
    "trust": 35,
    "examples": 50,
    "kms_lattice": 25,
    "malformed": 40,
    "unknown": 25,
}


class Case(NamedTuple):
    """A row of a table, as `simulate` reads it and as it must answer."""

    id: str
    page: str
    rule: str
    line: dict[str, Any]
    answer: tuple[Any, ...]
    more: dict[str, Any]


@cache
def topics() -> dict[str, dict[str, Any]]:
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(CASES.glob("*.yaml"))}


def document(given: Any, named: dict[str, Any]) -> Any:
    """A policy document: by name, as a list of statements, or as it stands."""
    given = named.get(given, given) if isinstance(given, str) else given
    return {"Version": "2012-10-17", "Statement": given} if isinstance(given, list) else given


def layer(name: str, given: Any, named: dict[str, Any]) -> Any:
    """A layer's policies: one document, a list of them, or a list of levels."""
    if given is None:
        return None
    if name in ("scp", "rcp"):
        return [[document(each, named) for each in level] for level in given]
    if name in ("identity", "boundary", "endpoint"):
        return [document(each, named) for each in given]
    return document(given, named)


def policies(cells: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """The layers of a case."""
    given = {LAYERS[name]: cells[name] for name in LAYERS if name in cells} | cells.get("policies", {})
    if "condition" in cells:
        tested = {"Effect": cells.get("effect", "Allow"), "Action": "*", "Resource": "*", "Condition": cells["condition"]}
        others = [[{"Effect": "Allow", "Action": "*", "Resource": "*"}]] if tested["Effect"] == "Deny" else []
        given["identity"] = [[tested], *others]
    found = {"identity": []} | {name: layer(name, given[name], named) for name in given}
    if cells.get("network") is not None:
        found["resource"] = [document(cells["network"], named), found["resource"]]
    return found


def request(cells: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """The request of a case."""
    found = {name: cells[name] for name in REQUEST} | cells.get("request", {})
    found = {name: names.get(value, value) if isinstance(value, str) else value for name, value in found.items()}
    if found["context"] == "unknown":
        del found["context"]
    return found


def row(topic: dict[str, Any], group: dict[str, Any], cells: list[Any], stem: str) -> Case:
    """The case of a row."""
    columns = ["name", *group["columns"]]
    more = cells[len(columns)] if len(cells) > len(columns) else {}
    base = {"context": {}} | topic["base"] | {name: group[name] for name in group if name not in ("name", "columns", "rows")}
    every = base | dict(zip(columns, cells, strict=False)) | {name: more[name] for name in more if name == "context"}
    word = MATCHING[every.get("effect", "Allow")].get(every["expect"], every["expect"])
    name = f"{stem}: {group['name']}: {every['name']}"
    line = {
        "id": name,
        "request": request(every, topic.get("names", {})),
        "policies": policies(every, topic.get("documents", {})),
    }
    return Case(name, group.get("page", topic["page"]), group["rule"], line, ANSWERS[word], more)


def cases() -> list[Case]:
    return [
        row(topic, group, cells, stem) for stem, topic in topics().items() for group in topic["groups"] for cells in group["rows"]
    ]


ALL = cases()


def lines() -> list[bytes]:
    return [json.dumps(case.line).encode() for case in ALL]


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    found = [answered.as_object() for answered in simulate(lines())]
    assert [answer["id"] for answer in found] == [case.id for case in ALL]
    return {answer["id"]: answer for answer in found}


@pytest.mark.parametrize("case", ALL, ids=[case.id for case in ALL])
def test_case(case: Case, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[case.id]
    shown = f"{case.rule}\n{case.page}\n{json.dumps(case.line, indent=1)}\n{json.dumps(answer, indent=1)}"
    decision, kind = case.answer
    assert answer.get("decision", "error") == decision, shown
    assert kind is ... or answer["kind"] == kind, shown
    assert answer.get("layer") == case.more.get("layer", answer.get("layer")), shown
    assert "sid" not in case.more or answer["statement"]["sid"] == case.more["sid"], shown
    assert "needs" not in case.more or sorted(answer["needs"]) == sorted(case.more["needs"]), shown


def test_every_group_cites_its_page_and_says_its_rule() -> None:
    for case in ALL:
        assert case.page.startswith(DOCUMENTATION), case.id
        assert case.rule.strip() and "\n" not in case.rule, case.id


def test_there_are_many_cases_of_every_topic() -> None:
    counts = {stem: sum(len(group["rows"]) for group in topic["groups"]) for stem, topic in topics().items()}
    assert counts.keys() == FEWEST.keys()
    assert not [stem for stem, least in FEWEST.items() if counts[stem] < least]
    assert len({case.id for case in ALL}) == len(ALL) >= 900


def test_a_row_has_a_cell_for_each_column_and_says_nothing_unknown() -> None:
    for stem, topic in topics().items():
        for group in topic["groups"]:
            for cells in group["rows"]:
                assert len(cells) - len(group["columns"]) in (1, 2), (stem, group["name"], cells)
                assert set(cells[len(group["columns"]) + 1 :][0] if len(cells) - len(group["columns"]) == 2 else {}) <= {
                    "layer",
                    "sid",
                    "needs",
                    "context",
                }


def test_the_command_line_answers_the_same(answers: dict[str, dict[str, Any]]) -> None:
    command = [sys.executable, "-c", "from meshrole.cli import main; main()", "simulate", "-"]
    done = subprocess.run(command, input=b"\n".join(lines()), capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == list(answers.values())
