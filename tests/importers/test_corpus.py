"""Real files through the real command: every name that another parser found in them comes out of `check` again."""

import json
import re
from pathlib import Path

import pytest
import yaml

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
ORACLE = CORPUS / "oracle.json"
SOURCES = {"cfn-yaml": "cloudformation", "k8s-crd": "kubernetes", "cli-json": "aws-json"}
UNKNOWN = re.compile(r"\$\{[^}]*\}|\$[A-Za-z_]\w*")
ENOUGH = 0.98

pytestmark = pytest.mark.skipif(not ORACLE.exists(), reason="the corpus of real files is not here: ../shared/corpus")


def pattern(value):
    """What a name may be: its known text, and anything where the oracle has an expression; `{WORD}` where it has no name."""
    if value is None:
        return r"\{\w+\}"
    if isinstance(value, str):
        return re.escape(value)
    if value.get("$default") is not None:
        return re.escape(str(value["$default"]))
    text = value["$unresolved"].removeprefix("!Sub ")
    return ".+" if text.startswith("!") else ".+".join(map(re.escape, UNKNOWN.split(text)))


def names(resolved):
    """The names of each kind as `check --format json` prints them."""
    meshes = resolved["meshes"]
    routers = [router for mesh in meshes for router in mesh["virtual_routers"]]
    return {
        "meshes": [mesh["name"] for mesh in meshes],
        "virtual_nodes": [node["name"] for mesh in meshes for node in mesh["virtual_nodes"]],
        "virtual_gateways": [gateway["name"] for mesh in meshes for gateway in mesh["virtual_gateways"]],
        "virtual_services": [name for mesh in meshes for name in mesh["virtual_services"]],
        "virtual_routers": [router["name"] for router in routers],
        "routes": [route for router in routers for route in router["routes"]],
    }


def taken(value, left):
    """The first of `left` that is the name, taken out."""
    found = next((name for name in left if re.fullmatch(pattern(value), name)), None)
    if found is not None:
        left.remove(found)
    return found


def backend(value):
    """A backend by its name, or by the name of its resource in Kubernetes, which has a namespace behind it."""
    if isinstance(value, dict) and "ref" in value:
        return rf"{pattern(value['ref'])}(\..+)?"
    if isinstance(value, dict) and "arn" in value:
        return ".+"
    return pattern(value)


def has_backends(entry, found):
    wanted = list(entry["backends"])
    return len(wanted) == len(found) and all(any(re.fullmatch(backend(each), name) for name in found) for each in wanted)


def compared(expected, resolved):
    """How many entries were looked for, and those that are not there."""
    left = {kind: list(found) for kind, found in names(resolved).items()}
    backends = {node["name"]: node["backends"] for mesh in resolved["meshes"] for node in mesh["virtual_nodes"]}
    count, missing = 0, []
    for kind, found in left.items():
        for entry in expected[kind]:
            count += 1
            name = taken(entry["name"], found)
            if name is None:
                missing.append((kind, entry["name"], entry.get("api", "")))
            elif kind == "virtual_nodes" and not has_backends(entry, backends[name]):
                missing.append(("backends of", name, backends[name]))
    return count, missing


def test_every_name_of_every_file_comes_out_again(meshrole, tmp_path):
    total, missing = 0, {}
    for path, entry in json.loads(ORACLE.read_text()).items():
        out = tmp_path / "inventory.yaml"
        outcome = meshrole("import", SOURCES[entry["kind"]], CORPUS / path, "-o", out, "--force")
        assert outcome.code == 0 or (outcome.code == 3 and not any(entry["counts"].values())), (path, outcome.errors)
        if outcome.code == 3:
            continue
        checked = meshrole("check", "--format", "json", out)
        resolved = json.loads(checked.output)
        strange = [error for error in resolved["errors"] if error["path"][0] != "placeholders"]
        assert strange == [], path
        words = yaml.safe_load(out.read_text()).get("placeholders", {})
        assert [error["path"][1] for error in resolved["errors"]] == list(words), path
        count, wrong = compared(entry["expected"], resolved)
        total += count
        missing |= {path: wrong} if wrong else {}
    for path, wrong in missing.items():
        print(path, *wrong, sep="\n  ")
    lost = sum(map(len, missing.values()))
    print(f"{total - lost} of {total} entries")
    assert total > 400
    assert (total - lost) / total >= ENOUGH
    assert missing == {}
