"""Every policy of identities on one side of a plan, and every statement in them that allows something."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.review.documents import Policy, Statement
from meshrole.review.facts import Identity, Side

# A policy that nobody in the plan has, and that is named so, is some other root's boundary.
BOUNDARY_NAME = "boundary"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy of identities: the resource that holds its text, the text, and the identities in the plan that have it."""

    address: str
    policy: Policy
    holders: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """A statement that allows, with what it stands in."""

    document: Document
    statement: Statement

    @property
    def address(self) -> str:
        """The resource that holds its policy's text."""
        return self.document.address


def identities(side: Side) -> tuple[Identity, ...]:
    """Everybody who has permissions."""
    return (*side.roles, *side.users, *side.groups, *side.outside)


def documents(side: Side) -> Iterator[Document]:
    """The policies that give permissions, each once: inline, and managed ones of which the text is in the plan; no boundaries."""
    holders: dict[str, list[Identity]] = defaultdict(list)
    limits = set()
    for identity in identities(side):
        for inline in identity.inline:
            yield Document(inline.address, inline.policy, (identity,))
        for attached in identity.attached:
            if attached.policy is not None:
                holders[attached.policy.source].append(identity)
        if identity.boundary is not None and identity.boundary.policy is not None:
            limits.add(identity.boundary.policy.source)
    for managed in side.policies:
        held = holders.get(managed.policy.source, [])
        is_limit = managed.policy.source in limits or BOUNDARY_NAME in f"{managed.name} {managed.address}".lower()
        if held or not is_limit:
            yield Document(managed.address, managed.policy, tuple(held))


def grants(side: Side) -> Iterator[Grant]:
    """Every statement of those policies that allows something."""
    for document in documents(side):
        for statement in document.policy.statements:
            if statement.effect == "Allow":
                yield Grant(document, statement)


def own_statements(identity: Identity) -> tuple[Statement, ...]:
    """What an identity's policies say, of those whose text is in the plan."""
    policies = [item.policy for item in identity.inline] + [item.policy for item in identity.attached if item.policy]
    return tuple(statement for policy in policies for statement in policy.statements)
