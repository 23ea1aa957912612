"""ARN formats such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`, and which ARNs they take in.

A variable is one or more characters. It holds no slash where the format, or a longer format of the same service, goes on
with one: a bucket's name has no slash because an object's ARN goes on with it, an object's key has slashes.
"""

import re
from dataclasses import dataclass
from functools import cache

from meshrole.iam import wildcard

VARIABLE = re.compile(r"\$\{[^}]*\}")
FIELDS = 6


@dataclass(frozen=True)
class Format:
    """`names` takes in ARNs without wildcards; `fields` are the format's parts as patterns, for ARNs that have some.

    `slashes` is how many slashes the resource has, None where its last variable may hold more of them.
    """

    names: re.Pattern[str]
    fields: tuple[str, ...]
    slashes: int | None

    def meets(self, resource: str) -> bool:
        """Whether `resource` names something of this format, or its wildcards could."""
        if not wildcard.has_wildcard(resource):
            return self.names.fullmatch(resource) is not None
        given = resource.split(":", FIELDS - 1)
        if len(given) != len(self.fields) or not all(map(wildcard.overlaps, self.fields, given)):
            return False
        return self.slashes is None or given[-1].count("/") <= self.slashes


@cache
def compiled(text: str, siblings: tuple[str, ...]) -> Format:
    """The format `text` among all formats of its service."""
    resource = text.split(":", FIELDS - 1)[-1]
    ends_in_variable = text.endswith("}")
    is_free = ends_in_variable and not _goes_on(text, siblings)
    pieces = VARIABLE.split(text)
    names = []
    for index, piece in enumerate(pieces[:-1]):
        is_last = ends_in_variable and index == len(pieces) - 2
        names += [re.escape(piece), _variable(pieces[index + 1], is_last, is_free)]
    fields = tuple(VARIABLE.sub("?*", field) for field in text.split(":", FIELDS - 1))
    return Format(re.compile("".join([*names, re.escape(pieces[-1])])), fields, None if is_free else resource.count("/"))


def _variable(following: str, is_last: bool, is_free: bool) -> str:
    """A variable ends where the text after it begins; the last one ends with the ARN."""
    if is_last:
        return ".+" if is_free else "[^/]+"
    return f"[^{re.escape(following[0])}]+" if following else "[^:/]+"


def _goes_on(text: str, siblings: tuple[str, ...]) -> bool:
    shape = VARIABLE.sub("$", text) + "/"
    return any(VARIABLE.sub("$", other).startswith(shape) for other in siblings)
