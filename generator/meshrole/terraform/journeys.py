"""Validating and planning every root of a generated folder."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from meshrole.errors import Problem, TerraformError
from meshrole.terraform import environment, find, runners, workspace
from meshrole.terraform.messages import diagnostics, failure, summary_of_plan
from meshrole.terraform.settings import Job, Listener, RootResult, Run, Settings, Step, StepResult

PLAN = "meshrole.tfplan"
CHANGES_PENDING = 2


def validate(folder: Path, settings: Settings, listen: Listener) -> Run:
    """`terraform init` and `validate` in a copy of every root. Raises InputError without roots, TerraformError on failure."""
    tool, results = _in_copies(folder, settings, listen, (Step("validate", ("-json",), (0, 1)),))
    _raise_failures(results)
    return Run(tool, tuple(RootResult(root, _warnings(items[-1]), "valid") for root, items in results.items()))


def plan(folder: Path, settings: Settings, listen: Listener, *, offline: bool, out: Path | None) -> Run:
    """`terraform plan` and `show -json` in every root; with `out`, each plan as OUT/<root>.json, all of them or none.

    Offline it plans copies, as if nothing existed, without credentials; otherwise the roots themselves, with the user's
    backend and credentials. Raises InputError without roots, TerraformError on failure.
    """
    show = Step("show", ("-json", "-no-color", PLAN))
    make = Step("plan", ("-input=false", "-no-color", f"-out={PLAN}"))
    if offline:
        tool, results = _in_copies(folder, settings, listen, (make, show))
    else:
        tool, results = _in_place(folder, settings, listen)
    _raise_failures(results)
    plans = {root: json.loads(items[-1].output) for root, items in results.items()}
    files = _save(out, {root: items[-1].output for root, items in results.items()}) if out else {}
    return Run(tool, tuple(RootResult(root, (), summary_of_plan(plan), files.get(root)) for root, plan in plans.items()))


def _in_copies(folder: Path, settings: Settings, listen: Listener, steps: tuple[Step, ...]) -> tuple[str, runners.Results]:
    roots = workspace.roots(folder.resolve())
    tool = find.binary(settings, prefers_embedded=len(roots) > 1)
    mirror = find.plugin_dir(settings)
    with tempfile.TemporaryDirectory(prefix="meshrole-") as scratch:
        needs_init, config = True, None
        if mirror is not None and _may_configure(settings):
            config, is_direct = environment.write_config(Path(scratch), mirror)
            needs_init = not is_direct
        first = Step("init", ("-backend=false", "-input=false", "-no-color")) if needs_init else Step("get", ("-no-color",))
        jobs = [Job(root.name, workspace.copy(root, Path(scratch), offline=True), (first, *steps)) for root in roots]
        return runners.run_jobs(
            tool, jobs, environment.prepared(offline=True, config=config, temporary=Path(scratch)), _parallel(settings), listen
        )


def _in_place(folder: Path, settings: Settings, listen: Listener) -> tuple[str, runners.Results]:
    roots = workspace.roots(folder.resolve())
    tool = find.binary(settings, prefers_embedded=False)
    mirror = find.plugin_dir(settings)
    init = Step("init", ("-input=false", "-no-color"))
    with tempfile.TemporaryDirectory(prefix="meshrole-") as scratch:
        config = environment.write_mirror(Path(scratch), mirror) if mirror and _may_configure(settings) else None
        jobs = []
        for root in roots:
            file = f"{scratch}/{root.name}.tfplan"
            make = Step("plan", ("-input=false", "-no-color", f"-out={file}"))
            jobs.append(Job(root.name, root, (init, make, Step("show", ("-json", "-no-color", file)))))
        return runners.run_jobs(
            tool, jobs, environment.prepared(offline=False, config=config, temporary=Path(scratch)), _parallel(settings), listen
        )


def _may_configure(settings: Settings) -> bool:
    """A mirror that we found does not go before the user's own CLI configuration; one that was asked for does."""
    return settings.plugin_dir is not None or "MESHROLE_PLUGIN_DIR" in os.environ or not environment.has_config()


def _parallel(settings: Settings) -> int:
    return settings.jobs or os.cpu_count() or 1


def _raise_failures(results: Mapping[str, Sequence[StepResult]]) -> None:
    problems = [
        Problem(f"{root}: terraform {items[-1].step.command} failed\n{message}")
        for root, items in results.items()
        if (message := failure(items[-1])) is not None
    ]
    if problems:
        raise TerraformError(problems)


def _warnings(result: StepResult) -> tuple[str, ...]:
    return tuple(item.text for item in diagnostics(result.output) if item.severity == "warning")


def _save(out: Path, plans: Mapping[str, str]) -> dict[str, Path]:
    """The plans as files: each is written beside its place first, and all move there once all are written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        drafts = list(_drafts(out, plans))
        for draft, path in drafts:
            draft.replace(path)
    except OSError as error:
        raise TerraformError(Problem(f"cannot write the plans to {out}: {error.strerror}")) from None
    return {path.stem: path for _, path in drafts}


def _drafts(out: Path, plans: Mapping[str, Any]) -> Iterator[tuple[Path, Path]]:
    for root, text in plans.items():
        draft = out / f".{root}.json.new"
        draft.write_text(text, encoding="utf-8")
        yield draft, out / f"{root}.json"
