"""What Istio's policies decide about a call, worked out from what Istio documents of them. What is not worked out is said.

https://istio.io/latest/docs/reference/config/security/authorization-policy/
https://istio.io/latest/docs/reference/config/security/peer_authentication/
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Value = Mapping[str, Any]
STRICT = "STRICT"
NAMESPACE_PLACE = 2
HEADER = "request.headers["
# A template of a path, which is neither a beginning nor an end: {*} and {**}.
TEMPLATE = "{*"


class UnknownError(ValueError):
    """A part of a policy whose meaning is not worked out here."""


@dataclass(frozen=True)
class Call:
    """A call: `principal` is None in plain text; a header that is not among `headers` is not there."""

    principal: str | None
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


def admits(policies: Sequence[Value], call: Call) -> bool:
    """Whether AuthorizationPolicies (their specs) that are all about one pod let a call through. Raises UnknownError."""
    by_action: dict[str, list[Value]] = {"ALLOW": [], "DENY": [], "AUDIT": []}
    for spec in policies:
        action = spec.get("action", "ALLOW")
        if action not in by_action:
            raise UnknownError(f"the action {action}")
        by_action[action].append(spec)
    if any(_matches(spec, call) for spec in by_action["DENY"]):
        return False
    return not by_action["ALLOW"] or any(_matches(spec, call) for spec in by_action["ALLOW"])


def selects(spec: Value, labels: Mapping[str, str]) -> bool:
    """Whether a policy of a pod's namespace is about the pod. Raises UnknownError."""
    if spec.get("targetRef") or spec.get("targetRefs"):
        raise UnknownError("targetRefs")
    wanted = (spec.get("selector") or {}).get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items())


def of_principal(spec: Value, principal: str | None) -> Value:
    """A policy with only those of its rules that may match a caller. Raises UnknownError."""
    call = Call(principal, "", "")
    rules = [rule or {} for rule in spec.get("rules") or ()]
    return {**spec, "rules": [rule for rule in rules if _from(rule, call)]}


def takes_plain_text(policies: Iterable[Value], labels: Mapping[str, str]) -> bool:
    """Whether a pod takes calls without mutual TLS: what PeerAuthentications of its namespace say of it, the own ones first.

    Of several that say the same of a pod Istio takes the oldest, which nobody knows here: each of them must be strict.
    """
    own = [spec for spec in policies if selects(spec, labels)]
    single = [spec for spec in own if (spec.get("selector") or {}).get("matchLabels")]
    chosen = single or own
    ports = [mode for spec in chosen for mode in (spec.get("portLevelMtls") or {}).values()]
    modes = [(each or {}).get("mode", "UNSET") for each in (*(spec.get("mtls") for spec in chosen), *ports)]
    return not modes or any(mode != STRICT for mode in modes)


def _matches(spec: Value, call: Call) -> bool:
    """A policy without rules matches nothing, and an empty rule everything."""
    return any(_rule(rule or {}, call) for rule in spec.get("rules") or ())


def _rule(rule: Value, call: Call) -> bool:
    _known(rule, ("from", "to", "when"))
    operations = rule.get("to") or ()
    return (
        _from(rule, call)
        and (not operations or any(_operation((each or {}).get("operation") or {}, call) for each in operations))
        and all(_condition(each, call) for each in rule.get("when") or ())
    )


def _from(rule: Value, call: Call) -> bool:
    sources = rule.get("from") or ()
    return not sources or any(_source((each or {}).get("source") or {}, call) for each in sources)


def _source(source: Value, call: Call) -> bool:
    asked = {"principals": call.principal, "namespaces": _namespace(call.principal)}
    return _fields(source, asked)


def _operation(operation: Value, call: Call) -> bool:
    return _fields(operation, {"methods": call.method, "paths": call.path})


def _condition(condition: Value, call: Call) -> bool:
    key = str(condition.get("key"))
    if not key.startswith(HEADER) or not key.endswith("]"):
        raise UnknownError(f"the condition {key}")
    value = call.headers.get(key[len(HEADER) : -1].lower())
    return _fields({name: each for name, each in condition.items() if name != "key"}, {"values": value})


def _fields(given: Value, asked: Mapping[str, str | None]) -> bool:
    """All fields have to match; of a field's values one has to, or none where its name begins with `not`."""
    known: dict[str, Callable[[Sequence[str]], bool]] = {}
    for name, value in asked.items():
        known[name] = lambda values, value=value: _any(values, value)  # type: ignore[misc]
        known[f"not{name[0].upper()}{name[1:]}"] = lambda values, value=value: not _any(values, value)  # type: ignore[misc]
    _known(given, known)
    return all(known[name](values) for name, values in given.items() if values)


def _any(patterns: Sequence[str], value: str | None) -> bool:
    return value is not None and any(_text(str(pattern), value) for pattern in patterns)


def _text(pattern: str, value: str) -> bool:
    """Exactly, by its beginning, by its end, or anything that is there."""
    if TEMPLATE in pattern:
        raise UnknownError(f"the template {pattern}")
    if pattern == "*":
        return bool(value)
    if pattern.endswith("*"):
        return value.startswith(pattern[:-1])
    return value.endswith(pattern[1:]) if pattern.startswith("*") else value == pattern


def _namespace(principal: str | None) -> str | None:
    parts = (principal or "").split("/")
    return parts[NAMESPACE_PLACE] if len(parts) > NAMESPACE_PLACE else None


def _known(given: Value, names: Iterable[str]) -> None:
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise UnknownError(unknown[0])
