"""From a request and its policies to a decision with reasons.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from meshrole.iam.evaluation import access
from meshrole.iam.evaluation.access import Way
from meshrole.iam.evaluation.decision import Decision, LayerDecision, StatementReference
from meshrole.iam.evaluation.layer import Layer, Outcome
from meshrole.iam.evaluation.policies import Layers, PolicySet
from meshrole.iam.evaluation.principal import Grade, Kind
from meshrole.iam.evaluation.request import Facts, Request

# What a part says where there is no policy of it.
FULL = Outcome(None, None, Grade.direct, Grade.direct)
NOTHING = Outcome(None, None, Grade.none, Grade.none)


class Part(NamedTuple):
    """What a layer says; `layer` is None where it has no policy, but the lack of one says something."""

    name: str
    layer: Layer | None
    outcome: Outcome


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """Whether AWS allows the request, and why: a pure function of both.

    Raises InputError for a request that cannot be one, and for policies that AWS would reject.
    """
    facts = request.facts
    how = access.way(facts)
    parts = _parts(facts, policies, how)
    answers = tuple([_answer(part) for part in parts])
    for part in parts:
        if part.outcome.denied is not None:
            return Decision("deny", "explicit", part.name, part.outcome.denied.reference, answers)
    if not _granted(how, parts, [part.outcome.possible for part in parts]):
        return Decision("deny", "implicit", _refusing(how, parts), None, answers)
    if _is_unsure(parts) and (any(part.outcome.unsure_denies for part in parts) or not _is_sure(how, parts)):
        return Decision("depends", None, None, None, answers, _needs(facts, how, parts))
    name, reference = _granting(how, parts)
    return Decision("allow", "explicit" if reference else "implicit", name, reference, answers)


def _parts(facts: Facts, policies: PolicySet, how: Way) -> list[Part]:
    """Every layer that has a part in the decision, in the order in which AWS's documentation names them."""
    layers = policies.layers
    has_boundary = layers.boundary is not None
    own = policies.trust if access.is_trust(facts) else layers.resource
    found = [Part(layer.name, layer, layer.outcome(facts, has_boundary)) for layer in (*_gates(facts, layers), *own)]
    if not own and how is not Way.union:
        found.append(Part("resource", None, NOTHING))
    if facts.principal.has_identity:
        found += _of_identity(facts, layers)
    return found


def _gates(facts: Facts, layers: Layers) -> Iterator[Layer]:
    if layers.rcp and access.is_below_rcp(facts):
        yield from layers.rcp
    if layers.scp and access.is_below_scp(facts):
        yield from layers.scp
    if layers.endpoint is not None:
        yield layers.endpoint


def _of_identity(facts: Facts, layers: Layers) -> Iterator[Part]:
    """What limits and grants to the principal. The root user has none of it: all is allowed.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policies-root
    """
    if facts.principal.kind is Kind.root:
        yield Part("identity", None, FULL)
        return
    has_boundary = layers.boundary is not None
    yield Part("identity", layers.identity, layers.identity.outcome(facts, has_boundary))
    if layers.boundary is not None:
        yield Part("boundary", layers.boundary, layers.boundary.outcome(facts, True))
    if layers.session is not None and facts.principal.kind is not Kind.user:
        yield Part("session", layers.session, layers.session.outcome(facts, has_boundary))
    elif facts.principal.kind is Kind.federated_user:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html#api_getfederationtoken
        yield Part("session", None, NOTHING)


def _granted(how: Way, parts: Sequence[Part], grades: Sequence[Grade]) -> bool:
    """Whether the layers together grant access, each of them allowing as `grades` says."""
    resource: Grade | None = None
    identity, limits = Grade.none, True
    for part, grade in zip(parts, grades, strict=True):
        if part.name == "identity":
            identity = grade
        elif part.name == "resource":
            resource = grade if resource is None else min(resource, grade)
        elif part.name in ("boundary", "session"):
            limits = limits and bool(grade)
        elif not grade:
            return False
    return access.granted(how, identity, resource or Grade.none, limits)


def _is_unsure(parts: Sequence[Part]) -> bool:
    return any(part.outcome.unsure_denies or part.outcome.unsure_allows for part in parts)


def _is_sure(how: Way, parts: Sequence[Part]) -> bool:
    return _granted(how, parts, [part.outcome.grade for part in parts])


def _refusing(how: Way, parts: Sequence[Part]) -> str:
    """The layer that lacks a permission: the first one without which the others would be enough, or else the first of all."""
    grades = [part.outcome.possible for part in parts]
    lacking = [index for index, grade in enumerate(grades) if not grade]
    lacking += [index for index, grade in enumerate(grades) if grade and parts[index].name == "resource"]
    for index in lacking:
        if _granted(how, parts, [*grades[:index], Grade.direct, *grades[index + 1 :]]):
            return parts[index].name
    return parts[lacking[0]].name


def _granting(how: Way, parts: Sequence[Part]) -> tuple[str, StatementReference | None]:
    """The statement that grants: the resource's where it is enough by itself, else the identity's."""
    by_name = {part.name: part for part in reversed(parts)}
    alone = [Grade.none if part.name == "identity" else part.outcome.grade for part in parts]
    part = by_name["resource"] if "identity" not in by_name or _granted(how, parts, alone) else by_name["identity"]
    return part.name, part.outcome.allowed.reference if part.outcome.allowed else None


def _needs(facts: Facts, how: Way, parts: Sequence[Part]) -> tuple[str, ...]:
    """The keys of the statements that would change the answer, sorted."""
    found: dict[str, str] = {}
    for index, part in enumerate(parts):
        outcome = part.outcome
        statements = (*outcome.unsure_denies, *(outcome.unsure_allows if _matters(how, parts, index) else ()))
        for statement in statements:
            for key in statement.needs(facts):
                found.setdefault(key.lower(), key)
    return tuple(found[key] for key in sorted(found))


def _matters(how: Way, parts: Sequence[Part], index: int) -> bool:
    """Whether it makes a difference, for some answer of the other layers, what the layer at `index` turns out to allow."""
    outcome = parts[index].outcome
    if outcome.grade == outcome.possible:
        return False
    choices = [{part.outcome.grade, part.outcome.possible} for part in parts]
    choices[index] = {outcome.grade}
    return any(
        _granted(how, parts, [*grades[:index], outcome.possible, *grades[index + 1 :]]) and not _granted(how, parts, grades)
        for grades in product(*choices)
    )


def _answer(part: Part) -> LayerDecision:
    outcome = part.outcome
    level = part.layer.level if part.layer else None
    if outcome.denied is not None:
        return outcome.denied.answer
    if outcome.unsure_denies or outcome.unsure_allows:
        return LayerDecision(part.name, "depends", None, None, level)
    if outcome.allowed is not None:
        return outcome.allowed.answer
    if outcome.grade:
        return LayerDecision(part.name, "allow", "implicit", None, level)
    return part.layer.implicit if part.layer else LayerDecision(part.name, "deny", "implicit", None)
