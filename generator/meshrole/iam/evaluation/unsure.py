"""The decision where a value that matters is not known: what it depends on, or that it cannot matter."""

from collections.abc import Sequence
from itertools import product

from meshrole.iam.evaluation.decision import Decision, LayerDecision
from meshrole.iam.evaluation.layer import DENIED, Layer, Outcome
from meshrole.iam.evaluation.plan import Plan
from meshrole.iam.evaluation.request import Facts
from meshrole.iam.evaluation.verdict import changed, decided


def weighed(facts: Facts, ready: Plan) -> Decision:
    """The decision of a request of which some layers are not sure.

    It is sure all the same where a statement that is sure denies, where even all that may allow is not enough, or where what is
    sure to allow is enough and nothing may deny.
    """
    outcomes = [layer.outcome(facts, ready.has_boundary) for layer in ready.layers]
    layers = tuple(_answer(layer, outcome) for layer, outcome in zip(ready.layers, outcomes, strict=True))
    possible = [outcome.possible for outcome in outcomes]
    sure = [outcome.grade for outcome in outcomes]
    if any(outcome.is_denied for outcome in outcomes):
        grades = [DENIED if outcome.is_denied else outcome.grade for outcome in outcomes]
        return decided(ready, layers, grades)
    if not ready.grants(possible):
        return decided(ready, layers, possible)
    if not any(outcome.unsure_denies for outcome in outcomes) and ready.grants(sure):
        return decided(ready, layers, sure)
    return Decision("depends", None, None, None, layers, _needs(facts, ready, outcomes))


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
