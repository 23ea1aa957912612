"""A VPC Lattice service that lets everybody in.

What: a service or service network with auth_type NONE, which is the default, or one that asks for IAM and whose policy allows
everybody.
Why: whoever reaches it over the network may call it, unsigned:
https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
Bad: resource "aws_vpclattice_service" "orders" { name = "orders" }
Good: auth_type = "AWS_IAM", and an aws_vpclattice_auth_policy that names the callers
"""

from collections.abc import Iterator

from meshrole.review.checks.common.made import found
from meshrole.review.facts import UNKNOWN, Facts, Lattice
from meshrole.review.model import Confidence, Finding, Severity

IAM = "AWS_IAM"
NETWORK = "aws_vpclattice_service_network"
FIX = 'set auth_type = "AWS_IAM" and an auth policy that names the callers'


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each service and network without auth."""
    for item in facts.after.lattice:
        if item.auth_type not in (IAM, UNKNOWN):
            yield _found(item)


def _found(item: Lattice) -> Finding:
    """One that does not say it becomes NONE. The services of a network may still ask for IAM each."""
    severity = Severity.medium if item.type == NETWORK else Severity.high
    is_said = item.auth_type is not None and item.type != NETWORK
    message = f"asks nobody who they are (auth_type {item.auth_type or 'is not set'})"
    return found(__name__, severity, item.address, message, FIX, Confidence.high if is_said else Confidence.medium)
