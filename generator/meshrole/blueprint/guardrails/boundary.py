"""The permissions boundary of workloads: what none of them may ever do, whatever its own policy says.

A boundary grants nothing. Its Allow lets through what the workloads' policies ask for, service by service; its Deny statements
hold against those policies, against later ones, and against policies that someone attaches by hand.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from collections.abc import Iterable, Iterator

from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.guardrails.protected import Protected
from meshrole.blueprint.model import Role
from meshrole.iam.policy import Document, Statement, conditions, in_service
from meshrole.inventory.values import Mesh

# Services in which a wildcard would let an identity change identities: only the actions that are asked for are let through.
NARROW = ("iam", "sts", "organizations", "account")
# Everything that changes a trail, an event data store or what they record:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
TRAIL_CHANGES = in_service(
    "cloudtrail",
    "Add* Cancel* Create* Delete* Deregister* Disable* Enable* GenerateQuery Put* Register* Remove* Restore* Start* "
    "Stop* Update*",
)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html
RECORDER_CHANGES = in_service("config", "Associate* Delete* Disassociate* Put* Start* Stop* TagResource UntagResource")


def allowed(roles: Iterable[Role]) -> Statement:
    """Every service of the roles' own policies, on everything: which part of it is the policies' business."""
    actions: set[str] = set()
    for role in roles:
        for document in (role.policy, *(part.document for part in role.parts)):
            for statement in document:
                if statement.effect == "Allow":
                    actions |= {_through(action) for action in statement.actions}
    return Statement(sid="ServicesOfTheWorkloads", actions=tuple(sorted(actions)), resources=("*",))


def forbidden(mesh: Mesh, protected: Protected) -> Document:
    """What no workload of `mesh` may do."""
    return tuple(_forbidden(mesh, protected))


def _through(action: str) -> str:
    service = action.partition(":")[0]
    return action if service in NARROW else f"{service}:*"


def _forbidden(mesh: Mesh, protected: Protected) -> Iterator[Statement]:
    # Whoever changes identities can become any of them:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-permissions-boundaries
    yield _deny("NoIdentityChanges", ("account:*", "iam:*", "organizations:*"))
    # Nobody stops or redirects the record of what he does:
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
    yield _deny("NoTrailChanges", TRAIL_CHANGES)
    # https://docs.aws.amazon.com/config/latest/developerguide/security-best-practices.html
    yield _deny("NoRecorderChanges", RECORDER_CHANGES)
    yield from _records(protected)
    for side in mesh.sides:
        yield from ENGINES[side.engine].foreign(side)
    # A workload is one identity; taking another's would undo that:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining)
    if protected.roles:
        yield _deny("NoOtherIdentity", ("sts:AssumeRole",), protected.roles)


def _records(protected: Protected) -> Iterator[Statement]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html"""
    if protected.buckets:
        yield _deny("NoRecords", ("s3:*",), (*protected.buckets, *(f"{bucket}/*" for bucket in protected.buckets)))
    if protected.key_aliases:
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
        aliases = conditions({"ForAnyValue:StringEquals": {"kms:ResourceAliases": list(protected.key_aliases)}})
        yield Statement(sid="NoKeyOfRecords", effect="Deny", actions=("kms:*",), resources=("*",), conditions=aliases)


def _deny(sid: str, actions: tuple[str, ...], resources: tuple[str, ...] = ("*",)) -> Statement:
    return Statement(sid=sid, effect="Deny", actions=actions, resources=resources)
