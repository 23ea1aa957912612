"""Writing: all or nothing, only what is ours, killed at any moment without a mixture."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from meshrole import tree
from meshrole.errors import OutputError
from meshrole.write import MANIFEST, compare, create, difference, write

A = {"prod/main.tf": b"one\n", "prod/shop/identities.tf": b"two\n", "prod/shop/policies/a.json": b"{}\n"}
B = {"prod/main.tf": b"one\n", "prod/shop/identities.tf": b"new\n", "prod/shop/policies/b.json": b"{}\n"}
HERE = ("prod",)


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def ours(out: Path) -> dict[str, bytes]:
    return {path: content for path, content in files(out).items() if path != MANIFEST}


@pytest.fixture(params=["exchanged", "in place"])
def out(request, tmp_path, monkeypatch):
    """An output folder; `in place` is one that a shell stands in, which cannot be exchanged."""
    folder = tmp_path / "out"
    if request.param == "in place":
        folder.mkdir()
        monkeypatch.chdir(folder)
    return folder


def test_the_first_write_makes_everything_and_a_manifest_with_hashes(out):
    changes = write(A, out, HERE)
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (tuple(sorted(A)), (), (), 0)
    assert ours(out) == A
    manifest = json.loads((out / MANIFEST).read_text())
    assert manifest["version"] == 1
    # echo one | sha256sum
    assert manifest["files"]["prod/main.tf"] == "sha256:2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806"


def test_the_second_write_touches_nothing(out):
    write(A, out, HERE)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    inode = out.stat().st_ino
    assert not write(A, out, HERE).any
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    assert out.stat().st_ino == inode


def test_a_change_writes_removes_and_leaves_foreign_files_alone(out):
    write(A, out, HERE)
    (out / "prod/backend.tf").write_text("mine")
    (out / "prod/.terraform").mkdir()
    (out / "prod/.terraform/link").symlink_to("/nowhere")
    (out / "notes").mkdir()
    changes = write(B, out, HERE)
    assert changes.added == ("prod/shop/policies/b.json",)
    assert changes.changed == ("prod/shop/identities.tf",)
    assert changes.removed == ("prod/shop/policies/a.json",)
    assert ours(out) == {**B, "prod/backend.tf": b"mine"}
    assert (out / "prod/.terraform/link").readlink() == Path("/nowhere")
    assert (out / "notes").is_dir()


def test_nothing_is_left_beside_the_folder(out):
    write(A, out, HERE)
    write(B, out, HERE)
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert sorted(path.name for path in (out / ".meshrole").iterdir()) == ["manifest.json"]


def test_a_folder_of_ours_that_is_empty_goes(out):
    write(A, out, HERE)
    write({"prod/main.tf": b"one\n"}, out, HERE)
    assert not (out / "prod/shop").exists()


def test_an_edited_file_stops_the_run_with_a_diff(out):
    write(A, out, HERE)
    (out / "prod/shop/identities.tf").write_text("mine\n")
    with pytest.raises(OutputError) as error:
        write(B, out, HERE)
    assert "identities.tf: this file was edited by hand" in str(error.value)
    assert "-new\n+mine" in str(error.value)
    assert ours(out) == {**A, "prod/shop/identities.tf": b"mine\n"}


def test_an_edited_file_that_would_be_removed_stops_the_run_too(out):
    write(A, out, HERE)
    (out / "prod/shop/policies/a.json").write_text("mine\n")
    with pytest.raises(OutputError, match=r"a\.json: this file was edited by hand"):
        write(B, out, HERE)


def test_a_deleted_file_is_written_again(out):
    write(A, out, HERE)
    (out / "prod/main.tf").unlink()
    assert write(A, out, HERE).added == ("prod/main.tf",)
    assert ours(out) == A


def test_a_foreign_file_in_the_way_stops_the_run_unless_it_is_the_same(out):
    (out / "prod").mkdir(parents=True)
    (out / "prod/main.tf").write_text("theirs\n")
    with pytest.raises(OutputError, match=r"main\.tf: this file is not meshrole's, and it is in the way"):
        write(A, out, HERE)
    (out / "prod/main.tf").write_text("one\n")
    write(A, out, HERE)
    assert ours(out) == A


def test_an_environment_that_left_stays_until_it_is_pruned(out):
    write({**A, "old/main.tf": b"old\n"}, out, ("prod", "old"))
    (out / "old/backend.tf").write_text("mine")
    assert write(A, out, HERE).kept == ("old",)
    assert (out / "old/main.tf").read_text() == "old\n"
    changes = write(A, out, HERE, prune=True)
    assert (changes.removed, changes.kept) == (("old/main.tf",), ())
    assert ours(out) == {**A, "old/backend.tf": b"mine"}


def test_compare_and_difference_write_nothing(out):
    write(A, out, HERE)
    before = files(out)
    assert compare(B, out, HERE).any
    text = difference(B, out, HERE)
    assert files(out) == before
    assert "--- a/prod/shop/identities.tf\n+++ b/prod/shop/identities.tf\n@@ -1 +1 @@\n-two\n+new\n" in text
    assert "--- /dev/null\n+++ b/prod/shop/policies/b.json" in text
    assert difference(A, out, HERE) == ""


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", "a//b", "./a", "a\\b", "a\0b"])
def test_a_path_that_would_leave_the_folder_is_refused(path, out):
    with pytest.raises(OutputError, match="would leave the output folder"):
        write({path: b""}, out, HERE)
    assert not out.exists() or files(out) == {}


def test_paths_that_differ_in_case_only_are_refused(out):
    with pytest.raises(OutputError, match="differ in case only"):
        write({"prod/a": b"", "prod/A": b""}, out, HERE)


@pytest.mark.parametrize("link", ["prod", "prod/shop", "prod/main.tf"])
def test_a_symlink_on_the_way_is_refused(link, out, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (out / link).parent.mkdir(parents=True, exist_ok=True)
    (out / link).symlink_to(elsewhere)
    with pytest.raises(OutputError, match="is a symlink"):
        write(A, out, HERE)
    assert list(elsewhere.iterdir()) == []


def test_the_folder_itself_may_be_a_symlink(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write(A, tmp_path / "out", HERE)
    assert ours(tmp_path / "real") == A
    assert (tmp_path / "out").is_symlink()


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 2, "files": {}}', '{"version": 1, "files": {"../x": "sha256:0"}}'])
def test_a_manifest_that_is_not_one_stops_the_run(text, out):
    (out / ".meshrole").mkdir(parents=True)
    (out / MANIFEST).write_text(text)
    with pytest.raises(OutputError):
        write(A, out, HERE)


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        write(A, tmp_path / "out", HERE)


def test_a_second_writer_waits_outside(tmp_path):
    out = tmp_path / "out"
    with tree._locked(tmp_path / ".out.meshrole"), pytest.raises(OutputError, match="another meshrole is writing here"):
        write(A, out, HERE)
    assert not out.exists()


def test_a_journal_that_was_left_is_finished(tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.chdir(out)
    write(A, out, HERE)
    monkeypatch.setattr(tree, "_apply", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write(B, out, HERE)
    monkeypatch.undo()
    assert ours(out).keys() > A.keys()
    assert not compare(B, out, HERE).any
    assert ours(out) == B


def test_a_disk_that_refuses_leaves_everything_as_it_was(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write(A, out, HERE)

    def full(*_):
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(tree, "_write", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write(B, out, HERE)
    assert ours(out) == A
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_create_refuses_what_is_there_and_takes_back_what_it_began(tmp_path):
    create({"a": b"1", "b/c": b"2"}, tmp_path)
    assert files(tmp_path) == {"a": b"1", "b/c": b"2"}
    with pytest.raises(OutputError, match="already there"):
        create({"a": b"3", "d": b"4"}, tmp_path)
    assert files(tmp_path) == {"a": b"1", "b/c": b"2"}


FLIP = """
import sys
from pathlib import Path
from meshrole.cli import main
inventories, out = sys.argv[1:3], sys.argv[3]
while True:
    for inventory in inventories:
        sys.argv = ["meshrole", "generate", "-q", inventory, "--out", out]
        try:
            main()
        except SystemExit as end:
            assert not end.code, end.code
"""


def test_killed_at_fifty_random_moments_there_is_never_a_mixture(tmp_path):
    """`generate` alternates between two inventories and is killed; the folder then holds exactly one of their outputs."""
    from meshrole import pipeline

    head = "version: 1\norganization: {name: acme}\naccounts: {a: '111122223333'}\nenvironments: {prod: {account: a, region: eu-west-1}}\n"
    bodies = {}
    for letter, numbers in (("a", range(60)), ("b", range(30, 90))):
        services = "".join(f"      s{number}: {{runs_on: {{platform: ec2}}, tags: {{set: {letter}}}}}\n" for number in numbers)
        path = tmp_path / f"{letter}.yaml"
        path.write_text(f"{head}meshes:\n  shop:\n    engine: app-mesh\n    services:\n{services}")
        bodies[letter] = pipeline.generate([str(path)]).files
    out = tmp_path / "out"
    (out / "prod").mkdir(parents=True)
    (out / "prod" / "backend.tf").write_text("mine")
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    seen = set()
    for _ in range(50):
        command = [sys.executable, "-c", FLIP, str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), str(out)]
        child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(0.2 + chance.random() * 0.5)
        child.send_signal(signal.SIGKILL)
        child.wait()
        found = files(out)
        assert found.pop("prod/backend.tf") == b"mine", seed
        manifest = json.loads(found.pop(MANIFEST, b'{"files": {}}'))
        which = next((letter for letter, body in bodies.items() if found == body), "nothing" if not found else "a mixture")
        assert which != "a mixture", seed
        assert set(manifest["files"]) == set(found), seed
        seen.add(which)
    assert seen >= {"a", "b"}
