"""Who is named in a trust policy or a resource's own policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from collections import Counter
from collections.abc import Iterator

from meshrole.iam import wildcard
from meshrole.review.checks.common.grants import identities
from meshrole.review.documents import Policy, Statement
from meshrole.review.facts import Role, Side

ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?([0-9]{12})(?::.*)?")
IN_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:([0-9]{12}):")
PROVIDER = re.compile(r"arn:aws[a-z-]*:iam::([0-9]{12}):oidc-provider/(.+)")
WEB = "sts:assumerolewithwebidentity"


def allows(policy: Policy) -> Iterator[Statement]:
    """The statements that allow."""
    return (statement for statement in policy.statements if statement.effect == "Allow")


def is_everybody(statement: Statement) -> bool:
    """Whether it names everybody, or everybody but some."""
    return bool(statement.not_principals) or any(
        kind == "*" or (kind == "AWS" and name == "*") for kind, name in statement.principals
    )


def services(statement: Statement) -> tuple[str, ...]:
    """The services of AWS that it names."""
    return tuple(name for kind, name in statement.principals if kind == "Service")


def accounts(statement: Statement) -> tuple[tuple[str, str], ...]:
    """(account, principal) of each user, role or account that it names."""
    found = ((ACCOUNT.fullmatch(name), name) for kind, name in statement.principals if kind == "AWS")
    return tuple((match[1], name) for match, name in found if match)


def issuers(statement: Statement) -> tuple[str, ...]:
    """The OIDC issuers that it names, as condition keys begin with them; () where it is not about web identities."""
    if not any(wildcard.matches(action.lower(), WEB) for action in statement.actions):
        return ()
    names = (name for kind, name in statement.principals if kind == "Federated" and ":saml-provider/" not in name)
    return tuple(match[2] if (match := PROVIDER.fullmatch(name)) else name for name in names)


def is_service_linked(role: Role) -> bool:
    """Whether AWS wrote the role, its trust and its policies.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
    """
    return role.path.startswith("/aws-service-role/") or role.type == "aws_iam_service_linked_role"


def own_accounts(side: Side) -> frozenset[str]:
    """The accounts that the plan is made in, as far as it shows them: of ARNs that name something which is there."""
    texts = [identity.arn for identity in identities(side)]
    texts += [each.arn for each in side.policies] + [each.arn for each in side.providers] + [each.arn for each in side.keys]
    texts += [each.arn for one in identities(side) for each in (*one.attached, *((one.boundary,) if one.boundary else ()))]
    sure = {match[1] for text in texts if isinstance(text, str) and (match := IN_ARN.match(text))}
    for role in side.roles:
        for statement in role.trust.statements:
            sure |= {match[1] for _, name in statement.principals if (match := PROVIDER.fullmatch(name))}
            sure |= {value for _, key, values in statement.conditions if key.lower() == "aws:sourceaccount" for value in values}
    return frozenset(sure) or _most_named(side)


def _most_named(side: Side) -> frozenset[str]:
    """The account of most resources that policies name."""
    counted = Counter(
        match[1]
        for identity in identities(side)
        for inline in identity.inline
        for statement in inline.policy.statements
        for resource in statement.resources
        if (match := IN_ARN.match(resource))
    )
    return frozenset(account for account, _ in counted.most_common(1))
