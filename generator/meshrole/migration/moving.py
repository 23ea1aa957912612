"""Which changes of an inventory's text take its meshes to another engine, or end their time in the former one."""

from collections.abc import Iterator

from meshrole.errors import InputError, Problem
from meshrole.inventory.engine_keys import OWNERS
from meshrole.inventory.mesh_model import Gateway, Mesh, Service
from meshrole.inventory.model import InventoryFile
from meshrole.inventory.values import Path
from meshrole.migration import platforms
from meshrole.migration.changes import Changes
from meshrole.migration.keys import meaningless, workloads
from meshrole.migration.wish import Moved, Step, Wish


def wished(file: InventoryFile, wish: Wish) -> tuple[Moved, ...]:
    """The meshes to move. Raises InputError for one that there is not, or that is there, or on its way, already."""
    problems = [
        Problem(f'there is no mesh "{name}"', path=("meshes",), found=name, allowed=tuple(file.meshes))
        for name in wish.meshes
        if name not in file.meshes
    ]
    chosen = {name: mesh for name, mesh in file.meshes.items() if not wish.meshes or name in wish.meshes}
    if wish.step is Step.finish:
        chosen = {name: mesh for name, mesh in chosen.items() if mesh.leaving or name in wish.meshes}
        problems += [_stays(name, mesh) for name, mesh in chosen.items() if mesh.leaving is None]
        moves = [Moved(name, mesh.leaving.engine, mesh.engine) for name, mesh in chosen.items() if mesh.leaving]
    else:
        if not wish.meshes:
            chosen = {name: mesh for name, mesh in chosen.items() if mesh.engine != wish.engine}
        problems += [each for name, mesh in chosen.items() for each in _there(name, mesh, wish)]
        moves = [Moved(name, mesh.engine, str(wish.engine)) for name, mesh in chosen.items()]
    if not problems and not moves:
        word = "no mesh is leaving an engine" if wish.step is Step.finish else f"every mesh is in {wish.engine} already"
        problems.append(Problem(word, path=("meshes",)))
    if problems:
        raise InputError(problems)
    return tuple(moves)


def _stays(name: str, mesh: Mesh) -> Problem:
    return Problem(f'mesh "{name}" is leaving no engine: it is in {mesh.engine} alone', path=("meshes", name, "engine"))


def _there(name: str, mesh: Mesh, wish: Wish) -> Iterator[Problem]:
    path: Path = ("meshes", name)
    if mesh.leaving:
        message = f'mesh "{name}" is leaving {mesh.leaving.engine} already'
        yield Problem(message, path=(*path, "leaving"), help="end that first: meshrole migrate --finish")
    elif mesh.engine == wish.engine:
        yield Problem(f'mesh "{name}" is in {wish.engine} already', path=(*path, "engine"), found=mesh.engine)


def move(changes: Changes, moved: Moved, file: InventoryFile, wish: Wish) -> None:
    """Take one mesh to the engine that is wished for. Raises InputError for what cannot be edited, or go there."""
    path: Path = ("meshes", moved.mesh)
    mesh = file.meshes[moved.mesh]
    changes.set((*path, "engine"), moved.new, f"{moved.old} becomes {moved.new}")
    new = list(_new_keys(mesh, moved, wish))
    if new:
        changes.put_after((*path, "engine"), new)
    for where, name, entry in workloads(mesh, path):
        for place, platform, suffix in _places(entry, where):
            if not platforms.stays(platform, moved.new):
                runs_on = platforms.moved(f"{name}{suffix}", moved.mesh, file, wish)
                _run(changes, (*place, "runs_on"), platform, runs_on, wish)
    engines = (moved.new, moved.old) if wish.step is Step.both else (moved.new,)
    _drop(changes, mesh, path, engines)


def finish(changes: Changes, moved: Moved, file: InventoryFile) -> None:
    """End the time in the former engine. Raises InputError for what cannot be edited."""
    path: Path = ("meshes", moved.mesh)
    mesh = file.meshes[moved.mesh]
    changes.take_out((*path, "leaving"), f"{moved.old} is left")
    for where, _, entry in workloads(mesh, path):
        if entry.moves_from is not None:
            changes.take_out((*where, "moves_from"), f"nothing runs on {entry.moves_from.platform} any more")
    _drop(changes, mesh, path, (moved.new,))


def _drop(changes: Changes, mesh: Mesh, path: Path, engines: tuple[str, ...]) -> None:
    gone = [change for change in changes.notes if change.text.startswith("runs_on ")]
    for where, why in meaningless(mesh, path, engines):
        if not any(where[: len(note.path)] == note.path for note in gone):
            changes.take_out(where, why)


def _new_keys(mesh: Mesh, moved: Moved, wish: Wish) -> Iterator[str]:
    if wish.step is Step.both:
        yield f'leaving: {{engine: {moved.old}, until: "{wish.until}"}}'
    if wish.cluster and "cluster" in OWNERS.get(moved.new, ()) and mesh.cluster is None:
        yield f"cluster: {platforms.word(wish.cluster)}"
    if wish.namespace and "namespace" in OWNERS.get(moved.new, ()) and mesh.namespace is None:
        yield f"namespace: {platforms.word(wish.namespace)}"


def _places(entry: Gateway | Service, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Each place that is written: the path of what runs there, its platform, what its name gets behind it."""
    yield path, entry.runs_on.platform, ""
    for name, version in (entry.versions if isinstance(entry, Service) else {}).items():
        if version.runs_on:
            yield (*path, "versions", name), version.runs_on.platform, f"-{name}"


def _run(changes: Changes, path: Path, platform: str, runs_on: str, wish: Wish) -> None:
    why = f"runs_on {platform} becomes {runs_on}"
    if wish.step is Step.once:
        changes.set(path, runs_on, why)
    elif "versions" in path:
        problem = Problem(
            "a version with a `runs_on` of its own cannot be on two platforms at a time",
            path=path,
            found=platform,
            help="give --at-once, or make it a service",
        )
        raise InputError(problem)
    else:
        changes.put_before(path, f"runs_on: {runs_on}", "moves_from", f"{why}, and moves_from {platform}")
