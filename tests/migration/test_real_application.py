"""A real application, taken to each of the three engines: what is written is sound, and the report says what the inventory does.

The reports in `golden/` were read against the inventory, fact by fact; the facts that can be are worked out again here, from its
YAML alone. `MESHROLE_GOLDEN=1` writes them anew.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
STORY = ROOT / "examples" / "app-mesh-ipv6" / "inventory.yaml"
GOLDEN = Path(__file__).parent / "golden"
ENGINES = ("vpc-lattice", "ecs-service-connect", "istio")
UNTIL = "2027-03-31"
TODAY = "1795600000"  # 2026-11-25
AFTER = "1806600000"  # 2027-04-01
REGION, ACCOUNT = "us-west-2", "123456789012"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    """A folder with the inventory in it, on a day of 2026."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    shutil.copy(STORY, tmp_path / "inventory.yaml")
    return tmp_path


def meshes():
    return yaml.safe_load(STORY.read_text())["meshes"]


def report(meshrole, engine):
    done = meshrole("migrate", "inventory.yaml", "--to", engine, "--until", UNTIL, "-o", "new.yaml")
    assert (done.code, done.errors.count("written")) == (0, 1), done.errors
    return done.output


@pytest.mark.parametrize("engine", ENGINES)
def test_the_report_is_the_one_that_was_read(engine, meshrole):
    found, golden = report(meshrole, engine), GOLDEN / f"app-mesh-ipv6.{engine}.txt"
    if os.environ.get("MESHROLE_GOLDEN"):
        golden.write_text(found)
    assert found == golden.read_text()


@pytest.mark.parametrize("engine", ENGINES)
def test_it_is_sound_with_both_engines_and_with_the_new_one_alone(engine, meshrole, monkeypatch):
    report(meshrole, engine)
    assert meshrole("check", "new.yaml", "-q").code == 0
    assert meshrole("verify", "new.yaml").code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", AFTER)
    late = meshrole("check", "new.yaml", "-q")
    assert late.code == 3
    assert f'mesh "dns" was to have left app-mesh by {UNTIL}' in late.errors
    assert meshrole("migrate", "new.yaml", "--finish", "-o", "done.yaml").code == 0
    text = Path("done.yaml").read_text()
    assert "leaving" not in text
    assert "moves_from" not in text
    assert "walkthroughs/howto-ipv6" in text.splitlines()[0]  # its comment stays
    assert meshrole("check", "done.yaml", "-q").code == 0
    assert meshrole("verify", "done.yaml").code == 0
    assert meshrole("generate", "done.yaml", "--out", "out").code == 0
    assert not [path for path in Path("out").rglob("*.json") if "appmesh:" in path.read_text()]


@pytest.mark.parametrize("engine", ENGINES)
def test_after_the_day_each_envoy_loses_its_own_node_and_its_image(engine, meshrole):
    after = report(meshrole, engine).partition(f"after {UNTIL}")[2]
    lost = set(re.findall(r"- appmesh:StreamAggregatedResources on (\S+)", after))
    expected = set()
    for mesh in meshes().values():
        base = f"arn:aws:appmesh:{REGION}:{ACCOUNT}:mesh/{mesh['mesh_name']}"
        expected |= {f"{base}/virtualGateway/{entry['virtual_gateway']}" for entry in mesh["gateways"].values()}
        expected |= {f"{base}/virtualNode/{entry['virtual_node']}" for entry in mesh["services"].values()}
    assert lost == expected
    assert len(lost) == 14


def test_in_lattice_the_gateways_gain_exactly_what_they_route_to(meshrole):
    now = report(meshrole, "vpc-lattice").partition("\nnow\n")[2].partition("after ")[0]
    gained = re.findall(r"\+ (\S+) on \S+:service/svc-of-(\S+)/\*", now)
    wanted = {
        f"{key}.{name}" for key, mesh in meshes().items() for entry in mesh["gateways"].values() for name in entry["routes_to"]
    }
    assert {action for action, _ in gained} == {"vpc-lattice-svcs:Invoke"}
    assert sorted(service for _, service in gained) == sorted(wanted)


def test_in_istio_each_pod_gets_the_role_of_its_task(meshrole):
    now = report(meshrole, "istio").partition("\nnow\n")[2].partition("after ")[0]
    pods = re.findall(
        r"kubernetes-namespace StringEquals (\S+) and aws:RequestTag/kubernetes-service-account StringEquals (\S+)", now
    )
    wanted = [(key, name) for key, mesh in meshes().items() for name in (*mesh["gateways"], *mesh["services"])]
    assert sorted(pods) == sorted(wanted)
    assert 'it is taken to be called "main"' in report_tail(meshrole)


def report_tail(meshrole):
    return meshrole("migrate", "inventory.yaml", "--to", "istio", "--until", UNTIL, "-o", "other.yaml").output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--to", "linkerd"), 2, "linkerd"),
        (("--to", "app-mesh"), 3, "every mesh is in app-mesh already"),
        (("--to", "vpc-lattice", "--until", "2027-02-30"), 2, "is no day"),
        (("--to", "vpc-lattice", "--until", "2020-01-01"), 2, "is over"),
        (("--to", "vpc-lattice", "--mesh", "nobody"), 3, "nobody"),
        (("--finish",), 3, ""),
        (("--finish", "--to", "istio"), 2, "--finish goes nowhere"),
        (("--to", "istio", "--at-once", "--until", UNTIL), 2, "--at-once"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(arguments, code, message, meshrole):
    done = meshrole("migrate", "inventory.yaml", *arguments, "-o", "new.yaml")
    assert done.code == code
    assert message in done.errors
    assert "Traceback" not in done.errors
    assert not Path("new.yaml").exists()


def test_a_file_that_is_there_is_not_written_over(meshrole):
    Path("new.yaml").write_text("mine\n")
    assert meshrole("migrate", "inventory.yaml", "--to", "vpc-lattice", "-o", "new.yaml").code == 5
    assert Path("new.yaml").read_text() == "mine\n"
