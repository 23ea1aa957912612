"""What hands roles out, and who vouches for identities: task definitions, profiles, associations, functions, providers.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition
"""

from collections.abc import Iterator
from typing import NamedTuple

from meshrole.plans.resources import Resource
from meshrole.review.reading.identities import ROLE
from meshrole.review.reading.items import Items, has, names, text
from meshrole.review.things import UNKNOWN, Provider, Text, Workload


class Handing(NamedTuple):
    """The attributes that hold a role, each with its purpose, and those that say who gets it."""

    roles: tuple[tuple[str, str], ...]
    who: tuple[str, ...]


TASK, EXECUTION, OTHER = "task", "execution", "role"
HANDINGS = {
    "aws_ecs_task_definition": Handing(((TASK, "task_role_arn"), (EXECUTION, "execution_role_arn")), ("family",)),
    "aws_iam_instance_profile": Handing(((OTHER, "role"),), ("name",)),
    "aws_eks_pod_identity_association": Handing(((OTHER, "role_arn"),), ("cluster_name", "namespace", "service_account")),
    "aws_lambda_function": Handing(((OTHER, "role"),), ("function_name",)),
}
OIDC, SAML = "aws_iam_openid_connect_provider", "aws_iam_saml_provider"
TYPES = {*HANDINGS, OIDC, SAML}


def workloads(items: Items) -> Iterator[Workload]:
    """Everything that hands a role out."""
    for type_, handing in HANDINGS.items():
        for item in items.of(type_):
            roles = ((purpose, items.reference(item, name, ROLE)) for purpose, name in handing.roles if has(item, name))
            yield Workload(**items.base(item), name=_who(item, handing.who), roles=tuple(roles))


def providers(items: Items) -> Iterator[Provider]:
    """Identity providers of IAM."""
    for item in items.of(OIDC):
        url = text(item, "url")
        url = url.removeprefix("https://") if isinstance(url, str) else url
        yield Provider(**items.base(item), url=url, arn=text(item, "arn"), audiences=names(item, "client_id_list"))
    for item in items.of(SAML):
        yield Provider(**items.base(item), url=text(item, "name"), arn=text(item, "arn"))


def _who(item: Resource, attributes: tuple[str, ...]) -> Text:
    parts = [text(item, name) for name in attributes]
    known = [part for part in parts if isinstance(part, str)]
    return "/".join(known) if len(known) == len(parts) else UNKNOWN
