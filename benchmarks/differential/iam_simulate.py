"""`@cloud-copilot/iam-simulate` in a node process beside this one.

It is under the AGPL: npm installs it below `.build/` when it is wanted, and nothing of it is part of this repository.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from differential.case import Case, Said, statements
from meshrole.errors import InputError
from meshrole.iam import Request

PACKAGE, VERSION = "@cloud-copilot/iam-simulate", "0.1.173"
FOLDER = Path(__file__).parents[2] / ".build" / "iam-simulate"
DRIVER = Path(__file__).with_name("iam_simulate.mjs")
FULL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
# What it says of requests that it does not take, whatever their policies are.
UNREAD = {
    "invalid.action",
    "invalid.service",
    "invalid.principal",
    "must.use.wildcard",
    "no.resource.types",
    "multiple.resource.types",
}
# Layers of which it takes one document or several.
LISTED = {"boundary": "permissionBoundaryPolicies", "endpoint": "vpcEndpointPolicies"}


class Run(NamedTuple):
    """Its answers to some cases, in their order, and the CPU seconds of each round that was measured."""

    answers: list[Said]
    seconds: list[float]


def install() -> str | None:
    """Have the package ready; what is missing, where it cannot be."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not here"
    manifest = FOLDER / "node_modules" / PACKAGE / "package.json"
    if manifest.is_file() and json.loads(manifest.read_text("utf-8"))["version"] == VERSION:
        return None
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", FOLDER, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run([*command, f"{PACKAGE}@{VERSION}"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"npm cannot install {PACKAGE}: {done.stderr.strip()[-300:]}"


def run(cases: Sequence[Case], rounds: int = 0, *, unchecked: bool = False) -> Run:
    """Put cases to it, checked or in its faster way. Raises RuntimeError when the process fails."""
    simulations = [simulation(case) for case in cases]
    asked = json.dumps({"rounds": rounds, "unchecked": unchecked, "simulations": [each for each in simulations if each]})
    done = subprocess.run(["node", DRIVER], input=asked, capture_output=True, text=True, cwd=FOLDER, check=False)
    if done.returncode:
        raise RuntimeError(f"{PACKAGE} failed: {done.stderr[-600:]}")
    said = json.loads(done.stdout)
    rest = iter(said["answers"])
    return Run([_answer(next(rest)) if each else Said("unread", "nothing to put it in") for each in simulations], said["seconds"])


def simulation(case: Case) -> dict[str, Any] | None:
    """A case as it reads them; None for what it has no place for.

    What AWS puts into a request by itself it has to be told.
    """
    try:
        facts = Request.of(case.request).facts
    except InputError:
        return None
    policies = case.policies
    if any(isinstance(policies.get(name), list) for name in ("resource", "session")):
        return None
    is_anonymous = facts.principal.kind == "anonymous"
    principal = {"type": "Anonymous"} if is_anonymous else _principal(case.request["principal"])
    resource = case.request.get("resource") or "*"
    owner = facts.resource_account or facts.principal.account or "999999999999"
    context = case.request.get("context")
    if principal is None or context is None or any(value is None for value in context.values()):
        return None
    every = {**_derived(facts.principal.keys), "aws:ResourceAccount": owner, **context}
    found = {
        "request": {
            "principal": principal,
            "action": case.request["action"],
            "resource": {"resource": resource, "accountId": owner},
            "contextVariables": {key: _values(value) for key, value in every.items()},
        },
        "identityPolicies": [] if is_anonymous else _named(policies.get("identity")),
        "serviceControlPolicies": [] if is_anonymous else _levels(policies.get("scp")),
        "resourceControlPolicies": _levels(_own(policies.get("rcp"))),
    }
    found |= {name: _named(policies[layer]) for layer, name in LISTED.items() if policies.get(layer)}
    if policies.get("resource"):
        found["resourcePolicy"] = policies["resource"]
    if policies.get("session"):
        found["sessionPolicy"] = policies["session"]
    return found


def _principal(given: Any) -> str | None:
    """Every principal but the anonymous one is a text for it."""
    if isinstance(given, str):
        return given
    values = list(given.values())
    return values[0] if len(values) == 1 else None


def _own(levels: Any) -> list[list[Any]]:
    """The RCPs without RCPFullAWSAccess, which it adds to each level by itself."""
    return [[document for document in level if statements(document) != [FULL]] for level in levels or ()]


def _derived(keys: Any) -> dict[str, Any]:
    return {key: list(values) for key, values in keys.items() if isinstance(values, tuple) and values}


def _values(value: Any) -> Any:
    if isinstance(value, list):
        return [_values(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _named(documents: Any) -> list[dict[str, Any]]:
    every = documents if isinstance(documents, list) else [documents] if documents else []
    return [{"name": f"policy {number}", "policy": document} for number, document in enumerate(every)]


def _levels(levels: Any) -> list[dict[str, Any]]:
    return [{"orgIdentifier": f"level {number}", "policies": _named(level)} for number, level in enumerate(levels or ())]


def _answer(said: dict[str, Any]) -> Said:
    if "crash" in said:
        return Said("crash", said["crash"])
    if "error" in said:
        message = said["error"]["message"]
        return Said("unread", message) if message in UNREAD else Said("error", _first(said["error"]) or message)
    # It drops the keys that AWS does not document for the action, and so answers another request.
    return Said("unread", "keys dropped") if said["ignored"] else Said(said["answer"])


def _first(errors: Any) -> str | None:
    """The first message about a policy; they are lists below the layers and the policies' names."""
    if isinstance(errors, dict):
        if "path" in errors:
            return str(errors["message"])
        return next((found for each in errors.values() if (found := _first(each))), None)
    return next((found for each in errors if (found := _first(each))), None) if isinstance(errors, list) else None
