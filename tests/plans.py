"""Reading plans: the roles of `terraform show -json`, with their trust policies and every grant."""

import json
from collections.abc import Iterator
from typing import Any

from expected import Grants, Roles, Trust, text


def resources(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every planned resource, in whatever module."""

    def walk(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield from module.get("resources", ())
        for child in module.get("child_modules", ()):
            yield from walk(child)

    return walk(plan["planned_values"]["root_module"])


def identities(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The resources of generated modules; those of the hand-written ones, which record, have roles of their own."""
    written = {f"module.{name}." for name in ("log_archive", "config_archive", "config_recorder", "audit_trail", "audit_queries")}
    return (item for item in resources(plan) if not item["address"].startswith(tuple(written)))


def roles(plan: dict[str, Any]) -> Roles:
    """The trust and the grants of each role of a plan, from its inline and its attached policies."""
    found: dict[str, tuple[Trust, Grants]] = {}
    for item in identities(plan):
        if item["type"] == "aws_iam_role":
            found[item["values"]["name"]] = (_trust(item["values"]["assume_role_policy"]), set())
    for item in identities(plan):
        if item["type"] == "aws_iam_role_policy":
            found[item["values"]["role"]][1].update(grants(item["values"]["policy"]))
    documents = {item["address"]: item["values"]["policy"] for item in identities(plan) if item["type"] == "aws_iam_policy"}
    for item in identities(plan):
        if item["type"] == "aws_iam_role_policy_attachment":
            # The policy's ARN is known after the apply; what is attached has the attachment's own label.
            policy = item["address"].replace("aws_iam_role_policy_attachment", "aws_iam_policy")
            found[item["values"]["role"]][1].update(grants(documents[policy]))
    return found


def _trust(document: str) -> Trust:
    (statement,) = json.loads(document)["Statement"]
    ((_, (principal,)),) = statement["Principal"].items()
    return principal, frozenset(statement["Action"]), text(statement.get("Condition", {}))


def grants(document: str) -> Grants:
    """(effect, action, resource, conditions) of every statement."""
    return {
        (statement["Effect"], action, resource, text(statement.get("Condition", {})))
        for statement in json.loads(document)["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    }
