"""Whether the organization's resource control policies leave a role's own trust policy alive.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from meshrole.access.verify.cells import ACCOUNT, Cell, Except
from meshrole.access.verify.compare import MAX_REQUESTS, UndecidedError, allows
from meshrole.access.verify.contexts import Value, choices
from meshrole.access.verify.estate import Estate, Subject, side
from meshrole.access.verify.finding import CounterExample, Finding
from meshrole.access.verify.reach import speaking
from meshrole.iam.evaluation import PolicySet, Request

CALLS = {"Service": "sts:AssumeRole", "AWS": "sts:AssumeRole"}


def findings(subject: Subject, estate: Estate) -> Iterator[Finding]:
    """A finding for each principal that the trust policy lets in and a resource control policy always refuses."""
    limits = speaking(estate.rcp.cells, "sts:AssumeRole")
    trust = side((subject.role.trust,))
    for cell in sorted(speaking(trust.cells, "sts:AssumeRole"), key=str) if limits else ():
        if cell.effect == "Allow" and not isinstance(cell.principal, Except) and cell.principal[0] in CALLS:
            example = _refused(subject, cell, estate, trust.documents[0])
            if example:
                message = f"an RCP refuses {example.principal} the role {subject.name}, which its trust policy lets in"
                yield Finding(message, subject.name, example, subject.path, subject.role.trust.source)


def _refused(subject: Subject, cell: Cell, estate: Estate, document: Mapping[str, Any]) -> CounterExample | None:
    """A request that the trust policy lets in, where no such request is let through."""
    assert not isinstance(cell.principal, Except)
    kind, name = cell.principal
    arn = f"arn:{subject.role.partition}:iam::{name}:role/any-role" if ACCOUNT.fullmatch(name) else name
    principal = {"service": name} if kind == "Service" else arn
    own, limit = PolicySet(resource=document).trusts[0], PolicySet(rcp=[estate.rcp.documents]).layers.rcp[0]
    refused = None
    for context in _contexts(cell, kind, estate):
        request = Request(principal, CALLS[kind], subject.role.arn, context=context)
        if allows(own, request):
            said = limit.says(request.facts, False)
            if said is None or said[1] > 0:
                return None
            refused = refused or CounterExample(arn, CALLS[kind], subject.role.arn, context, False)
    return refused


def _contexts(cell: Cell, kind: str, estate: Estate) -> Iterator[dict[str, Any]]:
    """What AWS says of the principal itself, with every value of the other keys."""
    known: dict[str, Value] = {"aws:principalisawsservice": "true" if kind == "Service" else "false"}
    if kind == "AWS" and estate.organization:
        known["aws:principalorgid"] = estate.organization
    about = {*cell.conditions, *(each for limit in speaking(estate.rcp.cells, "sts:AssumeRole") for each in limit.conditions)}
    tried = choices(about)
    values = [(known[key],) if key in known else each for key, each in tried.values.items()]
    for number, chosen in enumerate(product(*values)):
        if number >= MAX_REQUESTS:
            raise UndecidedError
        given = {**known, **dict(zip(tried.values, chosen, strict=True))}
        yield {key: list(value) if isinstance(value, tuple) else value for key, value in given.items() if value is not None}
