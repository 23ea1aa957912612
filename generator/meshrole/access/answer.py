"""A message or events, and an inventory to compare them with, to explanations."""

from dataclasses import dataclass, replace

from meshrole.access import decoded, events, grammar, records
from meshrole.access.denial import Denial
from meshrole.access.diagnosis import diagnose
from meshrole.access.finding import Estate, Finding
from meshrole.access.plain import uncoloured
from meshrole.access.report import Explained, Explanation
from meshrole.access.roles import every
from meshrole.blueprint.model import Blueprint
from meshrole.errors import InputError, Place, Problem
from meshrole.inventory.load import Loaded
from meshrole.inventory.values import Inventory

MAX_MESSAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """The denials that were found, and how many records were none."""

    denials: tuple[Denial, ...]
    skipped: int = 0


def of_message(text: str) -> Told:
    """The denials in a message. Raises InputError when it has no form that is known: nothing is guessed."""
    if len(text) > MAX_MESSAGE:
        raise InputError(Problem(f"a message of more than {MAX_MESSAGE:,} characters", help="give the part with the error"))
    text = uncoloured(text)
    if records.holds_records(text):
        return of_events(text.encode(errors="replace"), "MESSAGE")
    known = decoded.parse(text)
    denials = (known,) if known is not None else grammar.parse(text)
    if not denials:
        help_line = "give the whole error as it was printed, or its CloudTrail event (--event); docs/explain.md lists the forms"
        raise InputError(Problem("I don't know this form of message", help=help_line))
    return Told(denials)


def of_events(content: bytes, name: str) -> Told:
    """The denials in CloudTrail records. Raises InputError when they cannot be read, or none of them is a denial."""
    found = records.read(content, name)
    denials = tuple(item for record in found if (item := events.denial(record)) is not None)
    if not denials:
        message = f"no denial in {len(found)} CloudTrail record{'s' if len(found) > 1 else ''}"
        raise InputError(Problem(message, Place(name, 1, 1), help="a denial has an errorCode such as AccessDenied"))
    return Told(denials, len(found) - len(denials))


def explain(told: Told) -> Explained:
    """Every denial by itself."""
    return Explained(tuple(map(Explanation, told.denials)), told.skipped)


def compare(told: Told, blueprint: Blueprint, inventory: Inventory, loaded: Loaded) -> Explained:
    """Every denial with what the inventory has to do with it."""
    estate = Estate(every(blueprint, inventory), loaded.written)
    place = loaded.document.place
    explanations = []
    known: dict[Denial, Finding] = {}
    for denial in told.denials:
        # A log has the same denial many times.
        question = replace(denial, event=None, request_id=None, encoded=None, authorization_id=None)
        finding = known.get(question) or known.setdefault(question, diagnose(question, estate))
        others = tuple(place(pointer.path) for pointer in finding.others)
        explanations.append(Explanation(denial, finding, place(finding.path), others))
    return Explained(tuple(explanations), told.skipped)
