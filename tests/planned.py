"""The plans of every example, made once for all tests, whatever the number of processes that run them."""

import fcntl
import json
import shutil
from functools import cache
from pathlib import Path

import later
from meshrole.terraform import find
from meshrole.terraform.journeys import plan as plan_roots
from meshrole.terraform.journeys import validate as validate_roots
from meshrole.terraform.settings import Settings

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
# (story, root): every root of every story.
ROOTS = [(path.parts[-4], path.parts[-2]) for path in sorted(EXAMPLES.glob("*/terraform/*/main.tf"))]


@cache
def plan_texts(shared: Path) -> dict[str, str]:
    """The JSON of each root's plan, by `story.root`; `shared` is a folder that all processes of a test run have in common.

    Where ids are known only after the first apply, that plan is `story.root.first`, and the next one has the name.
    """
    folder = shared / "plans-of-examples"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _plan(folder)
            (folder / "done").touch()
    return {path.stem: path.read_text() for path in (folder / "json").glob("*.json")}


def _plan(folder: Path) -> None:
    """All roots validated and planned in one go."""
    roots = folder / "roots"
    shutil.rmtree(roots, ignore_errors=True)
    shutil.copytree(ROOT / "modules", roots / "modules")
    for story, root in ROOTS:
        shutil.copytree(EXAMPLES / story / "terraform" / root, roots / f"{story}.{root}")
    settings = Settings(plugin_dir=find.plugin_dir(Settings()))  # whatever CLI configuration there is: no init, no lock file
    checked = validate_roots(roots, settings, lambda _: None)
    assert [(result.summary, result.warnings) for result in checked.results] == [("valid", ())] * len(ROOTS)
    plan_roots(roots, settings, lambda _: None, offline=True, out=folder / "json")
    for story, root in later.MADE:
        first = folder / "json" / f"{story}.{root}.json"
        first.rename(first.with_suffix(".first.json"))
        first.write_text(later.plan(roots / f"{story}.{root}", folder, story, root))


def plan_values(shared: Path) -> dict[str, dict]:
    """The same as values; each caller has its own."""
    return {name: json.loads(text) for name, text in plan_texts(shared).items()}
