"""The decision, where every layer is sure of what it says."""

from collections.abc import Sequence

from meshrole.iam.evaluation.access import ENTITY
from meshrole.iam.evaluation.decision import DENIED, Decision, LayerDecision
from meshrole.iam.evaluation.plan import Plan

VERDICTS = 4_096


def decided(ready: Plan, layers: tuple[LayerDecision, ...], grades: Sequence[int]) -> Decision:
    """The decision when the layers say `layers`, and allow as directly as `grades` says."""
    key = tuple(grades)
    is_implicit_deny, index = ready.verdicts.get(key) or _verdict(ready, key)
    said = layers[index]
    if is_implicit_deny:
        return Decision("deny", "implicit", said.layer, None, layers)
    return Decision(said.decision, said.kind, said.layer, said.statement, layers)


def _verdict(ready: Plan, grades: tuple[int, ...]) -> tuple[bool, int]:
    """Whether access is denied by no statement, and the layer that decides: for the same grades always the same."""
    if DENIED in grades:
        found = False, grades.index(DENIED)
    elif ready.grants(grades):
        found = False, granting_index(ready, grades)
    else:
        found = True, refusing_index(ready, grades)
    if len(ready.verdicts) >= VERDICTS:
        ready.verdicts.clear()
    ready.verdicts[grades] = found
    return found


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
