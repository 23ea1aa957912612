"""Identity providers, people and pipelines as they are written in an inventory."""

from typing import Annotated, Literal

from pydantic import Field

from meshrole.inventory.mesh_model import Naming, Permission, RawStatement, Values
from meshrole.inventory.types import (
    GITLAB_PROJECT,
    HOST,
    HTTPS_URL,
    PERMISSION_SET,
    REPOSITORY,
    GitRef,
    Name,
    NumericId,
    Region,
    Strict,
    Tags,
    Text,
)

AccessLevel = Literal["observe", "route", "operate", "own"]
SessionTagKeys = list[Text]


class Provider(Strict):
    """What every identity provider can say: who makes it, and what it sends with a session."""

    create: bool = True
    session_tags: SessionTagKeys = []
    source_identity: bool = False


class Saml(Provider):
    """A SAML 2.0 provider such as Okta.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
    """

    type: Literal["saml"]
    metadata: Text | None = None
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,128}$")] | None = None
    audience: Annotated[str, Field(pattern=HTTPS_URL)] | None = None


class Oidc(Provider):
    """An OpenID Connect provider for people.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """

    type: Literal["oidc"]
    issuer: Annotated[str, Field(pattern=HTTPS_URL)]
    audience: Text


class IdentityCenter(Provider):
    """IAM Identity Center: a role is assumed from a permission set's role.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    """

    type: Literal["identity-center"]
    region: Region


class GitHubActions(Provider):
    """GitHub Actions, on github.com or an Enterprise host.

    https://docs.github.com/en/actions/reference/security/oidc
    """

    type: Literal["github-actions"]
    host: Annotated[str, Field(pattern=HOST)] = "token.actions.githubusercontent.com"
    audience: Text = "sts.amazonaws.com"


class GitLab(Provider):
    """GitLab CI, on gitlab.com or a host of your own.

    https://docs.gitlab.com/ci/secrets/id_token_authentication/
    """

    type: Literal["gitlab"]
    host: Annotated[str, Field(pattern=HOST)] = "gitlab.com"
    audience: Text | None = None


IdentityProvider = Annotated[Saml | Oidc | IdentityCenter | GitHubActions | GitLab, Field(discriminator="type")]


class Federated(Naming):
    """What people and pipelines have in common."""

    through: Name
    access: AccessLevel | None = None
    meshes: list[Name] = []
    services: list[Name] = []
    environments: list[Name] | None = None
    permissions: list[Permission] = []
    statements: list[RawStatement] = []
    max_session_hours: Annotated[int, Field(ge=1, le=12)] = 1
    tags: Tags = {}


class Person(Federated):
    """A group of people with one role in each environment."""

    permission_set: Annotated[str, Field(pattern=PERMISSION_SET)] | None = None
    subjects: list[Text] = []
    roles_claim: bool = False
    session_tags: dict[Text, Values] = {}


class Pipeline(Federated):
    """A pipeline with one role in each environment, bound to one place in one repository."""

    repository: Annotated[str, Field(pattern=REPOSITORY)] | None = None
    repository_id: NumericId | None = None
    owner_id: NumericId | None = None
    subject: Literal["classic", "immutable", "both"] | None = None
    environment: Text | None = None
    workflow: Text | None = None
    pull_request: bool = False
    project: Annotated[str, Field(pattern=GITLAB_PROJECT)] | None = None
    project_id: NumericId | None = None
    protected: bool = False
    branch: GitRef | None = None
    tag: GitRef | None = None
