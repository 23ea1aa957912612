"""Terraform: states, plans and what `terraform show -json` says of them, and configurations. Nothing is run or fetched.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from collections.abc import Iterable, Iterator, Sequence

from meshrole.importers import hcl2_source, kubernetes
from meshrole.importers.aws_calls.gathered import Entry, gathered
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found, Miss
from meshrole.importers.tf import configuration, ecs, identity, lattice, manifests, mesh, platforms, snapshot
from meshrole.importers.tf.data import TooMuchError
from meshrole.importers.tf.resource import Resource

# What a data source says of itself is the whole of it in a state; in a configuration it only says what is looked up.
LOOKED_UP = frozenset((mesh.MESH, ecs.CLUSTER, *ecs.NAMESPACES, *ecs.LOOKED_UP))
DATA = LOOKED_UP | frozenset((*mesh.TYPES, *lattice.TYPES, identity.ROLE, identity.POLICY, platforms.PROFILE))
TYPES = frozenset((*mesh.TYPES, *identity.TYPES, *ecs.TYPES, *lattice.TYPES, *platforms.TYPES, *manifests.TYPES))


def read(files: Sequence[SourceFile], options: Options) -> Found:
    """Everything of a mesh, and of the identities that it uses, in states, plans and configurations."""
    found = Found()
    own: list[SourceFile] = []
    for file in files:
        if snapshot.is_snapshot(file):
            resources, misses = snapshot.resources(file, _is_kept)
            found += _entries(resources) + Found(misses=tuple(misses))
        else:
            own.append(file)
    resources, misses = configuration.resources(own, options.parameters, _is_written, hcl2_source.blocks, hcl2_source.expression)
    return found + _entries(resources) + Found(misses=tuple(misses))


def _is_written(mode: str, kind: str) -> bool:
    return kind in LOOKED_UP if mode == "data" else kind in TYPES or kind.startswith(mesh.PREFIX)


def _is_kept(mode: str, kind: str) -> bool:
    return kind in DATA if mode == "data" else _is_written(mode, kind)


def _entries(resources: Sequence[Resource]) -> Found:
    return gathered(_of(resources)) + kubernetes.read(tuple(manifests.files(resources)), Options())


def _of(resources: Sequence[Resource]) -> Iterator[Entry]:
    for resource in resources:
        if resource.type.startswith(mesh.PREFIX):
            yield from _guarded(mesh.read(resource), resource)
        if resource.type in (*mesh.TYPES, *lattice.TYPES):
            yield from (Miss(resource.origin, resource.address, note) for note in resource.notes)
    for reader in (lattice.entries, identity.roles, ecs.entries, platforms.entries):
        yield from _guarded(reader(resources), resources[0] if resources else None)


def _guarded(entries: Iterable[Entry], resource: Resource | None) -> Iterator[Entry]:
    """Entries up to the one that asks for too much."""
    try:
        yield from entries
    except (TooMuchError, RecursionError) as error:
        if resource is not None:
            yield Miss(resource.origin, "the rest of its file", str(error) or "nested too deeply")
