"""A role for web identities that does not ask whose token it is.

What: a trust in an OIDC provider without a condition on `sub` that every request must meet. `StringEqualsIfExists` and
`ForAllValues:` are none, for they hold where the claim is missing. Cognito's pools are told apart by `aud`, and a token that must
list the role (sts:RoleAuthorizedByIdp) says enough.
Why: everybody whom the issuer gives a token may assume the role, of a shared issuer everybody:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
Bad: "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}
Good: the same with "token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main"
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.checks.common.oidc import NAMING, Asked, asked
from meshrole.review.facts import Facts
from meshrole.review.model import Finding, Severity


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each such trust."""
    for each in asked(facts.after):
        if not each.subjects and not each.is_authorized and not each.claims.intersection(each.needed):
            yield found(
                __name__, _severity(each), each.role.address, f"{each.issuer} may send anybody: {_what(each)}", _fix(each)
            )


def _severity(each: Asked) -> Severity:
    return Severity.medium if each.claims.intersection(NAMING) else Severity.critical


def _what(each: Asked) -> str:
    return f"the trust has no condition on {' or '.join(each.needed)} that must hold"


def _fix(each: Asked) -> str:
    return f'add StringEquals on "{each.issuer}:{each.needed[0]}"'
