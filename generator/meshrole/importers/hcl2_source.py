"""Terraform's language, read: the one place that imports python-hcl2.

Only its parse tree is used (`hcl2.loads` gives expressions back as text). Nothing is evaluated here.
"""

import re

import hcl2
from lark import Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from meshrole.importers.tf.apart import apart
from meshrole.importers.tf.convert import file_block
from meshrole.importers.tf.syntax import Block, BrokenSyntaxError, Expression

MAX_CHARACTERS = 20_000_000
MAX_PROBLEMS = 20
# The grammar's heredoc looks ahead over white space anew from each of its lines.
WHITE_SPACE = re.compile(r"\s{2000}")


def blocks(text: str) -> tuple[Block, list[BrokenSyntaxError]]:
    """A file as one block without a name, of its blocks and attributes, and the parts of it that cannot be read."""
    try:
        return _block(text), []
    except BrokenSyntaxError as problem:
        if problem.is_refused:
            return Block("", (), 1), [problem]
    found: list[Block] = []
    problems: list[BrokenSyntaxError] = []
    for line, part in apart(text):
        try:
            found.append(_block(part, line))
        except BrokenSyntaxError as problem:
            problems.append(problem)
            if len(problems) >= MAX_PROBLEMS:
                break
    attributes = {name: each for part in found for name, each in part.attributes.items()}
    return Block("", (), 1, attributes, tuple(each for part in found for each in part.blocks)), problems


def expression(text: str) -> Expression:
    """One expression. Raises BrokenSyntaxError."""
    body = _block(f"value = {text}\n")
    if body.blocks or list(body.attributes) != ["value"]:
        raise BrokenSyntaxError(1, "not an expression")
    return body.attributes["value"].expression


def _block(text: str, line: int = 1) -> Block:
    try:
        return file_block(_parsed(text, line), text, expression, line)
    except RecursionError:
        raise BrokenSyntaxError(line, "nested too deeply") from None


def _parsed(text: str, line: int) -> Tree[Token]:
    if len(text) > MAX_CHARACTERS or WHITE_SPACE.search(text):
        why = "too long" if len(text) > MAX_CHARACTERS else "thousands of blanks in a row"
        raise BrokenSyntaxError(line, why, is_refused=True)
    try:
        return hcl2.parses_to_tree(text)
    except UnexpectedToken as error:
        found = str(error.token).strip() or "the end of a line"
        raise BrokenSyntaxError(max(error.line, 1) + line - 1, f"{found[:60]!r} is not expected here") from None
    except UnexpectedInput as error:
        raise BrokenSyntaxError(max(error.line, 1) + line - 1, "not Terraform's language") from None
