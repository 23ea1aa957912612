"""What Istio and Kubernetes must have beside the identities: who may call which pods, and what people may do in the clusters."""

from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.inventory.istio_values import Labels


@dataclass(frozen=True, slots=True)
class Admitted:
    """A caller by its principal, and with what it may call: everything where nothing is said. A path may end in `*`."""

    principal: str
    methods: tuple[str, ...]
    paths: tuple[str, ...]
    headers: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PodPolicy:
    """Who may call the pods with `labels`; one that `is_gateway` is for everybody, and takes calls from outside the mesh."""

    cluster: str
    namespace: str
    name: str
    labels: Labels
    is_gateway: bool
    admitted: tuple[Admitted, ...]


@dataclass(frozen=True, slots=True)
class NamespaceRule:
    """`verbs` on `resources` of an API `group`, on those of the `names` only where there are some."""

    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamespaceAccess:
    """What a level of access to a mesh allows in one namespace of a cluster."""

    cluster: str
    namespace: str
    rules: tuple[NamespaceRule, ...]


@dataclass(frozen=True, slots=True)
class GroupAccess:
    """What a `group` of Kubernetes, which an access entry of EKS puts a role into, may do in a namespace."""

    label: str
    name: str
    group: str
    access: NamespaceAccess


@dataclass(frozen=True, slots=True)
class ClusterEntry:
    """That a role is known to a cluster, as one of a group."""

    cluster: str
    group: str


@dataclass(frozen=True, slots=True)
class IstioParts:
    """The part of one mesh in one environment. Nothing in the namespaces `closed` may be called unless a policy admits it."""

    mesh: str
    policies: tuple[PodPolicy, ...]
    closed: tuple[tuple[str, str], ...]


def merged(every: Iterator[NamespaceAccess]) -> Iterator[NamespaceAccess]:
    """One for each namespace of each cluster: an identity may have access to several meshes in it."""
    found: dict[tuple[str, str], dict[NamespaceRule, None]] = {}
    for item in every:
        found.setdefault((item.cluster, item.namespace), {}).update(dict.fromkeys(item.rules))
    for (cluster, namespace), rules in found.items():
        yield NamespaceAccess(cluster, namespace, tuple(rules))
