"""Proof: what each identity may do equals what the inventory declares, over every action of AWS."""

from collections.abc import Iterator

from meshrole.access import lines
from meshrole.access.verify import cells
from meshrole.access.verify.compare import Difference, Side, allows, differences
from meshrole.access.verify.declared import Declared
from meshrole.access.verify.estate import Estate, Subject, tried, unreadable
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.iam import actions
from meshrole.iam.evaluation import PolicySet, Request
from meshrole.inventory.values import Path

NAME = "least privilege"
CLAIM = "the set of (action, resource, condition) of each identity equals what the inventory declares"
SHOWN = 4


def prove(estate: Estate) -> Proof:
    """Every identity's policies against what is declared of it."""
    if not estate.has_inventory:
        return Proof(NAME, CLAIM, "", _unknown(estate), skipped="it needs an inventory to compare with")
    findings = [each for subject, declared in estate.declared for each in tried(subject, _of(subject, declared, estate))]
    findings += strays(estate)
    grants = sum(len(subject.policies.cells) for subject, _ in estate.declared)
    identities = counted(len(estate.declared), "identity", "identities")
    over = f"{identities}, {counted(grants, 'grant')}, {counted(len(actions.expand('*')), 'action')} of AWS"
    return Proof(NAME, CLAIM, over, tuple(findings))


def _unknown(estate: Estate) -> tuple[Finding, ...]:
    """A policy that is not known yet may hold anything, inventory or not."""
    return (*strays(estate), *(each for subject in estate.ours for each in unreadable(subject, subject.role.policies)))


def strays(estate: Estate) -> Iterator[Finding]:
    """Policies that are given to a role which is not there, so that what the role may do is more than is proved here."""
    declared = {item.name.lower(): item for item in (*estate.missing, *estate.elsewhere)}
    for stray in estate.strays:
        source = stray.document.source
        if stray.role is None:
            message = f"which role {source} is given to is known only after the apply"
            yield Finding(message, None, address=source, kind="unknown")
        elif stray.role.lower() in declared:
            message = f"{stray.role} is given {source}, and the role itself is not there: what it may do cannot be proved"
            path = declared[stray.role.lower()].source
            yield Finding(message, stray.role, path=path, address=source, kind="unknown")


def _of(subject: Subject, declared: Declared, estate: Estate) -> Iterator[Finding]:
    yield from unreadable(subject, subject.role.policies)
    expected = Side(cells.of_value(declared.policy), (declared.policy,) if declared.policy["Statement"] else ())
    for each in differences(subject.policies, expected, declared.found.role.arn):
        if subject.hides_any and each.decided and not each.is_allowed:
            continue
        yield _finding(subject, declared, each, _path(declared, each, estate))


def _path(declared: Declared, each: Difference, estate: Estate) -> Path:
    """The permission that the difference is about, or else whose it is."""
    for grant, path in lines.grants(declared.found, estate.written):
        if each.action.lower() in (name.lower() for name in grant.actions):
            return path
    return declared.source


def _finding(subject: Subject, declared: Declared, each: Difference, path: Path) -> Finding:
    arn, names = declared.found.role.arn, _names(each.actions)
    if not each.decided:
        message = f"{subject.name}: its statements about {names} have more cases than are tried, so nothing is proved about them"
        return Finding(message, subject.name, path=path, address=subject.role.address, kind="unknown")
    example = CounterExample(arn, each.action, each.resource, each.context, each.is_allowed)
    if each.is_allowed:
        stopped = " (its permissions boundary refuses that today)" if _is_stopped(subject, example) else ""
        message = f"{subject.name} may do {names} on {each.resource}, which the inventory does not declare{stopped}"
    else:
        message = f"{subject.name} may not do {names} on {each.resource}, which the inventory declares"
    return Finding(message, subject.name, example, path, subject.role.address)


def _is_stopped(subject: Subject, example: CounterExample) -> bool:
    if subject.limits is None:
        return False
    given = {key: list(value) if isinstance(value, tuple) else value for key, value in example.context.items()}
    request = Request(example.principal, example.action, example.resource, context=given)
    return not allows(PolicySet(identity=subject.limits.documents).layers.identity, request)


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN:,} more actions" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
