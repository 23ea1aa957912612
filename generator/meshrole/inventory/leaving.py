"""A mesh that goes from one engine to another: both are served until a day, and not one day longer."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from meshrole.errors import Problem
from meshrole.inventory.leaving_model import Leaving
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import Inventory, Mesh


def left(mesh: Mesh, leaving: Leaving, scope: Scope) -> Mesh:
    """The mesh with its own self in the engine that it is leaving."""
    if leaving.engine == mesh.engine:
        scope.at("engine").problem("a mesh cannot leave the engine that it is in", found=leaving.engine)
        return mesh
    try:
        date.fromisoformat(leaving.until)
    except ValueError:
        scope.at("until").problem("there is no such day", found=leaving.until)
        return mesh
    return replace(mesh, leaving=replace(mesh, engine=leaving.engine), until=leaving.until)


def today() -> date:
    """The day in UTC. SOURCE_DATE_EPOCH stands for it where it is set (https://reproducible-builds.org/specs/source-date-epoch/)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.date()


def overdue(inventory: Inventory, today: date) -> Iterator[Problem]:
    """The meshes that should have left their old engine by now."""
    for mesh in inventory.meshes:
        if mesh.leaving and mesh.until and date.fromisoformat(mesh.until) < today:
            yield Problem(
                f'mesh "{mesh.key}" was to have left {mesh.leaving.engine} by {mesh.until}',
                path=(*mesh.path, "leaving", "until"),
                found=mesh.until,
                help="take `leaving` out once nothing runs there any more, or give it more time",
            )
