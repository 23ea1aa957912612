"""The key of the inventory that a part of a trust policy comes from."""

from collections.abc import Mapping
from typing import Any

from meshrole.access.lines import existing, shared
from meshrole.access.matching import Check
from meshrole.access.roles import Found
from meshrole.inventory.values import Federated, Path

# Session tags that EKS sends: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
POD_TAGS = {
    "aws:requesttag/eks-cluster-arn": "cluster",
    "aws:requesttag/kubernetes-namespace": "namespace",
    "aws:requesttag/kubernetes-service-account": "service_account",
}
CLAIMS = {
    ":repository_id": "repository_id",
    ":repository_owner_id": "owner_id",
    ":job_workflow_ref": "workflow",
    ":project_id": "project_id",
    ":ref_protected": "protected",
}
# Where a pipeline runs, in the order in which a subject is compared.
PLACES = ("environment", "branch", "tag", "pull_request")
SERVICE_ACCOUNT = "system:serviceaccount:"


def path_of(check: Check, found: Found, written: Mapping[str, Any]) -> Path:
    """Where the inventory says what a part of the role's trust policy compares."""
    key = check.key.lower()
    if isinstance(found.origin, Federated):
        return _of_federated(check, key, found, found.origin)
    environment = ("environments", found.root.environment.name)
    if key == "aws:sourceaccount":
        return (*environment, "account")
    if key == "aws:sourcearn":
        return (*environment, "region")
    own = (*found.role.source, "runs_on")
    runs_on = own if existing(own, written) == own else (*shared(found), "runs_on")
    if key in POD_TAGS:
        return (*runs_on, POD_TAGS[key])
    if key.endswith(":sub"):
        return (*runs_on, _differing(check))
    return (
        (*runs_on, "cluster") if key == "principal" and ":oidc-provider/" in "".join(check.expected) else (*runs_on, "platform")
    )


def _differing(check: Check) -> str:
    """The part of a service account's subject that differs."""
    expected, actual = ((values or ("",))[0].removeprefix(SERVICE_ACCOUNT).split(":") for values in (check.expected, check.found))
    return "namespace" if expected[:1] != actual[:1] and check.found else "service_account"


def _of_federated(check: Check, key: str, found: Found, origin: Federated) -> Path:
    path, provider = found.role.source, origin.provider.path
    if key == "aws:principalarn":
        return (*path, "permission_set")
    if key.startswith("aws:requesttag/"):
        return (*path, "session_tags", check.key.partition("/")[2])
    if key.endswith(":aud"):
        return (*provider, "audience")
    if key == "sts:roleauthorizedbyidp":
        return (*path, "roles_claim")
    for ending, name in CLAIMS.items():
        if key.endswith(ending):
            return (*path, name)
    if key.endswith(":sub"):
        return (*path, _of_subject(check, origin))
    if key == "action":
        return (*provider, "session_tags" if "TagSession" in "".join(check.found or ()) else "source_identity")
    return (*path, "through")


def _of_subject(check: Check, origin: Federated) -> str:
    """`subjects` of people; of a pipeline its repository or project, or the place in it, whichever differs."""
    if not origin.is_pipeline:
        return "subjects"
    expected, actual = check.expected[0].split(":"), (check.found or ("",))[0].split(":")
    name = "project" if origin.provider.type == "gitlab" else "repository"
    if not check.found or expected[:2] != actual[:2]:
        return name
    return (
        PLACES[0]
        if "environment" in expected
        else PLACES[2]
        if "/tags/" in check.expected[0]
        else "pull_request"
        if "pull_request" in expected
        else PLACES[1]
    )
