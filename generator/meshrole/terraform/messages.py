"""Terraform's own words: diagnostics as text, a plan in one line.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui
https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from meshrole.terraform.settings import StepResult

# Said by terraform at each command when a provider is named directly, which is our doing and not the user's.
STANDING_WARNING = "Provider development overrides are in effect"


class Diagnostic(NamedTuple):
    """One error or warning of `validate -json`."""

    severity: str
    text: str


def diagnostics(output: str) -> list[Diagnostic]:
    """The diagnostics in the JSON of `validate -json`; none where the output is no such JSON."""
    try:
        found = json.loads(output).get("diagnostics", [])
    except (ValueError, AttributeError):
        return []
    return [Diagnostic(item["severity"], _text(item)) for item in found if item["summary"] != STANDING_WARNING]


def failure(result: StepResult) -> str | None:
    """Terraform's message of a step that failed, as terraform wrote it; None for a step that went well."""
    if result.step.command == "validate" and result.output.lstrip().startswith("{"):
        errors = [item.text for item in diagnostics(result.output) if item.severity == "error"]
        return "\n".join(errors) or None
    if result.code in result.step.accepted:
        return None
    return (result.errors.strip() or result.output.strip()) or f"it ended with {result.code} and said nothing"


def summary_of_plan(plan: Mapping[str, Any]) -> str:
    """`3 to add, 1 to change, 0 to destroy`, from the JSON of `show -json`."""
    counts: Counter[str] = Counter()
    for change in plan.get("resource_changes", ()):
        counts.update(change["change"]["actions"])
    return f"{counts['create']} to add, {counts['update']} to change, {counts['delete']} to destroy"


def _text(item: Mapping[str, Any]) -> str:
    place = item.get("range") or {}
    where = f"{place['filename']}:{place['start']['line']}: " if place else ""
    detail = f"\n  {item['detail']}" if item.get("detail") else ""
    return f"{where}{item['summary']}{detail}"
