"""What `aws sts decode-authorization-message` prints: the encoded message's content, as JSON.

https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.access.denial import Denial, principal
from meshrole.access.plain import parsed

MARKS = ("allowed", "explicitDeny", "context")


def parse(text: str) -> Denial | None:
    """The denial in a decoded message, bare or as the `DecodedMessage` of the CLI's answer; None for any other text."""
    value = parsed(text)
    if isinstance(value, Mapping) and isinstance(value.get("DecodedMessage"), str):
        value = parsed(value["DecodedMessage"])
    if not isinstance(value, Mapping) or any(mark not in value for mark in MARKS) or value["allowed"] is not False:
        return None
    context = value["context"] if isinstance(value["context"], Mapping) else {}
    who, action, resource = context.get("principal"), context.get("action"), context.get("resource")
    arn = who.get("arn") if isinstance(who, Mapping) else None
    return Denial(
        form="decoded",
        principal=principal(arn) if isinstance(arn, str) else None,
        action=action if isinstance(action, str) and ":" in action else None,
        operation=action if isinstance(action, str) and ":" not in action else None,
        resource=resource if isinstance(resource, str) else None,
        kind="explicit" if value["explicitDeny"] is True else "implicit",
        context=tuple(sorted(_conditions(context.get("conditions")))),
    )


def _conditions(value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in _items(value):
        key, values = item.get("key"), [each.get("value") for each in _items(item.get("values"))]
        if isinstance(key, str) and all(isinstance(each, str) for each in values):
            yield key, tuple(map(str, values))


def _items(value: Any) -> list[Mapping[str, Any]]:
    items = value.get("items") if isinstance(value, Mapping) else None
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
