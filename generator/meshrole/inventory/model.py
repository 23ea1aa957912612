"""The inventory as it is written, format version 1. The JSON Schema is made from these classes.

Defaults that depend on other parts (a role's name, a virtual node's name) are not here but in `resolve`.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from meshrole.inventory.audit_model import Audit, Guardrails
from meshrole.inventory.mesh_model import Mesh, RawStatement, Service
from meshrole.inventory.people_model import IdentityProvider, Person, Pipeline
from meshrole.inventory.types import (
    ORGANIZATION_ID,
    ROLE_PATH,
    AccountId,
    KubernetesName,
    Name,
    Region,
    Strict,
    Tags,
    Text,
    Word,
)

__all__ = ["Account", "Environment", "InventoryFile", "Service"]

Partition = Literal["aws", "aws-cn", "aws-us-gov"]


class Organization(Strict):
    """Whose mesh it is: the prefix of every name."""

    name: Name
    id: Annotated[str, Field(pattern=ORGANIZATION_ID)] | None = None
    management_account: Name | None = None
    partition: Partition = "aws"
    role_path: Annotated[str, Field(pattern=ROLE_PATH, max_length=512)] = "/"
    tags: Tags = {}


class Quotas(Strict):
    """Quotas that AWS has raised for an account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """

    roles: Annotated[int, Field(ge=1, le=10_000)] | None = None
    oidc_providers: Annotated[int, Field(ge=1, le=700)] | None = None
    instance_profiles: Annotated[int, Field(ge=1, le=10_000)] | None = None
    customer_managed_policies: Annotated[int, Field(ge=1, le=10_000)] | None = None
    managed_policies_per_role: Annotated[int, Field(ge=1, le=25)] | None = None
    trust_policy_length: Annotated[int, Field(ge=1, le=8_192)] | None = None
    meshes: Annotated[int, Field(ge=1)] | None = None
    virtual_nodes_per_mesh: Annotated[int, Field(ge=1)] | None = None
    virtual_routers_per_mesh: Annotated[int, Field(ge=1)] | None = None
    virtual_services_per_mesh: Annotated[int, Field(ge=1)] | None = None
    virtual_gateways_per_mesh: Annotated[int, Field(ge=1)] | None = None
    routes_per_router: Annotated[int, Field(ge=1)] | None = None
    service_networks: Annotated[int, Field(ge=1)] | None = None
    lattice_services: Annotated[int, Field(ge=1)] | None = None
    services_per_network: Annotated[int, Field(ge=1)] | None = None


class Account(Strict):
    """An AWS account; the short form is its id alone."""

    id: AccountId
    quotas: Quotas = Quotas()
    existing_trails: Annotated[int, Field(ge=0, le=5)] = 0


def _long_account(value: Any) -> Any:
    return {"id": value} if not isinstance(value, dict) else value


AccountEntry = Annotated[Account, BeforeValidator(_long_account, json_schema_input_type=AccountId | Account)]


class Cluster(Strict):
    """An EKS cluster of an environment, under the name that `runs_on` uses."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")] | None = None
    oidc_issuer: Text | None = None


class Boundary(Strict):
    """The permissions boundary of every role of an environment: an existing policy, one to create, or both to be checked.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    arn: Text | None = None
    statements: list[RawStatement] = []


class Environment(Strict):
    """One Terraform root and one state: an account and a region."""

    account: Name
    region: Region
    partition: Partition | None = None
    permissions_boundary: Boundary | None = None
    clusters: dict[KubernetesName, Cluster] = {}
    tags: Tags = {}


class Placeholder(Strict):
    """What a word in braces stands for; one value, or one for each environment. The short form is the value alone.

    `import` leaves it without a value where only AWS or a person knows it, with the `expression` that it found and where.
    """

    value: Text | dict[Name, Text] | None = None
    expression: Text | None = None
    at: Text | None = None


PlaceholderEntry = Annotated[
    Placeholder,
    BeforeValidator(
        lambda value: {"value": value} if isinstance(value, str | None) else value,
        json_schema_input_type=Text | Placeholder | None,
    ),
]


class Retired(Strict):
    """Identities that left the inventory but stay in AWS: Terraform forgets them and destroys nothing."""

    people: list[Name] = []
    pipelines: list[Name] = []


class InventoryFile(Strict):
    """A meshrole inventory."""

    version: Literal[1]
    organization: Organization
    accounts: dict[Name, AccountEntry]
    environments: dict[Name, Environment]
    placeholders: dict[Word, PlaceholderEntry] = {}
    meshes: dict[Name, Mesh] = {}
    identity_providers: dict[Name, IdentityProvider] = {}
    people: dict[Name, Person] = {}
    pipelines: dict[Name, Pipeline] = {}
    retired: Retired = Retired()
    audit: Audit | None = None
    guardrails: Guardrails = Guardrails()
