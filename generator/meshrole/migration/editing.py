"""Changes to the text of a file: values set, keys put in, keys taken out. What is around them stays as it is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from meshrole.inventory.values import Path
from meshrole.migration.sheet import BOM, Entry, Sheet, refused

BEHIND = re.compile(r"[ \t]*(?:#[^\r\n]*)?(\r?\n|$)")
COMMA = re.compile(r"\s*,[ \t]*")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The characters of a file from `start` to `end`, and what comes in their place."""

    file: str
    start: int
    end: int
    text: str


def applied(sheet: Sheet, edits: Iterable[Edit]) -> bytes:
    """The file with those of the edits that are its own. An edit inside what another one takes out is not made."""
    parts: list[str] = []
    done = 0
    # Of two at one place what is put in comes before what is changed, and a longer removal before one that is in it.
    for edit in sorted({each for each in edits if each.file == sheet.name}, key=lambda each: (each.start, _order(each))):
        if edit.end <= done and edit.start < done:
            continue
        parts += [sheet.text[done : edit.start], edit.text]
        done = edit.end
    text = "".join((*parts, sheet.text[done:]))
    return ((BOM if sheet.has_mark else "") + text).encode()


def _order(edit: Edit) -> tuple[bool, int, str]:
    return edit.end > edit.start, -edit.end, edit.text


def value_set(sheet: Sheet, entry: Entry, text: str) -> Edit:
    """Another value of an entry."""
    start, end = sheet.value_span(entry)
    return Edit(sheet.name, start, end, text if start > entry.key.end_mark.index else f": {text}")


def key_named(sheet: Sheet, entry: Entry, name: str) -> Edit:
    """Another name of a key; its value, its comments and its place stay."""
    return Edit(sheet.name, entry.start, int(entry.key.end_mark.index), name)


def put_before(sheet: Sheet, entry: Entry, text: str, path: Path) -> Edit:
    """`text`, a key and its value, before an entry. Raises InputError where the entry does not begin its line."""
    if entry.is_flow:
        return Edit(sheet.name, entry.start, entry.start, f"{text}, ")
    indent = _indent(sheet, entry, path)
    return Edit(sheet.name, entry.start, entry.start, f"{text}{_newline(sheet)}{indent}")


def put_after(sheet: Sheet, entry: Entry, texts: Iterable[str], path: Path) -> Edit:
    """Keys and their values after an entry, each on a line of its own in block style. Raises InputError as `put_before`."""
    end = sheet.value_span(entry)[1]
    if entry.is_flow:
        return Edit(sheet.name, end, end, "".join(f", {text}" for text in texts))
    start = f"{_newline(sheet)}{_indent(sheet, entry, path)}"
    behind = _behind(sheet, end)
    return Edit(sheet.name, behind, behind, "".join(f"{start}{text}" for text in texts))


def items_added(sheet: Sheet, entry: Entry, items: Iterable[str]) -> Edit:
    """More items of a list, or of a single value that stands for a list."""
    start, end = sheet.value_span(entry)
    texts = [f'"{item}"' for item in items]
    node = entry.value
    if not isinstance(node, yaml.SequenceNode):
        return Edit(sheet.name, start, end, f"[{', '.join((sheet.text[start:end], *texts))}]")
    last = sheet.end(node.value[-1])
    if node.flow_style:
        return Edit(sheet.name, last, last, "".join(f", {text}" for text in texts))
    dash = f"{_newline(sheet)}{' ' * node.start_mark.column}- "
    behind = _behind(sheet, last)
    return Edit(sheet.name, behind, behind, "".join(f"{dash}{text}" for text in texts))


def taken_out(sheet: Sheet, entries: Iterable[tuple[Path, Entry]]) -> Iterator[Edit]:
    """Entries without a trace, but for comments on lines of their own. Raises InputError as `put_before`."""
    alike: dict[int, dict[int, tuple[Path, Entry]]] = defaultdict(dict)
    for path, entry in entries:
        if entry.is_flow:
            alike[entry.siblings[0][0].start_mark.index][entry.number] = path, entry
        else:
            yield _line_out(sheet, entry, path)
    for numbers in alike.values():
        yield from _flow_out(sheet, {number: entry for number, (_, entry) in numbers.items()})


def _line_out(sheet: Sheet, entry: Entry, path: Path) -> Edit:
    start = entry.start - len(_indent(sheet, entry, path))
    found = BEHIND.match(sheet.text, sheet.value_span(entry)[1])
    if not found:
        raise refused(entry, "shares its line with something else", path)
    return Edit(sheet.name, start, found.end(), "")


def _flow_out(sheet: Sheet, entries: dict[int, Entry]) -> Iterator[Edit]:
    """Neighbours go together: with the comma behind them, or with the one before them where nothing follows."""
    for number in sorted(entries):
        entry = entries[number]
        start, end = entry.start, sheet.value_span(entry)[1]
        comma = COMMA.match(sheet.text, end)
        is_last = all(later in entries for later in range(number, len(entry.siblings)))
        if is_last and number:
            start = sheet.span(entry.siblings, number - 1)[1]
        elif comma:
            end = comma.end()
            start, end = _whole_line(sheet, start, end)
        yield Edit(sheet.name, start, end, "")


def _whole_line(sheet: Sheet, start: int, end: int) -> tuple[int, int]:
    """With the line around it, where there is nothing else on that."""
    line = sheet.text.rfind("\n", 0, start) + 1
    found = BEHIND.match(sheet.text, end)
    return (line, found.end()) if found and not sheet.text[line:start].strip() else (start, end)


def _indent(sheet: Sheet, entry: Entry, path: Path) -> str:
    before = sheet.text[sheet.text.rfind("\n", 0, entry.start) + 1 : entry.start]
    if before.strip():
        raise refused(entry, "does not begin its line", path)
    return before


def _behind(sheet: Sheet, end: int) -> int:
    """Where the line ends, behind its comment; `end` where something else follows."""
    found = BEHIND.match(sheet.text, end)
    return found.start(1) if found else end


def _newline(sheet: Sheet) -> str:
    return "\r\n" if "\r\n" in sheet.text else "\n"
