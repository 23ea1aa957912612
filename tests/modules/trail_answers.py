"""What the named queries must answer, worked out from CloudTrail's JSON alone: no SQL, no shared code with the module."""

from collections import Counter, defaultdict
from typing import Any

DENIALS = ("AccessDenied", "Unauthorized", "NotAuthorized", "AuthorizationError", "Forbidden")
LAYERS = ("identity-based policy", "resource-based policy", "service control policy", "resource control policy",
          "permissions boundary", "session policy", "VPC endpoint policy", "role trust policy")  # fmt: skip
CHANGES = {
    "trust": "UpdateAssumeRolePolicy",
    "permissions": "PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy",
    "boundary": "PutRolePermissionsBoundary DeleteRolePermissionsBoundary",
    "tags": "TagRole UntagRole",
    "role": "CreateRole DeleteRole UpdateRole UpdateRoleDescription",
    "instance profile": "AddRoleToInstanceProfile RemoveRoleFromInstanceProfile",
}
ASSUME = {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}

# Roles of the public log files; what is trusted is chosen so that some assumptions are expected and some are not.
USER = "arn:aws:iam::123837392027:user/bert-jan"
CORPUS_ROLES = [
    {"arn": f"arn:aws:iam::{account}:role/{name}", "name": name, "mesh": mesh, "environment": "lab", "identity": name[17:],
     "kind": "workload", "trusted": trusted, "nodes": []}
    for account, name, mesh, trusted in [
        ("123837392027", "stratus-red-team-ec2-get-password-data-role", "one", ["arn:aws:iam::123837392027:root"]),
        ("123837392027", "stratus-red-team-ec2-steal-credentials-role", "one", ["ec2.amazonaws.com"]),
        ("123837392027", "stratus-red-team-ec2-enumerate-role", "one", ["ecs-tasks.amazonaws.com"]),
        ("123837392027", "stratus-red-team-leave-org-role", "one", []),
        ("123837392027", "stratus-red-team-get-usr-data-role", "two", [USER]),
        ("123837392027", "stratus-red-team-remove-flow-logs-role", "two", ["vpc-flow-logs.amazonaws.com"]),
        ("123837392027", "stratus-red-team-backdoor-r-role", "two", ["ec2.amazonaws.com"]),
        ("457448411975", "stratus-red-team-ec2-get-password-data-role", "one", ["arn:aws:iam::123837392027:root"]),
        ("321848314756", "stratus-red-team-get-usr-data-role", "two", ["ec2.amazonaws.com"]),
        ("307578594326", "stratus-red-team-leave-org-role", "two", ["arn:aws:iam::307578594326:user/christophe"]),
        ("609418236337", "stratus-red-team-malicious-iam-role", "two", []),
    ]
]  # fmt: skip


def account_of(role: dict) -> str:
    """The account in a role's ARN."""
    return role["arn"].split(":")[4]


def caller(record: dict, roles: list[dict]) -> dict | None:
    """The row of the role that made the call, found through the session's issuer as CloudTrail names it."""
    issuer = record["userIdentity"].get("sessionContext", {}).get("sessionIssuer", {})
    return next((role for role in roles if issuer.get("type") == "Role" and role["arn"] == issuer["arn"]), None)


def activity(records: list[dict], roles: list[dict]) -> Counter[tuple]:
    """(mesh, role, event source, event name) to how many calls, and how many failed."""
    calls: Counter[tuple] = Counter()
    for record in records:
        if role := caller(record, roles):
            key = (role["mesh"], role["arn"], record["eventSource"], record["eventName"])
            calls[(*key, "calls")] += 1
            calls[(*key, "failed")] += "errorCode" in record
    return calls


def _between(text: str, before: str, after: str) -> str | None:
    _, found, rest = text.partition(before)
    return rest.split(after)[0].rstrip(".,") if found else None


def denied(records: list[dict], roles: list[dict]) -> list[tuple]:
    """Time, principal, action, resource, layer and decision of each denial of or on a mesh role."""
    rows = []
    for record in records:
        if not any(sign in record.get("errorCode", "") for sign in DENIALS):
            continue
        message = record["errorMessage"]
        resource = _between(message, "on resource: ", " ")
        if caller(record, roles) is None and resource not in {role["arn"] for role in roles}:
            continue
        layer = next((name for name in LAYERS if f"because no {name}" in message), None)
        action = _between(message, "not authorized to perform: ", " ")
        rows.append((record["eventTime"], record["userIdentity"]["arn"], action, resource, layer, layer and "no allow"))
    return rows


def changes(records: list[dict], roles: list[dict], administrators: set[str]) -> list[tuple]:
    """Time, role, what was changed, call and principal of each change by somebody else."""
    kinds = {event: kind for kind, events in CHANGES.items() for event in events.split()}
    named = {(account_of(role), role["name"]): role["arn"] for role in roles}
    return [
        (record["eventTime"], named[key], kinds[record["eventName"]], record["eventName"], record["userIdentity"]["arn"])
        for record in records
        if record["eventSource"] == "iam.amazonaws.com" and record["eventName"] in kinds
        if (key := (record["recipientAccountId"], (record["requestParameters"] or {}).get("roleName"))) in named
        if record["userIdentity"]["arn"] not in administrators
    ]


TAMPERING = {
    "cloudtrail.amazonaws.com": "StopLogging DeleteTrail UpdateTrail PutEventSelectors PutInsightSelectors PutEventConfiguration",
    "config.amazonaws.com": "StopConfigurationRecorder DeleteConfigurationRecorder PutConfigurationRecorder "
    "DisassociateResourceTypes DeleteDeliveryChannel PutDeliveryChannel DeleteConfigRule PutConfigRule DeleteEvaluationResults",
}


def tampering(records: list[dict]) -> list[tuple]:
    """Time, call, what it was about and principal of each change of a trail or a recorder; no bucket of these is the archive."""
    rows = []
    for record in records:
        if record["eventName"] in TAMPERING.get(record["eventSource"], "").split():
            parameters, who = record["requestParameters"] or {}, record["userIdentity"]
            issuer = who.get("sessionContext", {}).get("sessionIssuer", {}).get("arn")
            names = ("name", "trailName", "configurationRecorderName", "deliveryChannelName", "configRuleName")
            touched = next((parameters[name] for name in names if name in parameters), None)
            rows.append((record["eventTime"], record["eventName"], touched, issuer or who.get("arn")))
    return rows


def _assumed(record: dict) -> str | None:
    if record["eventName"] not in ASSUME or "errorCode" in record:
        return None
    return record["requestParameters"]["roleArn"]


def assumptions(records: list[dict], roles: list[dict]) -> Counter[tuple]:
    """(role, principal) to how many times; in these records only users and services assume roles."""
    by_arn = {role["arn"]: role for role in roles}
    found: Counter[tuple] = Counter()
    for record in records:
        who = record["userIdentity"]
        principal = who.get("arn") or who.get("invokedBy")
        root = principal and f"arn:aws:iam::{who.get('accountId')}:root"
        role = by_arn.get(_assumed(record) or "")
        if role and not {principal, root} & set(role["trusted"]):
            found[role["arn"], principal] += 1
    return found


def unused(records: list[dict], roles: list[dict]) -> dict[str, tuple[int, Any]]:
    """Each role without a call to how often it was assumed, and when last."""
    called = {role["arn"] for record in records if (role := caller(record, roles))}
    times: dict[str, list[str]] = defaultdict(list)
    for record in records:
        if arn := _assumed(record):
            times[arn].append(record["eventTime"])
    return {
        role["arn"]: (len(times[role["arn"]]), max(times[role["arn"]], default=None))
        for role in roles
        if role["arn"] not in called
    }
