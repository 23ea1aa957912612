"""What the README of a root says: which root is applied when, what a person does by hand, what each file makes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from meshrole.blueprint.model import Root

MADE_BY = {
    "log-archive.tf": "the bucket and the key of the records; who may deliver, read and delete them.",
    "audit-trail.tf": "the CloudTrail trail.",
    "config-recorder.tf": "AWS Config's recorder, the rules that find what was changed, and who sees them all.",
    "audit-queries.tf": "Athena's tables over the records, and named queries: who did what, who was denied, who changed a role.",
    "audit-alarms.tf": "messages when a role, the trail, the recorder or the records are changed, or a role is denied something.",
    "access-analyzer.tf": "IAM Access Analyzer: what outsiders can reach, what nobody uses.",
    "lattice-access-logs.tf": "the requests between services, logged by VPC Lattice: neither CloudTrail nor AWS Config has them.",
    "audit-delegation.tf": "what the management account hands over to the audit account.",
}
# https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-ct.html
TRUSTED = {
    "cloudtrail": ("cloudtrail.amazonaws.com",),
    "config": ("config.amazonaws.com", "config-multiaccountsetup.amazonaws.com"),
    "access_analyzer": ("access-analyzer.amazonaws.com",),
}


class Step(NamedTuple):
    """A root in the order of application."""

    name: str
    what: str


def values(root: Root, roots: Sequence[Root], files: Sequence[str]) -> Mapping[str, Any]:
    """The values of the README's template."""
    return {
        "root": root,
        "order": [Step(item.environment.name, _what(item)) for item in in_order(roots)],
        "before": list(_before(root)),
        "after": list(_after(root, roots)),
        "parts": [*_parts(root), *((file, MADE_BY[file]) for file in files)],
    }


def in_order(roots: Sequence[Root]) -> Iterator[Root]:
    """The roots in an order in which each comes after those that it needs; a root that only guards comes last."""
    waiting, done = sorted(roots, key=lambda root: bool(root.policies) and root.audit.is_empty), set[str]()
    while waiting:
        ready = next(root for root in waiting if done.issuperset(root.needs))
        waiting.remove(ready)
        done.add(ready.environment.name)
        yield ready


def _what(root: Root) -> str:
    kinds = []
    if root.modules:
        kinds.append("the identities of " + ", ".join(module.name for module in root.modules))
    if root.audit.archive:
        kinds.append("the records")
    elif root.audit.recorder or root.audit.trail or root.audit.alarms:
        kinds.append("what records them")
    if root.audit.delegation:
        kinds.append("the delegation to the audit account")
    if root.policies:
        kinds.append("policies of the organization")
    return " and ".join(kinds) + "."


def _before(root: Root) -> Iterator[str]:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services.html"""
    delegation = root.audit.delegation
    if delegation:
        for service in (service for part, services in TRUSTED.items() if getattr(delegation, part) for service in services):
            yield f"`aws organizations enable-aws-service-access --service-principal {service}`"
    for policy in root.policies:
        yield f"`aws organizations enable-policy-type --root-id r-… --policy-type {policy.type}`"


def _after(root: Root, roots: Sequence[Root]) -> Iterator[str]:
    others = [item for item in roots if item is not root and item.audit.trail and item.audit.trail.key]
    if root.audit.archive and any(":alias/" in (item.audit.trail.key or "") for item in others if item.audit.trail):
        yield (
            "Give the output `audit_key_arn` to the inventory as `audit.key`, and generate again. Until then the other roots "
            "name the key by its alias, and CloudTrail's answer, the key's ARN, is a change in each of their plans."
        )
    if any(alarms.emails and not alarms.topic for alarms in root.audit.alarms):
        yield "Each address confirms the message that SNS sends it; before that it hears nothing."


def _parts(root: Root) -> Iterator[tuple[str, str]]:
    for module in root.modules:
        yield f"{module.name}/", f"roles, policies and trust policies of {module.name}."
    for policy in root.policies:
        yield f"{policy.label.replace('_', '-')}-policy.json", policy.description[0].lower() + policy.description[1:]
    if root.policies:
        yield "policies.tf", "the policies and what they are attached to."
