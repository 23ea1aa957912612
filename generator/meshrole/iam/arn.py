"""Amazon Resource Names.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

import re
from functools import lru_cache
from typing import NamedTuple

CACHE = 65_536
PARTS = 6
# Each part that has a shape, and what is said of one that has not. A partition may be any of AWS's, also of those to come.
SHAPES = {
    "partition": (re.compile(r"aws(-[a-z]+)*|\*"), "which must be aws, or begin with aws-"),
    "service": (re.compile(r"[a-z0-9-]+"), "which must be lower-case letters, digits and hyphens; AWS takes no wildcard in it"),
    "region": (re.compile(r"[a-z0-9*?-]*"), "which must be lower-case letters, digits and hyphens, or empty"),
    # A pattern of digits is an account with wildcards; `aws` owns what AWS manages.
    "account": (re.compile(r"[0-9]{12}|aws|[0-9*?]*[*?][0-9*?]*|"), "which must be 12 digits or empty"),
}


class Arn(NamedTuple):
    """The five parts after `arn:`; region and account may be empty, and all but the service may hold wildcards."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(("arn", *self))


@lru_cache(CACHE)
def parse(text: str) -> Arn:
    """The parts of an ARN, wildcards allowed. Raises ValueError with the first thing that is wrong."""
    if re.search(r"\s", text):
        raise ValueError("it has white space in it")
    parts = text.split(":", PARTS - 1)
    if parts[0] != "arn":
        raise ValueError('it does not begin with "arn:"')
    if len(parts) < PARTS:
        raise ValueError(f"it has {len(parts)} parts of {PARTS}: arn:partition:service:region:account:resource")
    found = Arn(*parts[1:])
    for (name, (shape, rule)), value in zip(SHAPES.items(), found, strict=False):
        if not shape.fullmatch(value):
            raise ValueError(f'its {name} is "{value}", {rule}')
    if not found.resource:
        raise ValueError("its resource is empty")
    return found
