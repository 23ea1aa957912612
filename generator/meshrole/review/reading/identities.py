"""Roles, users and groups with all that gives them permissions, in every shape that the AWS provider has.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from meshrole.plans.resources import Resource
from meshrole.review.documents import Policy
from meshrole.review.reading.items import HIDDEN, NOT_HERE, Items, block_text, blocks, has, names, policy, text
from meshrole.review.things import (
    UNKNOWN,
    AccessKey,
    Attached,
    Group,
    Identity,
    Inline,
    ManagedPolicy,
    Reference,
    Role,
    Text,
    User,
)

ROLE, USER, GROUP, POLICY = "aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_iam_policy"
KINDS = {"role": ROLE, "user": USER, "group": GROUP}
# Resource: (the attribute with identities, their kind).
INLINE = {f"aws_iam_{kind}_policy": (kind, kind) for kind in KINDS}
ATTACHMENTS = {f"aws_iam_{kind}_policy_attachment": ((kind, kind),) for kind in KINDS} | {
    "aws_iam_policy_attachment": (("roles", "role"), ("users", "user"), ("groups", "group"))
}
EXCLUSIVE = {f"aws_iam_{kind}_policy_attachments_exclusive": f"{kind}_name" for kind in KINDS}
EXCLUSIVE_INLINE = {f"aws_iam_{kind}_policies_exclusive": f"{kind}_name" for kind in KINDS}
KEYS = ("aws_iam_access_key", "aws_iam_user_login_profile")
MEMBERSHIPS = ("aws_iam_user_group_membership", "aws_iam_group_membership")
TYPES = {ROLE, USER, GROUP, POLICY, *INLINE, *ATTACHMENTS, *EXCLUSIVE, *EXCLUSIVE_INLINE, *KEYS, *MEMBERSHIPS}


class Managed(NamedTuple):
    """What other resources say of an identity's policies, on either side: names of inline ones, ARNs of attached ones."""

    inline: frozenset[tuple[str, str]]
    attached: frozenset[tuple[str, str]]


class Given:
    """What each identity is given by resources beside it, by its address, or by its kind and name where it is not here."""

    def __init__(self, items: Items, managed: Managed) -> None:
        self._items = items
        self._managed = managed
        self.inline: dict[str, list[Inline]] = defaultdict(list)
        self.attached: dict[str, list[Attached]] = defaultdict(list)
        self.only: dict[str, set[Any]] = {}
        for type_, (attribute, kind) in INLINE.items():
            for item in items.of(type_):
                self.inline[self._key(item, attribute, kind)].append(
                    Inline(text(item, "name"), policy(item, "policy"), item.address)
                )
        for type_, pairs in ATTACHMENTS.items():
            for item in items.of(type_):
                self._attach(item, pairs)
        for type_, attribute in EXCLUSIVE.items():
            for item in items.of(type_):
                key = self._key(item, attribute, type_.split("_")[2])
                self.attached[key] += self.policies(item, "policy_arns")
                self.only[f"attached {key}"] = set(names(item, "policy_arns"))
        for type_, attribute in EXCLUSIVE_INLINE.items():
            for item in items.of(type_):
                self.only[f"inline {self._key(item, attribute, type_.split('_')[2])}"] = set(names(item, "policy_names"))

    def policies(self, item: Resource, attribute: str) -> list[Attached]:
        """The managed policies that an attribute names."""
        value = item.values.get(attribute)
        every = value if isinstance(value, list) else [value]
        return [self._policy(item, attribute, each) for each in every if each is not None]

    def boundary(self, item: Resource) -> Attached | None:
        """The permissions boundary of an identity."""
        return self.policies(item, "permissions_boundary")[0] if has(item, "permissions_boundary") else None

    def of(self, item: Resource) -> tuple[tuple[Inline, ...], tuple[Attached, ...]]:
        """Everything that an identity of the plan is given, each once."""
        inline = [*self._own_inline(item), *self.inline.pop(item.address, ())]
        attached = [*self._own_attached(item), *self.attached.pop(item.address, ())]
        return tuple(dict.fromkeys(inline)), tuple(
            {each.arn if each.arn is not UNKNOWN else each: each for each in attached}.values()
        )

    def _own_inline(self, item: Resource) -> Iterator[Inline]:
        """What the role holds itself. It is computed too: what another resource manages is said there."""
        is_configured = "inline_policy" in item.references
        if item.values.get("inline_policy") is UNKNOWN and is_configured:
            yield Inline(UNKNOWN, Policy(f"{item.address}.inline_policy", None, HIDDEN), item.address)
        for block in blocks(item, "inline_policy"):
            name = block_text(block, "name")
            is_elsewhere = not is_configured and (str(text(item, "name")), name) in self._managed.inline
            if not is_elsewhere and self._may_stay("inline", item, name) and block.get("policy"):
                yield Inline(name, _block_policy(item, block), item.address)

    def _own_attached(self, item: Resource) -> Iterator[Attached]:
        is_configured = "managed_policy_arns" in item.references
        if item.values.get("managed_policy_arns") is UNKNOWN and not is_configured:
            return
        for each in self.policies(item, "managed_policy_arns") if has(item, "managed_policy_arns") else ():
            is_elsewhere = not is_configured and (str(text(item, "name")), each.arn) in self._managed.attached
            if not is_elsewhere and self._may_stay("attached", item, each.arn):
                yield each

    def _may_stay(self, what: str, item: Resource, name: Text) -> bool:
        only = self.only.get(f"{what} {item.address}")
        return only is None or name in only

    def _attach(self, item: Resource, pairs: Sequence[tuple[str, str]]) -> None:
        given = self.policies(item, "policy_arn")
        for attribute, kind in pairs:
            value = item.values.get(attribute)
            for each in value if isinstance(value, list) else [value]:
                if each is not None:
                    self.attached[self._key(item, attribute, kind, each)] += given

    def _key(self, item: Resource, attribute: str, kind: str, value: Any = None) -> str:
        found = self._items.reference(item, attribute, KINDS[kind], value)
        return found.address or f"{kind} {found.text if isinstance(found.text, str) else ''}"

    def _policy(self, item: Resource, attribute: str, value: Any) -> Attached:
        found = self._items.reference(item, attribute, POLICY, value)
        made = self._items.get(found.address) if found.address and ":iam::aws:" not in str(found.text) else None
        arn = found.text if made is None else text(made, "arn")
        if made is not None and not isinstance(arn, str):
            # The ARN of a policy that is yet to be made ends in its name, which is all that tells it from others.
            arn = text(made, "name")
        return Attached(arn, policy(made, "policy") if made is not None else None, item.address)


def roles(items: Items, given: Given) -> Iterator[Role]:
    """Every role."""
    for item in items.of(ROLE):
        trust, description = policy(item, "assume_role_policy"), text(item, "description")
        yield Role(**items.base(item), **_identity(item, given), trust=trust, description=description)


def users(items: Items, given: Given) -> Iterator[User]:
    """Every user, with its keys and groups."""
    held: dict[str, list[str]] = defaultdict(list)
    for item in items.of(*KEYS):
        held[f"{item.type} {items.reference(item, 'user', USER).address}"].append(item.address)
    groups: dict[str, list[Any]] = defaultdict(list)
    for item in items.of(MEMBERSHIPS[0]):
        groups[items.reference(item, "user", USER).address] += names(item, "groups")
    for item in items.of(MEMBERSHIPS[1]):
        for name in names(item, "users"):
            groups[items.reference(item, "users", USER, name).address].append(text(item, "group"))
    for item in items.of(USER):
        keys, console = (tuple(held[f"{kind} {item.address}"]) for kind in KEYS)
        yield User(**items.base(item), **_identity(item, given), keys=keys, console=console, groups=tuple(groups[item.address]))


def groups(items: Items, given: Given) -> Iterator[Group]:
    """Every group."""
    return (Group(**items.base(item), **_identity(item, given)) for item in items.of(GROUP))


def outside(given: Given) -> Iterator[Identity]:
    """Identities that are not in the plan, and that it gives something all the same. Ask when the others were taken."""
    for key in dict.fromkeys((*given.inline, *given.attached)):
        kind, _, name = key.partition(" ")
        inline, attached = tuple(given.inline.get(key, ())), tuple(given.attached.get(key, ()))
        if inline or attached:
            address = (inline or attached)[0].address
            yield Identity(address=address, type=KINDS.get(kind, kind), name=name or UNKNOWN, inline=inline, attached=attached)


def access_keys(items: Items) -> Iterator[AccessKey]:
    """Long-lived keys and passwords."""
    return (AccessKey(**items.base(item), user=items.reference(item, "user", USER)) for item in items.of(*KEYS))


def managed_policies(items: Items) -> Iterator[ManagedPolicy]:
    """Customer managed policies."""
    for item in items.of(POLICY):
        yield ManagedPolicy(
            **items.base(item),
            name=text(item, "name"),
            arn=text(item, "arn"),
            policy=policy(item, "policy"),
            description=text(item, "description"),
        )


def managed(sides: Iterable[Items]) -> Managed:
    """What resources beside the roles manage, before or after the plan."""
    inline, attached = set(), set()
    for items in sides:
        inline |= {(_name(items, item, "role"), str(text(item, "name"))) for item in items.of("aws_iam_role_policy")}
        for item in items.of("aws_iam_role_policy_attachment"):
            attached.add((_name(items, item, "role"), str(text(item, "policy_arn"))))
        for item in items.of("aws_iam_policy_attachment"):
            attached |= {(str(name), str(text(item, "policy_arn"))) for name in names(item, "roles")}
        for item in items.of("aws_iam_role_policy_attachments_exclusive"):
            attached |= {(str(text(item, "role_name")), str(arn)) for arn in names(item, "policy_arns")}
    return Managed(frozenset(inline), frozenset(attached))


def _name(items: Items, item: Resource, attribute: str) -> str:
    found: Reference = items.reference(item, attribute, ROLE)
    return str(found.name)


def _identity(item: Resource, given: Given) -> dict[str, Any]:
    inline, attached = given.of(item)
    return {
        "name": text(item, "name"),
        "path": item.text("path") or "/",
        "arn": text(item, "arn"),
        "inline": inline,
        "attached": attached,
        "boundary": given.boundary(item),
    }


def _block_policy(item: Resource, block: Any) -> Policy:
    source, value = f"{item.address}.inline_policy", block.get("policy")
    if value is UNKNOWN:
        return Policy(source, None, HIDDEN)
    return Policy(source, value) if isinstance(value, str) else Policy(source, None, NOT_HERE)
