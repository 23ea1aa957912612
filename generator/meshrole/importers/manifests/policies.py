"""IAM policies inside of manifests: a JSON text, or the same as YAML."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.importers.manifests.objects import Manifest, items
from meshrole.importers.marked import MAX_DEPTH, List
from meshrole.importers.origin import Origin
from meshrole.importers.running import Policy
from meshrole.importers.values import Value, unknown, value

ACCOUNT, PARTITION = unknown("the account of the cluster", "account"), unknown("the partition of the cluster", "partition")


def parsed(raw: Any) -> Mapping[str, Any] | None:
    """A policy as parsed JSON whose texts are still the manifest's; None for what is none."""
    if isinstance(raw, str):
        try:
            raw = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            return None
    plain = _plain(raw, 0)
    return plain if isinstance(plain, dict) else None


def document(manifest: Manifest, raw: Any) -> Mapping[str, Any] | None:
    """A policy as parsed JSON with placeholders in its texts; None for what is none."""
    found = parsed(raw)
    return _shown(manifest, found) if found is not None else None


def _plain(raw: Any, depth: int) -> Any:
    """The same as plain JSON, cut where it is too deep to be a policy."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(raw, dict):
        return {key: _plain(each, depth + 1) for key, each in raw.items()}
    return [_plain(each, depth + 1) for each in raw] if isinstance(raw, list) else raw


def _shown(manifest: Manifest, raw: Any) -> Any:
    if isinstance(raw, dict):
        return {manifest.written(key): _shown(manifest, each) for key, each in raw.items()}
    if isinstance(raw, list):
        return [_shown(manifest, each) for each in raw]
    return manifest.written(raw) if isinstance(raw, str) else raw


def attached(manifest: Manifest, raw: Any) -> Iterator[Policy]:
    """Managed policies by their ARNs."""
    for number, each in enumerate(items(raw)):
        arn = manifest.text(each)
        if arn is not None:
            origin = manifest.at(raw, number) if isinstance(raw, List) else manifest.origin
            yield Policy(arn.text.rpartition("/")[2], origin, managed=arn)


def statements(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a policy; one alone need not be in a list."""
    return [each for each in texts_or_one(policy.get("Statement")) if isinstance(each, Mapping)]


def texts_or_one(raw: Any) -> list[Any]:
    """The items of a list, or the one value that stands for a list of one."""
    return raw if isinstance(raw, list) else [] if raw is None else [raw]


def role_arn(name: Value) -> Value:
    """The ARN of a role of the cluster's own account."""
    return value("arn:", PARTITION, ":iam::", ACCOUNT, ":role/", name)


def inline(name: str, origin: Origin, actions: tuple[str, ...]) -> Policy:
    """A policy that allows actions on everything."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return Policy(name, origin, document={"Version": "2012-10-17", "Statement": [statement]})
