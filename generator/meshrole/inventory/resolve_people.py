"""People and pipelines: the provider they come through, the meshes they reach, and who exactly they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meshrole.errors import Problem
from meshrole.inventory.grants import resolve_grants, resolve_statements
from meshrole.inventory.names import look_up, names_of, report_unknown
from meshrole.inventory.people_model import (
    Federated,
    GitHubActions,
    GitLab,
    IdentityCenter,
    Oidc,
    Person,
    Pipeline,
    Saml,
)
from meshrole.inventory.people_model import Provider as ProviderEntry
from meshrole.inventory.scope import Report, Scope, tag_items
from meshrole.inventory.subjects import resolve_subjects
from meshrole.inventory.values import Access, Mesh, Names, Provider
from meshrole.inventory.values import Federated as FederatedValue

PROVIDERS_OF = {"people": ("saml", "oidc", "identity-center"), "pipelines": ("github-actions", "gitlab")}
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
METADATA_LENGTH = (1_000, 10_000_000)


def resolve_provider(key: str, entry: ProviderEntry, metadata: str | None, report: Report) -> Provider:
    """An identity provider with the defaults of its type; a SAML provider that is created needs its metadata."""
    path = ("identity_providers", key)
    if isinstance(entry, Saml) and entry.create:
        shortest, longest = METADATA_LENGTH
        if entry.metadata is None:
            message = "a SAML provider needs its `metadata` file, or `create: false` if the account has it already"
            report(Problem(message, path=path))
        elif metadata is not None and not shortest <= len(metadata) <= longest:
            message = f"AWS takes SAML metadata of {shortest:,} to {longest:,} characters"
            report(Problem(message, path=(*path, "metadata"), found=f"{len(metadata):,} characters"))
    return Provider(
        key=key,
        type=entry.type,  # type: ignore[attr-defined]
        is_created=entry.create and not isinstance(entry, IdentityCenter),
        name=(entry.name or key) if isinstance(entry, Saml) else key,
        url=_url(entry),
        audience=_audience(entry),
        region=entry.region if isinstance(entry, IdentityCenter) else "",
        metadata=metadata or "",
        session_tags=tuple(entry.session_tags),
        source_identity=entry.source_identity,
        path=path,
    )


def _url(entry: ProviderEntry) -> str:
    if isinstance(entry, Oidc):
        return entry.issuer.removeprefix("https://").rstrip("/")
    return entry.host if isinstance(entry, GitHubActions | GitLab) else ""


def _audience(entry: ProviderEntry) -> str:
    if isinstance(entry, GitLab):
        return entry.audience or f"https://{entry.host}"
    return getattr(entry, "audience", None) or ""


def resolve_federated(
    section: str,
    name: str,
    entry: Person | Pipeline,
    providers: Mapping[str, Provider],
    scopes: Mapping[str, Scope],
    meshes: Sequence[Mesh],
    written: Mapping[str, Any],
    report: Report,
) -> Iterator[FederatedValue]:
    """One identity for each environment that `entry` reaches."""
    path = (section, name)
    known_providers = names_of(written, "identity_providers")
    provider = providers.get(entry.through)
    if entry.through not in known_providers:
        report_unknown(report, (*path, "through"), "identity provider", entry.through, known_providers)
    elif provider and provider.type not in PROVIDERS_OF[section]:
        message = f"{section} come through {', '.join(PROVIDERS_OF[section])}"
        report(Problem(message, path=(*path, "through"), found=f"{entry.through} ({provider.type})"))
        return
    if name in written.get("retired", {}).get(section, ()):
        report(Problem(f'"{name}" is retired and still in the inventory', path=path))
    _check_reach(entry, path, written, report)
    if provider is None:
        return
    for scope in _environments(entry, path, scopes, meshes, written, report):
        yield _federated(section, name, entry, provider, scope, meshes)


def _check_reach(entry: Federated, path: tuple[str, ...], written: Mapping[str, Any], report: Report) -> None:
    """`access` says which meshes, `services` are of these meshes, and there is something to do at all."""
    look_up(report, (*path, "meshes"), "mesh", entry.meshes, names_of(written, "meshes"))
    if entry.access is None and (entry.meshes or entry.services):
        report(
            Problem(
                "`meshes` and `services` need an `access` level",
                path=path,
                allowed=("observe", "route", "operate", "own"),
            )
        )
    if entry.access is not None and not entry.meshes:
        report(Problem("`access` needs the `meshes` that it is to", path=(*path, "access"), found=entry.access))
    if entry.access is None and not entry.permissions and not entry.statements and not entry.meshes:
        report(Problem("nothing is granted: give `access` to `meshes`, or `permissions`", path=path))
    services = [name for mesh in entry.meshes for name in names_of(written, "meshes", mesh, "services")]
    look_up(report, (*path, "services"), "service of these meshes", entry.services, services)
    if entry.access == "own" and entry.services:
        report(Problem("`own` is of a whole mesh, not of services", path=(*path, "services")))


def _environments(
    entry: Federated,
    path: tuple[str, ...],
    scopes: Mapping[str, Scope],
    meshes: Sequence[Mesh],
    written: Mapping[str, Any],
    report: Report,
) -> list[Scope]:
    """Those named, or all where one of its meshes is."""
    if entry.environments is not None:
        names = look_up(report, (*path, "environments"), "environment", entry.environments, names_of(written, "environments"))
    else:
        reached = {mesh.environment.name for mesh in meshes if mesh.key in entry.meshes}
        names = [name for name in scopes if name in reached or not entry.meshes]
    return [scopes[name].at(*path) for name in names if name in scopes]


def _federated(
    section: str, name: str, entry: Person | Pipeline, provider: Provider, scope: Scope, meshes: Sequence[Mesh]
) -> FederatedValue:
    subjects, claims, session_tags = resolve_subjects(entry, provider, scope)
    return FederatedValue(
        name=name,
        is_pipeline=section == "pipelines",
        environment=scope.environment,
        provider=provider,
        access=tuple(_access(entry, scope, meshes)),
        grants=resolve_grants(entry.permissions, scope.at("permissions")),
        statements=resolve_statements(entry.statements, scope.at("statements")),
        permission_set=entry.permission_set if isinstance(entry, Person) else None,
        subjects=subjects,
        claims=claims,
        roles_claim=isinstance(entry, Person) and entry.roles_claim,
        session_tags=session_tags,
        max_session_hours=entry.max_session_hours,
        tags=tag_items(entry.tags),
        names=Names(
            role=scope.at("role").fill(entry.role) if entry.role else None,
            was=entry.was,
            adopt=scope.at("adopt").fill(entry.adopt) if entry.adopt else None,
        ),
        path=scope.path,
    )


def _access(entry: Federated, scope: Scope, meshes: Sequence[Mesh]) -> Iterator[Access]:
    for mesh in meshes:
        if entry.access and mesh.key in entry.meshes and mesh.environment.name == scope.environment.name:
            chosen = [mesh.service(name) for name in entry.services]
            services = tuple(service for service in chosen if service is not None)
            yield Access(entry.access, mesh, services if entry.services else None)
