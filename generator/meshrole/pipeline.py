"""The journeys, each readable aloud. They read, decide and return; only `write` changes the disk."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshrole import write
from meshrole.blueprint.design import design
from meshrole.blueprint.forbidden import dead_grants
from meshrole.blueprint.model import Blueprint
from meshrole.blueprint.quotas import exceeded
from meshrole.blueprint.summary import summary
from meshrole.errors import BuildError, InputError, MeshroleError, OutputError, Problem
from meshrole.inventory.document import collector_off
from meshrole.inventory.isolation import shared
from meshrole.inventory.leaving import overdue, today
from meshrole.inventory.load import Loaded, Reader, load
from meshrole.inventory.resolve import resolve
from meshrole.inventory.schema import schema
from meshrole.inventory.values import Inventory
from meshrole.modules import module_files
from meshrole.render.audit_files import lost_audit, used_modules
from meshrole.render.files import render
from meshrole.starter import SCHEMA, starter
from meshrole.terraform.settings import Event, Listener, Run, Settings
from meshrole.write import Changes

if TYPE_CHECKING:
    from meshrole.access.answers import Answered
    from meshrole.access.listing import Listing
    from meshrole.access.report import Explained
    from meshrole.access.verify.report import Verified
    from meshrole.iam import evaluation

__all__ = ["Changes", "Checked", "Event", "Generated", "Listener", "Run", "Settings", "schema"]


@dataclass(frozen=True)
class Checked:
    """An inventory that was looked at: what it becomes (None where it cannot), and everything to say about it."""

    inventory: Inventory | None
    blueprint: Blueprint | None
    error: MeshroleError | None
    warnings: tuple[Problem, ...]
    loaded: Loaded | None = None

    def summary(self) -> dict[str, Any]:
        """The resolved inventory as JSON values, errors and warnings included."""
        errors = self.error.problems if self.error else ()
        return summary(self.inventory, self.blueprint, errors, self.warnings)


@dataclass(frozen=True)
class Generated:
    """The files of every environment, and the names of the environments."""

    files: dict[str, bytes]
    environments: tuple[str, ...]
    identities: int
    warnings: tuple[Problem, ...]


def check(paths: Sequence[str], read: Reader = load, day: date | None = None) -> Checked:
    """An inventory, from files to a blueprint as of a `day`; what is wrong with it is in the answer."""
    with collector_off():
        try:
            loaded = read(paths)
        except InputError as unreadable:
            return Checked(None, None, unreadable, ())
        resolved = resolve(loaded)
        inventory = resolved.inventory
        problems = [*resolved.problems, *(map(loaded.located, _late(inventory, day or today())) if inventory else ())]
        if problems or inventory is None:
            return Checked(inventory, None, InputError(problems), resolved.warnings)
        blueprint, error = _designed(inventory, loaded)
    return Checked(inventory, blueprint, error, resolved.warnings, loaded)


def _late(inventory: Inventory, day: date) -> Iterator[Problem]:
    """What is wrong with the inventory as a whole, and as of a day."""
    yield from shared(inventory)
    yield from overdue(inventory, day)


def generate(paths: Sequence[str], module_source: str | None = None) -> Generated:
    """An inventory in, Terraform files out. Writes nothing. Raises InputError or BuildError with every problem.

    `module_source` is a Terraform source of the hand-written modules; without it they are copied beside the roots.
    """
    checked = check(paths)
    if checked.error:
        raise checked.error
    assert checked.blueprint
    with collector_off():
        files = render(checked.blueprint, module_source)
        if module_source is None:
            files |= {f"modules/{path}": content for path, content in module_files(used_modules(checked.blueprint)).items()}
    roots = checked.blueprint.roots
    count = sum(len(module.identities) for root in roots for module in root.modules)
    return Generated(files, tuple(root.environment.name for root in roots), count, checked.warnings)


def save(generated: Generated, out: Path, *, prune: bool, allow_audit_loss: bool = False) -> Changes:
    """Write what was generated, all of it or nothing. Raises OutputError; also where the audit would be lost unasked."""
    _keep_audit(generated, out, prune=prune, allow_audit_loss=allow_audit_loss)
    return write.write(generated.files, out, generated.environments, prune=prune)


def drift(generated: Generated, out: Path, *, prune: bool, allow_audit_loss: bool = False) -> Changes:
    """What `save` would change. Raises OutputError as it would."""
    _keep_audit(generated, out, prune=prune, allow_audit_loss=allow_audit_loss)
    return write.compare(generated.files, out, generated.environments, prune=prune)


def difference(generated: Generated, out: Path, *, prune: bool) -> str:
    """What `save` would change, as a unified diff. Raises OutputError."""
    return write.difference(generated.files, out, generated.environments, prune=prune)


def _keep_audit(generated: Generated, out: Path, *, prune: bool, allow_audit_loss: bool) -> None:
    """Refuse to take away what records an environment that stays, or that is pruned."""
    lost = [] if allow_audit_loss else lost_audit(write.owned(out), generated.files, generated.environments, prune=prune)
    if lost:
        raise OutputError(
            Problem(
                f"{path}: this would take the audit of {path.partition('/')[0]} away, and Terraform what it recorded",
                help="put it back into the inventory, or give --allow-audit-loss",
            )
            for path in lost
        )


def begin(folder: Path) -> tuple[str, ...]:
    """Write the starting files into `folder`; their paths. Raises OutputError when one of them is there already."""
    text = json.dumps(schema(), indent=2) + "\n"
    return write.create({**starter(), SCHEMA: text.encode()}, folder)


def validate(folder: Path, settings: Settings, listen: Listener) -> Run:
    """Terraform's own check of every root in `folder`. Raises InputError without roots, TerraformError on failure."""
    from meshrole.terraform import journeys  # only these two commands need terraform's libraries

    return journeys.validate(folder, settings, listen)


def plan(folder: Path, settings: Settings, listen: Listener, *, offline: bool, out: Path | None) -> Run:
    """Terraform's plan of every root in `folder`. Raises InputError without roots, TerraformError on failure."""
    from meshrole.terraform import journeys

    return journeys.plan(folder, settings, listen, offline=offline, out=out)


def simulate(lines: Iterable[bytes]) -> "Iterator[evaluation.Answered]":
    """The decision about the case on each line, in order; what is wrong with a line is in its answer."""
    from meshrole.iam import evaluation  # the evaluator is nothing that `check` and `generate` need

    return evaluation.simulate(lines)


def explain(message: str | None, event: tuple[str, bytes] | None, paths: Sequence[str]) -> "Explained":
    """Denials in a message or in the content of an event file, compared with an inventory where there is one.

    Raises InputError for what has no form that is known, and whatever is wrong with the inventory.
    """
    from meshrole.access import answer  # only this command needs it

    told = answer.of_events(event[1], event[0]) if event else answer.of_message(message or "")
    if not paths:
        return answer.explain(told)
    return answer.compare(told, *_sound(paths))


def can(
    paths: Sequence[str],
    identity: str,
    action: str,
    resource: str,
    context: Mapping[str, Sequence[str]],
    environment: str | None = None,
    *,
    complete: bool = False,
) -> "Answered":
    """Whether an identity may do an action on a resource, in each environment, and why.

    Raises InputError for a name that means nothing, and whatever is wrong with the inventory.
    """
    from meshrole.access import answers, can

    question = can.Question(identity, action, resource, context, environment, complete)
    return answers.Answered(can.answers(question, can.Estate(*_sound(paths))))


def access(
    paths: Sequence[str],
    identities: Sequence[str] = (),
    resources: Sequence[str] = (),
    environments: Sequence[str] = (),
    sections: Sequence[str] = (),
) -> "Listing":
    """Who can do what, who may assume what and who calls whom, worked out while its lines are taken.

    Raises InputError for a name that means nothing, and whatever is wrong with the inventory.
    """
    from meshrole.access import listing

    return listing.listing(*_sound(paths), identities, resources, environments, sections)


def verify(
    paths: Sequence[str],
    plans: Sequence[tuple[str, bytes]] = (),
    expectations: tuple[str, bytes] | None = None,
    *,
    live: bool = False,
) -> "Verified":
    """Prove who can do what, in plans (names and contents) or in what is rendered, against the inventory where there is one.

    Raises InputError for the expectations, PlanError for a plan, and whatever is wrong with the inventory.
    """
    from meshrole.access.verify import journey

    sound = _sound(paths) if paths else None
    files = render(sound[0]) if sound and not plans else {}
    return journey.verify(sound, plans, files, expectations, live=live)


def _sound(paths: Sequence[str]) -> tuple[Blueprint, Inventory, Loaded]:
    """An inventory without any error, and what it becomes. Raises whatever is wrong with it."""
    checked = check(paths)
    if checked.error:
        raise checked.error
    assert checked.blueprint and checked.inventory and checked.loaded
    return checked.blueprint, checked.inventory, checked.loaded


def _designed(inventory: Inventory, loaded: Loaded) -> tuple[Blueprint | None, MeshroleError | None]:
    try:
        blueprint = design(inventory)
    except BuildError as error:
        return None, BuildError(map(loaded.located, error.problems))
    dead = list(map(loaded.located, dead_grants(blueprint)))
    if dead:
        return blueprint, InputError(dead)
    over = list(map(loaded.located, exceeded(inventory, blueprint)))
    return blueprint, BuildError(over) if over else None
