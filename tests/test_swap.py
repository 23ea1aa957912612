"""The exchange of two folders, and what it is for: `write` killed at any moment."""

import ctypes
import errno
import json
import os
import random
import shutil
import sys
import time
from pathlib import Path

import pytest

from killing import Forks, forks
from meshrole import swap
from meshrole.swap import exchange
from meshrole.write import MANIFEST, compare, write

SHARED_MEMORY = Path("/dev/shm")


def folders(root: Path) -> tuple[Path, Path]:
    for name in ("one", "two"):
        (root / name).mkdir()
        (root / name / name).write_text(name)
    return root / "one", root / "two"


def test_two_folders_take_each_others_place(tmp_path):
    one, two = folders(tmp_path)
    inodes = one.stat().st_ino, two.stat().st_ino
    exchange(one, two)
    assert (two.stat().st_ino, one.stat().st_ino) == inodes
    assert ((one / "two").read_text(), (two / "one").read_text()) == ("two", "one")


@pytest.mark.skipif(sys.platform != "linux", reason="a Linux system call")
def test_the_call_goes_by_number_where_the_library_has_no_name_for_it(tmp_path):
    one, two = folders(tmp_path)
    assert swap._by_number(ctypes.CDLL(None, use_errno=True), os.fsencode(one), os.fsencode(two)) == 0
    assert ((one / "two").exists(), (two / "one").exists()) == (True, True)
    assert swap._by_number(ctypes.CDLL(None, use_errno=True), os.fsencode(one), os.fsencode(tmp_path / "none")) == -1
    assert ctypes.get_errno() == errno.ENOENT


def test_a_machine_whose_number_is_unknown_cannot(tmp_path, monkeypatch):
    one, two = folders(tmp_path)
    monkeypatch.setattr(swap, "RENAMEAT2", {})
    with pytest.raises(OSError, match="Function not implemented"):
        swap._by_number(ctypes.CDLL(None, use_errno=True), os.fsencode(one), os.fsencode(two))


def test_a_folder_that_is_missing_changes_nothing(tmp_path):
    one, _ = folders(tmp_path)
    with pytest.raises(FileNotFoundError) as error:
        exchange(one, tmp_path / "none")
    assert (error.value.filename, error.value.filename2) == (str(one), str(tmp_path / "none"))
    assert (one / "one").read_text() == "one"
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="there is no second file system to try")
def test_two_file_systems_cannot(tmp_path):
    one, _ = folders(tmp_path)
    if tmp_path.stat().st_dev == SHARED_MEMORY.stat().st_dev:
        pytest.skip("one file system holds both")
    with pytest.raises(OSError, match="cross-device"):
        exchange(one, SHARED_MEMORY)
    assert (one / "one").read_text() == "one"


# About 150 files each: 100 that both have, half of them with other content, and 50 that only one has.
SETS = {
    name: {
        **{f"prod/shop/policies/{number}.json": b'"same"\n' * 40 for number in range(50)},
        **{f"prod/shop/trust/{number}.json": f'"{name}"\n'.encode() * 40 for number in range(50)},
        **{f"prod/only-{name}/{number}.json": b"{}\n" for number in range(50)},
    }
    for name in ("a", "b")
}
FOREIGN = {"prod/backend.tf": "mine", "prod/only-a/terraform.tfstate": "state", "prod/.terraform/providers/aws": "binary"}
FLIP = """
import os
from pathlib import Path
from test_swap import SETS
from meshrole.write import write

def work(out, standing):
    os.chdir(standing)
    print("ready", flush=True)
    while True:
        for files in SETS.values():
            write(files, Path(out), ["prod"])
"""


def seconds_for_both(folder: Path, monkeypatch, standing: Path | None = None) -> float:
    """How long this machine takes to write one set over the other, twice: kills fall into the first three or four writes."""
    write(SETS["b"], folder, ["prod"])
    monkeypatch.chdir(standing or folder)
    began = time.perf_counter()
    for files in SETS.values():
        write(files, folder, ["prod"])
    took = time.perf_counter() - began
    monkeypatch.undo()
    shutil.rmtree(folder)
    return 2 * took


@pytest.fixture(scope="module")
def flips():
    """Processes that write one set over the other for ever."""
    with forks(FLIP, Path(__file__).parent) as found:
        yield found


def kill_at_a_random_moment(flips: Forks, out: Path, standing: Path, wait: float) -> None:
    child = flips.begun(out, standing)
    time.sleep(wait)
    flips.kill(child)


def which_set(out: Path, seed: int) -> str:
    """The set that `out` holds, manifest and foreign files included. Anything else fails."""
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert {path: found.pop(path).decode() for path in FOREIGN} == FOREIGN, seed
    manifest = json.loads(found.pop(MANIFEST, b'{"files": {}}'))
    found.pop(".meshrole/lock", None)
    assert manifest["files"].keys() == found.keys(), seed
    return next((name for name, files in SETS.items() if files == found), "nothing" if not found else f"a mixture, seed {seed}")


def make_foreign(out: Path) -> None:
    for path, content in FOREIGN.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(content)


def test_killed_at_fifty_random_moments_a_folder_holds_one_set_or_the_other(flips, tmp_path, monkeypatch):
    out = tmp_path / "out"
    make_foreign(out)
    seed = random.randrange(10**6)
    chance, longest = random.Random(seed), seconds_for_both(tmp_path / "pace", monkeypatch, tmp_path)
    seen, half_way = set(), 0
    for _ in range(50):
        kill_at_a_random_moment(flips, out, tmp_path, chance.random() * longest)
        half_way += (tmp_path / ".out.meshrole").exists()
        seen.add(which_set(out, seed))
    assert {"a", "b"} <= seen <= {"a", "b", "nothing"}, seed
    assert half_way > 5, f"seed {seed}: hardly any run was killed while it wrote"


def test_killed_in_place_the_next_call_finishes_first(flips, tmp_path, monkeypatch):
    out = tmp_path / "out"
    make_foreign(out)
    seed = random.randrange(10**6)
    chance, longest = random.Random(seed), seconds_for_both(tmp_path / "pace", monkeypatch)
    seen, journals = set(), 0
    for _ in range(30):
        kill_at_a_random_moment(flips, out, out, chance.random() * longest)
        journals += (out / ".meshrole/journal.json").exists()
        compare(SETS["a"], out, ["prod"])
        seen.add(which_set(out, seed))
    assert seen <= {"a", "b", "nothing"}, seed
    assert journals, f"seed {seed}: no run was killed with a journal"


def test_after_any_kill_the_next_write_completes(flips, tmp_path, monkeypatch):
    out = tmp_path / "out"
    make_foreign(out)
    seed = random.randrange(10**6)
    chance, longest = random.Random(seed), seconds_for_both(tmp_path / "pace", monkeypatch, tmp_path)
    for turn in range(10):
        kill_at_a_random_moment(flips, out, out if turn % 2 else tmp_path, chance.random() * longest)
        for name, files in SETS.items():
            write(files, out, ["prod"])
            assert which_set(out, seed) == name
        assert [path.name for path in tmp_path.iterdir()] == ["out"], seed
