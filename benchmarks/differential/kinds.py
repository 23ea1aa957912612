"""Kinds of disagreement: each is a way in which a peer reads a case that is not ours.

A kind is proved for every disagreement that is put to it: asked about the case as the peer reads it, we must say what the peer
says. What no kind explains, nor two of them together, is a kind of its own that is not expected.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

from differential import iam_simulate_readings as sim
from differential import moto_readings as moto
from differential.case import Case, Said, agree, ours


class Kind(NamedTuple):
    """A kind: a case in, the case as the peer reads it out."""

    name: str
    reading: Callable[[Case], Case]


IAM_SIMULATE = (
    Kind("SCPs and RCPs for service-linked roles", sim.without_service_links),
    Kind("SCPs for services", sim.scps_for_everybody),
    Kind("RCPs for services that have none", sim.rcps_for_everything),
    Kind("the root user is like any user", sim.root_as_user),
    Kind("session policies limit what a session is granted directly", sim.sessions_limit_all),
    Kind("boundaries do not limit whom a trust policy names", sim.without_boundary),
    Kind("VPC Lattice is like any service", sim.without_lattice),
    Kind("KMS operations that have no effect across accounts", sim.other_kms_operation),
    Kind("grants across partitions", sim.one_partition),
    Kind("root and federated users that call STS", sim.user_for_sts),
    Kind("variables in old versions", sim.newest_version),
    Kind("variables without a value", sim.without_unresolved),
    Kind("Null with a set operator", sim.plain_null),
    Kind("empty lists are present", sim.empty_is_present),
    Kind("resources that begin with a tag", sim.without_leading_tags),
    Kind("the network of all addresses", sim.without_open_networks),
    Kind("IPv6 addresses and IPv4 networks", sim.without_mixed_addresses),
    Kind("patterns with too few parts for an ARN", sim.without_partial_arns),
    Kind("roles without a trust policy", moto.trusted_account),
    Kind("federated users without a session policy", sim.full_session),
    Kind("dates in two forms", sim.without_epoch),
)
MOTO = (
    Kind("conditions are not read", moto.without_conditions),
    Kind("statements without Resource allow", moto.not_resource_allows),
    Kind("actions in capital letters", moto.exact_actions),
    Kind("variables are not read", moto.without_variables),
    Kind("the question mark", moto.without_question_marks),
    Kind("ARNs that end early", moto.whole_arns),
    Kind("no resource policy is needed", moto.trusted_account),
)
# How many kinds may come together in one case.
TOGETHER = 3


def explain(case: Case, said: Said, own: Said, kinds: Sequence[Kind]) -> tuple[str, ...]:
    """The kinds of a disagreement about a case, of which a peer says `said` and we say `own`."""
    if "error" in (own.answer, said.answer) or said.answer == "crash":
        return (_of_words(own, said),)
    for count in range(1, TOGETHER + 1):
        for some in combinations(kinds, count):
            if _explains(case, said, some):
                return tuple(kind.name for kind in some)
    return (f"not explained: {own.answer}, {said.answer}",)


def _explains(case: Case, said: Said, kinds: Sequence[Kind]) -> bool:
    """Whether we would say the same if we read the case in all these ways, of which each changes it."""
    for kind in kinds:
        changed = kind.reading(case)
        if changed == case:
            return False
        case = changed
    return agree(ours(case).answer, said.answer)


def _of_words(own: Said, said: Said) -> str:
    if said.answer == "crash":
        return f"crashes: {said.why}"
    return f"takes: {own.why}" if own.answer == "error" else f"refuses: {said.why}"
