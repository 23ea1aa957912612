"""Identities by the names that an inventory and AWS give them."""

from collections.abc import Sequence

from meshrole.access import roles
from meshrole.access.denial import ARN_PARTS
from meshrole.access.roles import Found
from meshrole.errors import InputError, Problem
from meshrole.inventory.messages import nearest
from meshrole.inventory.values import Workload

SHOWN = 20


def named(every: Sequence[Found], name: str, environment: str | None = None) -> tuple[Found, ...]:
    """The roles that `name` means: one in each environment, and one for each version where a service has several.

    It is a name of the inventory (`checkout`, `checkout-blue`, `checkout/blue`, each also with `shop/` before it, and with
    `-execution` after it for the role that helps), the name of a role, or an ARN of one or of a session of it. Raises
    InputError for a name that means nothing, or roles of several meshes.
    """
    found = _meant(every, name)
    here = [item for item in found if environment in (None, item.root.environment.name)]
    if not here:
        there = tuple(dict.fromkeys(item.root.environment.name for item in found))
        raise InputError(Problem(f'"{name}" is not in environment "{environment}"', found=environment, allowed=there))
    modules = dict.fromkeys(item.module.name for item in here)
    if len(modules) > 1:
        allowed = tuple(f"{module}/{name}" for module in modules)
        raise InputError(Problem(f'"{name}" is in more than one place', found=name, allowed=allowed))
    return tuple(here)


def selected(every: Sequence[Found], wanted: Sequence[str], environments: Sequence[str]) -> tuple[Found, ...]:
    """The roles that any of the names means, all of them where there is no name. Raises InputError like `named`."""
    chosen = {item.role.arn for name in wanted for item in _meant(every, name)}
    return tuple(
        item
        for item in every
        if (not wanted or item.role.arn in chosen) and (not environments or item.root.environment.name in environments)
    )


def check_environment(name: str, known: Sequence[str]) -> None:
    """Raise InputError for an environment that the inventory does not have."""
    if name not in known:
        raise InputError(
            Problem(f'no environment is called "{name}"', found=name, allowed=tuple(known), help=nearest(name, known))
        )


def names(found: Found) -> frozenset[str]:
    """Every name of a role but its ARN, in lower case."""
    own = [found.identity.label]
    origin = found.origin
    if isinstance(origin, Workload) and origin.version is not None and origin.service is not None:
        own += [origin.service, f"{origin.service}/{origin.version}"]
    suffix = found.role.label.removeprefix(found.identity.label)
    short = [name + suffix for name in own]
    return frozenset(name.lower() for name in (*short, *(f"{found.module.name}/{name}" for name in short), found.role.name))


def title(found: Found) -> str:
    """How answers name a role: its place in the inventory's terms."""
    return f"{found.root.environment.name}/{found.module.name}/{found.role.label}"


def _meant(every: Sequence[Found], name: str) -> Sequence[Found]:
    found = _by_arn(every, name) if name.startswith("arn:") else [item for item in every if name.lower() in names(item)]
    if not found:
        raise InputError(_unknown(every, name))
    return found


def _by_arn(every: Sequence[Found], arn: str) -> list[Found]:
    """The role with an ARN, or the one whose session has it."""
    parts = arn.split(":", ARN_PARTS - 1)
    if len(parts) == ARN_PARTS and parts[2] == "sts" and parts[5].startswith("assumed-role/"):
        arn = f"arn:{parts[1]}:iam::{parts[4]}:role/{parts[5].split('/')[1]}"
    found = roles.find_arn(tuple(every), arn)
    return [found] if found else []


def _unknown(every: Sequence[Found], name: str) -> Problem:
    known = dict.fromkeys(label for item in every for label in (item.identity.label, item.role.label))
    spelled = (
        [item.role.arn for item in every] if name.startswith("arn:") else sorted({it for item in every for it in names(item)})
    )
    return Problem(f'no identity is called "{name}"', found=name, allowed=tuple(known)[:SHOWN], help=nearest(name, spelled))
