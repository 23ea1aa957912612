"""The context of a request as it is given: condition keys in any case of letters, with values of any sort."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from meshrole.errors import Problem
from meshrole.iam.evaluation.values import UNKNOWN, Unknown, Values

CACHE = 4_096
Given = str | int | float | bool | None | Sequence[Any] | Mapping[str, Any]
# Condition keys in lower case to their names in a context, and the context's values under those names.
Context = tuple[Mapping[str, str], Mapping[str, Any]]
TRUE, FALSE = ("true",), ("false",)
NO_KEYS: Mapping[str, Any] = MappingProxyType({})
NOTHING: Context = (NO_KEYS, NO_KEYS)
# The same moment, in two ways.
TWINS = (("aws:currenttime", "aws:epochtime"), ("aws:epochtime", "aws:currenttime"))
# Of these nothing can be wrong, so that they become text only when a policy asks for them.
PLAIN = frozenset((str, bool, int, float, type(None)))


def is_mapping(value: Any) -> bool:
    """A plain dictionary most of the time, of which that is seen much sooner than of others."""
    return value.__class__ is dict or isinstance(value, Mapping)


def read(context: Any, problems: list[Problem]) -> Context:
    """A context that has been checked, and that no longer changes; what is wrong with it is added to the problems."""
    if context is None:
        return NOTHING
    if not is_mapping(context):
        problems.append(Problem("a context must be an object", path=("request", "context")))
        return NOTHING
    given: dict[str, Any] = dict(context)
    names = _names(tuple(given))
    try:
        for value in given.values():
            if type(value) not in PLAIN:
                given = {key: each if type(each) in PLAIN else text(each) for key, each in given.items()}
                break
    except ValueError:
        problems += _value_problems(context)
        return NOTHING
    if names is None:
        problems += _key_problems(given)
        return NOTHING
    return names, given


def text(value: Any) -> Values | Unknown:
    """The values of a key as text. Raises ValueError for what can be no value."""
    if value is True or value is False:
        return TRUE if value else FALSE
    if isinstance(value, str):
        return (value,)
    if value is None or value is UNKNOWN or (isinstance(value, Mapping) and value == {"unknown": True}):
        return UNKNOWN
    if isinstance(value, int | float):
        return (str(value),)
    if isinstance(value, Sequence) and not any(isinstance(item, Sequence) and not isinstance(item, str) for item in value):
        every = [text(item) for item in value]
        known = tuple(item[0] for item in every if not isinstance(item, Unknown))
        return known if len(known) == len(every) else UNKNOWN
    raise ValueError("a value must be text, a number, true, false, null, or a list of those")


@lru_cache(CACHE)
def _names(keys: tuple[Any, ...]) -> Mapping[str, str] | None:
    """The keys in lower case to what they are called here, or None where they cannot be keys.

    Most requests have the same keys as one before.
    """
    if not all(isinstance(key, str) for key in keys):
        return None
    found = {key.lower(): key for key in keys}
    if len(found) < len(keys):
        return None
    for key, twin in TWINS:
        if key in found:
            found.setdefault(twin, found[key])
    return found


def _key_problems(context: Mapping[Any, Any]) -> Iterator[Problem]:
    other = [key for key in context if not isinstance(key, str)]
    for key in other:
        yield Problem("a condition key must be text", path=("request", "context"), found=str(key))
    if not other:
        yield Problem("a key is given twice; the case of its letters is no difference", path=("request", "context"))


def _value_problems(context: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in context.items():
        try:
            text(value)
        except ValueError as error:
            yield Problem(str(error), path=("request", "context", key), found=str(value))
