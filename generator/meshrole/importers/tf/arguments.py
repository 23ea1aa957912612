"""Arguments of functions, as what a function wants them to be. Each raises TypeError for what is not known or something else."""

from typing import Any

from meshrole.importers.tf.data import TooMuchError, as_text, known, number
from meshrole.importers.values import Value

MAX_ITEMS = 100_000


def text_of(argument: Any) -> Value:
    """An argument as a text with its unknown pieces."""
    text = as_text(argument)
    if text is None:
        raise TypeError("not a text")
    return text


def plain(argument: Any) -> str:
    """An argument as a text that is known."""
    text = known(argument)
    if text is None:
        raise TypeError("not known")
    return text


def items_of(argument: Any) -> list[Any]:
    """The items of a list, or the values of a map; of what stands for several, the one that does."""
    argument = getattr(argument, "instances", argument)
    if isinstance(argument, dict):
        return list(argument.values())
    if not isinstance(argument, list):
        raise TypeError("not a list")
    return argument


def limited(items: list[Any]) -> list[Any]:
    """The same list. Raises TooMuchError for one without end."""
    if len(items) > MAX_ITEMS:
        raise TooMuchError("a list without end")
    return items


def amount(argument: Any) -> int | float:
    """An argument as a number."""
    made = number(argument)
    if made is None:
        raise TypeError("not a number")
    return made


def entries_of(argument: Any) -> dict[str, Any]:
    """The entries of a map."""
    if not isinstance(argument, dict):
        raise TypeError("not a map")
    return argument
