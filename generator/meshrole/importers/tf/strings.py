"""Escapes in quoted texts. https://developer.hashicorp.com/terraform/language/expressions/strings"""

import re

ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$(?=\{)|%%(?=\{)", re.DOTALL)
SHORT = {"n": "\n", "r": "\r", "t": "\t"}


def unescaped(text: str) -> str:
    """The characters that a quoted text stands for."""
    return ESCAPE.sub(_character, text)


def unmarked(text: str) -> str:
    """The same for a heredoc or a JSON text, which know only `$${` and `%%{`."""
    return text.replace("$${", "${").replace("%%{", "%{")


def _character(match: re.Match[str]) -> str:
    escape = match.group(1)
    if escape is None:
        return match.group(0)[0]
    if escape[0] in "uU" and len(escape) > 1:
        number = int(escape[1:], 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return SHORT.get(escape, escape)
