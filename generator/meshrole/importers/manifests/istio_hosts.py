"""Istio's hosts: which Kubernetes service one means, and what its subsets are.

https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination
https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from meshrole.importers.manifests import gateway_api
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.notes import NETWORKING, SECURITY
from meshrole.importers.manifests.objects import NOWHERE, RELEASE, Manifest, maps
from meshrole.importers.manifests.selectors import Labels
from meshrole.importers.values import Unknown, Value, joined, value

LOCAL = "svc"
# https://istio.io/latest/docs/reference/config/labels/
MESH_LABELS = ("istio-injection", "istio.io/rev", "istio.io/dataplane-mode")


@dataclass(frozen=True, slots=True)
class Host:
    """A Kubernetes service: its namespace and name."""

    space: Value
    name: Value

    @property
    def namespace(self) -> Value | None:
        """The namespace, or None for one that nobody says."""
        return None if self.space in (NOWHERE, RELEASE) else self.space

    @property
    def service(self) -> Value:
        """What the service is called in the mesh: as in the cluster's DNS."""
        return value(self.name, ".", self.space)

    def node(self, subset: Value | None = None) -> Value:
        """What the pods behind it, or those of a subset, are called."""
        return self.service if subset is None else value(self.name, "-", subset, ".", self.space)


@dataclass(frozen=True, slots=True)
class Subset:
    """A named part of a service's pods."""

    name: Value
    labels: Labels
    owner: Manifest


@dataclass(frozen=True)
class Hosts:
    """The hosts of a cluster."""

    cluster: Cluster

    @cached_property
    def _namespaces(self) -> set[Value]:
        objects = (each for each in self.cluster.manifests if each.group in ("", "apps", NETWORKING, SECURITY))
        spaces = {each.namespace for each in objects if each.namespace is not None}
        return spaces | set(self.cluster.namespaces)

    @cached_property
    def meshed(self) -> set[Value]:
        """The namespaces that are in the mesh: those that say so by a label, and those that the files have Istio's objects in."""
        labelled = {each.name for each in self.cluster.of("", "Namespace") if any(key in each.labels for key in MESH_LABELS)}
        spoken_of = {each.space for each in self.cluster.manifests if each.group in (NETWORKING, SECURITY)}
        routed = {each.space for each in gateway_api.routes(self.cluster)}
        return labelled | spoken_of | routed

    def host(self, manifest: Manifest, raw: object) -> Host | None:
        """The service that a host means in an object's namespace; None for a host outside of the cluster."""
        written = manifest.text(raw)
        if written is None or "*" in written.text:
            return None
        parts = dotted(written)
        if len(parts) == 1:
            return Host(manifest.space, parts[0])
        is_local = len(parts) > 2 and parts[2] == value(LOCAL)
        if is_local or (len(parts) == 2 and parts[1] in self._namespaces):
            return Host(parts[1], parts[0])
        return None

    @cached_property
    def subsets(self) -> Mapping[Host, tuple[Subset, ...]]:
        """The subsets of each host that has some."""
        found: dict[Host, tuple[Subset, ...]] = {}
        for rule in self.cluster.of(NETWORKING, "DestinationRule"):
            host = self.host(rule, rule.spec.get("host"))
            named = [(rule.text(each.get("name")), rule.texts(each.get("labels"))) for each in maps(rule.spec.get("subsets"))]
            made = tuple(Subset(name, labels, rule) for name, labels in named if name is not None)
            if host is not None:
                found[host] = (*found.get(host, ()), *made)
        return found


def dotted(text: Value) -> list[Value]:
    """A text at its dots; an unknown piece is in one part."""
    parts: list[list[str | Unknown]] = [[]]
    for piece in text.parts:
        if isinstance(piece, str):
            first, *others = piece.split(".")
            parts[-1].append(first)
            parts += [[each] for each in others]
        else:
            parts[-1].append(piece)
    return [joined(part) for part in parts]
