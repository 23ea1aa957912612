"""Amazon Resource Names.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

import re
from typing import NamedTuple

PARTITION = re.compile(r"aws(-[a-z]+)*|\*")
SERVICE = re.compile(r"[a-z0-9*?-]+")
REGION = re.compile(r"[a-z0-9*?-]*")
# A pattern of digits is an account with wildcards; `aws` owns the managed policies.
ACCOUNT = re.compile(r"[0-9]{12}|aws|[0-9*?]*[*?][0-9*?]*|")
PARTS = 6


class Arn(NamedTuple):
    """The five parts after `arn:`; each may hold wildcards, region and account may be empty."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return ":".join(("arn", *self))


def parse(text: str) -> Arn:
    """The parts of an ARN. Raises ValueError with the first thing that is wrong."""
    if re.search(r"\s", text):
        raise ValueError("it has white space in it")
    parts = text.split(":", PARTS - 1)
    if parts[0] != "arn":
        raise ValueError('it does not begin with "arn:"')
    if len(parts) < PARTS:
        raise ValueError(f"it has {len(parts)} parts of {PARTS}: arn:partition:service:region:account:resource")
    found = Arn(*parts[1:])
    shapes = (("partition", PARTITION), ("service", SERVICE), ("region", REGION), ("account", ACCOUNT))
    for name, shape in shapes:
        value = getattr(found, name)
        if not shape.fullmatch(value):
            hint = ", which must be 12 digits or empty" if name == "account" else ""
            raise ValueError(f'its {name} is "{value}"{hint}')
    if not found.resource:
        raise ValueError("its resource is empty")
    return found
