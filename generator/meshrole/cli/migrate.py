"""`meshrole migrate`."""

import json
import re
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from meshrole.cli.shared import Format, Inventories, NoColor, Quiet, say, warn
from meshrole.errors import VISIBLE

if TYPE_CHECKING:
    from meshrole.migrating import Wish

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAYS = 90


class Engine(StrEnum):
    """Where a mesh goes."""

    app_mesh = "app-mesh"
    vpc_lattice = "vpc-lattice"
    ecs_service_connect = "ecs-service-connect"
    istio = "istio"


To = Annotated[Engine | None, typer.Option("--to", metavar="ENGINE", help="vpc-lattice, ecs-service-connect, istio, app-mesh.")]
Meshes = Annotated[list[str] | None, typer.Option("--mesh", metavar="NAME", help="Only this mesh. May be repeated.")]
Until = Annotated[
    str | None, typer.Option(metavar="DATE", help=f"The last day of both engines (YYYY-MM-DD); default: {DAYS} days from today.")
]
AtOnce = Annotated[bool, typer.Option("--at-once", help="The new engine alone, without a time of both.")]
Finish = Annotated[bool, typer.Option("--finish", help="End the time of both: take out what only the former engine has.")]
Cluster = Annotated[
    str | None, typer.Option(metavar="NAME", help="The cluster: of EKS for istio, of ECS for ecs-service-connect.")
]
Namespace = Annotated[str | None, typer.Option(metavar="NAME", help="The Kubernetes namespace; default: the mesh's name.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="PATH", help="Where the inventory goes: a file, or a folder; default: stdout."),
]


def migrate(
    inventory: Inventories,
    to: To = None,
    mesh: Meshes = None,
    until: Until = None,
    at_once: AtOnce = False,
    finish: Finish = False,
    cluster: Cluster = None,
    namespace: Namespace = None,
    out: Out = None,
    output: Annotated[Format, typer.Option("--format", help="json: the report.")] = Format.text,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Take meshes to another engine, and say per identity what it gains, loses and keeps.

    The new inventory is the text of the old one, edited. Until a day both engines are served (`leaving`), and `check` fails
    after it; --finish then takes out what only the former one has. Nothing is written over: exit 5.
    """
    from meshrole import migrating

    wish = _wish(to, mesh, until, at_once=at_once, finish=finish, cluster=cluster, namespace=namespace)
    migrated = migrating.migrate(inventory, wish)
    if out is not None:
        for path in migrating.save(migrated, out):
            say(f"{path}: written", quiet=quiet)
    warn(migrated.warnings, quiet=quiet, no_color=no_color)
    if output is Format.json:
        print(json.dumps(migrated.values(with_inventory=out is None), indent=2, ensure_ascii=False))
        return
    for _, content in migrated.files if out is None else ():
        print(content.decode(), end="")
    for line in migrated.lines():
        if out is None:
            say(line.translate(VISIBLE), quiet=quiet)
        else:
            print(line.translate(VISIBLE))


def _wish(
    to: Engine | None,
    meshes: list[str] | None,
    until: str | None,
    *,
    at_once: bool,
    finish: bool,
    cluster: str | None,
    namespace: str | None,
) -> "Wish":
    """What the options say together."""
    from meshrole import migrating

    if finish:
        given = {"--to": to, "--until": until, "--at-once": at_once, "--cluster": cluster, "--namespace": namespace}
        for name, value in given.items():
            if value:
                raise typer.BadParameter(f"--finish goes nowhere: it takes no {name}")
        return migrating.Wish(migrating.Step.finish, None, tuple(meshes or ()))
    if to is None:
        raise typer.BadParameter("give --to ENGINE, or --finish", param_hint="--to")
    if at_once and until:
        raise typer.BadParameter("with --at-once there is no time of both engines", param_hint="--until")
    step = migrating.Step.once if at_once else migrating.Step.both
    day = None if at_once else _day(until, migrating.today())
    return migrating.Wish(step, to.value, tuple(meshes or ()), day, cluster, namespace)


def _day(until: str | None, today: date) -> str:
    if until is None:
        return (today + timedelta(DAYS)).isoformat()
    try:
        day = date.fromisoformat(until) if DAY.fullmatch(until) else None
    except ValueError:
        day = None
    if day is None:
        raise typer.BadParameter(f"{until} is no day: write YYYY-MM-DD", param_hint="--until")
    if day < today:
        raise typer.BadParameter(f"{until} is over: today is {today.isoformat()}", param_hint="--until")
    return until
