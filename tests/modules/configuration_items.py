"""Configuration items of roles, as AWS Config hands them to a Guard rule, in every spelling that a policy may come in."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

# What examples/complete of config-recorder asks of a mesh role.
ROLES = "^acme-shop-.*-prod(-execution)?$"
BOUNDARY = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"

Document = dict[str, Any]


@dataclass(frozen=True)
class Role:
    """A role as AWS Config sees it, before its documents are encoded."""

    trust: Document | str
    policies: tuple[Document | str, ...] = ()
    tags: Any = field(default_factory=lambda: {"meshrole:mesh": "shop", "meshrole:workload": "checkout"})
    boundary: Any = field(default_factory=lambda: {"permissionsBoundaryType": "Policy", "permissionsBoundaryArn": BOUNDARY})
    attached: tuple[str, ...] = ()
    more: Document = field(default_factory=dict)
    name: str = "acme-shop-checkout-prod"


def reordered(value: Any) -> Any:
    """Every object's keys the other way round."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(each) for each in value] if isinstance(value, list) else value


def unwrapped(value: Any) -> Any:
    """Single strings instead of lists of one."""
    if isinstance(value, dict):
        return {key: unwrapped(each) for key, each in value.items()}
    if isinstance(value, list):
        return value[0] if len(value) == 1 and isinstance(value[0], str) else [unwrapped(each) for each in value]
    return value


def encoded(text: str) -> str:
    """As IAM encodes documents, by RFC 3986: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html"""
    return quote(text, safe="-_.~")


# The ways that one document may reach AWS Config.
SPELLINGS: dict[str, Callable[[Document], str]] = {
    "as generated": lambda document: encoded(json.dumps(document, indent=2) + "\n"),
    "compact": lambda document: encoded(json.dumps(document, separators=(",", ":"))),
    "on one line": lambda document: encoded(json.dumps(document)),
    "with tabs and line feeds": lambda document: encoded(json.dumps(document, indent="\t").replace("\n", "\r\n")),
    "with plus signs": lambda document: quote_plus(json.dumps(document, indent=4)),
    "with plain asterisks": lambda document: quote(json.dumps(document), safe="-_.~*"),
    "with its keys reordered": lambda document: encoded(json.dumps(reordered(document), indent=2)),
    "with single strings": lambda document: encoded(json.dumps(unwrapped(document))),
    "reordered and compact": lambda document: encoded(json.dumps(unwrapped(reordered(document)), separators=(",", ":"))),
}


def item(role: Role, spell: Callable[[Document], str] = SPELLINGS["as generated"]) -> Document:
    """A configuration item: https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html

    The keys of a role's are in https://github.com/awslabs/aws-config-resource-schema (AWS::IAM::Role).
    """
    documents = [encoded(each) if isinstance(each, str) else spell(each) for each in (role.trust, *role.policies)]
    configuration = {
        "path": "/mesh/",
        "roleName": role.name,
        "roleId": "AROAEXAMPLEEXAMPLE123",
        "arn": f"arn:aws:iam::111122223333:role/mesh/{role.name}",
        "assumeRolePolicyDocument": documents[0],
        "instanceProfileList": [],
        "rolePolicyList": [{"policyName": f"p{at}", "policyDocument": text} for at, text in enumerate(documents[1:])],
        "attachedManagedPolicies": [{"policyName": arn.split("/")[-1], "policyArn": arn} for arn in role.attached],
        "permissionsBoundary": role.boundary,
        **role.more,
    }
    return {
        "version": "1.3",
        "configurationItemStatus": "OK",
        "resourceType": "AWS::IAM::Role",
        "resourceName": role.name,
        "tags": role.tags,
        "relationships": [],
        "configuration": configuration,
        "supplementaryConfiguration": {},
    }


def policy_item(document: Document | str, spell: Callable[[Document], str], name: str, attached: int = 1) -> Document:
    """A configuration item of a customer managed policy, whose older version granted everything."""
    text = encoded(document) if isinstance(document, str) else spell(document)
    older = encoded(json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    return {
        "version": "1.3",
        "configurationItemStatus": "OK",
        "resourceType": "AWS::IAM::Policy",
        "resourceName": name,
        "tags": {},
        "relationships": [],
        "configuration": {
            "policyName": name,
            "attachmentCount": attached,
            "policyVersionList": [
                {"document": text, "versionId": "v2", "isDefaultVersion": True},
                {"document": older, "versionId": "v1", "isDefaultVersion": False},
            ],
        },
        "supplementaryConfiguration": {},
    }
