"""Terraform's language, read: the one place that imports python-hcl2.

Only its parse tree is used (`hcl2.loads` gives expressions back as text). Nothing is evaluated here.
"""

import re

import hcl2
from lark import Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from meshrole.importers.tf.convert import file_block
from meshrole.importers.tf.syntax import Block, BrokenSyntaxError, Expression

MAX_CHARACTERS = 20_000_000
# The grammar's heredoc looks ahead over white space anew from each of its lines.
WHITE_SPACE = re.compile(r"\s{2000}")


def blocks(text: str) -> Block:
    """A file as one block without a name, of its blocks and attributes. Raises BrokenSyntaxError."""
    return file_block(_parsed(text), text, expression)


def expression(text: str) -> Expression:
    """One expression. Raises BrokenSyntaxError."""
    body = blocks(f"value = {text}\n")
    if body.blocks or list(body.attributes) != ["value"]:
        raise BrokenSyntaxError(1, "not an expression")
    return body.attributes["value"].expression


def _parsed(text: str) -> Tree[Token]:
    if len(text) > MAX_CHARACTERS or WHITE_SPACE.search(text):
        raise BrokenSyntaxError(1, "too long" if len(text) > MAX_CHARACTERS else "thousands of blanks in a row")
    try:
        return hcl2.parses_to_tree(text)
    except UnexpectedToken as error:
        found = str(error.token).strip() or "the end of a line"
        raise BrokenSyntaxError(max(error.line, 1), f"{found[:60]!r} is not expected here") from None
    except UnexpectedInput as error:
        raise BrokenSyntaxError(max(error.line, 1), "not Terraform's language") from None
    except RecursionError:
        raise BrokenSyntaxError(1, "nested too deeply") from None
