"""A role for web identities whose subject takes in too many.

What: a `sub` with a wildcard where it says who: the organization, the repository, the project, the namespace, the service
account or any branch. Both of GitHub's formats are read, with and without ids.
Why: whoever can make a repository, a branch or a pull request of that shape can assume the role:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub
Bad: "StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}
Good: "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:acme/shop:environment:prod"}
"""

from collections.abc import Iterator

from meshrole.iam.wildcard import has_wildcard
from meshrole.review.checks.common.made import found
from meshrole.review.checks.common.oidc import NAMING, Asked, asked
from meshrole.review.facts import Facts
from meshrole.review.model import Confidence, Finding, Severity

FIX = "name the repository and the branch or environment (or the namespace and service account) with StringEquals"
Verdict = tuple[Severity, str]


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each subject that is too wide."""
    for each in asked(facts.after):
        for is_pattern, subject in each.subjects:
            verdict = _verdict(subject, is_pattern)
            if verdict:
                severity, what = _held(each, verdict)
                message = f"{what} may assume the role: the subject is {subject}"
                yield found(__name__, severity, each.role.address, message, FIX, Confidence.high)


def _held(each: Asked, verdict: Verdict) -> Verdict:
    """A claim that names the repository holds a loose subject, too."""
    severity, what = verdict
    return (min(severity, Severity.low), what) if each.claims.intersection(NAMING) else verdict


def _verdict(subject: str, is_pattern: bool) -> Verdict | None:
    """Why it is too wide; None where it is not. With StringEquals a `*` is a letter like any other."""
    if subject.startswith("repo:") and subject.endswith(":pull_request"):
        return _github(subject) if is_pattern else (Severity.low, "any pull request")
    if not is_pattern or not has_wildcard(subject):
        return None
    kind, _, rest = subject.partition(":")
    readers = {"repo": _github, "project_path": _gitlab, "system": _kubernetes, "organization": _terraform_cloud}
    if has_wildcard(kind):
        return Severity.critical, "anybody with a token of the issuer"
    return readers[kind](subject) if kind in readers else _other(rest)


def _github(subject: str) -> Verdict | None:
    """`repo:OWNER/NAME:CONTEXT`, or `repo:OWNER@ID/NAME@ID:CONTEXT`.

    https://docs.github.com/en/actions/reference/security/oidc
    """
    _, _, rest = subject.partition(":")
    repository, colon, context = rest.partition(":")
    owner, slash, name = repository.partition("/")
    if has_wildcard(owner.partition("@")[0]) or not slash:
        return Severity.critical, "any organization of GitHub"
    if has_wildcard(name.partition("@")[0]) or (has_wildcard(name) and not colon) or not colon:
        return Severity.high, "any repository whose name fits"
    if context in ("*", "ref:*") or context.startswith("*"):
        return Severity.medium, "any branch, tag and pull request"
    return (Severity.medium, "any branch") if context in ("ref:refs/*", "ref:refs/heads/*", "environment:*") else None


def _gitlab(subject: str) -> Verdict | None:
    """`project_path:GROUP/PROJECT:ref_type:TYPE:ref:NAME` (https://docs.gitlab.com/ci/secrets/id_token_authentication/)."""
    path, colon, context = subject.partition(":")[2].partition(":")
    if has_wildcard(path.partition("/")[0]):
        return Severity.critical, "any group of GitLab"
    if has_wildcard(path) or not colon:
        return Severity.high, "any project whose path fits"
    return (Severity.medium, "any branch and tag") if context.startswith("*") or context.endswith(":ref:*") else None


def _kubernetes(subject: str) -> Verdict | None:
    """`system:serviceaccount:NAMESPACE:NAME` (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html)."""
    parts = subject.split(":")
    if len(parts) < 4 or has_wildcard(parts[2]):
        return Severity.high, "any pod of the cluster"
    return (Severity.medium, "any pod of the namespace") if parts[3] == "*" else (Severity.low, "any service account that fits")


def _terraform_cloud(subject: str) -> Verdict | None:
    """`organization:O:project:P:workspace:W:run_phase:R`; any phase of one workspace is what a role for both is for.

    https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
    """
    parts = subject.split(":")
    named = dict(zip(parts[::2], parts[1::2], strict=False))
    if has_wildcard(named.get("organization", "*")):
        return Severity.critical, "any organization"
    return (Severity.high, "any workspace that fits") if has_wildcard(named.get("workspace", "*")) else None


def _other(rest: str) -> Verdict | None:
    if rest.startswith(("*", "?")) or not rest:
        return Severity.high, "anybody with a token of the issuer"
    return Severity.low, "whoever fits the pattern"
