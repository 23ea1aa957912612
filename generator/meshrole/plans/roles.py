"""The roles among the resources of a plan: trust, inline and attached policies, boundary, and what hands them out.

Each way of giving a role a policy is read: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from meshrole.plans.access_entries import access_entries
from meshrole.plans.facts import NOT_HERE, UNKNOWN, Boundary, Document, Facts, OrganizationPolicy, Role, Stray, User
from meshrole.plans.lattice import auth_policies, made_ids
from meshrole.plans.read import Plan
from meshrole.plans.resources import Resource, Resources, of_plan

ENVIRONMENT_TAG = "meshrole:environment"
IAM_ARN = re.compile(r"arn:(aws[a-z-]*):iam::([0-9]{12}):")
ANY_ARN = re.compile(r"arn:(aws[a-z-]*):[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):")
# Partition and account.
Place = tuple[str, str]
NOWHERE = ("aws", "000000000000")
# The attribute that names the role, and those that say whom it is handed to.
HANDLERS = {
    "aws_iam_instance_profile": (("role",), ("name",)),
    "aws_eks_pod_identity_association": (("role_arn",), ("cluster_name", "namespace", "service_account")),
    "aws_ecs_task_definition": (("task_role_arn", "execution_role_arn"), ("family",)),
    "aws_lambda_function": (("role",), ("function_name",)),
}


def facts(plan: Plan) -> Facts:
    """The facts of a plan that was read."""
    return facts_of(of_plan(plan))


def facts_of(resources: Resources, place: Place | None = None, environment: str | None = None) -> Facts:
    """The facts of these resources, whose roles are made in `place`; without one it is taken from the ARNs that they name.

    Without an `environment` tags name it, which a plan has of the provider's too.
    """
    place = place or _place(resources)
    reader = _Reader(resources)
    roles = tuple(reader.role(item, place) for item in resources.of("aws_iam_role"))
    tags = (_tags(item).get(ENVIRONMENT_TAG) for item in resources.every.values())
    environments = (environment,) if environment else tuple(dict.fromkeys(tag for tag in tags if tag))
    return Facts(
        roles,
        tuple(_organization(resources)),
        environments,
        tuple(reader.strays),
        tuple(auth_policies(resources, environments)),
        tuple(made_ids(resources).items()),
        tuple(access_entries(resources, environments)),
    )


class _Reader:
    """What belongs to each role, by the role's address."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._by_name = {item.text("name") or item.address: item for item in resources.of("aws_iam_role")}
        self._by_address = {item.address: item for item in resources.of("aws_iam_role")}
        self._policies = {_policy_key(item): item for item in resources.of("aws_iam_policy")}
        self._documents: dict[str, list[Document]] = defaultdict(list)
        self._users: dict[str, list[User]] = defaultdict(list)
        self.strays: list[Stray] = []
        for item in resources.of("aws_iam_role_policy"):
            self._give(item, "role", [self._document(item, "policy")])
        for item in resources.of("aws_iam_role_policy_attachment"):
            self._give(item, "role", self._attached(item, "policy_arn"))
        for item in resources.of("aws_iam_policy_attachment"):
            self._give(item, "roles", self._attached(item, "policy_arn"))
        for item in resources.of("aws_iam_role_policy_attachments_exclusive"):
            self._give(item, "role_name", self._attached(item, "policy_arns"))
        for item in resources.of(*HANDLERS):
            self._hand_out(item)

    def role(self, item: Resource, place: Place) -> Role:
        own = IAM_ARN.match(item.text("arn") or "")
        partition, account = (own[1], own[2]) if own else place
        given = [*self._inline(item), *self._managed(item), *self._documents[item.address]]
        return Role(
            address=item.address,
            name=item.text("name"),
            path=item.text("path") or "/",
            partition=partition,
            account=account,
            trust=self._document(item, "assume_role_policy"),
            policies=tuple(dict.fromkeys(given)),
            boundary=self._boundary(item),
            tags=tuple(sorted(_tags(item).items())),
            users=tuple(self._users[item.address]),
            has_arn=own is not None,
        )

    def _give(self, item: Resource, attribute: str, documents: list[Document]) -> None:
        addresses = self._roles(item, attribute)
        for address in addresses:
            self._documents[address] += documents
        value = item.values.get(attribute)
        names = [_last(name) for name in (value if isinstance(value, list) else [value]) if name]
        known = {self._by_address[address].text("name") for address in addresses}
        others: list[str | None] = [name for name in names if name not in known]
        if not addresses and not names:
            others = [None]
        self.strays += [Stray(name, document) for name in others for document in documents]

    def _roles(self, item: Resource, attribute: str) -> list[str]:
        value = item.values.get(attribute)
        names = value if isinstance(value, list) else [value]
        known = [self._by_name[name].address for name in map(_last, names) if name in self._by_name]
        if known or not item.is_unknown(attribute):
            return known
        return [each.address for each in self._resources.referred(item, attribute) if each.type == "aws_iam_role"]

    def _document(self, item: Resource, attribute: str) -> Document:
        text = item.text(attribute)
        if text is None and item.is_unknown(attribute):
            made = [each.text("json") for each in self._resources.referred(item, attribute) if each.text("json")]
            text = made[0] if len(made) == 1 else None
        return Document(f"{item.address}.{attribute}", text, "" if text is not None else UNKNOWN)

    def _attached(self, item: Resource, attribute: str) -> list[Document]:
        value = item.values.get(attribute)
        arns = [arn for arn in (value if isinstance(value, list) else [value]) if isinstance(arn, str)]
        found = [self._by_arn(arn, item.address) for arn in arns]
        if item.is_unknown(attribute):
            made = [each for each in self._resources.referred(item, attribute) if each.type == "aws_iam_policy"]
            found += [self._document(each, "policy") for each in made] or [Document(f"{item.address}.{attribute}", None, UNKNOWN)]
        return found

    def _by_arn(self, arn: str, source: str) -> Document:
        policy = self._policies.get(arn.partition(":policy")[2])
        is_ours = policy is not None and ":iam::aws:" not in arn
        return self._document(policy, "policy") if policy and is_ours else Document(arn, None, f"{NOT_HERE} ({source})")

    def _inline(self, item: Resource) -> Iterator[Document]:
        for number, block in enumerate(item.items("inline_policy")):
            if isinstance(block, dict) and block.get("policy"):
                yield Document(f"{item.address}.inline_policy[{number}]", block["policy"])
            elif item.is_unknown("inline_policy"):
                yield Document(f"{item.address}.inline_policy[{number}]", None, UNKNOWN)

    def _managed(self, item: Resource) -> list[Document]:
        # Every role has this attribute, computed; only one that is configured says something.
        is_given = item.values.get("managed_policy_arns") or "managed_policy_arns" in item.references
        return self._attached(item, "managed_policy_arns") if is_given else []

    def _boundary(self, item: Resource) -> Boundary | None:
        arn = item.text("permissions_boundary")
        if arn:
            policy = self._policies.get(arn.partition(":policy")[2])
            return Boundary(arn, self._document(policy, "policy") if policy else None)
        if not item.is_unknown("permissions_boundary"):
            return None
        made = [each for each in self._resources.referred(item, "permissions_boundary") if each.type == "aws_iam_policy"]
        return Boundary(None, self._document(made[0], "policy") if len(made) == 1 else None)

    def _hand_out(self, item: Resource) -> None:
        attributes, names = HANDLERS[item.type]
        who = "/".join(str(item.values.get(name)) for name in names)
        for attribute in attributes:
            for address in self._roles(item, attribute):
                self._users[address].append(User(item.address, f"{item.type}.{attribute}", who))


def _policy_key(item: Resource) -> str:
    return (item.text("path") or "/") + (item.text("name") or item.address)


def _last(name: Any) -> str:
    """The name in a role's ARN, or the name."""
    text = str(name)
    return text.rpartition("/")[2] if text.startswith("arn:") else text


def _tags(item: Resource) -> dict[str, str]:
    tags = item.values.get("tags_all") or item.values.get("tags") or {}
    return {str(key): str(value) for key, value in tags.items()} if isinstance(tags, dict) else {}


def _place(resources: Resources) -> Place:
    """The partition and account that most ARNs are of: a role that is yet to be made does not say its own."""
    texts = [value for item in resources.every.values() if "_iam_" in item.type for value in _texts(item.values)]
    for shape in (IAM_ARN, ANY_ARN):
        counted = Counter((match[1], match[2]) for text in texts for match in shape.finditer(text))
        for place, _ in counted.most_common(1):
            return place
    return NOWHERE


def _texts(value: Any) -> Iterable[str]:
    return (item for item in value.values() if isinstance(item, str))


def _organization(resources: Resources) -> Iterator[OrganizationPolicy]:
    for item in resources.of("aws_organizations_policy"):
        text = item.text("content")
        document = Document(f"{item.address}.content", text, "" if text else UNKNOWN)
        yield OrganizationPolicy(item.address, item.text("type") or "SERVICE_CONTROL_POLICY", document)
