"""From facts, and an inventory where there is one, to proofs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from meshrole.access.verify import callers, cells, clusters, edges
from meshrole.access.verify.compare import Side
from meshrole.access.verify.declared import Declared
from meshrole.access.verify.declared import declared as declare
from meshrole.access.verify.declared_auth import DeclaredAuth, declared_auth
from meshrole.access.verify.declared_edges import declared_pods
from meshrole.access.verify.estate import RESOURCE_CONTROL, SERVICE_CONTROL, Estate, Subject, fault, match
from meshrole.access.verify.finding import Proof
from meshrole.access.verify.registry import PROOFS
from meshrole.blueprint.model import Blueprint
from meshrole.iam import policy
from meshrole.inventory.values import Inventory
from meshrole.plans.facts import Facts
from meshrole.plans.manifests import Manifest


def estate(
    facts: Sequence[Facts],
    blueprint: Blueprint | None = None,
    inventory: Inventory | None = None,
    written: Mapping[str, Any] | None = None,
    manifests: Sequence[Manifest] | None = None,
) -> Estate:
    """The roles of the facts, each with what the inventory declares of it; `manifests` are beside them, where they are known."""
    known: tuple[Declared, ...] = declare(blueprint, inventory) if blueprint and inventory else ()
    subjects, missing, elsewhere = match(facts, known)
    roots = blueprint.roots if blueprint else ()
    management = inventory.management if inventory else None
    return Estate(
        subjects=subjects,
        missing=missing,
        scp=_organization(facts, blueprint, SERVICE_CONTROL),
        rcp=_organization(facts, blueprint, RESOURCE_CONTROL),
        organization=management.id if management else None,
        has_inventory=inventory is not None,
        modules=frozenset(f"module.{module.name}" for root in roots for module in root.modules),
        written=written or {},
        elsewhere=elsewhere,
        strays=tuple(stray for root in facts for stray in root.strays),
        auth=tuple(each for root in facts for each in root.auth),
        declared_auth=_auth(facts, subjects, declared_auth(inventory, known) if inventory else ()),
        manifests=None if manifests is None else tuple(manifests),
        declared_pods=tuple(declared_pods(inventory)) if inventory else (),
        entries=tuple(each for root in facts for each in root.entries),
    )


def prove(subject: Estate) -> tuple[Proof, ...]:
    """Every proof, tried."""
    more = (
        (callers.prove, bool(subject.declared_auth)),
        (edges.prove, bool(subject.declared_pods)),
        (clusters.prove, clusters.is_needed(subject)),
    )
    return tuple(proof(subject) for proof in (*PROOFS, *(proof for proof, is_needed in more if is_needed)))


def _auth(facts: Iterable[Facts], subjects: Iterable[Subject], every: Iterable[DeclaredAuth]) -> tuple[DeclaredAuth, ...]:
    """The auth policies of the environments that the facts are of."""
    here = {name for root in facts for name in root.environments}
    here |= {subject.declared.environment for subject in subjects if subject.declared}
    return tuple(item for item in every if item.environment in here)


def _organization(facts: Iterable[Facts], blueprint: Blueprint | None, kind: str) -> Side:
    """The policies of a kind: those that the facts have, else those of the inventory."""
    planned = [each.document for root in facts for each in root.organization if each.type == kind]
    texts = [each.text for each in planned if each.text is not None and not fault(each)]
    roots = blueprint.roots if blueprint and not texts else ()
    documents = [json.loads(text) for text in texts]
    documents += [policy.as_object(each.document) for root in roots for each in root.policies if each.type == kind]
    return Side(frozenset().union(*map(cells.of_value, documents)), tuple(documents))
