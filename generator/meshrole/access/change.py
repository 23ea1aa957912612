"""Which line of the inventory decides what a role may do, and what to write there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from meshrole.access import lines, trust
from meshrole.access.denial import Denial, principal
from meshrole.access.finding import Estate
from meshrole.access.lines import Change
from meshrole.access.policies import Cited
from meshrole.access.roles import Found
from meshrole.iam.evaluation import Decision

__all__ = ["GUARDRAILS", "Change", "wanted"]

# The layers that the inventory guards with, each with its key.
GUARDRAILS = {
    "boundary": "permissions_boundary",
    "scp": "service_control_policy",
    "rcp": "resource_control_policy",
}


def wanted(
    found: Found,
    action: str,
    resource: str,
    decision: Decision,
    cited: Cited | None,
    target: Found | None,
    written: Mapping[str, Any],
) -> Change:
    """Where to change the answer. `target` is the role of the inventory that is to be assumed, if that is the question."""
    if decision.layer in GUARDRAILS:
        return _limit(found, decision.layer, action, cited, written)
    if decision.layer == "resource" and target is not None:
        return _trust(found, action, target, written)
    if decision.decision == "deny" and decision.kind == "implicit":
        return lines.missing(found, action, resource, written)
    path = lines.source(found, action, resource, written)
    return Change(path, None, "")


def _limit(found: Found, layer: str, action: str, cited: Cited | None, written: Mapping[str, Any]) -> Change:
    """What takes away: a statement of the environment's boundary, or one of the guardrails."""
    given = found.root.environment.boundary
    if layer != "boundary" or given is None:
        return Change(lines.existing(("guardrails", GUARDRAILS[layer]), written), None, "the guardrails")
    path = (*given.path, "statements")
    if cited is None:
        add = f'- {{Sid: SID, Effect: Allow, Action: ["{action}"], Resource: "*"}}'
        return Change(lines.existing(path, written), add, "a boundary grants nothing: the role needs a permission as well")
    sids = [statement.sid for statement in given.statements]
    if cited.statement.sid in sids:
        return Change(lines.existing((*path, sids.index(cited.statement.sid)), written), None, "the boundary")
    return Change(lines.existing(("guardrails", GUARDRAILS[layer]), written), None, "the guardrails")


def _trust(found: Found, action: str, target: Found, written: Mapping[str, Any]) -> Change:
    """The part of the trust policy of `target` that does not match."""
    who = replace(principal(found.role.arn), role_arn=found.role.arn)
    finding = trust.diagnose(
        Denial(form="question", principal=who, action=action, resource=target.role.arn), target, Estate((), written)
    )
    return Change(finding.path, None, finding.message)
