"""Permissions and statements checked against AWS's reference: terraform and AWS's plan-time checks know nothing of them.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from meshrole.iam import actions as reference
from meshrole.iam import arn, condition
from meshrole.iam.actions import Action
from meshrole.iam.policy import Statement, conditions
from meshrole.inventory.mesh_model import ConditionBlock, Permission, RawStatement
from meshrole.inventory.scope import PLACEHOLDER, Scope
from meshrole.inventory.values import Grant

ENVOY_ACTION = "appmesh:streamaggregatedresources"
SHOWN_ACTIONS = 12


class Words(NamedTuple):
    """What the parts of a statement are called where they are written."""

    actions: str
    resources: str
    conditions: str


OURS = Words("actions", "resources", "conditions")
IAMS = Words("Action", "Resource", "Condition")


def resolve_grants(permissions: Sequence[Permission], scope: Scope) -> tuple[Grant, ...]:
    """The permissions at `scope` with placeholders filled in; everything wrong with them is reported."""
    return tuple(_grant(permission, scope.at(index)) for index, permission in enumerate(permissions))


def resolve_statements(statements: Sequence[RawStatement], scope: Scope, *, is_boundary: bool = False) -> tuple[Statement, ...]:
    """Statements in IAM's words, held to the same rules.

    A Deny may use wildcards, since it only takes away; so may a permissions boundary, which grants nothing.
    """
    seen: set[str] = set()
    resolved = []
    for index, raw in enumerate(statements):
        here = scope.at(index)
        if raw.Sid in seen:
            here.at("Sid").problem("two statements of one policy have the same Sid", found=raw.Sid)
            continue
        seen.add(raw.Sid)
        may_be_wide = is_boundary or raw.Effect == "Deny"
        grant = _checked(raw.Action, raw.Resource, raw.Condition, IAMS, here, may_be_wide)
        resolved.append(
            Statement(
                sid=raw.Sid,
                effect=raw.Effect,
                actions=grant.actions,
                resources=grant.resources,
                conditions=grant.conditions,
            )
        )
    return tuple(resolved)


def _grant(permission: Permission, scope: Scope) -> Grant:
    return _checked(permission.actions, permission.resources, permission.conditions, OURS, scope, False)


def _checked(
    names: Sequence[str], resources: Sequence[str], block: ConditionBlock, words: Words, scope: Scope, may_be_wide: bool
) -> Grant:
    known = _actions(names, scope.at(words.actions), may_be_wide)
    filled_in = scope.at(words.resources).fill_all(resources)
    are_arns = _check_resources(filled_in, scope.at(words.resources))
    if are_arns and not may_be_wide:
        _pairs(known, filled_in, words, scope)
    filled = _conditions(block, known, scope.at(words.conditions))
    if not may_be_wide:
        _check_absent_keys(filled, scope.at(words.conditions))
    spelled = tuple(names) if may_be_wide else tuple(action.name for action in known)
    return Grant(spelled, filled_in, conditions(filled) if filled else ())


def _actions(names: Sequence[str], scope: Scope, may_be_wide: bool) -> list[Action]:
    known = []
    for index, name in enumerate(names):
        here = scope.at(index)
        if "*" in name or "?" in name:
            known += _expanded(name, here, may_be_wide)
        elif name.lower() == ENVOY_ACTION and not may_be_wide:
            here.problem(
                "Envoy's own grant is written for each workload, on its own node only",
                found=name,
                hint="leave it out; it is always there",
            )
        elif (action := reference.find(name)) is None:
            close = reference.nearest(name)
            help_line = f"did you mean {' or '.join(close)}?" if close else "an action is service:Name"
            here.problem("AWS has no such action", found=name, hint=help_line)
        else:
            known.append(action)
    return known


def _expanded(name: str, scope: Scope, may_be_wide: bool) -> list[Action]:
    names = reference.expand(name) if name != "*" else ("*",)
    if not names:
        scope.problem("no action of AWS matches this wildcard", found=name)
    elif not may_be_wide:
        some = ", ".join(names[:SHOWN_ACTIONS]) + (
            f" and {len(names) - SHOWN_ACTIONS} more" if len(names) > SHOWN_ACTIONS else ""
        )
        scope.problem(
            "a permission names each action; a wildcard grows when AWS adds actions",
            found=name,
            hint=f"it means {some}",
        )
    return [action for action in map(reference.find, names) if action] if name != "*" else []


def _check_resources(resources: Sequence[str], scope: Scope) -> bool:
    """Whether each resource is `*` or an ARN; what is none is reported."""
    found = [text == "*" or check_arn(text, scope.at(index)) is not None for index, text in enumerate(resources)]
    return all(found)


def check_arn(text: str, scope: Scope, service: str | None = None, kind: str = "") -> arn.Arn | None:
    """The ARN in `text`, or None after reporting why it is none (or not one of `service` whose resource starts with `kind`)."""
    if PLACEHOLDER.search(text):
        return None  # an unknown placeholder, reported where it was filled in
    try:
        parsed = arn.parse(text)
    except ValueError as error:
        scope.problem(f"not an ARN: {error}", found=text)
        return None
    partition = scope.environment.partition
    if parsed.partition not in (partition, "*"):
        scope.problem(
            f'the ARN is of partition {parsed.partition}, environment "{scope.environment.name}" is in {partition}',
            found=text,
            hint="write {partition}",
        )
    if service and (parsed.service != service or not parsed.resource.startswith(kind)):
        scope.problem(f"this must be the ARN of {service} {kind.rstrip('/:')}", found=text)
        return None
    return parsed


def _pairs(known: Sequence[Action], resources: Sequence[str], words: Words, scope: Scope) -> None:
    """Every action needs a resource of this list that it acts on, and every resource an action."""
    typed = [action for action in known if action.resource_types]
    for action in known:
        if not action.resource_types and "*" not in resources:
            scope.at(words.resources).problem(
                f'{action.name} has no resource type: AWS grants it on "*" only',
                hint='put it in a permission of its own with resources: ["*"]',
            )
    if not typed:
        return
    unused = [index for index, resource in enumerate(resources) if not _is_named_and_used(resource, typed)]
    for index in unused:
        _report_unused(resources[index], typed, scope.at(words.resources, index))
    for action in typed:
        if not unused and not any(reference.acts_on(action, resource) for resource in resources):
            message = f"{action.name} does not act on any resource of this permission"
            scope.at(words.actions).problem(message, allowed=reference.arn_formats(action))


def _is_named_and_used(resource: str, typed: Sequence[Action]) -> bool:
    return resource != "*" and any(reference.acts_on(action, resource) for action in typed)


def _report_unused(resource: str, typed: Sequence[Action], scope: Scope) -> None:
    if resource == "*":
        message = f'"*" is every resource; {typed[0].name} acts on resources that have names'
        scope.problem(message, found="*", hint=f"name it: {reference.arn_formats(typed[0])[0]}")
    else:
        scope.problem("no action of this permission acts on this resource", found=resource, allowed=_formats(typed))


def _formats(known: Sequence[Action]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(arn_format for action in known for arn_format in reference.arn_formats(action)))[:6]


def _conditions(block: ConditionBlock, known: Sequence[Action], scope: Scope) -> dict[str, dict[str, tuple[str, ...]]]:
    filled = {
        operator: {key: scope.at(operator, key).fill_all(values) for key, values in keys.items()}
        for operator, keys in block.items()
    }
    for operator, keys in filled.items():
        here = scope.at(operator)
        for key, values in keys.items():
            for problem in condition.check(operator, key, values, known):
                here.at(*problem.path).problem(problem.message, problem.found, problem.allowed, problem.help)
    return filled


def _check_absent_keys(block: Mapping[str, Mapping[str, Sequence[str]]], scope: Scope) -> None:
    """ForAllValues holds for a request without the key as well, so an Allow with it alone allows what it seems to forbid.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    required = {key.lower() for key, values in block.get("Null", {}).items() if list(values) == ["false"]}
    for operator, keys in block.items():
        for key in keys if condition.is_for_all_values(operator) else ():
            if key.lower() not in required:
                scope.at(operator, key).problem(
                    "ForAllValues also allows a request that does not have this key",
                    found=operator,
                    hint=f'add Null: {{"{key}": "false"}}, so that the key must be there',
                )
