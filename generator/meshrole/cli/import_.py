"""`meshrole import`."""

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from meshrole.cli.shared import Format, NoColor, Quiet, say
from meshrole.errors import VISIBLE

REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}")


class Source(StrEnum):
    """What PATHs are read as."""

    cloudformation = "cloudformation"
    kubernetes = "kubernetes"
    terraform = "terraform"
    aws_json = "aws-json"
    aws = "aws"
    auto = "auto"


def _account(value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[0-9]{12}", value):
        raise typer.BadParameter("an account id has twelve digits")
    return value


def _region(value: str | None) -> str | None:
    if value is not None and not REGION.fullmatch(value):
        raise typer.BadParameter("not an AWS region, such as eu-west-1")
    return value


def _name(value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[A-Za-z][A-Za-z0-9_-]{0,62}", value):
        raise typer.BadParameter("a name is a letter, then letters, digits, - or _")
    return value


Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...",
        help="Files, folders, or -; `kubernetes:deploy/` names its own source. aws: PROFILE@REGION, or nothing: as the AWS CLI.",
    ),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where the inventory goes; default: stdout.")]
Parameter = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A value that the source only names. May be repeated."),
]
Parameters = Annotated[
    list[Path] | None, typer.Option("--parameters", metavar="FILE", help="Such values as JSON or YAML. May be repeated.")
]
Organization = Annotated[str | None, typer.Option(metavar="NAME", callback=_name, help="The prefix of every role.")]
Account = Annotated[str | None, typer.Option(metavar="ID", callback=_account, help="The AWS account's twelve digits.")]
Region = Annotated[str | None, typer.Option(metavar="REGION", callback=_region, help="The AWS region.")]
Environment = Annotated[str, typer.Option(metavar="NAME", callback=_name, help="What the environment is called.")]


def import_(
    source: Annotated[Source, typer.Argument(metavar="SOURCE", help="What PATHs are; auto looks into each file.")],
    paths: Paths = None,
    out: Out = None,
    parameter: Parameter = None,
    parameters: Parameters = None,
    organization: Organization = None,
    account: Account = None,
    region: Region = None,
    environment: Environment = "main",
    cluster: Annotated[str | None, typer.Option(metavar="NAME", help="The EKS cluster, where no source says it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over FILE, whatever is in it.")] = False,
    output: Annotated[Format, typer.Option("--format", help="json: the report, with everything that was found.")] = Format.text,
    quiet: Quiet = False,
    no_color: NoColor = False,  # noqa: ARG001
) -> None:
    """Read a mesh as it is, and the identities in use, into an inventory.

    Nothing in a file is executed, and no file outside of PATH is read. Every entry says where it is from. What only AWS or a
    person knows stays a {WORD}, and `check` asks for it. At the end stands the state of the estate: shared roles, wide and
    broken grants, what was assumed, what was not understood. Exit 3: nothing could be read; 5: FILE is there already.
    """
    from meshrole import importing

    if not paths and source is not Source.aws:
        raise typer.BadParameter("give the files or folders to read, or - for standard input", param_hint="'PATH...'")
    given = importing.Given(organization, account, region, environment, cluster)
    values = importing.parameters(parameter or (), parameters or ())
    imported = importing.import_sources(source.value, paths or ["."], given, values)
    if out is not None:
        is_new = importing.save(imported, out, force=force)
        say(f"{out}: {'written' if is_new else 'it is so already'}", quiet=quiet)
    if output is Format.json:
        print(json.dumps(imported.values(with_inventory=out is None), indent=2, ensure_ascii=False))
        return
    if out is None:
        print(imported.text, end="")
    for line in imported.lines():
        say(line.translate(VISIBLE), quiet=quiet)
