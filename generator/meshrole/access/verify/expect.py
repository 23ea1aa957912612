"""Proof: what a team expects of its identities, in a table of its own, is so."""

from collections.abc import Iterator

from meshrole.access import identities
from meshrole.access.verify.cells import Cells
from meshrole.access.verify.compare import Requests, Side, UndecidedError, allows
from meshrole.access.verify.contexts import Value, plain
from meshrole.access.verify.estate import PEOPLE, PIPELINE, WORKLOAD, Estate, Subject, tried
from meshrole.access.verify.expectations import Expectation, Table
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.access.verify.language import accepts, shape
from meshrole.access.verify.reach import fixed, speaking
from meshrole.errors import InputError, Problem
from meshrole.iam import actions
from meshrole.iam.evaluation import PolicySet
from meshrole.iam.evaluation.layer import Layer
from meshrole.inventory.messages import nearest

NAME = "expectations"
# What the labels of roles end in that help a workload's own.
HELPERS = ("-execution", "-infrastructure", "-targets")
CLAIM = "each identity may do what it must, and may not do what it must not"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def prove(estate: Estate, table: Table) -> Proof:
    """Every row of the table. Raises InputError for identities that there are not."""
    meant = [(row, _meant(row, estate)) for row in table.rows]
    problems = [_unknown(row, estate, table) for row, subjects in meant if not subjects]
    if problems:
        raise InputError(problems)
    findings = [
        each for row, subjects in meant for subject in subjects for each in tried(subject, _of(row, subject, estate, table))
    ]
    identities_meant = {subject.role.arn for _, subjects in meant for subject in subjects}
    over = f"{counted(len(table.rows), 'row')}, {counted(len(identities_meant), 'identity', 'identities')}"
    return Proof(NAME, CLAIM, over, tuple(findings))


def names(subject: Subject) -> frozenset[str]:
    """The names of an identity, in lower case: those of the inventory, or of its tags, and its role's."""
    if subject.declared:
        return identities.names(subject.declared.found)
    tags = [subject.role.tag(key) for key in (WORKLOAD, PEOPLE, PIPELINE)]
    helper = subject.role.address.rpartition(".")[2].endswith(HELPERS)
    return frozenset(name.lower() for name in (subject.name, *(() if helper else tags)) if name)


def _meant(row: Expectation, estate: Estate) -> list[Subject]:
    return [
        subject
        for subject in estate.ours
        if row.identity.lower() in names(subject) or row.identity == subject.role.arn
        if row.environment in (None, subject.declared.environment if subject.declared else None)
    ]


def _unknown(row: Expectation, estate: Estate, table: Table) -> Problem:
    known = sorted({name for subject in estate.ours for name in names(subject)})
    message = f'no identity is called "{row.identity}"' + (f" in {row.environment}" if row.environment else "")
    return table.problem(row, message, "identity", found=row.identity, help=nearest(row.identity, known))


def _of(row: Expectation, subject: Subject, estate: Estate, table: Table) -> Iterator[Finding]:
    for key, wanted in (("must", True), ("must_not", False)):
        for text in row.must if wanted else row.must_not:
            for action in actions.expand(text):
                example = _example(row, subject, action, estate, wanted=wanted)
                if example:
                    verb = "must be able to do" if wanted else "must not be able to do"
                    place = table.document.place((row.index, key))
                    message = f"{place}: {subject.name} {verb} {action} on {example.resource}"
                    yield Finding(message, subject.name, example, subject.path, subject.role.address)
                    break


def _example(row: Expectation, subject: Subject, action: str, estate: Estate, *, wanted: bool) -> CounterExample | None:
    """A request that is not decided as it is wanted. What must be allowed is asked with the given context and no other key."""
    layers = [(side.cells, layer) for side, layer in _layers(subject, estate)]
    within = [_filled(text, subject) for text in row.on]
    given: dict[str, Value] = {**dict(fixed(subject)), **dict(row.context)}
    about: Cells = frozenset().union(*(speaking(cells, action) for cells, _ in layers))
    asked = Requests(about, action, subject.role.arn, within, given)
    shapes = [shape(plain(text)) for text in within]
    for resource, context in asked:
        if any(accepts(each, resource) for each in shapes) and not (wanted and asked.shown(context)):
            request = asked.request(resource, given if wanted else {**given, **context})
            if all(allows(layer, request) for _, layer in layers) is not wanted:
                shown = {**dict(row.context), **asked.shown(context)}
                return CounterExample(subject.role.arn, action, resource, shown, not wanted)
    if not asked.complete:
        raise UndecidedError
    return None


def _layers(subject: Subject, estate: Estate) -> Iterator[tuple[Side, Layer]]:
    yield subject.policies, subject.policies.layer()
    if subject.limits:
        yield subject.limits, subject.limits.layer()
    if estate.scp.documents:
        yield estate.scp, PolicySet(scp=[[EVERYTHING, *estate.scp.documents]]).layers.scp[0]


def _filled(text: str, subject: Subject) -> str:
    environment = subject.declared.found.root.environment if subject.declared else None
    words = {"partition": subject.role.partition, "account": subject.role.account}
    if environment:
        words |= {"region": environment.region, "environment": environment.name}
    for word, value in words.items():
        text = text.replace("{" + word + "}", value)
    return text
