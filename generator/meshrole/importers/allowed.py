"""What a role may do today, in the inventory's words: exactly, or not at all. What cannot be said so is told.

A statement is every one of its actions on every one of its resources, so it may be taken apart; nothing is ever widened.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from meshrole.errors import Problem
from meshrole.iam import actions as reference
from meshrole.importers.rewriting import WORD
from meshrole.importers.running import Policy, Role
from meshrole.inventory.grants import resolve_grants, resolve_statements
from meshrole.inventory.mesh_model import Permission, RawStatement
from meshrole.inventory.scope import Scope

ENVOY = "appmesh:streamaggregatedresources"
# Envoy's own: the generator writes it for each workload. https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
MESH_POLICIES = ("AWSAppMeshEnvoyAccess", "AWSAppMeshPreviewEnvoyAccess")
CERTIFICATES = ("acm:exportcertificate", "acm-pca:getcertificateauthoritycertificate")
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSXRayDaemonWriteAccess.html
XRAY_POLICY = "AWSXRayDaemonWriteAccess"
XRAY = frozenset(
    f"xray:{name}".lower()
    for name in (
        "PutTraceSegments",
        "PutTelemetryRecords",
        "GetSamplingRules",
        "GetSamplingTargets",
        "GetSamplingStatisticSummaries",
    )
)
METRICS = "cloudwatch:putmetricdata"
NAMESPACE_KEY = "cloudwatch:namespace"


@dataclass(frozen=True, slots=True)
class Allowed:
    """`permissions` and `statements` (Deny) as an inventory has them, and `unsaid`: what is left, in words."""

    permissions: tuple[Mapping[str, Any], ...] = ()
    statements: tuple[Mapping[str, Any], ...] = ()
    xray: bool = False
    metrics_namespace: str | None = None
    unsaid: tuple[str, ...] = ()


def allowed(role: Role, scope: Scope, *, has_certificates: bool) -> Allowed:
    """What the policies of a role allow beside its part in the mesh; `scope` is where the inventory will have it."""
    said: list[Mapping[str, Any]] = []
    denied: list[Mapping[str, Any]] = []
    unsaid: list[str] = []
    names = [policy_name(policy) for policy in role.policies if policy.document is None]
    xray, namespace = XRAY_POLICY in names, None
    unsaid += [f"managed policy {name}" for name in names if name not in (*MESH_POLICIES, XRAY_POLICY)]
    for statement in statements_of(role):
        if _is_xray(statement):
            xray = True
        elif (found := _namespace(statement)) and namespace in (None, found):
            namespace = found
        elif statement.get("Effect") == "Deny":
            _deny(statement, len(denied), scope, denied, unsaid)
        else:
            _allow(statement, scope, has_certificates, said, unsaid)
    return Allowed(tuple(said), tuple(denied), xray, namespace, tuple(dict.fromkeys(unsaid)))


def policy_name(policy: Policy) -> str:
    """The name of a managed policy: the end of its ARN."""
    return (policy.managed.text if policy.managed else policy.name).rsplit("/", 1)[-1]


def statements_of(role: Role) -> Iterator[Mapping[str, Any]]:
    """The statements of a role's documents, those that are mappings."""
    for policy in role.policies:
        written = (policy.document or {}).get("Statement", ())
        for statement in written if isinstance(written, list | tuple) else (written,):
            if isinstance(statement, Mapping):
                yield statement


def texts(value: Any) -> tuple[str, ...]:
    """One text or a list of them, as a policy may have either; whatever else is there as its text."""
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else () if value is None else (str(value),)


def _is_xray(statement: Mapping[str, Any]) -> bool:
    """Whether a statement allows exactly what the X-Ray daemon needs: the inventory has a word for that."""
    names = {name.lower() for name in texts(statement.get("Action"))}
    return statement.get("Effect") == "Allow" and names == XRAY and not statement.get("Condition")


def _namespace(statement: Mapping[str, Any]) -> str | None:
    """The namespace of a statement that lets metrics into one namespace only.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
    """
    condition = statement.get("Condition")
    if [name.lower() for name in texts(statement.get("Action"))] != [METRICS] or not isinstance(condition, Mapping):
        return None
    keys = condition.get("StringEquals")
    if statement.get("Effect") != "Allow" or len(condition) != 1 or not isinstance(keys, Mapping) or len(keys) != 1:
        return None
    (key, value), *_ = keys.items()
    values = texts(value)
    return values[0] if key.lower() == NAMESPACE_KEY and len(values) == 1 and "*" in texts(statement.get("Resource")) else None


def _deny(statement: Mapping[str, Any], number: int, scope: Scope, denied: list[Mapping[str, Any]], unsaid: list[str]) -> None:
    """A Deny in IAM's words; one that the inventory cannot have is told, since what it forbids is allowed without it."""
    sid = "".join(char for char in str(statement.get("Sid") or "") if char.isascii() and char.isalnum())[:56]
    made = {"Sid": f"{sid or 'Deny'}{number or ''}", "Effect": "Deny", "Action": list(texts(statement.get("Action")))}
    made |= {"Resource": list(texts(statement.get("Resource")))}
    if statement.get("Condition"):
        made["Condition"] = plain(statement["Condition"])
    try:
        problems = _problems(lambda here: resolve_statements([RawStatement.model_validate(made)], here), scope)
    except ValidationError:
        problems = [Problem("not a statement")]
    is_odd = problems or "NotAction" in statement or "NotResource" in statement
    if is_odd:
        unsaid.append(f"a Deny: {_words(statement)}")
    else:
        denied.append(made)


def _allow(
    statement: Mapping[str, Any], scope: Scope, has_certificates: bool, said: list[Mapping[str, Any]], unsaid: list[str]
) -> None:
    if statement.get("Effect") != "Allow" or "NotAction" in statement or "NotResource" in statement:
        unsaid.append(_words(statement))
        return
    resources = texts(statement.get("Resource"))
    grouped: dict[tuple[str, ...], list[str]] = {}
    for name in texts(statement.get("Action")):
        if name.lower() in (ENVOY, *(CERTIFICATES if has_certificates else ())):
            continue
        exact = exact_resources(name, resources, scope)
        left = [resource for resource in resources if resource not in exact]
        if exact:
            grouped.setdefault(exact, []).append(name)
        if left or not exact:
            unsaid.append(f"{name} on {', '.join(left) or 'nothing'}")
    for exact, names in grouped.items():
        made: dict[str, Any] = {"actions": names, "resources": list(exact)}
        if statement.get("Condition"):
            made["conditions"] = plain(statement["Condition"])
        if _is_sound(made, scope):
            said.append(made)
        else:
            unsaid.append(f"{', '.join(names)} on {', '.join(exact)}")


def exact_resources(name: str, resources: Sequence[str], scope: Scope) -> tuple[str, ...]:
    """Those of `resources` on which an action can be granted by its name and theirs; none for a wildcard."""
    action = None if "*" in name or "?" in name else reference.find(name)
    if action is None:
        return ()
    if not action.resource_types:
        return ("*",) if "*" in resources else ()
    return tuple(item for item in resources if item != "*" and _may_act(action, item, scope))


def _may_act(action: reference.Action, resource: str, scope: Scope) -> bool:
    """Whether an action acts on a resource; one that is not known yet may be anything."""
    filled = WORD.sub(lambda match: scope.words.get(match.group(1), "*"), resource)
    return "*" in filled[:4] or reference.acts_on(action, filled)


def _is_sound(made: Mapping[str, Any], scope: Scope) -> bool:
    try:
        permission = Permission.model_validate(made)
    except ValidationError:
        return False
    return not _problems(lambda here: resolve_grants([permission], here), scope)


def _problems(resolve: Any, scope: Scope) -> list[Problem]:
    """What the inventory says against something, placeholders that have no value yet aside."""
    found: list[Problem] = []
    resolve(Scope(scope.environment, scope.words, scope.path, found.append))
    return [problem for problem in found if not problem.message.startswith("unknown placeholder")]


def plain(value: Any) -> Any:
    """A condition as the inventory has it: texts and lists of them; true and false are texts in IAM."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(statement: Mapping[str, Any]) -> str:
    shown = [f"{key} {', '.join(texts(statement[key]))}" for key in _KEYS if key in statement]
    return "; ".join([str(statement.get("Effect")), *shown])


_KEYS: Iterable[str] = ("Action", "NotAction", "Resource", "NotResource", "Condition")
