"""Writing: all or nothing, only what is ours, killed at any moment without a mixture."""

import fcntl
import json
import os
import random
import resource
import time
from pathlib import Path

import pytest

from killing import forks
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


def test_every_edited_file_is_named_also_one_that_would_be_removed(out):
    write(A, out, HERE)
    (out / "prod/main.tf").write_text("mine\n")
    (out / "prod/shop/policies/a.json").write_text("mine too")
    with pytest.raises(OutputError) as error:
        write(B, out, HERE)
    assert [str(problem).splitlines()[0] for problem in error.value.problems] == [
        f"{out}/prod/main.tf: this file was edited by hand",
        f"{out}/prod/shop/policies/a.json: this file was edited by hand",
    ]
    assert "--- /dev/null\n+++ b/prod/shop/policies/a.json\n@@ -0,0 +1 @@\n+mine too\n\\ No newline" in str(error.value)


def test_the_diff_of_an_edited_file_is_cut(out):
    write(A, out, HERE)
    (out / "prod/main.tf").write_text("mine\n" * 100)
    with pytest.raises(OutputError) as error:
        write(A, out, HERE)
    # Two lines of names, one of the hunk, one removed, 100 added: 104, of which 60 are shown.
    assert error.value.problems[0].message.splitlines()[61:] == ["… 44 more lines"]


def test_an_edit_that_the_inventory_then_says_too_is_no_edit(out):
    write(A, out, HERE)
    (out / "prod/shop/identities.tf").write_text("new\n")
    assert write(B, out, HERE).changed == ()
    assert write(A, out, HERE).changed == ("prod/shop/identities.tf",)
    assert ours(out) == A


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


@pytest.mark.parametrize("path", ["prod", "prod/main.tf", "prod/shop"])
@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, os.mkfifo])
def test_what_is_no_file_or_no_folder_stops_the_run(path, make, out):
    (out / path).parent.mkdir(parents=True, exist_ok=True)
    make(out / path)
    if (path == "prod/main.tf") == (make is Path.mkdir) or make is os.mkfifo:
        with pytest.raises(OutputError, match=f"{path}: this file is not meshrole's, and it is in the way"):
            write(A, out, HERE)
        assert not (out / ".meshrole").exists()


def test_a_folder_that_stands_where_a_file_of_ours_was_stays(out):
    write(A, out, HERE)
    (out / "prod/shop/policies/a.json").unlink()
    (out / "prod/shop/policies/a.json").mkdir()
    assert write(B, out, HERE).removed == ()
    assert (out / "prod/shop/policies/a.json").is_dir()


def test_a_file_at_the_top_is_no_environment(out):
    write({**A, "README.md": b"read\n"}, out, HERE)
    changes = write(A, out, HERE)
    assert (changes.removed, changes.kept) == (("README.md",), ())


def test_a_file_that_is_asked_for_is_no_leftover_of_its_environment(out):
    write(A, out, ())
    assert write(A, out, ()).kept == ()


def test_foreign_files_are_the_same_files_afterwards_and_folders_keep_their_mode(out):
    write(A, out, HERE)
    state = out / "prod/terraform.tfstate"
    state.write_text("state")
    state.chmod(0o600)
    (out / "prod").chmod(0o750)
    before = state.stat()
    write(B, out, HERE)
    after = state.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_mode) == (before.st_ino, before.st_mtime_ns, before.st_mode)
    assert (out / "prod").stat().st_mode & 0o777 == 0o750


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
    assert text == (
        "--- a/prod/shop/identities.tf\n+++ b/prod/shop/identities.tf\n@@ -1 +1 @@\n-two\n+new\n"
        "--- a/prod/shop/policies/a.json\n+++ /dev/null\n@@ -1 +0,0 @@\n-{}\n"
        "--- /dev/null\n+++ b/prod/shop/policies/b.json\n@@ -0,0 +1 @@\n+{}\n"
    )
    assert difference(A, out, HERE) == ""


def test_a_difference_says_where_the_last_line_does_not_end(out):
    write({"a": b"old"}, out, ())
    end = "\\ No newline at end of file\n"
    assert difference({"a": b"new"}, out, ()) == f"--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old\n{end}+new\n{end}"


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", "a//b", "./a", "a\\b", "a\0b"])
def test_a_path_that_would_leave_the_folder_is_refused(path, out):
    with pytest.raises(OutputError, match="would leave the output folder"):
        write({path: b""}, out, HERE)
    assert not out.exists() or files(out) == {}


def test_paths_that_differ_in_case_only_are_refused(out):
    for pair in (("prod/a", "prod/A"), ("prod/a", "Prod/b")):
        with pytest.raises(OutputError, match="differ in case only"):
            write(dict.fromkeys(pair, b""), out, HERE)


@pytest.mark.parametrize("path", [".meshrole/manifest.json", ".meshrole/x", ".MESHROLE/x", ".meshrole"])
def test_our_own_records_are_not_for_the_caller(path, out):
    with pytest.raises(OutputError, match="is for meshrole's own records"):
        write({path: b""}, out, HERE)


@pytest.mark.parametrize("link", ["prod", "prod/shop", "prod/main.tf", ".meshrole"])
def test_a_symlink_on_the_way_is_refused(link, out, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (out / link).parent.mkdir(parents=True, exist_ok=True)
    (out / link).symlink_to(elsewhere)
    with pytest.raises(OutputError, match="is a symlink"):
        write(A, out, HERE)
    assert list(elsewhere.iterdir()) == []


def test_a_manifest_that_is_a_symlink_is_refused(out, tmp_path):
    write(A, out, HERE)
    (tmp_path / "elsewhere.json").write_bytes((out / MANIFEST).read_bytes())
    (out / MANIFEST).unlink()
    (out / MANIFEST).symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(OutputError, match=r"manifest\.json is a symlink"):
        write(B, out, HERE)
    assert ours(out) == A


def test_the_folder_itself_may_be_a_symlink(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write(A, tmp_path / "out", HERE)
    assert ours(tmp_path / "real") == A
    assert (tmp_path / "out").is_symlink()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "[" * 100_000,
        '{"version": 2, "files": {}}',
        '{"version": 1}',
        '{"version": 1, "files": {"a": 1}}',
        '{"version": 1, "files": {"../x": "sha256:0"}}',
        '{"version": 1, "files": {".meshrole/manifest.json": "sha256:0"}}',
    ],
)
def test_a_manifest_that_is_not_one_stops_the_run(text, out):
    (out / ".meshrole").mkdir(parents=True)
    (out / MANIFEST).write_text(text)
    with pytest.raises(OutputError, match=r"manifest\.json: not a manifest that this meshrole knows") as error:
        write(A, out, HERE)
    assert error.value.problems[0].help == "restore it from version control"
    assert files(out) == {MANIFEST: text.encode()}


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("out", "loop"):
        with pytest.raises(OutputError, match="is a file, not a folder"):
            write(A, tmp_path / name, HERE)


def test_a_second_writer_waits_outside(tmp_path):
    out, staging = tmp_path / "out", tmp_path / ".out.meshrole"
    staging.mkdir()
    with (staging / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="another meshrole is writing here"):
            write(A, out, HERE)
    assert not out.exists()


def test_what_a_killed_run_left_beside_the_folder_is_cleared(tmp_path):
    out, staging = tmp_path / "out", tmp_path / ".out.meshrole"
    (staging / "tree/prod").mkdir(parents=True)
    (staging / "tree/prod/main.tf").write_text("half")
    (staging / "lock").touch()
    write(A, out, HERE)
    assert ours(out) == A
    assert not staging.exists()


def test_a_journal_that_was_left_is_finished(out):
    write(A, out, HERE)
    staged = out / ".meshrole/next/files"
    (staged / "prod/shop/policies").mkdir(parents=True)
    (staged / "prod/shop/policies/b.json").write_text("{}\n")
    (out / "prod/shop/identities.tf").write_text("new\n")  # this one was placed before the run was killed
    manifest = json.loads((out / MANIFEST).read_text())
    hashes = manifest["files"]
    hashes["prod/shop/policies/b.json"] = hashes.pop("prod/shop/policies/a.json")
    # echo new | sha256sum
    hashes["prod/shop/identities.tf"] = "sha256:7aa7a5359173d05b63cfd682e3c38487f3cb4f7f1d60659fe59fab1505977d4c"
    (staged / ".meshrole").mkdir()
    (staged / MANIFEST).write_text(json.dumps(manifest))
    journal = {
        "place": [MANIFEST, "prod/shop/identities.tf", "prod/shop/policies/b.json"],
        "remove": ["prod/shop/policies/a.json"],
    }
    (out / ".meshrole/journal.json").write_text(json.dumps(journal))
    assert not compare(B, out, HERE).any
    assert ours(out) == B
    assert [path.name for path in (out / ".meshrole").iterdir()] == ["manifest.json"]


def test_a_disk_that_refuses_leaves_everything_as_it_was(out):
    write(A, out, HERE)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OutputError, match=r"cannot write .*/out: File too large") as error:
            write({**B, "prod/shop/identities.tf": b"x" * 5000}, out, HERE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert error.value.problems[0].help == "nothing was changed"
    assert {path: content for path, content in ours(out).items() if path.startswith("prod/")} == A
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert not compare(A, out, HERE).any


def test_a_folder_that_refuses_leaves_everything_as_it_was(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Not a directory"):
        write(A, tmp_path / "file/out", HERE)


def test_create_refuses_what_is_there_and_takes_back_what_it_began(tmp_path):
    create({"a": b"1", "b/c": b"2"}, tmp_path)
    assert files(tmp_path) == {"a": b"1", "b/c": b"2"}
    with pytest.raises(OutputError, match="already there"):
        create({"a": b"3", "d": b"4"}, tmp_path)
    assert files(tmp_path) == {"a": b"1", "b/c": b"2"}


FLIP = """
import sys
from meshrole import pipeline
from meshrole.cli import main

def work(*arguments):
    *inventories, out = arguments
    while True:
        for inventory in inventories:
            sys.argv = ["meshrole", "generate", "-q", inventory, "--out", out]
            try:
                main()
            except SystemExit as end:
                assert not end.code, end.code
            print("written", flush=True)
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
    seen, while_writing = set(), 0
    with forks(FLIP) as flips:
        for _ in range(50):
            child = flips.begun(tmp_path / "a.yaml", tmp_path / "b.yaml", out)
            time.sleep(chance.random() * 0.3)
            flips.kill(child)
            while_writing += (tmp_path / ".out.meshrole").exists()
            found = files(out)
            assert found.pop("prod/backend.tf") == b"mine", seed
            manifest = json.loads(found.pop(MANIFEST, b'{"files": {}}'))
            which = next((letter for letter, body in bodies.items() if found == body), "nothing" if not found else "a mixture")
            assert which != "a mixture", seed
            assert set(manifest["files"]) == set(found), seed
            seen.add(which)
    assert seen == {"a", "b"}
    assert while_writing > 0, f"seed {seed}: no run was killed while it wrote"
