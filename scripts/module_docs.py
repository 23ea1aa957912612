"""Write the inputs and outputs of every module under modules/ into its README.md, between two marker lines.

`python scripts/module_docs.py` writes; with `--check` it writes nothing, names what is out of date and exits with 1.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2

MODULES = Path(__file__).parent.parent / "modules"
BEGIN, END = "<!-- inputs and outputs: generated -->", "<!-- end -->"
GENERATED = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}\n", re.DOTALL)
# Quotes stay: without them the string "true" and the bool true, "a" and the reference a, would look alike.
READING = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False, preserve_heredocs=False)


@dataclass(frozen=True)
class Variable:
    """An input of a module; `default` is HCL, or None for a variable that must be given."""

    name: str
    type: str
    default: str | None
    description: str


@dataclass(frozen=True)
class Output:
    """An output of a module."""

    name: str
    description: str


def documented(readme: str, module: Path) -> str:
    """The README's text with its generated part written anew. Raises ValueError where the two marker lines are missing."""
    generated = f"{BEGIN}\n\n{tables(variables(module), outputs(module))}\n{END}\n"
    text, found = GENERATED.subn(lambda _: generated, readme)
    if found != 1:
        raise ValueError(f"{module.name}/README.md must have the lines {BEGIN} and {END}, once")
    return text


def variables(module: Path) -> list[Variable]:
    """The module's inputs, in the order of variables.tf."""
    return [
        Variable(name, _expression(block["type"]), _default(block), _text(block.get("description", '""')))
        for name, block in blocks(module / "variables.tf", "variable")
    ]


def outputs(module: Path) -> list[Output]:
    """The module's outputs, in the order of outputs.tf."""
    return [Output(name, _text(block.get("description", '""'))) for name, block in blocks(module / "outputs.tf", "output")]


def blocks(path: Path, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The blocks of one kind in a file, each with its label."""
    for entry in hcl2.loads(path.read_text(encoding="utf-8"), serialization_options=READING).get(kind, []):
        for label, body in entry.items():
            yield _text(label), body


def tables(inputs: list[Variable], results: list[Output]) -> str:
    """Two Markdown tables."""
    rows = [(_code(each.name), _code(each.type), _default_cell(each), _cell(each.description)) for each in inputs]
    results_rows = [(_code(each.name), _cell(each.description)) for each in results]
    return "\n".join(
        [
            *_table("Inputs", ("name", "type", "default", "description"), rows),
            *_table("Outputs", ("name", "description"), results_rows),
        ]
    )


def _table(title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return [f"## {title}", "", "None.", ""]
    lines = [header, ("---",) * len(header), *rows]
    return [f"## {title}", "", *(f"| {' | '.join(cells)} |" for cells in lines), ""]


def _default_cell(variable: Variable) -> str:
    return "required" if variable.default is None else _code(variable.default)


def _default(block: Mapping[str, Any]) -> str | None:
    return _hcl(block["default"]) if "default" in block else None


def _hcl(value: Any) -> str:
    """A value as HCL on one line; strings come from hcl2 with their quotes, expressions inside ${…}."""
    if isinstance(value, list):
        return f"[{', '.join(map(_hcl, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_hcl(item)}' for key, item in value.items())} }}" if value else "{}"
    return _expression(value) if isinstance(value, str) else json.dumps(value)


def _expression(value: str) -> str:
    return value[2:-1] if value.startswith("${") and value.endswith("}") else value


def _text(quoted: str) -> str:
    """What a quoted HCL string says: the escapes that JSON has too, and the doubled template marks."""
    text: str = json.loads(quoted) if quoted.startswith('"') else quoted
    return " ".join(text.replace("$${", "${").replace("%%{", "%{").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_cell(text)}`"


def main(arguments: list[str]) -> int:
    """Write, or check, the README of every module."""
    stale = []
    for path in sorted(MODULES.glob("*/README.md")):
        now = path.read_text(encoding="utf-8")
        new = documented(now, path.parent)
        if new != now:
            stale.append(path)
            if "--check" not in arguments:
                path.write_text(new, encoding="utf-8")
    verb = "is out of date: python scripts/module_docs.py" if "--check" in arguments else "written"
    sys.stdout.writelines(f"{path.relative_to(MODULES.parent)} {verb}\n" for path in stale)
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
