"""JSON that is not JSON yet: with `$NAME` where a program will put a value, comments, commas too many, several values in a file.

Such files are made into JSON that a reader of YAML takes, each line where it was: the placeholders become texts.
"""

import json
import re
from collections.abc import Iterator

from meshrole.importers.base import SourceFile
from meshrole.importers.found import Miss
from meshrole.importers.marked import BrokenError, List, Map, documents, parsed
from meshrole.importers.origin import Origin

MAX_BYTES = 50_000_000
MAX_JOINED = 10_000
TOKENS = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))'
    r"|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)|(?<![^\s,{\[])\#[^\n]*)"
    r"|(?P<hole>\$\{[^{}\n]{0,200}\}|\$[A-Za-z_][\w.]*|<[A-Za-z_][\w-]*>|\{\{[^{}\n]{0,200}\}\})"
    r"|(?P<plus>\+)|(?P<open>[{\[])|(?P<close>[}\]])|(?P<space>\s+)|(?P<other>[^\s\"+{}\[\]$<,:#/]+|.)",
    re.DOTALL,
)
# A variable at the end of a text, whose name would go on in what is joined to it.
BARE = re.compile(r"\$([A-Za-z_][\w.]*)$")
# "\(.name)" in a program of jq, as `${.name}`. https://jqlang.org/manual/#string-interpolation
INTERPOLATION = re.compile(r"\\\(\s*\$?([^()\"]{0,200})\)")


def values(file: SourceFile) -> Iterator[Map | List | Miss]:
    """Every document of a file of JSON or YAML, and a Miss for each that cannot be read."""
    if len(file.content) > MAX_BYTES:
        yield Miss(Origin(file.name), "the whole file", f"larger than {MAX_BYTES // 1_000_000} MB")
        return
    for found in _documents(file.content):
        if isinstance(found, BrokenError):
            yield Miss(Origin(file.name, found.line), "a document", f"not JSON or YAML: {found.why}")
        else:
            yield from (Miss(Origin(file.name, each.line), each.key, each.why) for each in found.repeated)
            yield found


def _documents(content: bytes) -> Iterator[Map | List | BrokenError]:
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    if not text.lstrip().startswith(("{", "[", "//", "/*")):
        yield from documents(content)
        return
    for line, part in json_values(text):
        try:
            value = parsed(part, line)
        except BrokenError as broken:
            yield broken
            continue
        if isinstance(value, Map | List):
            yield value


def json_values(text: str) -> Iterator[tuple[int, str]]:
    """The values of a text of JSON, each with its first line, as JSON that a reader of YAML takes."""
    depth, line, begin = 0, 1, 1
    kept: list[str] = []
    for match in TOKENS.finditer(text):
        kind, token = match.lastgroup, match.group()
        depth += {"open": 1, "close": -1}.get(kind or "", 0)
        _keep(kept, kind, token)
        line += token.count("\n")
        if kind == "close" and depth <= 0:
            yield begin, "".join(kept)
            kept, begin, depth = [], line, 0
    if "".join(kept).strip(" \n\t,;"):
        yield begin, "".join(kept)


def _keep(kept: list[str], kind: str | None, token: str) -> None:
    """Appends a token; a `+` between two texts joins them."""
    if kind in ("text", "hole"):
        text = _text(token) if kind == "text" else json.dumps(token)
        last = len(kept) - 1
        while last >= 0 and not kept[last].strip():
            last -= 1
        if last > 0 and kept[last] == "+" and kept[last - 1].startswith('"') and len(kept[last - 1]) < MAX_JOINED:
            blank = "\n" * "".join(kept[last:]).count("\n")
            kept[last - 1 :] = [BARE.sub(r"${\1}", kept[last - 1][:-1]) + text[1:], blank]
        else:
            kept.append(text)
    elif kind == "comment":
        kept.append("\n" * token.count("\n") or " ")
    elif kind == "plus":
        while kept and not kept[-1].strip():
            kept.pop()
        kept.append(token)
    else:
        kept.append(token.replace("\t", " ") if kind == "space" else token)


def _text(token: str) -> str:
    """A text in quotes as both JSON and YAML write it: only what both mean is left escaped."""
    if "\\" not in token and len(token) < 1000:
        return token
    try:
        return json.dumps(json.loads(INTERPOLATION.sub(r"${\1}", token), strict=False), ensure_ascii=False)
    except ValueError:
        return json.dumps(token[1:-1], ensure_ascii=False)
