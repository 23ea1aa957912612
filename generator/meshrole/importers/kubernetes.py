"""Kubernetes manifests to what they hold of a mesh and of the identities in it.

App Mesh's custom resources, VPC Lattice's through the Gateway API, Istio's; workloads, service accounts, and how roles are tied
to them. Manifests may be Helm's templates or wait for `envsubst`: nothing is executed, what is open stays a placeholder.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import (
    Edge,
    Found,
    Gateway,
    GatewayRoute,
    Mesh,
    Miss,
    Node,
    Route,
    Router,
    Service,
)
from meshrole.importers.manifests import app_mesh, eks, istio, lattice, lattice_policies, notes, strangers, workloads
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.expressions import Known
from meshrole.importers.manifests.objects import MAX_BYTES, Manifest, objects
from meshrole.importers.marked import Map, documents
from meshrole.importers.running import Pods, Profile, Role, ServiceAccount
from meshrole.inventory.document import collector_off

FIELDS: Mapping[type, str] = {
    Mesh: "meshes",
    Node: "nodes",
    Gateway: "gateways",
    GatewayRoute: "gateway_routes",
    Service: "services",
    Router: "routers",
    Route: "routes",
    Edge: "edges",
    Role: "roles",
    ServiceAccount: "service_accounts",
    Pods: "pods",
    Profile: "profiles",
    Miss: "misses",
}
VALUES = ("values.yaml", "values.yml")
READERS = (
    app_mesh.entries,
    lattice.entries,
    lattice_policies.entries,
    istio.entries,
    eks.entries,
    strangers.entries,
    notes.entries,
)
CLAIMS = (app_mesh.claims, lattice.claims, istio.claims)


def read(files: Sequence[SourceFile], options: Options) -> Found:
    """Everything of a mesh, and of the identities that it uses, in Kubernetes manifests."""
    with collector_off():
        return _read(files, options)


def _read(files: Sequence[SourceFile], options: Options) -> Found:
    read_objects = list(objects(files, _known(files, options)))
    cluster = Cluster(tuple(each for each in read_objects if isinstance(each, Manifest)))
    misses = [each for each in read_objects if isinstance(each, Miss)]
    entries = [entry for reader in READERS for entry in reader(cluster)]
    claims = [claim for claimed in CLAIMS for claim in claimed(cluster)]
    return _found([*entries, *workloads.pods_of(cluster, claims), *workloads.service_accounts(cluster), *misses])


def _found(entries: Iterable[Any]) -> Found:
    sorted_out: dict[str, list[Any]] = {}
    for entry in entries:
        sorted_out.setdefault(FIELDS[type(entry)], []).append(entry)
    return Found(**{name: tuple(each) for name, each in sorted_out.items()})


def _known(files: Sequence[SourceFile], options: Options) -> dict[str, Known]:
    """What is known of each file's expressions: the user's parameters, and the values of the chart that it is in."""
    charts = {
        PurePosixPath(file.name).parent: dict(_values(file))
        for file in files
        if PurePosixPath(file.name).name in VALUES and len(file.content) <= MAX_BYTES
    }
    plain = Known(options.parameters)
    if not charts:
        return {file.name: plain for file in files}
    known = {folder: Known(options.parameters, values) for folder, values in charts.items()}
    return {file.name: _nearest(known, file.name) or plain for file in files}


def _nearest(known: Mapping[PurePosixPath, Known], name: str) -> Known | None:
    return next((known[folder] for folder in PurePosixPath(name).parents if folder in known), None)


def _values(file: SourceFile) -> Iterator[tuple[str, str]]:
    """The values of a chart by their paths in its templates: `Values.mesh.name`."""
    for document in documents(file.content):
        if isinstance(document, Map):
            yield from _flat("Values", document)


def _flat(path: str, raw: Any) -> Iterator[tuple[str, str]]:
    if isinstance(raw, Map):
        for key, each in raw.items():
            yield from _flat(f"{path}.{key}", each)
    elif isinstance(raw, str) and raw and "{{" not in raw:
        yield path, raw
