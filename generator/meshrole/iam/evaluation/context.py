"""The context of a request as it is given: condition keys in any case of letters, with values of any sort."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from meshrole.errors import Problem
from meshrole.iam.evaluation.values import UNKNOWN, Found, Unknown, Values

Given = str | int | float | bool | None | Sequence[Any] | Mapping[str, Any]
NO_KEYS: Mapping[str, Any] = MappingProxyType({})
# The same moment, in two ways.
TWINS = (("aws:currenttime", "aws:epochtime"), ("aws:epochtime", "aws:currenttime"))


def is_mapping(value: Any) -> bool:
    """A plain dictionary most of the time, of which that is seen much sooner than of others."""
    return value.__class__ is dict or isinstance(value, Mapping)


def values(context: Any, problems: list[Problem]) -> dict[str, Found]:
    """The keys of a context in lower case, with their values; what is wrong with it is added to the problems."""
    if context is None:
        return {}
    if not is_mapping(context):
        problems.append(Problem("a context must be an object", path=("request", "context")))
        return {}
    try:
        found: dict[str, Found] = {
            key.lower(): (value,) if value.__class__ is str else _values(value) for key, value in context.items()
        }
    except ValueError:
        problems += _value_problems(context)
        return {}
    if len(found) < len(context):
        problems.append(Problem("a key is given twice; the case of its letters is no difference", path=("request", "context")))
    for key, twin in TWINS:
        if key in found and twin not in found:
            found[twin] = found[key]
    return found


def _value_problems(context: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in context.items():
        try:
            _values(value)
        except ValueError as error:
            yield Problem(str(error), path=("request", "context", key), found=str(value))


def _values(value: Any) -> Values | Unknown:
    if isinstance(value, bool):
        return ("true",) if value else ("false",)
    if isinstance(value, str):
        return (value,)
    if value is None or (isinstance(value, Mapping) and value == {"unknown": True}):
        return UNKNOWN
    if isinstance(value, int | float):
        return (str(value),)
    if isinstance(value, Sequence) and not any(isinstance(item, Sequence) and not isinstance(item, str) for item in value):
        every = [_values(item) for item in value]
        known = tuple(item[0] for item in every if not isinstance(item, Unknown))
        return known if len(known) == len(every) else UNKNOWN
    raise ValueError("a value must be text, a number, true, false, null, or a list of those")
