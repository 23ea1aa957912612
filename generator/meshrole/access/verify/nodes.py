"""Proof: an Envoy streams the configuration of its own node and of no other.

The nodes that grants name are looked up by ARN, and by the beginning of a pattern: no pair of roles is ever compared.
https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from meshrole.access.verify.cells import Except
from meshrole.access.verify.estate import Estate, Subject, tried
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.access.verify.reach import requests, speaking
from meshrole.iam import wildcard

NAME = "nodes"
CLAIM = "no Envoy can stream another's virtual node or gateway"
ACTION = "appmesh:StreamAggregatedResources"
ANY_NODE = ("arn:*:appmesh:*:*:mesh/*/virtualNode/*", "arn:*:appmesh:*:*:mesh/*/virtualGateway/*")
LOWER = frozenset((ACTION.lower(),))


def prove(estate: Estate) -> Proof:
    """Every grant of the stream, of whatever role, and whose node it is of."""
    granted = [(subject, _granted(subject)) for subject in estate.subjects if subject.may_do_any(LOWER)]
    owners = _owners(estate, granted)
    named = sorted(owners)
    findings = [each for subject, patterns in granted for each in tried(subject, _of(subject, patterns, owners, named))]
    over = f"{counted(len(estate.subjects), 'role')} by {counted(len(owners), 'node')}"
    return Proof(NAME, CLAIM, over, tuple(findings))


def _granted(subject: Subject) -> tuple[str, ...]:
    """The resources that the stream is granted on; everything where a statement excepts some."""
    about = speaking(subject.policies.cells, ACTION)
    allowed = {cell.resource for cell in about if cell.effect == "Allow"}
    patterns = {"*" if isinstance(resource, Except) else resource for resource in allowed}
    return tuple(sorted(text for text in patterns if any(wildcard.overlaps(text, each) for each in ANY_NODE)))


def _owners(estate: Estate, granted: Sequence[tuple[Subject, tuple[str, ...]]]) -> dict[str, list[Subject]]:
    """Whose each node is: as declared, or of whoever names it where nothing is declared."""
    owners: dict[str, list[Subject]] = defaultdict(list)
    for subject, declared in estate.declared:
        if declared.node:
            owners[declared.node].append(subject)
    for subject, patterns in granted:
        for text in patterns if subject.declared is None else ():
            if not wildcard.has_wildcard(text) and text not in owners:
                owners[text].append(subject)
    return owners


def _of(subject: Subject, patterns: Sequence[str], owners: dict[str, list[Subject]], named: Sequence[str]) -> Iterator[Finding]:
    own = subject.declared.node if subject.declared else None
    for text in patterns:
        if wildcard.has_wildcard(text):
            yield from _wide(subject, text, own, owners, named)
        elif subject.declared and text != own:
            yield from _found(subject, text, owners.get(text, ()))
        elif subject.declared is None and any(other is not subject for other in owners[text]):
            yield from _found(subject, text, owners[text])


def _wide(
    subject: Subject, text: str, own: str | None, owners: dict[str, list[Subject]], named: Sequence[str]
) -> Iterator[Finding]:
    """A pattern: another's node where it matches one, or any node that could be."""
    for node in _matching(text, named):
        others = [each for each in owners[node] if each is not subject]
        if others and node != own:
            yield from _found(subject, node, others)
            return
    for example in requests(subject, ACTION, [each for each in ANY_NODE if wildcard.overlaps(each, text)]):
        if example.resource != own:
            yield _finding(subject, example, "a node that is not its own")
            return


def _matching(text: str, named: Sequence[str]) -> Iterator[str]:
    beginning = text[: min(text.find(each) for each in "*?" if each in text)]
    for index in range(bisect_left(named, beginning), len(named)):
        if not named[index].startswith(beginning):
            return
        if wildcard.matches(text, named[index]):
            yield named[index]


def _found(subject: Subject, node: str, others: Sequence[Subject]) -> Iterator[Finding]:
    for example in requests(subject, ACTION, (node,)):
        whose = next((each.name for each in others if each is not subject), None)
        yield _finding(subject, example, f"the node of {whose}" if whose else "a node that is not its own")
        return


def _finding(subject: Subject, example: CounterExample, whose: str) -> Finding:
    message = f"{subject.name} can stream {whose}"
    return Finding(message, subject.name, example, subject.path, subject.role.address)
