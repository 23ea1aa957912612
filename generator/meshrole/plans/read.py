"""The bytes of a plan to plain values, or why they are no plan.

https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
from collections.abc import Mapping
from typing import Any

from meshrole.errors import PlanError, Problem

MAX_BYTES = 150_000_000
FORMAT = "1."
HINT = "terraform show -json PLAN > plan.json"

Plan = Mapping[str, Any]


def parse(content: bytes, name: str) -> Plan:
    """The plan in `content`, which is of the file `name`. Raises PlanError when it cannot be read, or is none."""
    if too_large(len(content), name):
        raise PlanError(too_large(len(content), name))
    plan = _values(content, name)
    if not isinstance(plan, dict):
        raise PlanError(_problem(name, "this is no plan: it is not an object", HINT))
    version = plan.get("format_version")
    if version is None or "planned_values" not in plan:
        what = "a state" if "values" in plan else "something else"
        raise PlanError(_problem(name, f"this is no plan of `terraform show -json`, but {what}", HINT))
    if not isinstance(version, str) or not version.startswith(FORMAT):
        raise PlanError(_problem(name, f"the plan has the format {version}; the formats 1.x are known here"))
    if plan.get("errored"):
        raise PlanError(_problem(name, "the plan is of a run that failed: it does not say everything that will be"))
    if not isinstance(plan["planned_values"], dict) or not isinstance(plan.get("resource_changes", []), list):
        raise PlanError(_problem(name, "the plan is damaged: its planned values or changes are not what they must be", HINT))
    return plan


def too_large(size: int, name: str) -> tuple[Problem, ...]:
    """A problem where a file of that size is not even read."""
    if size <= MAX_BYTES:
        return ()
    return (_problem(name, f"the plan has {size:,} bytes; at most {MAX_BYTES:,} are read", "split the root into several"),)


def _values(content: bytes, name: str) -> Any:
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        raise PlanError(_problem(name, "this is no JSON: it is not UTF-8", HINT)) from None
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(error.doc.rstrip())
        reason = "it ends too early" if is_cut and error.pos else error.msg
        raise PlanError(_problem(name, f"this is no JSON: {reason} (line {error.lineno}, column {error.colno})", HINT)) from None
    except RecursionError:
        raise PlanError(_problem(name, "the plan is nested too deeply to be one")) from None


def _problem(
    name: str, message: str, hint: str | None = None, found: str | None = None, allowed: tuple[str, ...] = ()
) -> Problem:
    return Problem(f"{name}: {message}", found=found, allowed=allowed, help=hint)
