"""Meshes of VPC Lattice: whose the service network is, which ids are known, and what is made here because none is.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/sharing.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from meshrole.inventory.audit_values import lower_name
from meshrole.inventory.lattice_values import Lattice, LatticeService
from meshrole.inventory.mesh_model import Mesh as MeshEntry
from meshrole.inventory.mesh_model import Service as ServiceEntry
from meshrole.inventory.model import InventoryFile
from meshrole.inventory.names import report_unknown
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import Call, EcsTask, Mesh, Path, Workload

ENGINE = "vpc-lattice"
# https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateServiceNetwork.html
NETWORK_NAME = re.compile(r"[a-z0-9-]{3,63}")
# https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateService.html
SERVICE_NAME = re.compile(r"(?!svc-)[a-z0-9-]{3,40}")
HINTS = {
    "service": "rename it, give it a `lattice_name`, give the mesh a shorter `mesh_name`",
    "service network": "rename it, give the mesh a shorter `mesh_name`",
}
AWS_ID = re.compile(r"(?:sn|svc|tg)-[0-9a-z]{17}")


def with_lattice(meshes: Sequence[Mesh], file: InventoryFile, scopes: Mapping[str, Scope]) -> Iterator[Mesh]:
    """The meshes, those of VPC Lattice with their ids. `scopes` are the environments'."""
    own: dict[tuple[str, str], Lattice] = {}
    for mesh in meshes:
        entry = file.meshes[mesh.key]
        if ENGINE in entry.engines:
            scope = scopes[mesh.environment.name].with_words(mesh=mesh.key).at("meshes", mesh.key)
            _check_images(entry, scope)
            _check_environments(entry, scope, list(file.environments))
            found = _lattice(mesh, _sharing(mesh, meshes), entry, scope)
            own[mesh.environment.name, mesh.key] = replace(found, organization_id=file.organization.id)
    for mesh in meshes:
        name = mesh.environment.name
        lattice = own.get((name, mesh.key))
        if lattice is None:
            yield mesh
        else:
            others = [own[other.environment.name, mesh.key] for other in _sharing(mesh, meshes) if other is not mesh]
            yield _placed(mesh, replace(lattice, elsewhere=tuple(_elsewhere(mesh, others, scopes[name]))))


def _check_images(entry: MeshEntry, scope: Scope) -> None:
    """There is no proxy beside an application; one that signs its requests is an image among the others."""
    for section in ("gateways", "services"):
        for name, item in getattr(entry, section).items():
            if entry.engines == (ENGINE,) and getattr(item.runs_on, "envoy_image", None):
                here = scope.at(section, name, "runs_on", "envoy_image")
                here.problem("VPC Lattice has no Envoy", hint="an image of a proxy that signs requests goes among `images`")


def _check_environments(entry: MeshEntry, scope: Scope, known: Sequence[str]) -> None:
    """An id in an environment that there is not would be passed over."""
    for path, ids in _given(entry):
        for name in ids if isinstance(ids, Mapping) else ():
            if name not in known:
                report_unknown(scope.report, (*scope.path, *path, name), "environment", name, known)


def _given(entry: MeshEntry) -> Iterator[tuple[Path, object]]:
    """Everything in a mesh that is or may be a mapping of ids, and where it stands."""
    yield ("service_network",), entry.service_network
    for name, service in entry.services.items():
        at = ("services", name)
        yield (*at, "lattice_service"), service.lattice_service
        yield (*at, "target_groups"), service.target_groups
        yield from (((*at, "versions", each, "target_groups"), own.target_groups) for each, own in service.versions.items())


def _placed(mesh: Mesh, lattice: Lattice) -> Mesh:
    """The mesh, or its side that is in VPC Lattice: services are called by our names, and nothing has an Envoy."""
    if mesh.engine != ENGINE:
        return replace(mesh, leaving=_placed(mesh.leaving, lattice)) if mesh.leaving else mesh
    services = (replace(item, virtual_service=item.name, router=None, routes=()) for item in mesh.services)
    workloads = (_workload(item, has_envoy=mesh.leaving is not None) for item in mesh.workloads)
    return replace(mesh, services=tuple(services), workloads=tuple(workloads), lattice=lattice)


def _workload(workload: Workload, *, has_envoy: bool) -> Workload:
    place = workload.platform
    if isinstance(place, EcsTask) and not has_envoy:
        place = replace(place, envoy_image=None)
    return replace(workload, platform=place, backends=tuple(call.service for call in workload.calls))


def _sharing(mesh: Mesh, meshes: Sequence[Mesh]) -> list[Mesh]:
    """The environments that have one and the same service network, this one among them."""
    return [other for other in meshes if other.key == mesh.key and mesh.is_same(other)]


def _lattice(mesh: Mesh, sharing: Sequence[Mesh], entry: MeshEntry, scope: Scope) -> Lattice:
    keeper = next((other for other in sharing if not other.is_shared), None)
    given = _of_environment(entry.service_network, scope.at("service_network"))
    aws_name = lower_name(mesh.name)
    if given is None and keeper is not mesh:
        _report_open_network(mesh, keeper, scope)
    if given is None and keeper is mesh:
        _check_name(aws_name, NETWORK_NAME, "service network", "3 to 63", scope)
    return Lattice(
        network=given[0] if given else f"sn-of-{mesh.key}",
        is_made=given is None and keeper is mesh,
        is_kept=keeper is mesh,
        aws_name=aws_name,
        services=tuple(_services(mesh, entry, scope)),
        elsewhere=(),
        organization_id=None,
        accounts=tuple(sorted({other.environment.account for other in sharing})),
    )


def _report_open_network(mesh: Mesh, keeper: Mesh | None, scope: Scope) -> None:
    whose = f'made in the environment "{keeper.environment.name}"' if keeper else f"the account {mesh.owner}'s"
    scope.problem(
        f'the service network of "{mesh.key}" is {whose}: its id is needed in "{mesh.environment.name}"',
        hint=f"service_network: {{{mesh.environment.name}: sn-…}}, or a `mesh_name` for each environment",
    )


def _services(mesh: Mesh, entry: MeshEntry, scope: Scope) -> Iterator[LatticeService]:
    names: dict[str, str] = {}
    for service in mesh.services:
        written, here = entry.services[service.name], scope.at("services", service.name).with_words(service=service.name)
        given = _of_environment(written.lattice_service, here.at("lattice_service"))
        named = here.at("lattice_name")
        aws_name = named.fill(written.lattice_name) if written.lattice_name else lower_name(f"{mesh.name}-{service.name}")
        if given is None:
            _check_name(aws_name, SERVICE_NAME, "service", "3 to 40", named if written.lattice_name else here)
            if names.setdefault(aws_name, service.name) != service.name:
                here.problem(f'"{names[aws_name]}" is called "{aws_name}" in VPC Lattice too', found=service.name)
        yield LatticeService(
            name=service.name,
            id=given[0] if given else f"svc-of-{mesh.key}.{service.name}",
            is_made=given is None,
            aws_name=aws_name,
            account=mesh.environment.account,
            target_groups=tuple(_target_groups(written, here)),
        )


def _target_groups(entry: ServiceEntry, scope: Scope) -> Iterator[tuple[str | None, str]]:
    """A version's own, or those of the service."""
    common = _of_environment(entry.target_groups, scope.at("target_groups")) or ()
    for version, own in entry.versions.items():
        here = scope.at("versions", version, "target_groups").with_words(version=version)
        for group in (_of_environment(own.target_groups, here) or ()) if own.target_groups else common:
            yield version, group
    if not entry.versions:
        yield from ((None, group) for group in common)


def _of_environment(
    written: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None, scope: Scope
) -> tuple[str, ...] | None:
    """The ids of one environment, checked; None where it has none."""
    name = scope.environment.name
    if isinstance(written, Mapping):
        chosen, scope = written.get(name), scope.at(name)
    else:
        chosen = written
    if not chosen:
        return None
    filled = tuple(scope.fill(text) for text in ((chosen,) if isinstance(chosen, str) else chosen))
    for text in filled:
        if "{" not in text and not AWS_ID.fullmatch(text):
            scope.problem("this is no id of VPC Lattice: sn-, svc- or tg- and 17 letters or digits", found=text)
    return filled


def _check_name(name: str, pattern: re.Pattern[str], kind: str, length: str, scope: Scope) -> None:
    if not pattern.fullmatch(name):
        scope.problem(
            f'no VPC Lattice {kind} can be called "{name}": it has {length} characters, and begins with no prefix of an id',
            found=name,
            hint=f"{HINTS[kind]}, or give the id of the one that there is",
        )


def _elsewhere(mesh: Mesh, others: Sequence[Lattice], scope: Scope) -> Iterator[LatticeService]:
    """The services of the other environments that are called from here; each once."""
    calls = {call.service: call for workload in mesh.workloads for call in workload.calls if not mesh.service(call.service)}
    for name, call in calls.items():
        found = [item for other in others for item in other.services if item.name == name]
        if len(found) > 1:
            _problem(scope, call, f'"{name}" is in several environments that share this mesh, so which of them is not known')
        elif found and found[0].is_made:
            _problem(scope, call, f'the id of "{name}" is not known here: its environment makes it', "give its `lattice_service`")
        if found:
            yield found[0]


def _problem(scope: Scope, call: Call, message: str, hint: str | None = None) -> None:
    replace(scope, path=call.path).problem(message, found=call.service, hint=hint)
