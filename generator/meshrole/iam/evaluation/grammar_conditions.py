"""What AWS takes as the condition block of a statement, and as a variable.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.errors import Problem
from meshrole.iam import condition
from meshrole.iam.evaluation.conditions import listed

Path = tuple[str | int, ...]
# A name without spaces, perhaps with a default in single quotes, or one of the three characters.
VARIABLE = re.compile(r"[*?$]|[^\s,{}']+(,\s*'[^'{}]*')?\s*")
START = "${"


def condition_problems(block: Any, path: Path) -> Iterator[Problem]:
    """Everything for which AWS would reject a condition block."""
    if not isinstance(block, Mapping):
        yield Problem("a condition must be an object", path=path)
        return
    for operator, keys in block.items():
        if not isinstance(keys, Mapping):
            yield Problem("an operator of a condition must have keys", path=(*path, operator))
            continue
        if len({key.lower() for key in keys}) < len(keys):
            yield Problem("a key comes twice; the case of its letters is no difference", path=(*path, operator))
        for key, values in keys.items():
            if not all(
                isinstance(value, str | int | float | bool)
                for value in (values if isinstance(values, list | tuple) else [values])
            ):
                yield Problem("a value must be text, a number, true or false", path=(*path, operator, key))
            else:
                yield from _values(operator, key, listed(values), path)


def _values(operator: str, key: str, values: tuple[str, ...], path: Path) -> Iterator[Problem]:
    kind = condition.OPERATORS.get(condition.base(operator))
    if kind is None:
        yield Problem("AWS has no such condition operator", path=(*path, operator), found=operator)
        return
    fits, shape = condition.VALUES.get(kind, (str.isprintable, ""))
    if kind in ("String", "ARN"):
        return
    for value in values:
        if not fits(value) and not (kind in condition.WITH_VARIABLES and "${" in value):
            yield Problem(f"this must be {shape}", path=(*path, operator, key), found=value)


def variable_problems(statement: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """What is wrong with the variables of a statement, in its resources and in its conditions."""
    for name in ("Resource", "NotResource"):
        yield from _variables(statement.get(name, ()), (*path, name))
    block = statement.get("Condition")
    for operator, keys in block.items() if isinstance(block, Mapping) else ():
        if condition.OPERATORS.get(condition.base(operator)) in condition.WITH_VARIABLES and isinstance(keys, Mapping):
            for key, values in keys.items():
                yield from _variables(values, (*path, "Condition", operator, key))


def _variables(values: Any, path: Path) -> Iterator[Problem]:
    for value in values if isinstance(values, list | tuple) else [values]:
        for part in value.split(START)[1:] if isinstance(value, str) else ():
            name, brace, _ = part.partition("}")
            if not brace or not VARIABLE.fullmatch(name):
                yield Problem("a variable must be like ${aws:username} or ${aws:username, 'default'}", path=path, found=value)
