"""A role that the inventory does not have.

What: with an inventory, a role in the plan that nothing in it asks for.
Why: a role beside the inventory is one that nobody reviews there:
https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_least_privileges.html
Bad: an aws_iam_role written by hand beside the generated ones
Good: a service in the inventory, and the role that follows from it
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.checks.common.principals import is_service_linked
from meshrole.review.facts import UNKNOWN, Facts
from meshrole.review.model import Confidence, Finding, Severity


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each role that is not expected; names are compared as AWS does, whatever their case.

    A role whose name is known only after the apply may be one that is: that is for information.
    """
    if facts.expected is None:
        return
    names = {name.lower() for name, _, _ in facts.expected.roles}
    for role in facts.after.roles:
        if role.name is UNKNOWN:
            message = "its name is known only after the apply: nobody can tell whether the inventory has it"
            yield found(__name__, Severity.info, role.address, message, "give it a name", Confidence.low)
        elif isinstance(role.name, str) and role.name.lower() not in names and not is_service_linked(role):
            message = f"the inventory has no role {role.name}"
            yield found(__name__, Severity.medium, role.address, message, "declare it in the inventory, or remove it")
