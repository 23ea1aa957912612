"""Which pods a mesh's node is: a claim on the pods with some labels in a namespace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.objects import Manifest, mapping
from meshrole.importers.manifests.selectors import Index, Labels, Selectable
from meshrole.importers.marked import Map
from meshrole.importers.values import Value


@dataclass(frozen=True, slots=True)
class Claim:
    """The pods in `space` (None: anywhere) that the selector takes are the node, or the gateway, of a name."""

    space: Value | None
    selected: Selectable[Value]
    is_gateway: bool = False


class Claims:
    """Many claims, asked for those on some pods."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        sorted_out: dict[tuple[Value | None, bool], list[Selectable[Value]]] = {}
        for claim in claims:
            sorted_out.setdefault((claim.space, claim.is_gateway), []).append(claim.selected)
        self._indexes: Mapping[tuple[Value | None, bool], Index[Value]] = {key: Index(each) for key, each in sorted_out.items()}

    def on(self, space: Value, labels: Labels, is_gateway: bool) -> tuple[Value, ...]:
        """The names that pods with such labels have in their meshes."""
        indexes = [self._indexes.get((where, is_gateway)) for where in (space, None)]
        return tuple(dict.fromkeys(name for index in indexes if index is not None for name in index.matching(labels)))


def service_claim(
    cluster: Cluster, space: Value, name: Value, node: Value, more: Mapping[str, object] | None = None
) -> Claim | None:
    """The claim of a node that is behind a Kubernetes service: its selector, and `more` labels of a subset.

    https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
    """
    service = cluster.kubernetes_services.get((space, name))
    selector = mapping(service.spec.get("selector")) if service is not None else None
    if service is None or not selector:
        return None
    return Claim(space, Selectable(node, service, with_labels(service, {**selector, **(more or {})})))


def with_labels(owner: Manifest, labels: Mapping[str, object]) -> Map:
    """Labels as a selector of an object."""
    selector, wanted = Map(owner.origin.line), Map(owner.origin.line)
    wanted.update(labels)
    selector["matchLabels"] = wanted
    return selector
