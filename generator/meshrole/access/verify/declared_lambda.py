"""What a Lambda function's execution role is declared to have: its log streams and, in a VPC, its network interfaces.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from collections.abc import Iterator

from meshrole.access.verify.items import Item, allow
from meshrole.inventory.values import Environment, LambdaFunction

MANAGED = ("CreateNetworkInterface", "DeleteNetworkInterface", "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses")
SEEN = ("DescribeNetworkInterfaces", "DescribeSubnets")


def items(place: LambdaFunction, environment: Environment, role_name: str) -> Iterator[Item]:
    """The statements of a function's own role; a function that has no name is called like its role."""
    name = place.function or role_name
    home = (environment.partition, environment.region, environment.account)
    group = place.log_group or f"/aws/lambda/{name}"
    yield allow(
        ["logs:CreateLogStream", "logs:PutLogEvents"], ["arn:{}:logs:{}:{}:log-group:{}:log-stream:*".format(*home, group)]
    )
    if place.has_vpc:
        yield allow([f"ec2:{action}" for action in MANAGED], ["arn:{}:ec2:{}:{}:*/*".format(*home)])
        yield allow([f"ec2:{action}" for action in SEEN], ["*"])
        denied = allow([f"ec2:{action}" for action in (*MANAGED, *SEEN, "DetachNetworkInterface")], ["*"])
        function = "arn:{}:lambda:{}:{}:function:{}".format(*home, name)
        yield {**denied, "Effect": "Deny", "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": function}}}
