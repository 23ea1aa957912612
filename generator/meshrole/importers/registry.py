"""What can be imported: each source's reader, and the names that its files have. A reader is loaded when it is wanted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from meshrole.importers.base import Reader, SourceFile

AUTO = "auto"
YAML = (".yaml", ".yml")
TEMPLATES = (".template", ".tmpl", ".tpl")


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of source: the module that reads it, and the endings of its files' names. `is_live` reads no files at all."""

    module: str
    suffixes: tuple[str, ...]
    is_live: bool = False

    def reader(self) -> Reader:
        """Its reader."""
        return cast("Reader", import_module(f"meshrole.importers.{self.module}"))


SOURCES: Mapping[str, Source] = {
    "cloudformation": Source("cloudformation", (*YAML, ".json", *TEMPLATES)),
    "kubernetes": Source("kubernetes", (*YAML, ".json", *TEMPLATES)),
    "terraform": Source("terraform", (".tf", ".tofu", ".tfvars", ".tfstate", ".json", ".tftpl", *TEMPLATES, *YAML)),
    "aws-json": Source("aws_json", (".json",)),
    "aws": Source("aws_live", (), is_live=True),
}
ALL_SUFFIXES = tuple(dict.fromkeys(suffix for source in SOURCES.values() for suffix in source.suffixes))
# What only files of one kind have in them, the surest first.
TERRAFORM_NAME = re.compile(r"\.(tf|tofu|tf\.json|tfvars|tfvars\.json|tfstate)$")
MARKS = (
    ("terraform", re.compile(rb'"(terraform_version|planned_values|lineage)"\s*:|^\s*(resource|module)\s+"', re.MULTILINE)),
    ("cloudformation", re.compile(rb"""AWSTemplateFormatVersion|["']?Type["']?\s*:\s*["']?AWS::""")),
    ("kubernetes", re.compile(rb"""(?:^|[{,])\s*["']?apiVersion["']?\s*:""", re.MULTILINE)),
)


def split_source(path: str, default: str) -> tuple[str, str]:
    """The source and the path of an argument: `kubernetes:deploy/` names its own source."""
    source, colon, rest = path.partition(":")
    return (source, rest) if colon and source in (*SOURCES, AUTO) else (default, path)


def recognised(file: SourceFile) -> str | None:
    """The source that a file looks like, by its name and content."""
    if TERRAFORM_NAME.search(file.name):
        return "terraform"
    for source, mark in MARKS:
        if mark.search(file.content):
            return source
    return "aws-json" if file.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else None


def suffixes(sources: Sequence[str]) -> tuple[str, ...]:
    """The endings of the names of files of `sources`; AUTO is any of them."""
    return tuple(dict.fromkeys(end for name in sources for end in (SOURCES[name].suffixes if name != AUTO else ALL_SUFFIXES)))
