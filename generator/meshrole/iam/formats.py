"""ARN formats such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`, and which ARNs they take in.

A variable is one or more characters. It may hold slashes and colons, except where the format, or another one of the same
service, goes on with one after it: a bucket's name has no slash because an object's ARN goes on with it, an object's key
may have many.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from meshrole.iam import wildcard
from meshrole.iam.wildcard import Place, Template

PART = re.compile(r"(\$\{[^}]*\}|\*)")
VARIABLE = re.compile(r"\$\{[^}]*\}")
FIELDS = 6
CACHE = 65_536
# ARNs that policies use beside the format in the reference, each with the page of AWS that shows it.
ALSO = {
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}": (
        "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:",
    ),
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
    "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}": (
        "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}:${Qualifier}",
    ),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
    "arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}/${Stage}/${Method}/${ApiSpecificResourcePath}": (
        "arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}/${Stage}/${RouteKey}",
        "arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}/${Stage}/${Method}/",
    ),
    # The path of a request may be / alone: https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
    "arn:${Partition}:vpc-lattice:${Region}:${Account}:service/${ServiceId}/${RequestPath}": (
        "arn:${Partition}:vpc-lattice:${Region}:${Account}:service/${ServiceId}/",
    ),
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html
    "arn:${Partition}:ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}": (
        "arn:${Partition}:ssm:${Region}::parameter/aws/${PublicName}",
    ),
    # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLicenseManagerUserSubscriptionsServiceRolePolicy.html
    "arn:${Partition}:ssm:${Region}:${Account}:document/${DocumentName}": (
        "arn:${Partition}:ssm:${Region}::document/${PublicName}",
    ),
}


@dataclass(frozen=True, eq=False)
class Format:
    """A format made ready: `shape` takes in what the format does."""

    text: str
    shape: Template

    def meets(self, resource: str) -> bool:
        """Whether `resource`, an ARN or a pattern of some, and the format have an ARN in common."""
        parts = resource.split(":", FIELDS - 1)
        head = ":".join([*parts[:-1], ""])
        return wildcard.ends(self.shape, wildcard.reach(self.shape, parts[-1], _after_head(self, head)))


@cache
def compiled(text: str, service_formats: tuple[str, ...]) -> tuple[Format, ...]:
    """The format `text`, one of `service_formats`, and the forms that AWS documents beside it."""
    shapes = tuple(VARIABLE.sub("$", each) for each in service_formats)
    return tuple(Format(each, wildcard.template(_places(each, shapes))) for each in (text, *ALSO.get(text, ())))


@lru_cache(CACHE)
def _after_head(each: Format, head: str) -> int:
    """Most resources of an inventory differ after the account only."""
    return wildcard.reach(each.shape, head)


def _places(text: str, shapes: tuple[str, ...]) -> Iterator[Place]:
    shape = ""
    for part in PART.split(text):
        if part == "*":
            shape += part
            yield Place(repeats=True)
        elif part.startswith("${"):
            shape += "$"
            refused = _refused(shape, shapes)
            yield Place(refuses=refused)
            yield Place(refuses=refused, repeats=True)
        else:
            shape += part
            yield from map(Place, part)


def _refused(shape: str, shapes: tuple[str, ...]) -> str:
    """The separators that the variable at the end of `shape` cannot hold; in the first five fields it holds none."""
    if shape.count(":") < FIELDS - 1:
        return ":/"
    return "".join(separator for separator in ":/" if any(each.startswith(shape + separator) for each in shapes))
