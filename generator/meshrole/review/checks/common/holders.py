"""What kind of identity somebody is, as far as a plan shows it."""

import re

from meshrole.review.checks.common.conditions import holding
from meshrole.review.checks.common.principals import allows, is_everybody, services
from meshrole.review.documents import Statement
from meshrole.review.facts import Identity, Role

BREAK_GLASS = re.compile(r"break.?glass|emergency", re.IGNORECASE)
SOMEBODY = ("aws:multifactorauthpresent", "sts:sourceidentity", "saml:aud", "saml:sub")


def is_break_glass(identity: Identity) -> bool:
    """Whether it is a role for emergencies that says so, and that a person must prove to be to become it.

    https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/break-glass-access.html
    """
    if not isinstance(identity, Role):
        return False
    words = f"{identity.name} {identity.address} {identity.description} {identity.tags}"
    trusts = tuple(allows(identity.trust))
    return bool(BREAK_GLASS.search(words)) and bool(trusts) and all(_asks_a_person(each) for each in trusts)


def _asks_a_person(statement: Statement) -> bool:
    return not is_everybody(statement) and not services(statement) and any(holding(statement, SOMEBODY))
