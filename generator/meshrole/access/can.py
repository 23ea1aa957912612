"""May an identity do something? The decision, what decides it, and which line of the inventory to change.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from meshrole.access import change, identities, policies, resources, roles
from meshrole.access.change import GUARDRAILS, Change
from meshrole.access.layers import LAYERS
from meshrole.access.policies import Applied, Cited
from meshrole.access.roles import Found
from meshrole.blueprint.model import Blueprint
from meshrole.errors import InputError, Place, Problem
from meshrole.iam import condition
from meshrole.iam.actions import Action
from meshrole.iam.evaluation import Decision, Request, evaluate
from meshrole.inventory.load import Loaded
from meshrole.inventory.values import Inventory

WORDS = {"allow": "yes", "deny": "no", "depends": "depends"}
RESOURCE_ACCOUNT = "aws:resourceaccount"
ARN_PARTS = 6
Context = Mapping[str, str | Sequence[str]]


class Question(NamedTuple):
    """Who, what, on what, as it was typed; `context` has the condition keys whose values are known.

    With `complete` the request has no other keys than these and those that follow from the identity and the resource.
    """

    identity: str
    action: str
    resource: str
    context: Context = MappingProxyType({})
    environment: str | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer for one role.

    `files` are the policies of the layer that decides, `cited` is the statement that does, `place` is where `change` is to be
    made, `notes` say what the answer takes for granted and what else it would take.
    """

    found: Found
    action: str
    resource: str
    decision: Decision
    files: tuple[str, ...]
    cited: Cited | None
    change: Change
    place: Place | None
    notes: tuple[str, ...]

    @property
    def word(self) -> str:
        """yes, no or depends."""
        return WORDS[self.decision.decision]


@dataclass(frozen=True, slots=True)
class Estate:
    """What is asked: the roles and policies of an inventory, and where everything stands in it."""

    blueprint: Blueprint
    inventory: Inventory
    loaded: Loaded


def answers(question: Question, estate: Estate) -> tuple[Answer, ...]:
    """One answer for each role that the question is about. Raises InputError for a name or a key that means nothing."""
    action = resources.action_of(question.action)
    _check_context(question.context, action)
    every = roles.every(estate.blueprint, estate.inventory)
    if question.environment is not None:
        identities.check_environment(question.environment, [item.name for item in estate.inventory.environments])
    asked = identities.named(every, question.identity, question.environment)
    return tuple(
        _answer(found, action, resources.resource_of(question.resource, action, found, every), question, estate, every)
        for found in asked
    )


def _check_context(context: Context, action: Action) -> None:
    """A key that no request of this action has is a misspelling: it would never decide anything."""
    for key in context:
        problems = condition.check("Null", key, ("true",), (action,))
        if problems:
            raise InputError([Problem(item.message, found=item.found, help=item.help) for item in problems])


def _answer(found: Found, action: Action, resource: str, question: Question, estate: Estate, every: Sequence[Found]) -> Answer:
    request, account = _request(found, action, resource, question, estate)
    applied = policies.applied(found.role, found.module, found.root, estate.blueprint, account)
    target = roles.find_arn(tuple(every), resource) if action.service == "sts" else None
    # A policy that the inventory does not have is taken to leave the decision to the identity's own.
    auth = policies.auth(resource, found.root, estate.blueprint) if action.service == "vpc-lattice-svcs" else ()
    own = target.role.trust if target else auth or policies.delegating(found.role)
    decision = evaluate(request, applied.policy_set(own))
    is_assumed = target is None and not auth and decision.decision != evaluate(request, applied.policy_set()).decision
    cited = applied.cited(decision.statement) if decision.statement else None
    made = change.wanted(found, action.name, resource, decision, cited, target, estate.loaded.written)
    return Answer(
        found=found,
        action=action.name,
        resource=resource,
        decision=decision,
        files=tuple(policy.file or policy.name for policy in applied.layer(decision.layer or "")),
        cited=cited,
        change=made,
        place=estate.loaded.document.place(made.path) if made.path else None,
        notes=(*_others(found, decision), *_notes(found, resource, account, applied, is_assumed=is_assumed)),
    )


def _request(found: Found, action: Action, resource: str, question: Question, estate: Estate) -> tuple[Request, str | None]:
    """The request with every key that is known, and the account that owns the resource where that is known too."""
    parts = resource.split(":", ARN_PARTS - 1)
    given = {key.lower(): value for key, value in question.context.items()}
    account = parts[4] if len(parts) == ARN_PARTS and parts[4] else given.get(RESOURCE_ACCOUNT)
    organization = policies.organization_id(estate.inventory)
    known: dict[str, Any] = {key.lower(): value for key, value in policies.known_keys(found.role, organization).items()}
    if len(parts) == ARN_PARTS and parts[3]:
        # A resource of a region is reached in it: https://docs.aws.amazon.com/general/latest/gr/rande.html#regional-endpoints
        known["aws:requestedregion"] = parts[3]
    owner = account if isinstance(account, str) else None
    request = Request(
        found.role.arn,
        action.name,
        resource,
        resource_account=owner,
        context={**known, **given},
        complete=question.complete,
    )
    return request, owner


def _others(found: Found, decision: Decision) -> Iterator[str]:
    """The other layers that would have to allow it too. A boundary of guardrails alone opens with the permission itself."""
    if decision.decision == "deny" and decision.kind == "implicit":
        opens = () if found.root.environment.boundary else ("boundary",)
        for said in decision.layers:
            if said.decision == "deny" and said.layer in GUARDRAILS and said.layer not in (decision.layer, *opens):
                yield f"the {LAYERS[said.layer].title} does not allow it either"


def _notes(found: Found, resource: str, account: str | None, applied: Applied, *, is_assumed: bool) -> Iterator[str]:
    mine = found.root.environment.account
    if applied.boundary_arn:
        yield (
            f"the boundary {applied.boundary_arn} is not known here and may take this away: "
            "write its statements beside its arn in the inventory"
        )
    if is_assumed:
        yield f"the resource's own policy, which is not in the inventory, has to leave this to account {mine}"
    if account is None and resource != "*":
        yield f"the ARN names no account: taken to be {mine}'s; --context aws:ResourceAccount=ID says another"
