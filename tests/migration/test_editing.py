"""What a migration does to the text of an inventory: typed by hand, before and after."""

from pathlib import Path

import pytest

BASE = """version: 1
organization: {name: acme}
accounts: {shop: "111122223333"}
environments: {prod: {account: shop, region: us-east-1}}
"""
FLOW = """# the shop
meshes:
  shop: {engine: app-mesh, services: {cart: {runs_on: {platform: ecs}, virtual_node: cart-vn, calls: [till]}, till: {runs_on: {platform: ec2}}}} # flow
"""
FLOW_BOTH = FLOW.replace("engine: app-mesh,", 'engine: vpc-lattice, leaving: {engine: app-mesh, until: "2027-03-31"},')
FLOW_DONE = FLOW.replace("engine: app-mesh,", "engine: vpc-lattice,").replace("virtual_node: cart-vn, ", "")
BLOCK = """meshes:
  shop:
    engine: app-mesh   # the first one
    services:
      # who sells
      cart:
        virtual_node: cart-vn
        runs_on: {platform: ecs}
"""
BLOCK_BOTH = """meshes:
  shop:
    engine: vpc-lattice   # the first one
    leaving: {engine: app-mesh, until: "2027-03-31"}
    services:
      # who sells
      cart:
        virtual_node: cart-vn
        runs_on: {platform: ecs}
"""
BLOCK_DONE = """meshes:
  shop:
    engine: vpc-lattice   # the first one
    services:
      # who sells
      cart:
        runs_on: {platform: ecs}
"""
ANCHOR = """meshes:
  one: &mesh
    engine: app-mesh
    services: {cart: {runs_on: {platform: ecs}}}
  two:
    <<: *mesh
    mesh_name: other
"""
TO = ("--to", "vpc-lattice", "--until", "2027-03-31")


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795600000")
    Path("base.yaml").write_text(BASE)


@pytest.mark.parametrize(("before", "both", "done"), [(FLOW, FLOW_BOTH, FLOW_DONE), (BLOCK, BLOCK_BOTH, BLOCK_DONE)])
def test_only_what_must_change_does_and_files_keep_their_names(before, both, done, meshrole):
    Path("mesh.yaml").write_text(before)
    assert meshrole("migrate", "base.yaml", "mesh.yaml", *TO, "-o", "both").code == 0
    assert (Path("both/base.yaml").read_text(), Path("both/mesh.yaml").read_text()) == (BASE, both)
    assert meshrole("migrate", "both", "--finish", "-o", "done").code == 0
    assert (Path("done/base.yaml").read_text(), Path("done/mesh.yaml").read_text()) == (BASE, done)


def test_an_anchor_that_joins_two_meshes_is_not_torn(meshrole):
    Path("mesh.yaml").write_text(ANCHOR)
    done = meshrole("migrate", "base.yaml", "mesh.yaml", *TO, "--mesh", "one", "-o", "both")
    assert done.code == 3
    assert "mesh.yaml:3:13: this would change with it: an anchor of YAML joins them\n  at meshes > two > engine" in done.errors
    assert not Path("both").exists()


def test_a_folder_in_which_one_file_is_another_is_left_as_it_is(meshrole):
    Path("mesh.yaml").write_text(BLOCK)
    Path("both").mkdir()
    Path("both/mesh.yaml").write_text("mine\n")
    assert meshrole("migrate", "base.yaml", "mesh.yaml", *TO, "-o", "both").code == 5
    assert [path.name for path in Path("both").iterdir()] == ["mesh.yaml"]
    assert Path("both/mesh.yaml").read_text() == "mine\n"
