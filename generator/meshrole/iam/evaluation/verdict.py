"""The decision, where every layer is sure of what it says."""

from collections.abc import Sequence

from meshrole.iam.evaluation.access import ENTITY
from meshrole.iam.evaluation.decision import Decision, LayerDecision
from meshrole.iam.evaluation.layer import DENIED
from meshrole.iam.evaluation.plan import Plan


def decided(ready: Plan, layers: tuple[LayerDecision, ...], grades: Sequence[int]) -> Decision:
    """The decision when the layers say `layers`, and allow as directly as `grades` says."""
    if DENIED in grades:
        denying = layers[grades.index(DENIED)]
        return Decision("deny", "explicit", denying.layer, denying.statement, layers)
    if ready.grants(grades):
        granting = layers[granting_index(ready, grades)]
        return Decision("allow", granting.kind, granting.layer, granting.statement, layers)
    return Decision("deny", "implicit", layers[refusing_index(ready, grades)].layer, None, layers)


def granting_index(ready: Plan, grades: Sequence[int]) -> int:
    """The layer that grants: the identity's, unless the resource's policy is enough by itself."""
    identity = ready.identity
    if identity is None:
        return ready.resource
    if ready.how == "both" or not ready.grants(changed(grades, identity, 0)):
        return identity
    return ready.resource


def refusing_index(ready: Plan, grades: Sequence[int]) -> int:
    """The layer that refuses: the first of those that are needed and do not allow.

    The identity policies are not needed where the resource's policy names the principal itself, and within an account the
    resource's policy is not needed at all.
    """
    own = list(ready.resources)
    others = [index for index in range(len(grades)) if index not in own]
    if ready.how in ("union", "own policy", "trust") and own and min(grades[index] for index in own) >= ENTITY:
        others.remove(own[-1] + 1)
    order = [*own, *others] if ready.how in ("own policy", "trust") else [*others, *own]
    return next((index for index in order if grades[index] <= 0), ready.resource)


def changed(grades: Sequence[int], index: int, grade: int) -> list[int]:
    """The grades with another one at `index`."""
    return [*grades[:index], grade, *grades[index + 1 :]]
