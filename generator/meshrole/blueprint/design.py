"""An inventory to a blueprint: one identity for each workload, each group of people and each pipeline."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from meshrole.blueprint import naming, platforms, statements
from meshrole.blueprint.beside import Beside, merged
from meshrole.blueprint.callers import callers
from meshrole.blueprint.engines import ENGINES
from meshrole.blueprint.engines.base import Callers
from meshrole.blueprint.guarded import guarded
from meshrole.blueprint.in_clusters import entries, groups
from meshrole.blueprint.model import Blueprint, Identity, ManagedPolicy, Module, Role
from meshrole.blueprint.platforms.base import Helper, Needs
from meshrole.blueprint.role_names import given_name, role_name
from meshrole.blueprint.sizes import fitted
from meshrole.blueprint.trust import trust
from meshrole.iam.policy import Document, Statement
from meshrole.inventory.scope import tag_items
from meshrole.inventory.values import Environment, Federated, Inventory, Mesh, Path, Provider, TagItems, Workload

TAG_PREFIX = "meshrole:"


def design(inventory: Inventory) -> Blueprint:
    """What must exist in AWS for `inventory`. Raises BuildError when a policy cannot be made small enough."""
    return guarded(inventory, {environment.name: _modules(environment, inventory) for environment in inventory.environments})


def _modules(environment: Environment, inventory: Inventory) -> tuple[Module, ...]:
    meshes = [mesh for mesh in inventory.meshes if mesh.environment.name == environment.name]
    modules = [_mesh_module(mesh, callers(mesh, inventory), is_guarded=_is_guarded(inventory)) for mesh in meshes]
    sections = (("people", False, inventory.retired_people), ("pipelines", True, inventory.retired_pipelines))
    for name, is_pipeline, retired in sections:
        members = [item for item in inventory.federated if item.is_pipeline == is_pipeline]
        here = [item for item in members if item.environment.name == environment.name]
        if here or retired:
            modules.append(_federated_module(name, environment, here, members, retired))
    return tuple(modules)


def _is_guarded(inventory: Inventory) -> bool:
    return inventory.guardrails is not None and inventory.guardrails.entry.permissions_boundary


def _mesh_module(mesh: Mesh, called: Callers, *, is_guarded: bool) -> Module:
    boundary = _boundary(mesh.environment, mesh.key, is_guarded=is_guarded)
    return Module(
        name=mesh.key,
        identities=tuple(_workload(workload, mesh, boundary) for workload in mesh.workloads),
        boundary=boundary,
        providers=(),
        retired=mesh.retired,
        was=mesh.was,
        beside=merged(ENGINES[side.engine].beside(side, called) for side in mesh.sides),
    )


def _federated_module(
    name: str,
    environment: Environment,
    here: Sequence[Federated],
    everywhere: Sequence[Federated],
    retired: tuple[str, ...],
) -> Module:
    boundary = _boundary(environment, name)
    providers = tuple(_providers_made_in(environment, everywhere))
    identities = tuple(_federated(item, providers, boundary) for item in here)
    names = [identity.role.name for identity in identities]
    return Module(
        name=name,
        identities=identities,
        boundary=boundary,
        providers=providers,
        retired=retired,
        was=None,
        beside=Beside(groups=groups(list(zip(here, names, strict=True)))),
    )


def _providers_made_in(environment: Environment, members: Iterable[Federated]) -> Iterator[Provider]:
    """A provider exists once in an account: the first environment of the account that needs it makes it."""
    seen = set()
    for item in members:
        provider, key = item.provider, (item.environment.account, item.provider.key)
        if provider.is_created and key not in seen:
            seen.add(key)
            first = next(
                other.environment.name
                for other in sorted(members, key=lambda member: member.environment.position)
                if other.provider.key == provider.key and other.environment.account == item.environment.account
            )
            if first == environment.name:
                yield provider


def _boundary(environment: Environment, module: str, *, is_guarded: bool = False) -> ManagedPolicy | None:
    """The boundary policy that a module makes: of the inventory's statements, of guardrails (which are added later), or both.

    None where there is neither, or where the environment has a policy of its own.
    """
    boundary = environment.boundary
    if boundary.arn is not None if boundary else not is_guarded:
        return None
    name = naming.joined(environment.organization, module, environment.name, "boundary", longest=naming.MAX_POLICY_NAME)
    return ManagedPolicy(
        label="boundary",
        name=name,
        path=environment.role_path,
        arn=naming.iam_arn(environment, "policy", name, environment.role_path),
        document=statements.document(boundary.statements if boundary else ()),
    )


def _workload(workload: Workload, mesh: Mesh, boundary: ManagedPolicy | None) -> Identity:
    environment, engine = mesh.environment, ENGINES[mesh.engine]
    name = role_name(workload, mesh)
    needs: Needs = platforms.design(workload, environment, name)
    title = f"{engine.title(workload, mesh)}, on {needs.platform}"
    of_engines = [each for side in mesh.sides for each in ENGINES[side.engine].workload_statements(side.same(workload), side)]
    policy = statements.document(
        [
            *of_engines,
            *needs.own,
            *_beside(workload),
            *statements.application(workload.grants),
            *workload.statements,
        ]
    )
    tags = _tags(mesh.tags, workload.tags, mesh=mesh.key, workload=workload.service or workload.name, version=workload.version)
    common = _Common(environment, _boundary_arn(environment, boundary), tags, workload.path)
    own = _role(workload.name, name, title, needs.trust, policy, common, workload.names.adopt)
    every = (*needs.helpers, *_of_engines(workload, mesh))
    helpers = [_helper(helper, workload.name, name, title, common) for helper in every]
    return Identity(
        label=workload.name,
        kind="gateway" if workload.is_gateway else "workload",
        title=title,
        roles=(own, *helpers),
        has_instance_profile=needs.has_instance_profile,
        association=needs.association,
        depends_on=None,
        was=workload.names.was,
    )


def _of_engines(workload: Workload, mesh: Mesh) -> Iterator[Helper]:
    for side in mesh.sides:
        yield from ENGINES[side.engine].helpers(side.same(workload), side)


def _beside(workload: Workload) -> Iterator[Statement]:
    if workload.xray:
        yield statements.XRAY
    if workload.metrics_namespace:
        yield statements.metrics(workload.metrics_namespace)


def _federated(federated: Federated, made: Sequence[Provider], boundary: ManagedPolicy | None) -> Identity:
    environment, provider = federated.environment, federated.provider
    kind = "pipeline" if federated.is_pipeline else "people"
    title = f"{kind} {federated.name}, through {provider.key}"
    access = [
        statement
        for item in federated.access
        for side in item.mesh.sides
        for statement in ENGINES[side.engine].access_statements(item.on(side))
    ]
    policy = statements.document([*access, *statements.application(federated.grants), *federated.statements])
    name = given_name(federated.names, naming.federated_role(environment, federated.name))
    tags = _tags(federated.tags, **{"pipeline" if federated.is_pipeline else "people": federated.name})
    arn = _boundary_arn(environment, boundary)
    common = _Common(environment, arn, tags, federated.path, federated.max_session_hours)
    return Identity(
        label=federated.name,
        kind=kind,
        title=title,
        roles=(_role(federated.name, name, title, trust(federated), policy, common, federated.names.adopt),),
        has_instance_profile=False,
        association=None,
        depends_on=provider if provider in made else None,
        was=federated.names.was,
        entries=entries(federated, name),
    )


def _tags(*own: TagItems, **ours: str | None) -> TagItems:
    marks = {f"{TAG_PREFIX}{key}": value for key, value in ours.items() if value}
    return tag_items(*(dict(items) for items in own), marks)


@dataclass(frozen=True, slots=True)
class _Common:
    """What the roles of one identity share; `boundary` is an ARN."""

    environment: Environment
    boundary: str | None
    tags: TagItems
    source: Path
    hours: int = 1


def _boundary_arn(environment: Environment, made: ManagedPolicy | None) -> str | None:
    """The policy that the module makes, or the one that the environment already has."""
    given = environment.boundary
    return made.arn if made else given.arn if given else None


def _role(
    label: str,
    name: str,
    title: str,
    trust_policy: Document,
    policy: Document,
    common: _Common,
    adopt: str | None = None,
) -> Role:
    environment = common.environment
    inline, parts = fitted(label, name, policy, environment, common.source)
    return Role(
        label=label,
        name=name,
        path=environment.role_path,
        arn=naming.iam_arn(environment, "role", name, environment.role_path),
        description=title[0].upper() + title[1:],
        trust=trust_policy,
        policy=inline,
        parts=parts,
        boundary=common.boundary,
        max_session_hours=common.hours,
        tags=common.tags,
        adopt=adopt,
        source=common.source,
    )


def _helper(helper: Helper, label: str, name: str, title: str, common: _Common) -> Role:
    return _role(
        f"{label}-{helper.purpose}",
        naming.helper_role(name, helper.purpose),
        f"{helper.purpose} role of {title}",
        helper.trust,
        statements.document(helper.policy),
        common,
    )
