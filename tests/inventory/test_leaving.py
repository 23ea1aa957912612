"""A mesh that leaves an engine: both are served until the day, with what each needs, and the day after is too late."""

import json
from pathlib import Path

import pytest

INVENTORY = """
version: 1
organization: {{name: acme}}
accounts: {{shop: "111122223333"}}
environments: {{prod: {{account: shop, region: us-east-1}}}}
meshes:
  shop:
    engine: {engine}
    leaving: {{engine: app-mesh, until: "{until}"}}
    services:
      cart:
        runs_on: {{platform: ecs}}
        calls: [till]
      till:
        runs_on: {{platform: ecs}}
"""
LAST_DAY, DAY_AFTER = "1806451200", "1806537600"  # 2027-03-31 and 2027-04-01, 00:00 UTC


@pytest.fixture
def written(tmp_path, monkeypatch):
    def write(engine="vpc-lattice", until="2027-03-31", now=LAST_DAY):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", now)
        path = tmp_path / "inventory.yaml"
        path.write_text(INVENTORY.format(engine=engine, until=until))
        return path

    return write


def test_on_the_last_day_a_role_has_what_both_engines_need(written, meshrole, tmp_path):
    path = written()
    assert meshrole("check", path, "-q").code == 0
    assert meshrole("verify", path).code == 0
    assert meshrole("generate", path, "--out", tmp_path / "out", "-q").code == 0
    policy = json.loads((tmp_path / "out/prod/shop/policies/cart.json").read_text())
    assert {action: item["Resource"] for item in policy["Statement"] for action in item["Action"]} == {
        "vpc-lattice-svcs:Invoke": ["arn:aws:vpc-lattice:us-east-1:111122223333:service/${shop.services.till}/*"],
        "appmesh:StreamAggregatedResources": ["arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualNode/cart"],
    }


@pytest.mark.parametrize(
    ("given", "line", "message"),
    [
        ({"now": DAY_AFTER}, 9, 'mesh "shop" was to have left app-mesh by 2027-03-31'),
        ({"until": "2027-02-30"}, 9, "there is no such day"),
        ({"engine": "app-mesh"}, 9, "a mesh cannot leave the engine that it is in"),
    ],
)
def test_what_is_too_late_or_no_move_is_refused_at_its_line(given, line, message, written, meshrole):
    path = written(**given)
    done = meshrole("check", path, "-q")
    assert done.code == 3
    assert f"{Path(path)}:{line}:" in done.errors
    assert message in done.errors
