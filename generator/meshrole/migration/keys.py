"""The keys of a mesh that mean nothing to its engine any more."""

from collections.abc import Iterator

from meshrole.inventory.engine_keys import OWNER_OF, WITHOUT
from meshrole.inventory.mesh_model import AcmCertificate, Gateway, Mesh, Service, Version
from meshrole.inventory.types import Strict
from meshrole.inventory.values import Path

ENVOY = "envoy_image"


def meaningless(mesh: Mesh, path: Path, engines: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """The path of each key that none of the engines has, and why; `path` is the mesh's."""
    for where, entry in _entries(mesh, path):
        for name in sorted(entry.model_fields_set):
            owner = OWNER_OF.get(name)
            instead = [WITHOUT.get(engine, {}).get(name) for engine in engines]
            if owner and owner not in engines:
                yield (*where, name), f"a key of {owner}"
            elif all(instead):
                yield (*where, name), str(instead[0])
        if engines == ("istio",):
            yield from (((*where, name), why) for name, why in _without_istio(entry))
        place = getattr(entry, "runs_on", None)
        if getattr(place, ENVOY, None) and "app-mesh" not in engines:
            yield (*where, "runs_on", ENVOY), "only App Mesh has tasks with an Envoy of their own"


def _without_istio(entry: Strict) -> Iterator[tuple[str, str]]:
    """Istio makes its own certificates; a gateway's are secrets of the cluster. A mesh is no account's."""
    if isinstance(entry, Mesh) and entry.owner:
        yield "owner", "a mesh of Istio is no account's"
    tls = getattr(entry, "tls", None)
    if tls and isinstance(entry, Service | Version):
        yield "tls", "Istio makes and renews the certificate of every service itself"
    elif tls and any(isinstance(each, AcmCertificate) for each in (tls.certificate, *tls.trusts)):
        yield "tls", "Istio reads no certificate from ACM: give the gateway's secret as {sds: NAME}"


def workloads(mesh: Mesh, path: Path) -> Iterator[tuple[Path, str, Gateway | Service]]:
    """The gateways and services of a mesh: path, name and entry."""
    for section in ("gateways", "services"):
        yield from (((*path, section, name), name, entry) for name, entry in getattr(mesh, section).items())


def _entries(mesh: Mesh, path: Path) -> Iterator[tuple[Path, Strict]]:
    yield path, mesh
    for where, _, entry in workloads(mesh, path):
        yield where, entry
        versions = entry.versions if isinstance(entry, Service) else {}
        yield from (((*where, "versions", name), version) for name, version in versions.items())
