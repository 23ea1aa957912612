"""Who may call whom in a mesh of Istio: `AuthorizationPolicy`.

https://istio.io/latest/docs/reference/config/security/authorization-policy/
"""

from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.importers.found import Edge, Miss, Service
from meshrole.importers.manifests.claims import with_labels
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.istio_hosts import Host
from meshrole.importers.manifests.notes import SECURITY
from meshrole.importers.manifests.objects import Manifest, child, items, mapping, maps
from meshrole.importers.manifests.selectors import Index, Labels, Selectable, matches
from meshrole.importers.manifests.workloads import Workload, workloads
from meshrole.importers.marked import Map
from meshrole.importers.values import Value, value

ANYBODY = value("*")
# A policy here is for the whole mesh: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ (`rootNamespace`)
ROOT_NAMESPACE = value("istio-system")
NAMES = ("app.kubernetes.io/name", "app", "k8s-app")
CARRIED_SOURCES = ("principals", "namespaces", "serviceAccounts")
CARRIED_OPERATIONS = ("methods", "paths")


def edges(cluster: Cluster, mesh: Value, services: Mapping[Host, Manifest]) -> Iterator[Edge | Miss | Service]:
    """The callers that authorization policies let in, each at each service that the policy is for."""
    policies = cluster.of(SECURITY, "AuthorizationPolicy")
    selected = _Selected(cluster, services) if policies else None
    for policy in policies:
        action = policy.written(policy.spec.get("action")) or "ALLOW"
        if selected is None or action != "ALLOW":
            yield policy.miss(f"{action} is no edge: only what a policy allows is")
            continue
        targets = selected.by(policy)
        rules = maps(policy.spec.get("rules"))
        if not targets:
            yield policy.miss("no service in the files has the pods that it is for")
        if not rules and not items(policy.spec.get("rules")):
            yield policy.miss("allows nobody: nothing calls what it is for")
        for target in targets:
            if target not in services:
                yield Service(mesh, target.service, policy.origin, node=target.node())
        for rule in rules:
            yield from _rule(policy, rule, mesh, targets)


def _rule(policy: Manifest, rule: Map, mesh: Value, targets: list[Host]) -> Iterator[Edge | Miss]:
    sources = [mapping(each.get("source")) for each in maps(rule.get("from"))]
    operations = [mapping(each.get("operation")) for each in maps(rule.get("to"))] or [Map(0)]
    left = [*_left(sources, CARRIED_SOURCES), *_left(operations, CARRIED_OPERATIONS), *(["when"] if rule.get("when") else [])]
    if left:
        yield policy.miss(f"conditions that an edge does not carry: {', '.join(dict.fromkeys(left))}", rule)
    callers = [caller for source in sources for caller in _callers(policy, source)] if sources else [ANYBODY]
    for caller in dict.fromkeys(callers):
        for target in targets:
            for operation in operations:
                methods = tuple(policy.written(each) for each in items(operation.get("methods")))
                paths = tuple(policy.written(each) for each in items(operation.get("paths")))
                yield Edge(mesh, caller, target.service, policy.at(rule), methods, paths)


def _left(blocks: list[Map], carried: tuple[str, ...]) -> list[str]:
    return [key for block in blocks for key in block if key not in carried]


def _callers(policy: Manifest, source: Map) -> Iterator[Value]:
    """`cluster.local/ns/NAMESPACE/sa/ACCOUNT` as `NAMESPACE/ACCOUNT`; anybody where a source only says other things."""
    for raw in items(source.get("principals")):
        principal = policy.text(raw)
        if principal is not None:
            yield _account(principal)
    for raw in items(source.get("serviceAccounts")):
        account = policy.text(raw)
        if account is not None:
            yield account if "/" in account.text else value(policy.space, "/", account)
    named = any(source.get(key) for key in ("principals", "serviceAccounts"))
    for raw in items(source.get("namespaces")):
        yield value(policy.text(raw) or "", "/*")
    if not named and not source.get("namespaces"):
        yield ANYBODY


def _account(principal: Value) -> Value:
    texts = [part if isinstance(part, str) else "\0" for part in principal.parts]
    whole = "".join(texts)
    _, found, rest = whole.partition("/ns/")
    space, middle, account = rest.partition("/sa/")
    if not found or not middle:
        return principal
    unknown = [part for part in principal.parts if not isinstance(part, str)][whole[: len(whole) - len(rest)].count("\0") :]
    pieces: list[Any] = []
    for number, text in enumerate(f"{space}/{account}".split("\0")):
        pieces += [unknown[number - 1], text] if number else [text]
    return value(*pieces)


class _Selected:
    """The services whose pods a policy is for."""

    def __init__(self, cluster: Cluster, services: Mapping[Host, Manifest]) -> None:
        self._cluster, self._services = cluster, services
        self._workloads: dict[Value, list[Workload]] = {}
        for each in workloads(cluster):
            self._workloads.setdefault(each.manifest.space, []).append(each)
        self._in: dict[Value, list[Host]] = {}
        for host in services:
            self._in.setdefault(host.space, []).append(host)
        self._indexes: dict[Value, Index[Host]] = {}

    def by(self, policy: Manifest) -> list[Host]:
        """The services that a policy is for."""
        named = [policy.text(each.get("name")) for each in self._references(policy)]
        if named:
            return [Host(policy.space, name) for name in named if name is not None]
        selector = child(policy.spec, "selector")
        if not mapping(mapping(selector).get("matchLabels")):
            return list(self._services) if policy.space == ROOT_NAMESPACE else self._in.get(policy.space, [])
        return self._of_pods(policy, selector) or self._of_labels(policy, selector)

    def _references(self, policy: Manifest) -> list[Map]:
        one = policy.spec.get("targetRef")
        wanted = [one] if isinstance(one, Map) else maps(policy.spec.get("targetRefs"))
        return [each for each in wanted if policy.written(each.get("kind")) == "Service"]

    def _of_pods(self, policy: Manifest, selector: Any) -> list[Host]:
        """By the pods of workloads in the files."""
        pods = [each for each in self._workloads.get(policy.space, []) if matches(policy, selector, each.labels)]
        own = self._index(policy.space) if pods else None
        return list(dict.fromkeys(host for pod in pods for host in own.matching(pod.labels))) if own is not None else []

    def _index(self, space: Value) -> Index[Host]:
        if space not in self._indexes:
            self._indexes[space] = Index(list(self._selectable(space)))
        return self._indexes[space]

    def _selectable(self, space: Value) -> Iterator[Selectable[Host]]:
        for host in self._in.get(space, []):
            service = self._cluster.kubernetes_services.get((host.space, host.name))
            if service is not None:
                yield Selectable(host, service, with_labels(service, mapping(service.spec.get("selector"))))

    def _of_labels(self, policy: Manifest, selector: Any) -> list[Host]:
        """By the labels alone: a service that selects by these, or the name that they give."""
        wanted: Labels = policy.texts(mapping(selector).get("matchLabels"))
        found = list(self._index(policy.space).matching(wanted))
        name = next((wanted[key] for key in NAMES if key in wanted), None)
        return found or ([Host(policy.space, name)] if name is not None else [])
