"""Commands whose arguments are taken without pydantic, which Typer imports to take any: that costs more than most reviews."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Plain:
    """Takes words, choices, paths and lists of words; whatever else, and whatever is wrong, is left to Typer's own."""

    typers: Callable[[], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of a parameter as its command gets it."""
        kind = param.type_descriptor.annotation
        is_list = get_origin(kind) is list
        if value is None:
            return () if is_list else None
        if is_list and get_args(kind) == (str,) and isinstance(value, tuple):
            return list(value)
        if isinstance(value, str) and (kind in (str, Path) or (_is_choice(kind) and value in tuple(kind))):
            return kind(value)
        return self.typers().coerce(value, param=param, ctx=ctx)


class LightCommand(TyperCommand):
    """A command that takes its arguments so."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Click's."""
        _lighten(self.get_params(ctx))
        return super().parse_args(ctx, args)


class LightGroup(TyperGroup):
    """A group of commands that takes its own arguments so."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Click's."""
        _lighten(self.get_params(ctx))
        return super().parse_args(ctx, args)


def _lighten(params: list[Any]) -> None:
    for param in params:
        param.get_runtime_param = partial(Plain, param.get_runtime_param)


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)
