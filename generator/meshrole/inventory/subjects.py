"""Who a person or a pipeline is, in the words of its identity provider: the `sub` of a token, claims, session tags."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from meshrole.inventory.people_model import Person, Pipeline
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import Provider

Claims = tuple[tuple[str, tuple[str, ...]], ...]
GITHUB_HOSTS = re.compile(
    r"token\.actions\.githubusercontent\.com|token\.actions\.[a-z0-9-]+\.ghe\.com|github\.com/enterprises/.+"
)
GITHUB_PLACES = ("environment", "branch", "tag", "pull_request")
GITLAB_PLACES = ("branch", "tag")
GITHUB_KEYS = ("repository", "repository_id", "owner_id", "subject", "environment", "workflow", "pull_request")
GITLAB_KEYS = ("project", "project_id", "protected")


class Identity(NamedTuple):
    """The values of `sub`, claims beside it (both StringEquals), and the session tags that must come with it."""

    subjects: tuple[str, ...]
    claims: Claims
    session_tags: Claims


def resolve_subjects(entry: Person | Pipeline, provider: Provider, scope: Scope) -> Identity:
    """The identity of `entry` as its provider writes it; what cannot be an identity of that provider is reported."""
    if isinstance(entry, Person):
        return _person(entry, provider, scope)
    return _github(entry, provider, scope) if provider.type == "github-actions" else _gitlab(entry, provider, scope)


def _person(entry: Person, provider: Provider, scope: Scope) -> Identity:
    if provider.type == "identity-center" and entry.permission_set is None:
        scope.problem("through IAM Identity Center a person needs its `permission_set`")
    if provider.type == "oidc" and not entry.subjects and not entry.roles_claim:
        scope.problem(
            "through OIDC a person needs `subjects` or `roles_claim`: without them everybody at the issuer gets the role"
        )
    wanted = {"permission_set": "identity-center", "subjects": "oidc", "roles_claim": "oidc"}
    for key, kind in wanted.items():
        if getattr(entry, key) and provider.type != kind:
            scope.at(key).problem(f"`{key}` is for people through {kind}, not {provider.type}")
    for index, subject in enumerate(entry.subjects):
        if "*" in subject:
            scope.at("subjects", index).problem("a subject is one identity, without wildcards", found=subject)
    for key in entry.session_tags:
        if key not in provider.session_tags:
            scope.at("session_tags", key).problem(
                f'the provider "{provider.key}" sends no session tag "{key}"',
                found=key,
                allowed=provider.session_tags,
                hint=f"list it under identity_providers.{provider.key}.session_tags",
            )
    return Identity(tuple(entry.subjects), (), tuple(sorted((key, tuple(values)) for key, values in entry.session_tags.items())))


def _github(entry: Pipeline, provider: Provider, scope: Scope) -> Identity:
    """Subjects in the classic form (names) and the immutable one (names with ids).

    Repositories made after 2026-07-15, renamed or moved send the immutable form:
    https://docs.github.com/en/actions/reference/security/oidc
    """
    _foreign_keys(entry, GITLAB_KEYS, "GitHub Actions", scope)
    if entry.repository is None:
        scope.problem("through GitHub Actions a pipeline needs its `repository`")
        return Identity((), (), ())
    has_ids = entry.repository_id is not None and entry.owner_id is not None
    if (entry.repository_id is None) != (entry.owner_id is None):
        scope.problem("`repository_id` and `owner_id` come together", hint=f"gh api repos/{entry.repository} -q '.id, .owner.id'")
    form = entry.subject or ("immutable" if has_ids else "classic")
    if form != "classic" and not has_ids:
        scope.at("subject").problem("the immutable subject needs `repository_id` and `owner_id`", found=form)
    owner, repository = entry.repository.split("/")
    names = [entry.repository] if form in ("classic", "both") else []
    if form in ("immutable", "both"):
        names.append(f"{owner}@{entry.owner_id}/{repository}@{entry.repository_id}")
    place = _github_place(entry, scope)
    return Identity(tuple(f"repo:{name}:{place}" for name in names), tuple(_github_claims(entry, provider, has_ids, scope)), ())


def _github_claims(entry: Pipeline, provider: Provider, has_ids: bool, scope: Scope) -> Iterator[tuple[str, tuple[str, ...]]]:
    """AWS reads more than `sub` from the tokens of GitHub's own hosts only, not of an Enterprise Server.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    """
    if not GITHUB_HOSTS.fullmatch(provider.url):
        if entry.workflow:
            scope.at("workflow").problem(f"AWS reads no workflow from the tokens of {provider.url}", found=entry.workflow)
        return
    claims = {"job_workflow_ref": entry.workflow}
    if has_ids:
        claims |= {"repository_id": entry.repository_id, "repository_owner_id": entry.owner_id}
    yield from sorted((f"{provider.url}:{key}", (value,)) for key, value in claims.items() if value)


def _github_place(entry: Pipeline, scope: Scope) -> str:
    given = [key for key in GITHUB_PLACES if getattr(entry, key)]
    if len(given) != 1:
        scope.problem(
            "a pipeline runs at one place of its repository: give exactly one",
            found=", ".join(given) or "nothing",
            allowed=GITHUB_PLACES,
            hint="a job with an environment sends the environment only, not its branch",
        )
        return ""
    if entry.environment:
        return f"environment:{scope.at('environment').fill(entry.environment).replace(':', '%3A')}"
    if entry.pull_request:
        return "pull_request"
    return f"ref:refs/heads/{entry.branch}" if entry.branch else f"ref:refs/tags/{entry.tag}"


def _gitlab(entry: Pipeline, provider: Provider, scope: Scope) -> Identity:
    """https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload"""
    _foreign_keys(entry, GITHUB_KEYS, "GitLab", scope)
    if entry.project is None:
        scope.problem("through GitLab a pipeline needs its `project`")
    given = [key for key in GITLAB_PLACES if getattr(entry, key)]
    if len(given) != 1:
        scope.problem(
            "a pipeline runs on one branch or one tag: give exactly one",
            found=", ".join(given) or "nothing",
            allowed=GITLAB_PLACES,
        )
        return Identity((), (), ())
    kind, name = given[0], getattr(entry, given[0])
    subject = f"project_path:{entry.project}:ref_type:{kind}:ref:{name}"
    return Identity((subject,), tuple(_gitlab_claims(entry, provider, scope)), ())


def _gitlab_claims(entry: Pipeline, provider: Provider, scope: Scope) -> Iterator[tuple[str, tuple[str, ...]]]:
    """AWS reads these claims from the tokens of gitlab.com only.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    """
    if provider.url != "gitlab.com":
        for key in ("project_id", "protected"):
            if getattr(entry, key):
                scope.at(key).problem(f"AWS reads `{key}` from tokens of gitlab.com only, not of {provider.url}")
        return
    if entry.project_id:
        yield "gitlab.com:project_id", (entry.project_id,)
    if entry.protected:
        yield "gitlab.com:ref_protected", ("true",)


def _foreign_keys(entry: Pipeline, keys: tuple[str, ...], provider: str, scope: Scope) -> None:
    for key in keys:
        if getattr(entry, key):
            scope.at(key).problem(f"`{key}` means nothing to {provider}")
