"""The proofs, in the order in which they are told."""

from collections.abc import Callable

from meshrole.access.verify import alive, escalation, isolation, layers, nodes, privilege
from meshrole.access.verify.estate import Estate
from meshrole.access.verify.finding import Proof

PROOFS: tuple[Callable[[Estate], Proof], ...] = (
    isolation.prove,
    nodes.prove,
    privilege.prove,
    layers.prove,
    alive.prove,
    escalation.prove,
)
