"""Bad inventories, each with its exact message and exit code: `<case>.yaml` and `<case>.txt`.

`make golden` writes the .txt files anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "rejected"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("case", CASES)
def test_the_message_is_exact(case, meshrole, monkeypatch):
    monkeypatch.chdir(FOLDER)
    outcome = meshrole("check", "--quiet", f"{case}.yaml")
    found = f"exit {outcome.code}\n{outcome.errors}"
    expected = FOLDER / f"{case}.txt"
    if os.environ.get("MESHROLE_GOLDEN"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")
    assert outcome.output == ""


def test_there_are_enough_cases_and_none_is_accepted_or_a_bug():
    codes = {path.stem: path.read_text(encoding="utf-8").splitlines()[0] for path in FOLDER.glob("*.txt")}
    assert sorted(codes) == CASES
    assert len(CASES) >= 60
    assert set(codes.values()) == {"exit 3", "exit 4"}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_says_where_it_is(case):
    lines = (FOLDER / f"{case}.txt").read_text(encoding="utf-8").splitlines()[1:]
    headlines = [line for line in lines if not line.startswith("  ")]
    assert headlines
    assert all(line.startswith(f"{case}.yaml:") for line in headlines)
