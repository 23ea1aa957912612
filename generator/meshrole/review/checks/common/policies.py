"""Every policy on one side of a plan, whatever it is attached to."""

from collections.abc import Iterator

from meshrole.review.checks.common.grants import documents
from meshrole.review.documents import Policy
from meshrole.review.facts import Side


def of_resources(side: Side) -> Iterator[tuple[str, Policy]]:
    """(address, policy) of every resource that has a policy of its own: buckets, keys, queues, Lattice services…, each once."""
    seen = set()
    every = [(item.address, item.policy) for item in side.resource_policies]
    every += [(key.address, key.policy) for key in side.keys if key.policy]
    every += [(item.address, item.policy) for item in side.lattice if item.policy]
    for address, policy in every:
        if policy.source not in seen:
            seen.add(policy.source)
            yield address, policy


def every(side: Side) -> Iterator[tuple[str, Policy]]:
    """(address, policy) of all policies but boundaries: identities', trusts, resources', the organization's."""
    yield from ((document.address, document.policy) for document in documents(side))
    yield from ((role.address, role.trust) for role in side.roles)
    yield from of_resources(side)
    yield from ((item.address, item.policy) for item in side.organization)
