"""Inventories with random damage: each is accepted or refused with a place, none is a bug of ours."""

import copy
import os
import random
from functools import cache
from pathlib import Path

import pytest
import yaml

from meshrole import pipeline
from meshrole.inventory.model import InventoryFile

ROOT = Path(__file__).parent.parent
STORIES = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "examples").glob("*/inventory.yaml"))]
JUNK = [
    None,
    True,
    0,
    1.5,
    "",
    "*",
    "${x}",
    "{account}",
    "{nope}",
    "../x",
    [],
    {},
    ["a"],
    {"a": 1},
    [None],
    "x" * 300,
    "é",
    "iam:*",
    [[]],
    "shop",
]
KEYS = ["x", "was", "role", "adopt", "environments", "name", 7]
ROUNDS = 150


def paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from paths(item, (*path, step))


def damaged(chance: random.Random) -> dict:
    """A story with one to three values replaced, removed, added or copied from elsewhere."""
    value = copy.deepcopy(chance.choice(STORIES))
    for _ in range(chance.randint(1, 3)):
        known = [path for path in paths(value) if path]
        path, other = chance.choice(known), chance.choice(known)
        parent, copied = value, value
        for step in path[:-1]:
            parent = parent[step]
        for step in other:
            copied = copied[step]
        way = chance.randrange(4)
        if way == 0:
            del parent[path[-1]]
        elif way == 1 and isinstance(parent, dict):
            parent[chance.choice(KEYS)] = copy.deepcopy(chance.choice(JUNK))
        else:
            parent[path[-1]] = copy.deepcopy(copied if way == 2 else chance.choice(JUNK))
    return value


@pytest.fixture
def one_schema(monkeypatch):
    """Each message about a wrong inventory looks into the schema of the model, which one process makes once here."""
    monkeypatch.setattr(InventoryFile, "model_json_schema", cache(InventoryFile.model_json_schema))


@pytest.mark.usefixtures("one_schema")
@pytest.mark.parametrize("seed", range(4))
def test_no_damage_is_a_bug(seed, tmp_path):
    chance = random.Random(seed)
    (tmp_path / "okta.xml").write_bytes((ROOT / "examples/eks-github-okta/okta.xml").read_bytes())
    path = tmp_path / "inventory.yaml"
    refused = 0
    for _ in range(ROUNDS):
        path.write_text(yaml.dump(damaged(chance), Dumper=yaml.CSafeDumper, sort_keys=False))
        checked = pipeline.check([str(path)])
        checked.summary()
        if checked.error is None:
            pipeline.generate([str(path)])
            continue
        refused += 1
        assert checked.error.exit_code in (3, 4)
        assert all(problem.place for problem in checked.error.problems), path.read_text()
    assert refused > ROUNDS / 2


CORPUS = Path(os.environ.get("MESHROLE_CORPUS", ROOT.parent / "shared" / "corpus" / "app-mesh-examples"))


def test_files_that_are_no_inventory_are_refused_and_no_bug(meshrole):
    """Real mesh definitions in other formats, where a collection of them lies beside the project."""
    files = sorted(path for path in CORPUS.rglob("*") if path.is_file())
    if not files:
        pytest.skip("no collection of mesh definitions beside the project (MESHROLE_CORPUS)")
    for path in files:
        outcome = meshrole("check", "-q", path)
        assert outcome.code == 3, path
        assert outcome.errors.startswith(f"{path}:"), path
