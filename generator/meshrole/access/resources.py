"""What a question is about: an ARN, `*`, or a name as people say it.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from meshrole.access.identities import names
from meshrole.access.roles import Found
from meshrole.blueprint.engines import ENGINES
from meshrole.errors import InputError, Problem
from meshrole.iam import actions, arn, wildcard
from meshrole.iam.actions import Action
from meshrole.inventory.messages import nearest
from meshrole.inventory.values import Environment

PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z]+)\}")
VARIABLE = re.compile(r"\$\{([^}]*)\}")
FIELDS = 5
SHOWN, SOME = 20, 3
SPIFFE = "spiffe://"
# Names of these services are known from the inventory; a name of another service's resource may be any.
KNOWN_BY_NAME = ("appmesh", "iam", "sts", "vpc-lattice", "vpc-lattice-svcs")


def action_of(name: str) -> Action:
    """The action that AWS has under this name, in whatever case. Raises InputError with the nearest names."""
    found = actions.find(name)
    if found is not None:
        return found
    if wildcard.has_wildcard(name):
        names = actions.expand(name) if name != "*" else ()
        more = f" and {len(names) - SOME} more" if len(names) > SOME else ""
        help_line = f"it means {', '.join(names[:SOME])}{more}" if names else None
        raise InputError(Problem("the question is about one action, not a wildcard", found=name, help=help_line))
    close = actions.nearest(name)
    help_line = f"did you mean {' or '.join(close)}?" if close else "an action is service:Name"
    raise InputError(Problem("AWS has no such action", found=name, help=help_line))


def resource_of(text: str, action: Action, found: Found, every: Sequence[Found]) -> str:
    """The ARN of what `text` means to the action, in the environment of a role. Raises InputError where it means nothing."""
    if not action.resource_types or text == "*":
        return _everything(text, action)
    if text.startswith(SPIFFE):
        message = f"{action.name} is not about a workload of Istio's: policies in the cluster decide who may call it"
        raise InputError(Problem(message, found=text, help="`meshrole access` says who calls it, and which policy admits whom"))
    if text.startswith("arn:"):
        return _checked(_filled(text, found.root.environment), action)
    known = [(name, value) for name, value in _known(found, every) if actions.acts_on(action, value)]
    meant = list(dict.fromkeys(value for name, value in known if name.lower() == text.lower()))
    meant = meant or list(_spelled(text, action, found))
    best = _closest(meant, action, found)
    if len(best) == 1:
        return best[0]
    if best:
        raise InputError(Problem(f'"{text}" means more than one resource', found=text, allowed=tuple(best)))
    raise InputError(_unknown(text, action, [name for name, _ in known]))


def _closest(meant: list[str], action: Action, found: Found) -> list[str]:
    """Those of the role's own mesh, and of them those without which the action is nothing: a node is made, not its backend."""
    sides = found.mesh.sides if found.mesh else ()
    named = {value for side in sides for _, value in ENGINES[side.engine].names(side)}
    beginnings = tuple(f"{ENGINES[side.engine].arn(side)}/" for side in sides)
    own = [value for value in meant if value in named or value.startswith(beginnings)]
    narrow = replace(action, resource_types=action.required_types)
    return [value for value in own or meant if narrow.resource_types and actions.acts_on(narrow, value)] or own or meant


def _everything(text: str, action: Action) -> str:
    if text != "*":
        raise InputError(Problem(f"{action.name} acts on no resource", found=text, help="AWS grants it on * only: give *"))
    if action.required_types:
        formats = actions.arn_formats(action)
        raise InputError(Problem(f"{action.name} acts on one resource at a time", found=text, allowed=formats))
    return text


def _checked(text: str, action: Action) -> str:
    try:
        arn.parse(text)
    except ValueError as error:
        raise InputError(Problem(f"not an ARN: {error}", found=text)) from None
    if wildcard.has_wildcard(text):
        raise InputError(Problem("the question is about one resource, not a pattern", found=text, help="give the ARN of one"))
    if not actions.acts_on(action, text):
        message = f"{action.name} does not act on this resource"
        raise InputError(Problem(message, found=text, allowed=actions.arn_formats(action)))
    return text


def _filled(text: str, environment: Environment) -> str:
    """The ARN with the inventory's placeholders filled in, so that it can be asked of several environments."""
    words = {
        "partition": environment.partition,
        "region": environment.region,
        "account": environment.account,
        "environment": environment.name,
        "organization": environment.organization,
    }
    return PLACEHOLDER.sub(lambda match: words.get(match[1], match[0]), text)


def _unknown(text: str, action: Action, known: Sequence[str]) -> Problem:
    names = dict.fromkeys(known)
    short = tuple(name for name in names if name.partition("/")[2] not in names)
    allowed = short[:SHOWN] or actions.arn_formats(action)
    message = f'{action.name} acts on nothing that is called "{text}"'
    return Problem(message, found=text, allowed=allowed, help=nearest(text, names) or "an ARN can be given too")


def _known(found: Found, every: Sequence[Found]) -> Iterator[tuple[str, str]]:
    """Every resource that the inventory has in the environment, under each of its names."""
    for mesh in found.meshes:
        for side in mesh.sides:
            yield from ENGINES[side.engine].names(side)
    for item in every:
        is_here = item.root.environment.name == found.root.environment.name
        yield from ((name, item.role.arn) for name in (sorted(names(item)) if is_here else (item.role.name,)))


def _spelled(text: str, action: Action, found: Found) -> Iterator[str]:
    """What the text is once the beginning of an ARN is put before it: up to the account, or else up to the name."""
    formats = [_halves(each, found.root.environment) for each in actions.arn_formats(action)]
    whole = [
        *(value for mesh in found.meshes for side in mesh.sides for value in ENGINES[side.engine].below(text, side)),
        *(head + text for head, _ in formats),
    ]
    by_name = [
        head + VARIABLE.sub(lambda _: text, tail)
        for head, tail in formats
        if action.service not in KNOWN_BY_NAME and len(VARIABLE.findall(tail)) == 1
    ]
    for values in (whole, by_name):
        fitting = [value for value in dict.fromkeys(values) if _is_one(value) and actions.acts_on(action, value)]
        if fitting:
            yield from fitting
            return


def _is_one(value: str) -> bool:
    return not wildcard.has_wildcard(value) and not VARIABLE.search(value)


def _halves(text: str, environment: Environment) -> tuple[str, str]:
    """An ARN format up to its resource, filled in, and the rest."""
    known = {"Partition": environment.partition, "Region": environment.region, "Account": environment.account}
    parts = VARIABLE.sub(lambda match: known.get(match[1], match[0]), text).split(":", FIELDS)
    return ":".join([*parts[:FIELDS], ""]), parts[-1]
