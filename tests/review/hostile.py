"""Plans that nobody should trust: small ones made of pieces of real ones, with anything put anywhere."""

import copy
import gzip
import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from meshrole.errors import PlanError
from meshrole.review.journey import review
from meshrole.review.reports import FORMATS

PLANS = Path(__file__).parent / "plans"
TODAY = date(2026, 11, 25)
WORDS = (
    "*",
    "arn:aws:iam::1:role/a",
    "arn:aws:s3:::a/*",
    "${aws:username}",
    "\x1b[2J\n::error::x",
    "`|<script>](x)",
    "\ud800",
    '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}',
    '{"Statement": {"NotAction": "*", "NotPrincipal": {"AWS": []}, "Condition": {"StringLike": {"a": [null, true, 1]}}}}',
    '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": ["?*", ""], "Condition": {"ForAllValues:Null": {"": []}}}]}',
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1e308,
    "",
    [],
    {},
    [[]],
    {"": None},
    {"references": ["each.value"]},
    *WORDS,
)


@cache
def pieces() -> tuple[tuple[Any, Any], ...]:
    """Each change of the real plans, with its block in the configuration."""
    found = []
    for path in sorted(PLANS.rglob("*.json*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        value = json.loads(content)
        blocks = {}
        for block in value.get("configuration", {}).get("root_module", {}).get("resources", ()):
            blocks[block["type"], block["name"]] = block
        found += [(item, blocks.get((item["type"], item["name"]))) for item in value.get("resource_changes", ())]
    return tuple(found)


def plan(numbers: Sequence[int]) -> Any:
    """A plan of the pieces that the numbers choose."""
    every = pieces()
    chosen = copy.deepcopy([every[number % len(every)] for number in numbers])
    resources = [block for _, block in chosen if block]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": [item for item, _ in chosen],
        "configuration": {"root_module": {"resources": resources}},
        "prior_state": {"values": {"root_module": {}}},
    }


def put(value: Any, path: Sequence[int], new: Any) -> None:
    """Put `new` at a place that the numbers of `path` choose."""
    for step, number in enumerate(path):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = keys[number % len(keys)]
        if step == len(path) - 1 or not isinstance(value[key], dict | list):
            value[key] = copy.deepcopy(new)
            return
        value = value[key]


def reviewed(content: bytes) -> bool:
    """Whether a plan is reviewed, and told in every format; False where it is refused. Anything else raises, and is a bug."""
    try:
        found = review((("plan.json", content),), TODAY)
    except PlanError:
        return False
    return all(report(found) for report in FORMATS.values())
