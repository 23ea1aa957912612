"""Lambda: an execution role for the function itself and for what Lambda does for it.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

from collections.abc import Iterator

from meshrole.blueprint.platforms.base import Needs, service_trust
from meshrole.blueprint.statements import NO_RESOURCE_TYPE
from meshrole.iam.policy import Statement, conditions, in_service
from meshrole.inventory.values import Environment, LambdaFunction

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
INTERFACES = "AssignPrivateIpAddresses CreateNetworkInterface DeleteNetworkInterface UnassignPrivateIpAddresses"
LOOKS = "DescribeNetworkInterfaces DescribeSubnets"


def design(place: LambdaFunction, environment: Environment, role_name: str) -> Needs:
    """Lambda sends no source account or ARN when it assumes a role, so the trust policy can ask for none."""
    return Needs(
        platform="lambda",
        trust=(service_trust("lambda.amazonaws.com"),),
        own=tuple(_own(place, environment, place.function or role_name)),
    )


def _own(place: LambdaFunction, environment: Environment, function: str) -> Iterator[Statement]:
    here = f"{environment.region}:{environment.account}"
    # The group is made by whoever makes the function: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    group = place.log_group or f"/aws/lambda/{function}"
    streams = f"arn:{environment.partition}:logs:{here}:log-group:{group}:log-stream:*"
    yield Statement(sid="WriteLogs", actions=("logs:CreateLogStream", "logs:PutLogEvents"), resources=(streams,))
    if place.has_vpc:
        # "Either specify a unique resource ID, or include all resource IDs": https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
        interfaces = f"arn:{environment.partition}:ec2:{here}:*/*"
        yield Statement(sid="NetworkInterfaces", actions=in_service("ec2", INTERFACES), resources=(interfaces,))
        yield Statement(sid=f"SeeNetwork{NO_RESOURCE_TYPE}", actions=in_service("ec2", LOOKS), resources=("*",))
        # They are Lambda's to use, not the function's: the page names this statement too.
        source = f"arn:{environment.partition}:lambda:{here}:function:{function}"
        yield Statement(
            sid="NoNetworkInterfacesForCode",
            effect="Deny",
            actions=in_service("ec2", f"{INTERFACES} {LOOKS} DetachNetworkInterface"),
            resources=("*",),
            conditions=conditions({"ArnEquals": {"lambda:SourceFunctionArn": source}}),
        )
