"""A plan to facts: each family read on both sides."""

from collections.abc import Iterator
from itertools import chain

from meshrole.errors import PlanError, Problem
from meshrole.plans.read import Plan
from meshrole.review.documents import Policy
from meshrole.review.facts import Facts, Side
from meshrole.review.reading import audit, identities, resource_policies, storage, workloads
from meshrole.review.reading.changes import sides
from meshrole.review.reading.hidden import hidden
from meshrole.review.reading.items import Items
from meshrole.review.things import Attached, Identity, Inline

TYPES = frozenset(audit.TYPES | identities.TYPES | resource_policies.TYPES | storage.TYPES | workloads.TYPES)


def facts(plan: Plan, name: str = "") -> Facts:
    """The facts of a plan that was read (`plans.read.parse`). Raises PlanError when it is damaged."""
    try:
        return _facts(plan, name)
    except RecursionError:
        raise PlanError(Problem(f"{name}: the plan is nested too deeply to be one")) from None
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        what = f"a part of it is not what it must be ({type(error).__name__})"
        raise PlanError(Problem(f"{name}: the plan is damaged: {what}")) from None


def _facts(plan: Plan, name: str) -> Facts:
    found = sides(plan, TYPES)
    before = Items(found.before, found.steps, is_after=False)
    after = Items(found.after, found.steps, is_after=True)
    version = plan.get("terraform_version")
    return Facts(
        before=_side(before, identities.managed((before,))),
        after=_side(after, identities.managed((before, after))),
        name=name,
        version=version if isinstance(version, str) else "",
        notes=found.notes,
    )


def _side(items: Items, managed: identities.Managed) -> Side:
    given = identities.Given(items, managed)
    roles, users = tuple(identities.roles(items, given)), tuple(identities.users(items, given))
    groups, others = tuple(identities.groups(items, given)), tuple(identities.outside(given))
    policies = tuple(identities.managed_policies(items))
    on_resources = tuple(resource_policies.resource_policies(items))
    organization = tuple(resource_policies.organization(items))
    held = (
        *(each for identity in (*roles, *users, *groups, *others) for each in _policies_of(identity)),
        *(role.trust for role in roles),
        *(each.policy for each in policies),
        *(each.policy for each in on_resources),
        *(each.policy for each in organization),
    )
    return Side(
        roles=roles,
        users=users,
        groups=groups,
        outside=others,
        keys_of_users=tuple(identities.access_keys(items)),
        policies=policies,
        workloads=tuple(workloads.workloads(items)),
        providers=tuple(workloads.providers(items)),
        resource_policies=on_resources,
        organization=organization,
        lattice=tuple(resource_policies.lattice(items)),
        buckets=tuple(storage.buckets(items)),
        keys=tuple(storage.keys(items)),
        trails=tuple(audit.trails(items)),
        event_stores=tuple(audit.event_stores(items)),
        log_groups=tuple(audit.log_groups(items)),
        recorders=tuple(audit.recorders(items)),
        channels=tuple(audit.channels(items)),
        rules=tuple(audit.rules(items)),
        unknown=hidden(held, items),
    )


def _policies_of(identity: Identity) -> Iterator[Policy]:
    given: Iterator[Inline | Attached] = chain(identity.inline, identity.attached)
    for each in given:
        if isinstance(each, Inline):
            yield each.policy
        else:
            yield each.policy or Policy(f"{each.address}.policy_arn", None, f"the content of {_shown(each)} is not in the plan")


def _shown(attached: Attached) -> str:
    return attached.arn if isinstance(attached.arn, str) else "a policy that is not known yet"
