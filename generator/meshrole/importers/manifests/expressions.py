"""What an expression of a template stands for, as far as it can be told without running the template.

Helm's and Go's `{{ .Values.mesh | default "shop" }}`, a shell's or envsubst's `${MESH:-shop}` and `$MESH`, and `<MESH>`, which
people write for what a reader must fill in.
https://helm.sh/docs/chart_template_guide/builtin_objects/
https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_02
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from meshrole.importers.values import Value, unknown, value

SHELL = re.compile(r"\s*(?:env\.|var\.|local\.)?([A-Za-z_]\w*(?:\.\w+)*)\s*(?::?[-=](.*))?", re.DOTALL)
PATH = re.compile(r"\$?\w*(?:\.[A-Za-z_]\w*)+")
NAMED = re.compile(r"(?:include|template)\s+\"([^\"]+)\"")
QUOTED = re.compile(r"\"[^\"]*\"")
LITERAL_DEFAULT = re.compile(r"default\s+(?:\"([^\"]*)\"|'([^']*)'|([\w.\-]+))")
BEFORE = re.compile(r"^(?:default|required)\s+(?:\"[^\"]*\"|'[^']*'|\S+)\s+")
# Of these functions the value comes out as it went in.
HARMLESS = re.compile(r"quote|squote|trim|toString|toYaml|(?:required|default)\s+(?:\"[^\"]*\"|'[^']*'|\S+)")
# These words are placeholders of an inventory, which knows them for each environment.
WELL_KNOWN = {
    "awsregion": "region",
    "awsdefaultregion": "region",
    "region": "region",
    "awsaccountid": "account",
    "awsaccount": "account",
    "accountid": "account",
    "awspartition": "partition",
    "partition": "partition",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of expressions: `parameters` from the user, and `defaults`, the values of a chart, by their dotted paths."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def shell(self, expression: str) -> Value:
        """The value of `${NAME}`, `${NAME:-default}` or `$NAME`."""
        inner = expression[2:-1] if expression.startswith("${") else expression[1:]
        match = SHELL.fullmatch(inner)
        name, default = (match[1], match[2]) if match else (inner, None)
        return self._value(expression, name, (name,), None if "$" in (default or "") else default)

    def template(self, expression: str) -> Value:
        """The value of `{{ … }}`."""
        inner = expression.strip("{}").strip("- \t\n")
        named = NAMED.search(inner)
        match = None if named else PATH.search(QUOTED.sub('""', inner))
        if match is None:
            return self._value(expression, named[1] if named else inner, (inner,), None)
        name = match[0].lstrip("$.")
        path = name.removeprefix("Values.")
        literal = LITERAL_DEFAULT.search(inner)
        default = next((text for text in literal.groups() if text is not None), None) if literal else None
        if default is not None and literal is not None and literal[3] and literal[3].startswith("."):
            default = None
        if _is_plain(inner, match[0]):
            return self._value(expression, path, (name, path), self.defaults.get(name, default))
        return self._value(expression, path, (), None)

    def angle(self, expression: str) -> Value:
        """The value of `<NAME>`."""
        name = expression.strip("<>")
        return self._value(expression, name, (name,), None)

    def _value(self, expression: str, word: str, names: tuple[str, ...], default: str | None) -> Value:
        given = next((self.parameters[name] for name in names if name in self.parameters), None)
        if given is not None:
            return value(given)
        plain = word.replace(".", "").replace("_", "").replace("-", "").lower()
        return unknown(expression, WELL_KNOWN.get(plain, word), default or None)


def _is_plain(inner: str, path: str) -> bool:
    """Whether an expression is the value at `path`, or that value through functions that do not change it."""
    steps = [step.strip() for step in inner.split("|")]
    rest = BEFORE.sub("", steps[0]).strip("() ")
    return rest == path and all(HARMLESS.fullmatch(step) for step in steps[1:])
