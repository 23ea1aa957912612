"""The files of a root beside its identities: calls of modules, the organization's policies, a README with the order."""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from meshrole.blueprint.audit.values import Queries
from meshrole.blueprint.guardrails.policies import OrganizationPolicy
from meshrole.blueprint.model import Blueprint, Root, text
from meshrole.blueprint.paths import organization_policy_path
from meshrole.render import readme
from meshrole.render.blocks import Block
from meshrole.render.calls import AUDIT_FILES, CALLED_BY, ROLES_FILE, Call, calls
from meshrole.render.hcl import Expression

LOCAL = ("./", "../", "/")
Files = Iterator[tuple[str, str, Mapping[str, Any]]]


def used_modules(blueprint: Blueprint) -> frozenset[str]:
    """The hand-written modules that a blueprint's roots call, and those that these call themselves."""
    called = {call.module for root in blueprint.roots for call in calls(root)}
    return frozenset(called | {name for module in called for name in CALLED_BY.get(module, ())})


def lost_audit(before: Iterable[str], after: Container[str], environments: Container[str], *, prune: bool) -> list[str]:
    """The files of `before` that record and are not in `after`; those of roots that left count when they are pruned."""
    return sorted(
        path
        for path in before
        if path.rpartition("/")[2] in AUDIT_FILES
        and path.count("/") == 1
        and path not in after
        and (prune or path.partition("/")[0] in environments)
    )


def audit_templates(root: Root, source: str | None) -> Files:
    """(path, template, values) of every templated file. `source` is where the modules are; None: beside the roots."""
    grouped: dict[str, list[Call]] = {}
    for call in calls(root):
        grouped.setdefault(call.module, []).append(call._replace(arguments=_arguments(call, source)))
    for module, members in grouped.items():
        yield f"{module}.tf", "calls.tf", {"calls": members}
    if root.policies:
        yield "policies.tf", "policies.tf", {"blocks": list(_policy_blocks(root.policies))}


def audit_documents(root: Root) -> Iterator[tuple[str, str]]:
    """(path, text) of the files that stand as they are."""
    if root.audit.queries:
        yield ROLES_FILE, role_lines(root.audit.queries)
    for policy in root.policies:
        yield organization_policy_path(policy), text(policy.document)


def role_lines(queries: Queries) -> str:
    """The roles as JSON Lines, one object a line, for Athena to read."""
    lines = [json.dumps(asdict(role), ensure_ascii=False) for role in queries.roles]
    return "".join(f"{line}\n" for line in lines)


def readme_values(root: Root, blueprint: Blueprint) -> Mapping[str, Any] | None:
    """What the README of a root says; None where a root neither records nor waits for another."""
    if root.audit.is_empty and not root.policies and not root.needs:
        return None
    return readme.values(root, blueprint.roots, [f"{module}.tf" for module in dict.fromkeys(item.module for item in calls(root))])


def output_name(call: Call, name: str) -> str:
    """The name of a root's output: one of the audit cannot be taken for one of a mesh."""
    return f"{call.label}_{name}" if call.label in ("config_archive", "audit_alarms_global") else f"audit_{name}"


def call_arguments(call: Call) -> Mapping[str, object]:
    """The body of a `module` block."""
    return call.arguments


def _arguments(call: Call, source: str | None) -> dict[str, object]:
    provider = {"providers": {Expression("aws"): Expression(f"aws.{call.provider}")}} if call.provider else {}
    return {"source": _source(call.module, source), **provider, **call.arguments}


def _source(module: str, source: str | None) -> str:
    """https://developer.hashicorp.com/terraform/language/modules/sources#modules-in-package-sub-directories"""
    if source is None:
        return f"../modules/{module}"
    place, mark, query = source.partition("?")
    place = place.rstrip("/")
    inside = "" if place.startswith(LOCAL) or "//" in place.partition("://")[2] else "//modules"
    return f"{place}{inside}/{module}{mark}{query}"


def _policy_blocks(policies: tuple[OrganizationPolicy, ...]) -> Iterator[Block]:
    for policy in policies:
        attributes: dict[str, object] = {
            "name": policy.name if policy.type.startswith("SERVICE") else f"{policy.name}-resources",
            "type": policy.type,
            "description": policy.description,
            # Organizations counts every character of an SCP that Terraform sends: white space must go.
            "content": Expression(f'jsonencode(jsondecode(file("${{path.module}}/{organization_policy_path(policy)}")))'),
        }
        yield Block("aws_organizations_policy", policy.label, attributes)
        for target in policy.targets:
            attachment = {"policy_id": Expression(f"aws_organizations_policy.{policy.label}.id"), "target_id": target}
            yield Block("aws_organizations_policy_attachment", f"{policy.label}_{target}", attachment)
