"""Who may assume a role, in the words of those who set it up: repositories and branches, services, accounts, pods."""

import re

from meshrole.review import difference_conditions
from meshrole.review.difference_cells import ACCOUNT, Cell, Except
from meshrole.review.difference_conditions import Test
from meshrole.review.documents import EVERYBODY, Principal

OIDC = re.compile(r"arn:[^:]+:iam::[0-9]*:oidc-provider/(.+)")
SAML = re.compile(r"arn:[^:]+:iam::[0-9]*:saml-provider/(.+)")
NAMED = re.compile(r"arn:[^:]+:(?:iam|sts)::([0-9]{12}):(role|user|assumed-role|federated-user)/(.+)")
# https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
GITHUB, GITHUB_URL = re.compile(r"repo:([^:]+):?(.*)"), "token.actions.githubusercontent.com"
GITHUB_PARTS = (
    (re.compile(r"ref:refs/heads/(.+)"), "branch"),
    (re.compile(r"ref:refs/tags/(.+)"), "tag"),
    (re.compile(r"environment:(.+)"), "environment"),
)
# https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload
GITLAB = re.compile(r"project_path:([^:]+):?(.*)")
GITLAB_REF = re.compile(r"ref_type:([^:]+):ref:(.+)")
# https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:([^:]+):([^:]+)")
POD_IDENTITY = "pods.eks.amazonaws.com"
# A user pool or an audience names the client, which the subject does as well.
TOLD = (":sub", ":aud")


def trusted(cell: Cell) -> str:
    """Who the principal of a cell is, and under what conditions."""
    provider = None if isinstance(cell.principal, Except) else OIDC.fullmatch(cell.principal[1])
    return _federated(provider[1], cell) if provider else principal(cell.principal) + _where(cell, ())


def principal(who: Principal | Except) -> str:
    """A principal without its conditions."""
    if isinstance(who, Except):
        return f"everybody but {', '.join(who.names)}"
    kind, name = who
    if (kind, name) == EVERYBODY:
        return "anybody in any AWS account"
    if kind == "Service":
        return "pods through EKS Pod Identity" if name == POD_IDENTITY else f"the service {name}"
    saml = SAML.fullmatch(name)
    if saml:
        return f"everybody who signs in through the SAML provider {saml[1]}"
    if ACCOUNT.fullmatch(name):
        return f"account {name}"
    found = NAMED.fullmatch(name)
    return f"{found[2]} {found[3]} of account {found[1]}" if found else f"{kind} {name}".strip()


def _federated(provider: str, cell: Cell) -> str:
    subjects = [test for test in cell.conditions if test.key.lower() == f"{provider.lower()}:sub" and _is_plain(test)]
    if not subjects:
        return f"{_anybody(provider)}{_where(cell, (':aud',))}"
    words = " or ".join(_subject(provider, value) for value in subjects[0].values)
    return f"{words}{_where(cell, TOLD)}"


def _is_plain(test: Test) -> bool:
    operator = difference_conditions.parts(test.operator)
    return operator.kind == "String" and not operator.is_negated and not operator.if_exists


def _anybody(provider: str) -> str:
    return "any repository on GitHub" if provider.startswith(GITHUB_URL) else f"any identity of {provider}"


def _subject(provider: str, value: str) -> str:
    for shape, say in ((GITHUB, _github), (GITLAB, _gitlab), (SERVICE_ACCOUNT, _service_account)):
        found = shape.fullmatch(value)
        if found:
            return say(found, provider)
    return _anybody(provider) if value == "*" else f"{value} of {provider}"


def _github(found: re.Match[str], _: str) -> str:
    repository, rest = found[1], found[2]
    who = f"any repo of {repository[:-2]}" if repository.endswith("/*") else f"repo {repository}"
    if rest == "pull_request":
        return f"{who} in pull requests"
    for shape, kind in GITHUB_PARTS:
        part = shape.fullmatch(rest)
        if part:
            return f"{who} {_on(kind, part[1])}"
    if rest == "*" or not rest:
        return f"{who} on any branch, tag, pull request or environment"
    return f"{who} where the subject is {rest}"


def _gitlab(found: re.Match[str], _: str) -> str:
    project, rest = found[1], found[2]
    who = f"any project of {project[:-2]}" if project.endswith("/*") else f"project {project}"
    part = GITLAB_REF.fullmatch(rest)
    if part and not {"*"} & {part[1]}:
        return f"{who} {_on(part[1], part[2])}"
    return f"{who} on any branch or tag" if rest in ("", "*") or part else f"{who} where the subject is {rest}"


def _service_account(found: re.Match[str], provider: str) -> str:
    namespace = "any namespace" if found[1] == "*" else f"namespace {found[1]}"
    account = "any service account" if found[2] == "*" else f"service account {found[2]}"
    return f"{account} in {namespace} of {provider}"


def _on(kind: str, name: str) -> str:
    word = "in" if kind == "environment" else "on"
    return f"{word} any {kind}" if name in ("*", "**") else f"{word} {kind} {name}"


def _where(cell: Cell, told: tuple[str, ...]) -> str:
    rest = frozenset(test for test in cell.conditions if not test.key.lower().endswith(told or ("\0",)))
    return f" where {difference_conditions.text(rest)}" if rest else ""
