"""The decision where a value that matters is not known: what it depends on, or that it cannot matter."""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import prod

from meshrole.iam.evaluation.decision import DENIED, Decision, LayerDecision
from meshrole.iam.evaluation.facts import Facts
from meshrole.iam.evaluation.layer import Layer, Outcome
from meshrole.iam.evaluation.plan import Plan
from meshrole.iam.evaluation.statement import Statement
from meshrole.iam.evaluation.valuations import possible
from meshrole.iam.evaluation.values import UNKNOWN, Values
from meshrole.iam.evaluation.verdict import changed, decided

MOST = 512


def weighed(facts: Facts, ready: Plan) -> Decision:
    """The decision of a request of which some layers are not sure; that it depends is said only where it does.

    Where several statements ask for the same key, all that it may be is tried.
    """
    outcomes = [layer.outcome(facts, ready.has_boundary) for layer in ready.layers]
    found = _combined(facts, ready, outcomes)
    if found.decision != "depends":
        return found
    unsure = [statement for each in outcomes for statement in (*each.unsure_denies, *each.unsure_allows)]
    counts = Counter(test.name.lower() for statement in unsure for test in statement.conditions)
    keys = [need.lower() for need in found.needs]
    return _tried(facts, ready, found, keys) if any(counts[key] > 1 for key in keys) else found


def _combined(facts: Facts, ready: Plan, outcomes: Sequence[Outcome]) -> Decision:
    """The decision as if what the statements are not sure of had nothing to do with each other.

    It is sure all the same where a statement that is sure denies, where even all that may allow is not enough, or where what is
    sure to allow is enough and nothing may deny.
    """
    layers = tuple(_answer(layer, outcome) for layer, outcome in zip(ready.layers, outcomes, strict=True))
    said = tuple(outcome.said for outcome in outcomes)
    possible_grades = [outcome.possible for outcome in outcomes]
    sure = [DENIED if outcome.is_denied else outcome.grade for outcome in outcomes]
    if DENIED not in sure and not ready.grants(possible_grades):
        return decided(ready, said, possible_grades)._replace(layers=layers)
    if DENIED in sure or (not any(outcome.unsure_denies for outcome in outcomes) and ready.grants(sure)):
        return decided(ready, said, sure)._replace(layers=layers)
    return Decision("depends", None, None, None, layers, _needs(facts, ready, outcomes))


def _tried(facts: Facts, ready: Plan, found: Decision, keys: Sequence[str]) -> Decision:
    """The decision that comes out whatever the keys are, or `found` where there is none or too much to try."""
    statements = [statement for layer in ready.layers for statement in layer.about(facts.action)]
    choices = [_choices(facts, key, statements) for key in keys]
    if any(choice is None for choice in choices) or prod(len(choice or ()) for choice in choices) > MOST:
        return found
    same: Decision | None = None
    for values in product(*(choice or () for choice in choices)):
        known = facts.knowing(dict(zip(keys, values, strict=True)))
        outcomes = [layer.outcome(known, ready.has_boundary) for layer in ready.layers]
        each = _combined(known, ready, outcomes)
        if each.decision == "depends" or (same is not None and each.decision != same.decision):
            return found
        same = each if same is None else _common(same, each)
    return same._replace(layers=found.layers) if same is not None else found


def _choices(facts: Facts, key: str, statements: Sequence[Statement]) -> list[Values] | None:
    tests = [test for statement in statements for test in statement.conditions]
    if any(key == name.lower() for statement in statements for name in statement.variables):
        return None
    if any(key == name.lower() for test in tests for name in test.names):
        return None
    values = possible(key, [test for test in tests if test.name.lower() == key])
    # What every request has is not absent.
    return values[1:] if values is not None and facts.principal.keys.get(key) is UNKNOWN else values


def _common(one: Decision, other: Decision) -> Decision:
    """What two decisions with the same answer have in common."""
    return Decision(
        decision=one.decision,
        kind=one.kind if one.kind == other.kind else None,
        layer=one.layer if one.layer == other.layer else None,
        statement=one.statement if one.statement == other.statement else None,
        layers=one.layers,
    )


def _answer(layer: Layer, outcome: Outcome) -> LayerDecision:
    if outcome.is_unsure:
        return LayerDecision(layer.name, "depends", None, None, layer.level)
    return outcome.said


def _needs(facts: Facts, ready: Plan, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """The keys of the statements that would change the answer, sorted, as they are written."""
    found: dict[str, str] = {}
    for index, outcome in enumerate(outcomes):
        allows = outcome.unsure_allows if _matters(ready, outcomes, index) else ()
        for statement in (*outcome.unsure_denies, *allows):
            for key in statement.needs(facts):
                found.setdefault(key.lower(), key)
    return tuple(found[key] for key in sorted(found))


def _matters(ready: Plan, outcomes: Sequence[Outcome], index: int) -> bool:
    """Whether, for some answer of the other layers, it makes a difference what the layer at `index` turns out to allow."""
    outcome = outcomes[index]
    if outcome.grade == outcome.possible:
        return False
    choices = [{each.grade, each.possible} for each in outcomes]
    choices[index] = {outcome.grade}
    return any(
        ready.grants(changed(grades, index, outcome.possible)) and not ready.grants(grades) for grades in product(*choices)
    )
