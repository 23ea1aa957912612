"""Operators between what is known. https://developer.hashicorp.com/terraform/language/expressions/operators"""

from collections.abc import Callable
from typing import Any

from meshrole.importers.tf.data import Hole, known, number, truth
from meshrole.importers.tf.syntax import Operation

MAX_NUMBER = 10**18


def operation(expression: Operation, left: Any, right: Any) -> Any:
    """The result of an operator on two values, or on the right one alone; a Hole where they do not decide it."""
    if expression.left is None:
        return _unary(expression, right)
    if expression.operator in ("&&", "||"):
        return _logic(expression, truth(left), truth(right))
    if expression.operator in ("==", "!="):
        same = _equal(left, right)
        return Hole(expression.text) if same is None else same == (expression.operator == "==")
    return _arithmetic(expression, number(left), number(right))


def _unary(expression: Operation, right: Any) -> Any:
    if expression.operator == "!":
        condition = truth(right)
        return Hole(expression.text) if condition is None else not condition
    amount = number(right)
    return Hole(expression.text) if amount is None else -amount


def _logic(expression: Operation, left: bool | None, right: bool | None) -> Any:
    decides = expression.operator == "||"
    if decides in (left, right):
        return decides
    return Hole(expression.text) if None in (left, right) else not decides


def _equal(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        other = right if left is None else left
        return None if isinstance(other, Hole) else left is right
    texts = known(left), known(right)
    if texts[0] is not None and texts[1] is not None:
        return texts[0] == texts[1]
    return left == right if isinstance(left, list | dict) and isinstance(right, list | dict) else None


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": lambda left, right: left % right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def _arithmetic(expression: Operation, left: int | float | None, right: int | float | None) -> Any:
    if left is None or right is None or max(abs(left), abs(right)) > MAX_NUMBER or expression.operator not in ARITHMETIC:
        return Hole(expression.text)
    if expression.operator in "/%" and not right:
        return Hole(expression.text)
    made = ARITHMETIC[expression.operator](left, right)
    return int(made) if isinstance(made, float) and made.is_integer() else made
