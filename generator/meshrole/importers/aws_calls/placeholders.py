"""JSON whose values a shell, jq or sed will put in: `$NAME`, `${NAME}`, `<NAME>`, `{{NAME}}`, `%NAME%`, `@@NAME@@`."""

import re
from typing import Any

from meshrole.importers.values import Unknown, Value, unknown, value

HOLE = re.compile(
    r"(\$\{[^{}]{0,200}\}|\$[A-Za-z_][\w.]*|<[A-Za-z_][\w-]{0,99}>|\{\{[^{}]{0,200}\}\}"
    r"|%[A-Z][A-Z0-9_]{0,99}%|@@?[A-Z][A-Z0-9_]{0,99}@@?|__[A-Z][A-Z0-9_]{0,99}__)"
)
# ${aws:username} in a policy is IAM's. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
VARIABLE = re.compile(r"\$\{[A-Za-z-]+:[A-Za-z][^}]*\}")
# ${NAME:-default} and ${NAME-default}. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_02
DEFAULT = re.compile(r"\$\{([A-Za-z_]\w*):?-(.*)\}", re.DOTALL)
# What such variables are called everywhere, and an inventory's word for it.
ACCOUNT = re.compile(r"(AWS_)?ACCOUNT(_?(ID|NUMBER))?", re.IGNORECASE)
REGION = re.compile(r"(AWS_)?(DEFAULT_)?REGION", re.IGNORECASE)


class Placeholders:
    """A `Reading` of such JSON."""

    def inside(self, node: Any) -> Any:
        """A text with its placeholders; everything else is what it is."""
        return literal(node) if isinstance(node, str) else node


def literal(text: str) -> Value:
    """A text with its placeholders as unknown pieces."""
    pieces = HOLE.split(text) if any(sign in text for sign in "$<{%@_") else [text]
    return value(*(_piece(piece) if index % 2 else piece for index, piece in enumerate(pieces)))


def _piece(written: str) -> str | Unknown | Value:
    if VARIABLE.fullmatch(written):
        return written
    default = DEFAULT.fullmatch(written)
    name = default[1] if default else written.strip("${}<>%@_ ")
    word = "account" if ACCOUNT.fullmatch(name) else "region" if REGION.fullmatch(name) else name
    return unknown(written, word, default[2] if default else None)
