"""What a trust policy asks of a token: which subjects of which issuer may assume a role."""

from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.review.checks.common.conditions import ANYTHING, holding
from meshrole.review.checks.common.principals import allows, issuers
from meshrole.review.documents import Statement
from meshrole.review.facts import Role, Side

GITHUB = ("token.actions.githubusercontent.com", "token.actions.")
# Google, Amazon and Cognito name who it is for in other claims.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
OTHER_CLAIMS = {
    "cognito-identity.amazonaws.com": ("aud",),
    "accounts.google.com": ("sub", "oaud", "aud"),
    "www.amazon.com": ("app_id", "user_id"),
    "graph.facebook.com": ("app_id", "id"),
}
# Claims that name a repository or project by themselves.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
# What the issuer itself says of the role: it names those that a token may assume.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts
AUTHORIZED = "sts:roleauthorizedbyidp"
NAMING = ("repository", "repository_id", "job_workflow_ref", "project_id")


@dataclass(frozen=True, slots=True)
class Asked:
    """One issuer in one statement of a role's trust.

    `subjects` are (is a pattern, subject), `claims` whatever else the token must have; `is_authorized` is whether it must list
    the role.
    """

    role: Role
    issuer: str
    subjects: tuple[tuple[bool, str], ...]
    claims: frozenset[str]
    is_authorized: bool = False

    @property
    def needed(self) -> tuple[str, ...]:
        """The claims, one of which says who it is."""
        return OTHER_CLAIMS.get(self.issuer, ("sub",))


def asked(side: Side) -> Iterator[Asked]:
    """What every role asks of tokens."""
    for role in side.roles:
        for statement in allows(role.trust):
            for issuer in issuers(statement):
                yield _asked(role, statement, issuer)


def _asked(role: Role, statement: Statement, issuer: str) -> Asked:
    is_authorized = any(values == ("true",) for _, _, values in holding(statement, (AUTHORIZED,)))
    return Asked(role, issuer, tuple(_subjects(statement, issuer)), frozenset(_claims(statement, issuer)), is_authorized)


def _subjects(statement: Statement, issuer: str) -> Iterator[tuple[bool, str]]:
    for operator, _, values in holding(statement, (f"{issuer}:sub".lower(),)):
        yield from (("like" in operator.lower(), value) for value in values)


def _claims(statement: Statement, issuer: str) -> Iterator[str]:
    prefix = f"{issuer}:".lower()
    for _, key, values in statement.conditions:
        claim = key.lower().removeprefix(prefix)
        if key.lower().startswith(prefix) and any(holding(statement, (key.lower(),))) and not ANYTHING.intersection(values):
            yield claim
