"""A mesh as Istio has it in the clusters of one environment. All frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Whom a workload is to Istio: a service account in a namespace of a cluster."""

    workload: str
    cluster: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods of a service, or of a gateway, that `labels` tell from all others of a namespace.

    `name` is what Kubernetes calls the policies about them; `workloads` are the versions, or the one workload, that they run.
    """

    cluster: str
    namespace: str
    name: str
    service: str | None
    workloads: tuple[str, ...]
    labels: Labels


@dataclass(frozen=True)
class Istio:
    """`denies_by_default` where what is in the mesh's namespaces and not in the inventory is not to be called either."""

    trust_domain: str
    denies_by_default: bool
    accounts: tuple[ServiceAccount, ...]
    pods: tuple[Pods, ...]

    @property
    def namespaces(self) -> tuple[tuple[str, str], ...]:
        """(cluster, namespace) of each namespace that something of the mesh runs in."""
        return tuple(dict.fromkeys((item.cluster, item.namespace) for item in self.accounts))

    @property
    def clusters(self) -> tuple[str, ...]:
        """The clusters that the mesh is in, in the inventory's order."""
        return tuple(dict.fromkeys(item.cluster for item in self.accounts))

    def account(self, workload: str) -> ServiceAccount | None:
        """The service account of a workload."""
        return self._by_workload.get(workload)

    @cached_property
    def _by_workload(self) -> Mapping[str, ServiceAccount]:
        return {item.workload: item for item in self.accounts}
