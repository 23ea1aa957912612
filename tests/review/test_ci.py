"""What runs a review in CI: the files are sound, and their scripts do as they say, with stand-ins for `meshrole`, `gh` and the runner."""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from meshrole.review import baseline
from meshrole.review.fail import FAIL_ON
from meshrole.review.reports import FORMATS
from meshrole.review.reports.rules import every_help
from review.sample import EMPTY, REVIEW

ROOT = Path(__file__).parents[2]
PLAN = Path(__file__).parent / "plans" / "edits.json"
SCRIPTS = ROOT / "ci" / "github"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
# Writes down how it was called, one argument a line; then acts as the variables of the test say.
MESHROLE = """#!/bin/sh
printf '%s\\n' "$@" . >> "$CALLS"
case "$*" in *"--fail-on never"*) status=0;; *) status="$STATUS";; esac
[ -z "$BROKEN" ] || status="$BROKEN"
echo "report of $*"
exit "$status"
"""
# Makes an environment of which there is only pip, which writes down how it was called.
PYTHON = """#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 9
mkdir -p "$3/bin"
printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@" . >> "$CALLS"\\n' > "$3/bin/pip"
chmod +x "$3/bin/pip"
"""
# Answers the list of comments from a file, with the real jq expression, and writes down every other call.
GH = """#!/usr/bin/env python3
import json, os, re, sys
arguments = sys.argv[1:]
if "--jq" in arguments:
    marker = re.search(r'startswith\\("(.*)"\\)', arguments[arguments.index("--jq") + 1])[1]
    for comment in json.load(open(os.environ["COMMENTS"])):
        if comment["user"]["type"] == "Bot" and comment["body"].startswith(marker):
            print(comment["id"])
else:
    with open(os.environ["CALLS"], "a") as calls:
        calls.write(json.dumps(arguments) + "\\n")
"""


@pytest.fixture
def job(tmp_path, monkeypatch):
    """A job on a runner: runs one of our scripts with stand-ins on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in (("meshrole", MESHROLE), ("gh", GH)):
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "CALLS")}
    for path in files.values():
        Path(path).touch()
    names = ("INVENTORY", "CODE", "WAIVERS", "BASELINE", "BROKEN")
    base = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        **files,
        **dict.fromkeys(names, ""),
    }
    monkeypatch.chdir(tmp_path)

    def run(script: str, **variables: str) -> subprocess.CompletedProcess:
        environment = {
            **base,
            "FAIL_ON": "high",
            "FAIL_ON_UNKNOWN": "false",
            "STATUS": "0",
            "GITHUB_REPOSITORY": "acme/infra",
            **variables,
        }
        return subprocess.run(["bash", SCRIPTS / script], env=environment, capture_output=True, text=True, check=False)

    return run


def outputs(tmp_path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (tmp_path / "GITHUB_OUTPUT").read_text().splitlines())


def calls(tmp_path: Path) -> list[list[str]]:
    return [call.splitlines() for call in (tmp_path / "CALLS").read_text().split("\n.\n") if call]


# The files.


def test_every_step_of_the_action_is_sound():
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert ("run" in step) != ("uses" in step)
        assert "run" not in step or step["shell"] == "bash"
        assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w/-]+@v\d+", step["uses"])


def test_no_expression_stands_in_a_script():
    """An input that is text of a script is code of whoever sets it."""
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []
    assert not any("${{" in script.read_text() for script in SCRIPTS.iterdir())


def test_every_expression_names_an_input_an_output_or_the_event():
    inputs = {f"inputs.{name}" for name in ACTION["inputs"]}
    steps = {f"steps.review.outputs.{name}" for name in ("sarif", "markdown", "json", "status")}
    used = set(re.findall(r"(?:inputs|steps)\.[\w.-]+", json.dumps(ACTION)))
    assert used <= inputs | steps
    assert inputs <= used | {"inputs.token"}
    assert {f"steps.review.outputs.{name}" for name in ACTION["outputs"]} <= used


def test_what_writes_is_left_out_for_a_fork():
    writing = [step for step in STEPS if "uses" in step or "GH_TOKEN" in step.get("env", {})]
    assert len(writing) == 2
    assert all("head.repo.fork != true" in step["if"] for step in writing)


def test_the_defaults_are_words_of_the_command():
    gitlab = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())["meshrole-review"]
    assert ACTION["inputs"]["fail-on"]["default"] in FAIL_ON
    assert gitlab["variables"]["MESHROLE_FAIL_ON"] in FAIL_ON
    used = re.findall(r"--format (\w+)", "".join(gitlab["script"]) + "".join(path.read_text() for path in SCRIPTS.iterdir()))
    assert set(used) == {"gitlab", "junit", "github"}
    assert set(used) <= set(FORMATS)


def test_the_hooks_are_what_pre_commit_reads():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["meshrole-check", "meshrole-review"]
    known = {"id", "name", "entry", "language", "files", "args", "pass_filenames"}
    assert all({"id", "name", "entry", "language"} <= set(hook) <= known and hook["language"] == "python" for hook in hooks)
    assert re.search(hooks[0]["files"], "infra/inventory.yaml")
    assert not re.search(hooks[0]["files"], "inventory.yaml.txt")
    assert re.search(hooks[1]["files"], "modules/a/main.tf")


# What the scripts do.


def test_the_action_installs_itself_apart(job, tmp_path):
    (tmp_path / "bin" / "python3").write_text(PYTHON)
    (tmp_path / "bin" / "python3").chmod(0o755)
    run = job("install.sh", GITHUB_ACTION_PATH="/actions/meshrole", GITHUB_PATH=str(tmp_path / "path"))
    assert (run.returncode, run.stderr) == (0, "")
    assert calls(tmp_path) == [["install", "--quiet", "--disable-pip-version-check", "/actions/meshrole"]]
    assert (tmp_path / "path").read_text() == f"{tmp_path}/meshrole-venv/bin\n"


def test_the_job_reviews_into_files_and_fails_later(job, tmp_path):
    run = job("review.sh", PLAN="plan.json", STATUS="10")
    assert (run.returncode, run.stderr) == (0, "")
    assert calls(tmp_path) == [
        *(["review", "--format", name, "--fail-on", "never", "--", "plan.json"] for name in ("sarif", "markdown", "json")),
        ["review", "--format", "github", "--fail-on=high", "--", "plan.json"],
    ]
    found = outputs(tmp_path)
    assert found["status"] == "10"
    assert Path(found["sarif"]).read_text().startswith("report of review --format sarif")
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text() == Path(found["markdown"]).read_text()
    assert run.stdout == "report of review --format github --fail-on=high -- plan.json\n"


def test_what_a_user_gives_stays_one_argument(job, tmp_path):
    nasty = '$(touch owned) "; touch owned; #'
    run = job(
        "review.sh",
        PLAN=f"--help\n\n{nasty}\n",
        INVENTORY=nasty,
        CODE="a b",
        WAIVERS="w",
        BASELINE="-x",
        FAIL_ON="never",
        FAIL_ON_UNKNOWN="true",
    )
    assert run.returncode == 0
    assert calls(tmp_path)[-1] == [
        *("review", "--format", "github", "--fail-on=never", "--fail-on-unknown"),
        *(f"--inventory={nasty}", "--code=a b", "--waivers=w", "--baseline=-x", "--", "--help", nasty),
    ]
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("code", ["3", "7"])
def test_the_job_stops_at_a_plan_that_cannot_be_read(job, tmp_path, code):
    assert job("review.sh", PLAN="plan.json", BROKEN=code).returncode == int(code)
    assert "status" not in outputs(tmp_path)
    assert len(calls(tmp_path)) == 1


@pytest.fixture
def comment(job, tmp_path):
    """Runs the script on a review; returns what it did to the comments that there are."""

    def run(text: str, comments: list, number: str = "7") -> tuple[int, list]:
        (tmp_path / "review.md").write_text(text)
        (tmp_path / "comments.json").write_text(json.dumps(comments))
        variables = {"COMMENT": str(tmp_path / "review.md"), "COMMENTS": str(tmp_path / "comments.json"), "NUMBER": number}
        done = job("comment.sh", **variables)
        return done.returncode, [json.loads(line) for line in (tmp_path / "CALLS").read_text().splitlines()]

    return run


def said(number: int, text: str, kind: str = "Bot") -> dict:
    return {"id": number, "user": {"type": kind}, "body": text}


def test_the_first_review_is_a_new_comment(comment, tmp_path):
    code, done = comment(FORMATS["markdown"](REVIEW), [said(1, "hello")])
    body = f"body=@{tmp_path / 'review.md'}"
    assert (code, done) == (0, [["api", "--silent", "--method", "POST", "repos/acme/infra/issues/7/comments", "--field", body]])


def test_the_next_review_updates_it(comment, tmp_path):
    text = FORMATS["markdown"](REVIEW)
    old = [said(1, "hello"), said(2, text, "User"), said(3, text), said(4, text)]
    code, done = comment(FORMATS["markdown"](EMPTY), old)
    body = f"body=@{tmp_path / 'review.md'}"
    assert (code, done) == (0, [["api", "--silent", "--method", "PATCH", "repos/acme/infra/issues/comments/3", "--field", body]])


def test_a_plan_that_changes_nothing_makes_no_comment(comment):
    assert comment(FORMATS["markdown"](EMPTY), []) == (0, [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('<!-- meshrole-review 0123456789abcdef")) | .id -->\n', "7"),
        ("hello\n", "7"),
        ("", "7"),
        (FORMATS["markdown"](REVIEW), "7/x"),
    ],
)
def test_a_file_that_is_no_review_is_not_posted(comment, text, number):
    assert comment(text, [], number) == (1, [])


@pytest.mark.usefixtures("job")
def test_the_target_of_make_reviews_every_plan(tmp_path):
    (tmp_path / "plans").mkdir()
    for name in ("a", "b"):
        (tmp_path / "plans" / f"{name}.json").touch()
    makefile = ROOT / "generator/meshrole/starter/Makefile"
    environment = {
        **os.environ,
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "STATUS": "10",
        "CALLS": str(tmp_path / "CALLS"),
    }
    run = subprocess.run(["make", "-f", makefile, "review"], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 2, "make says 2 when a recipe fails"
    wanted = "review plans/a.json plans/b.json --inventory inventory.yaml --code terraform --fail-on high"
    assert calls(tmp_path) == [wanted.split()]


# With the real command.


@pytest.fixture
def real(job, tmp_path):
    """The same job, in which `meshrole` is meshrole, in a folder with a plan and files of a team."""
    (tmp_path / "bin" / "meshrole").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from meshrole.cli import main; main()" "$@"\n'
    )
    shutil.copy(PLAN, tmp_path / "plan.json")
    shutil.copytree(PLAN.parent / "edits/after", tmp_path / "code")
    waiver = {
        "id": "wildcard-action",
        "address": "aws_iam_role_policy.wildcard",
        "owner": "a",
        "reason": "b",
        "expires": "2999-01-01",
    }
    (tmp_path / "waivers.yaml").write_text(json.dumps([waiver]))
    (tmp_path / "baseline.json").write_text(baseline.written(()))
    return job


def test_the_real_command_takes_what_the_action_gives_it(real, tmp_path):
    run = real("review.sh", PLAN="plan.json", CODE="code", WAIVERS="waivers.yaml", BASELINE="baseline.json")
    assert (run.returncode, run.stderr) == (0, "")
    found = outputs(tmp_path)
    assert found["status"] == "10"
    (sarif,) = json.loads(Path(found["sarif"]).read_text())["runs"]
    waived = [result for result in sarif["results"] if result["suppressions"]]
    assert [result["ruleId"] for result in waived] == ["wildcard-action"]
    assert waived[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "code/main.tf"
    assert "| `checkout` | + | `dynamodb:PutItem` on `table/orders` (write) |" in Path(found["markdown"]).read_text()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in run.stdout.splitlines())


def test_a_plan_that_is_none_stops_the_action(real, tmp_path):
    (tmp_path / "plan.json").write_text("{")
    assert real("review.sh", PLAN="plan.json").returncode == 7


@pytest.mark.usefixtures("real")
def test_the_real_command_takes_what_the_gitlab_job_gives_it(tmp_path):
    job = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())["meshrole-review"]
    environment = {**os.environ, **job["variables"], "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    environment["MESHROLE_OPTIONS"] = "--waivers=waivers.yaml --code=code"
    lines = [line for line in job["script"] if not line.startswith("pip ")]
    codes = [
        subprocess.run(["bash", "-ec", line], env=environment, capture_output=True, check=False).returncode for line in lines
    ]
    assert codes == [0, 0, 10]
    reports = job["artifacts"]["reports"]
    assert json.loads((tmp_path / reports["codequality"]).read_text())[0]["severity"] == "critical"
    assert ET.parse(tmp_path / reports["junit"]).getroot().tag == "testsuites"


# What the pages say.


def page_of(name):
    """The page, and of the README what it says of reviews."""
    text = (ROOT / name).read_text()
    return text if name != "README.md" else text.partition("## Reviewing plans\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(("name", "longest"), [("docs/review.md", 12), ("README.md", 10)])
def test_the_yaml_of_the_page_is_sound_and_short(name, longest):
    page = page_of(name)
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(blocks) >= 4
    assert all(yaml.safe_load(block) for block in blocks)
    assert all(len(block.splitlines()) <= longest for block in blocks)
    (uses,) = re.findall(r"uses: .*meshrole@.*\n\s+with: \{(.*)\}", page)
    assert {pair.split(":")[0].strip() for pair in uses.split(",")} <= set(ACTION["inputs"])


def test_what_the_readme_names_is_there():
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page_of("README.md"), re.DOTALL)]
    (hook,) = [each["repos"][0]["hooks"][0] for each in blocks if "repos" in each]
    assert hook["id"] in {each["id"] for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    (gitlab,) = [each for each in blocks if "include" in each]
    jobs = yaml.safe_load((ROOT / gitlab["include"]["local"]).read_text())
    for job, given in ((job, given) for job, given in gitlab.items() if job != "include"):
        assert set(given["variables"]) <= set(jobs[job]["variables"])
    makefile = (ROOT / "generator" / "meshrole" / "starter" / "Makefile").read_text()
    for line in re.findall(r"^make (.*)", page_of("README.md"), re.MULTILINE):
        words = line.partition("#")[0].split()
        assert all(re.search(rf"^{word.partition('=')[0]}\s*(:|\?=)", makefile, re.MULTILINE) for word in words), line
    ours = re.findall(r"meshrole review (.*)", page_of("README.md"))
    options = {word for line in ours for word in line.split() if word.startswith("--")}
    assert options <= set(re.findall(r"--[a-z-]+", (ROOT / "docs" / "commands.md").read_text()))


def test_the_readme_counts_the_checks():
    assert f"has the {len(every_help())} checks" in page_of("README.md").replace("\n", " ")
