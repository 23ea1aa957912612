"""An Envoy that may ask for the configuration of every node.

What: appmesh:StreamAggregatedResources on a pattern that takes in more than one virtual node or gateway.
Why: any task with the role can then pass itself off as any other in the mesh:
https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
Bad: "Resource": "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/*"
Good: "Resource": "arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualNode/orders"
"""

from collections.abc import Iterator

from meshrole.iam import wildcard
from meshrole.review.checks.common.grants import Grant, grants
from meshrole.review.checks.common.made import found, some
from meshrole.review.facts import Facts
from meshrole.review.model import Finding, Severity

ACTION = "appmesh:streamaggregatedresources"
FIX = "name the virtual node or the virtual gateway that the Envoy is"


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each grant to Envoys on a pattern."""
    for grant in grants(facts.after):
        wide = [resource for resource in grant.statement.resources if wildcard.has_wildcard(_node(resource))]
        if wide and _is_for_envoy(grant):
            message = f"an Envoy may take the configuration of every node of {some(wide)}"
            yield found(__name__, Severity.medium, grant.address, message, FIX)


def _is_for_envoy(grant: Grant) -> bool:
    patterns = (action.lower() for action in grant.statement.actions if action.lower().startswith("appmesh:"))
    return any(wildcard.matches(pattern, ACTION) for pattern in patterns)


def _node(resource: str) -> str:
    """The part after the account: a region left open does not make it another node's."""
    return resource if resource == "*" else resource.split(":", 5)[-1]
