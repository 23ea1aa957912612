"""The parse tree of Terraform's language, to its syntax as frozen values."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from lark import Token, Tree

from meshrole.importers.tf.strings import unescaped
from meshrole.importers.tf.syntax import (
    Attribute,
    Block,
    BrokenSyntaxError,
    Call,
    Choice,
    Entries,
    Expression,
    For,
    Items,
    Literal,
    Name,
    Operation,
    Raw,
    Splat,
    Step,
    Template,
)
from meshrole.importers.tf.templates import Parse, template

NOISE = ("new_line_or_comment",)
WORDS = {"true": True, "false": False, "null": None}
HEREDOC = re.compile(r"<<(-?)([^\r\n]+)\r?\n(.*?)\s*\Z", re.DOTALL)


def file_block(tree: Tree[Token], text: str, parse: Parse, line: int = 1) -> Block:
    """A text from `line` on as one block without a name; `parse` reads one expression inside a heredoc."""
    body = next(child for child in tree.children if isinstance(child, Tree))
    return _body(_Source(text, parse, line - 1), body, "", (), line)


class _Source:
    """The text of a file, to show expressions as they are written."""

    def __init__(self, text: str, parse: Parse, offset: int) -> None:
        self.text, self.parse, self.offset = text, parse, offset

    def of(self, tree: Tree[Token]) -> str:
        if tree.meta.empty:
            return ""
        return " ".join(self.text[tree.meta.start_pos : tree.meta.end_pos].split())


def _body(source: _Source, tree: Tree[Token], kind: str, labels: tuple[str, ...], line: int) -> Block:
    attributes: dict[str, Attribute] = {}
    inner: list[Block] = []
    for child in _trees(tree):
        if child.data == "attribute":
            name, value = _trees(child)
            attributes[_word(name)] = Attribute(_guarded(source, value), child.meta.line + source.offset)
        else:
            *head, body = _trees(child)
            names = tuple(_word(part) for part in head)
            inner.append(_body(source, body, names[0], names[1:], child.meta.line + source.offset))
    return Block(kind, labels, line, attributes, tuple(inner))


def _guarded(source: _Source, tree: Tree[Token]) -> Expression:
    try:
        return _expression(source, tree)
    except (RecursionError, BrokenSyntaxError):
        return Raw(source.of(tree))


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree) and child.data not in NOISE]


def _tokens(tree: Tree[Token]) -> Iterator[Token]:
    return (child for child in tree.children if isinstance(child, Token))


def _word(tree: Tree[Token]) -> str:
    """A name or a label, without its quotes."""
    tokens = [str(token) for token in tree.scan_values(lambda value: isinstance(value, Token))]
    return "".join(token for token in tokens if token != '"').strip()


def _expression(source: _Source, tree: Tree[Token]) -> Expression:
    make = MAKERS.get(str(tree.data))
    return make(source, tree) if make else Raw(source.of(tree))


def _term(source: _Source, tree: Tree[Token]) -> Expression:
    return _expression(source, _trees(tree)[0])


def _name(_: _Source, tree: Tree[Token]) -> Expression:
    return Name(_word(tree))


def _word_literal(_: _Source, tree: Tree[Token]) -> Expression:
    return Literal(WORDS[_word(tree)])


def _integer(_: _Source, tree: Tree[Token]) -> Expression:
    digits = _word(tree)
    return Literal(int(digits)) if len(digits) < 100 else Raw(digits)


def _float(_: _Source, tree: Tree[Token]) -> Expression:
    number = float(_word(tree))
    return Literal(int(number) if number.is_integer() and abs(number) < 1e15 else number)


def _string(source: _Source, tree: Tree[Token]) -> Expression:
    parts: list[Expression] = []
    for part in _trees(tree):
        child = part.children[0]
        if isinstance(child, Token):
            parts.append(Literal(unescaped(str(child))))
        elif child.data == "interpolation":
            parts.append(_expression(source, _trees(child)[0]))
        else:
            return Raw(source.of(tree))
    if all(isinstance(part, Literal) for part in parts) and not any(isinstance(part.children[0], Tree) for part in _trees(tree)):
        return Literal("".join(str(part.value) for part in parts if isinstance(part, Literal)))
    return Template(tuple(parts))


def _heredoc(source: _Source, tree: Tree[Token]) -> Expression:
    match = HEREDOC.match(str(tree.children[0]))
    if match is None:
        raise BrokenSyntaxError(1, "a heredoc without an end")
    trims, mark, rest = match.groups()
    lines = rest.removesuffix(mark).replace("\r\n", "\n").split("\n")[:-1]
    if trims:
        depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        lines = [line[depth:] for line in lines]
    return template("".join(f"{line}\n" for line in lines), source.parse)


def _items(source: _Source, tree: Tree[Token]) -> Expression:
    return Items(tuple(_expression(source, child) for child in _trees(tree)))


def _entries(source: _Source, tree: Tree[Token]) -> Expression:
    pairs = [_trees(child) for child in _trees(tree)]
    return Entries(tuple((_key(source, key), _expression(source, value)) for key, value in pairs))


def _key(source: _Source, tree: Tree[Token]) -> Expression:
    inner = _trees(tree)[0]
    made = _expression(source, inner)
    is_bare = "(" not in [str(token) for token in _tokens(inner)]
    if inner.data == "keyword" or (isinstance(made, Name) and is_bare):
        return Literal(_word(inner))
    return made


def _step(source: _Source, tree: Tree[Token]) -> Expression:
    base, key = _trees(tree)
    return Step(_expression(source, base), _step_key(source, key), key.data != "get_attr", source.of(tree))


def _step_key(source: _Source, tree: Tree[Token]) -> Expression:
    """The key of `.name`, `.0` and `[expression]`."""
    if tree.data == "braces_index":
        return _expression(source, _trees(tree)[0])
    if tree.data == "short_index":
        return Literal(int(str(tree.children[-1])[:18]))
    return Literal(_word(tree).lstrip("."))


def _splat(source: _Source, tree: Tree[Token]) -> Expression:
    base, steps = _trees(tree)
    keys = tuple(_step_key(source, step) for step in _trees(steps))
    return Splat(_expression(source, base), keys, source.of(tree))


def _call(source: _Source, tree: Tree[Token]) -> Expression:
    names = [_word(child) for child in _trees(tree) if child.data == "identifier"]
    lists = [child for child in _trees(tree) if child.data == "arguments"]
    arguments = tuple(_expression(source, child) for child in _trees(lists[0])) if lists else ()
    spreads = any(token.type == "ELLIPSIS" for each in lists for token in _tokens(each))
    return Call("::".join(names), arguments, spreads, source.of(tree))


def _choice(source: _Source, tree: Tree[Token]) -> Expression:
    condition, yes, no = (_expression(source, child) for child in _trees(tree))
    return Choice(condition, yes, no, source.of(tree))


def _operation(source: _Source, tree: Tree[Token]) -> Expression:
    left, right = _trees(tree)
    operator, operand = _trees(right)
    return Operation(_word(operator), _expression(source, left), _expression(source, operand), source.of(tree))


def _unary(source: _Source, tree: Tree[Token]) -> Expression:
    operator = str(next(_tokens(tree))).strip()
    return Operation(operator, None, _expression(source, _trees(tree)[0]), source.of(tree))


def _for(source: _Source, tree: Tree[Token]) -> Expression:
    intro, *rest = _trees(tree)
    *names, collection = _trees(intro)
    condition = _expression(source, _trees(rest.pop())[0]) if rest[-1].data == "for_cond" else None
    *keys, result = (_expression(source, child) for child in rest)
    groups = any(token.type == "ELLIPSIS" for token in _tokens(tree))
    words = tuple(_word(name) for name in names)
    return For(words, _expression(source, collection), keys[0] if keys else None, result, condition, groups, source.of(tree))


MAKERS: dict[str, Callable[[_Source, Any], Expression]] = {
    "expr_term": _term,
    "identifier": _name,
    "literal_value": _word_literal,
    "int_lit": _integer,
    "float_lit": _float,
    "string": _string,
    "heredoc_template": _heredoc,
    "heredoc_template_trim": _heredoc,
    "tuple": _items,
    "object": _entries,
    "index_expr_term": _step,
    "get_attr_expr_term": _step,
    "attr_splat_expr_term": _splat,
    "full_splat_expr_term": _splat,
    "function_call": _call,
    "conditional": _choice,
    "binary_op": _operation,
    "unary_op": _unary,
    "for_tuple_expr": _for,
    "for_object_expr": _for,
}
