"""TLS of App Mesh's custom resources: what a node or gateway serves, and whom it trusts.

https://aws.github.io/aws-app-mesh-controller-for-k8s/reference/api_spec/
"""

from collections.abc import Iterator, Sequence
from typing import Any

from meshrole.importers.found import Tls
from meshrole.importers.manifests.objects import Manifest, child, items, mapping, maps
from meshrole.importers.marked import List
from meshrole.importers.values import Value


def tls_of(manifest: Manifest) -> Tls | None:
    """TLS of the listeners, of the backends and of their defaults, in one; None where there is none of it."""
    listeners = [mapping(each.get("tls")) for each in maps(manifest.spec.get("listeners")) if each.get("tls") is not None]
    clients = list(_clients(manifest))
    if not listeners and not clients:
        return None
    certificates = [mapping(each.get("certificate")) for each in (*listeners, *clients)]
    trusts = [mapping(child(each, "validation", "trust")) for each in (*listeners, *clients)]
    served = certificates[: len(listeners)] or [mapping(None)]
    return Tls(
        certificate=_first(_leaf(manifest, each, "acm", "certificatearn") for each in served),
        authorities=_unique(_leaf(manifest, each, "acm", "certificateauthorityarns") for each in trusts),
        certificate_file=_first(_leaf(manifest, each, "file", "certificatechain") for each in certificates),
        certificate_sds=_first(_leaf(manifest, each, "sds", "secretname") for each in certificates),
        authority_files=_unique(_leaf(manifest, each, "file", "certificatechain") for each in trusts),
        authority_sds=_unique(_leaf(manifest, each, "sds", "secretname") for each in trusts),
    )


def certificates_left(manifest: Manifest) -> tuple[Value, ...]:
    """ACM's certificates of the second listener and later ones: an identity of ours serves one."""
    served = [mapping(child(each, "tls", "certificate")) for each in maps(manifest.spec.get("listeners"))]
    return _unique(_leaf(manifest, each, "acm", "certificatearn") for each in served)[1:]


def _clients(manifest: Manifest) -> Iterator[Any]:
    defaults = child(manifest.spec, "backendDefaults", "clientPolicy", "tls")
    backends = (child(each, "virtualService", "clientPolicy", "tls") for each in maps(manifest.spec.get("backends")))
    yield from (mapping(each) for each in (defaults, *backends) if each is not None)


def _leaf(manifest: Manifest, holder: Any, kind: str, key: str) -> Sequence[Value]:
    """The texts at a key, which v1beta1 and v1beta2 spell with other capitals."""
    values = [each for name, each in mapping(mapping(holder).get(kind)).items() if name.lower() == key]
    raw = [item for each in values for item in (items(each) if isinstance(each, List) else (each,))]
    return [found for each in raw if (found := manifest.text(each)) is not None]


def _first(groups: Iterator[Sequence[Value]]) -> Value | None:
    return next((each for group in groups for each in group), None)


def _unique(groups: Iterator[Sequence[Value]]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))
