"""Who may call which pods of Istio, as the inventory declares it; and what becomes of pods that it has not.

https://istio.io/latest/docs/concepts/security/#istio-identity
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meshrole.access.verify.authorization import Call
from meshrole.inventory.values import Call as Declared
from meshrole.inventory.values import Inventory, Mesh, Path


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller's principal, and the call that the inventory declares."""

    principal: str
    call: Declared

    def may(self, call: Call) -> bool:
        """Whether this is such a call."""
        mine = self.call
        return (
            call.principal == self.principal
            and (not mine.methods or call.method in mine.methods)
            and (not mine.paths or any(_is_of(pattern, call.path) for pattern in mine.paths))
            and all(call.headers.get(name) in values for name, values in mine.headers)
        )


@dataclass(frozen=True, slots=True)
class DeclaredPods:
    """Pods with `labels`, and their `callers`; with None for them everybody may call, in plain text too."""

    title: str
    environment: str
    cluster: str
    namespace: str
    labels: Mapping[str, str]
    callers: tuple[Caller, ...] | None
    path: Path

    def may(self, call: Call) -> bool:
        """Whether the inventory declares a call."""
        return self.callers is None or any(caller.may(call) for caller in self.callers)


def declared_pods(inventory: Inventory) -> Iterator[DeclaredPods]:
    """The pods of every service and gateway, and in each namespace one that nobody declared."""
    for mesh in (side for each in inventory.meshes for side in each.sides):
        if mesh.istio is None:
            continue
        paths = {item.name: item.path for item in mesh.workloads}
        called = _callers(mesh)
        for pods in mesh.istio.pods:
            callers = tuple(called.get(pods.service, ())) if pods.service else None
            title, path = f"{pods.name} of {mesh.key}", paths[pods.workloads[0]]
            labels = dict(pods.labels)
            yield DeclaredPods(title, mesh.environment.name, pods.cluster, pods.namespace, labels, callers, path)
        yield from _others(mesh, inventory)


def _callers(mesh: Mesh) -> Mapping[str, list[Caller]]:
    """Whoever calls each service."""
    accounts = {item.workload: item for item in mesh.istio.accounts} if mesh.istio else {}
    domain = mesh.istio.trust_domain if mesh.istio else ""
    found: dict[str, list[Caller]] = {}
    for workload in mesh.workloads:
        account = accounts.get(workload.name)
        for call in workload.calls if account else ():
            assert account
            principal = f"{domain}/ns/{account.namespace}/sa/{account.name}"
            found.setdefault(call.service, []).append(Caller(principal, call))
    return found


def _others(mesh: Mesh, inventory: Inventory) -> Iterator[DeclaredPods]:
    """Whether anybody may call a pod that is in no inventory: where no mesh in its namespace denies it."""
    assert mesh.istio
    sides = [side for other in inventory.meshes for side in other.sides if side.istio]
    for cluster, namespace in mesh.istio.namespaces:
        here = [side for side in sides if side.istio and (cluster, namespace) in side.istio.namespaces]
        same = [side for side in here if side.environment.account == mesh.environment.account]
        is_closed = any(side.istio and side.istio.denies_by_default for side in same)
        title = f"a pod of {namespace} in {cluster} that is in no inventory"
        yield DeclaredPods(title, mesh.environment.name, cluster, namespace, {}, () if is_closed else None, mesh.path)


def _is_of(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern
