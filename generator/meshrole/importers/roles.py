"""Roles by whatever a source calls them, and what can be said of one at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meshrole.iam.wildcard import matches
from meshrole.importers.allowed import MESH_POLICIES, policy_name, statements_of, texts
from meshrole.importers.running import Role
from meshrole.importers.values import Value

STREAM = "appmesh:streamaggregatedresources"
ISSUER = re.compile(r":oidc-provider/(.+)$")


class Roles:
    """The roles that were found: by key, by name, and by ARN."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self.all = tuple(roles)
        self.known: dict[str, Role] = {}
        for names in (_keys, _names, _arns):
            for role in roles:
                for name in names(role):
                    self.known.setdefault(name, role)

    def find(self, value: Value | None) -> Role | None:
        """The role that a text means: its key, its name, or its ARN."""
        if value is None:
            return None
        text = value.text
        return self.known.get(text) or self.known.get(text.rsplit("/", 1)[-1])


def _keys(role: Role) -> Iterator[str]:
    yield role.key


def _names(role: Role) -> Iterator[str]:
    if role.name:
        yield role.name.text


def _arns(role: Role) -> Iterator[str]:
    if role.arn:
        yield role.arn.text


def streams(role: Role) -> Iterator[str]:
    """The resources on which a role may stream a node's configuration: what makes it an Envoy's."""
    for policy in role.policies:
        if policy.document is None and policy_name(policy) in MESH_POLICIES:
            yield "*"
    for statement in statements_of(role):
        if statement.get("Effect") == "Allow" and _is_named(statement, STREAM):
            yield from texts(statement.get("Resource"))


def _is_named(statement: Mapping[str, Any], action: str) -> bool:
    return any(matches(name.lower(), action) for name in texts(statement.get("Action")))


def mesh_actions(role: Role) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every action of App Mesh that a role has, with its resources."""
    for policy in role.policies:
        if policy.document is None and policy_name(policy).startswith("AWSAppMesh"):
            yield policy_name(policy), ("*",)
    for statement in statements_of(role):
        named = [name for name in texts(statement.get("Action")) if name == "*" or name.lower().startswith("appmesh")]
        if statement.get("Effect") == "Allow" and named:
            yield ", ".join(named), texts(statement.get("Resource"))


def issuer(role: Role | None) -> str | None:
    """The OIDC issuer that a role trusts, without https://: the cluster's, where a service account assumes it.

    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    written = ((role.trust if role else None) or {}).get("Statement", ())
    for statement in written if isinstance(written, list | tuple) else (written,):
        principal = statement.get("Principal") if isinstance(statement, Mapping) else None
        for text in texts(principal.get("Federated")) if isinstance(principal, Mapping) else ():
            if match := ISSUER.search(text):
                return match.group(1)
    return None


def label(role: Role) -> str:
    """What a person calls a role: its name, or else its key in the source."""
    return role.name.text if role.name and role.name.is_known else role.key
