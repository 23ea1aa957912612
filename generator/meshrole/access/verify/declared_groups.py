"""What an identity may do in the clusters of a mesh of Istio, as its level says: by rule, from the kinds of objects there are.

*observe* gets, lists and watches; *route* updates what routes to the services; *operate* writes all traffic configuration but
filters of Envoy's; *own* writes everything. Who has single services changes and deletes what bears their names; no more.
https://istio.io/latest/docs/reference/config/ and https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterator, Mapping

from meshrole.access.verify.declared import Declared
from meshrole.access.verify.items import LEVELS
from meshrole.inventory.values import Access, Federated, Mesh

# (API group, resource, verb, name or "" for any)
Right = tuple[str, str, str, str]
Place = tuple[str, str]
NETWORKING, SECURITY, TELEMETRY = "networking.istio.io", "security.istio.io", "telemetry.istio.io"
KINDS = {
    NETWORKING: (
        "virtualservices",
        "destinationrules",
        "gateways",
        "serviceentries",
        "sidecars",
        "envoyfilters",
        "workloadentries",
        "workloadgroups",
        "proxyconfigs",
    ),
    SECURITY: ("authorizationpolicies", "peerauthentications", "requestauthentications"),
    TELEMETRY: ("telemetries",),
}
SEEN = {"": ("pods", "services", "endpoints"), "discovery.k8s.io": ("endpointslices",)}
ROUTES = ("virtualservices", "destinationrules")


def group_of(declared: Declared) -> str:
    """The one group that a role is in."""
    return f"meshrole:{declared.name}"


def rights(declared: Declared) -> Mapping[Place, frozenset[Right]]:
    """By cluster and namespace; nothing for who is no person and no pipeline."""
    found: dict[Place, set[Right]] = {}
    origin = declared.found.origin
    for access in origin.access if isinstance(origin, Federated) else ():
        for side in access.mesh.sides:
            if side.istio:
                for place, routers in _places(access, side).items():
                    allowed = _rights(LEVELS.index(access.level), routers, is_whole=access.services is None)
                    found.setdefault(place, set()).update(allowed)
    return {place: frozenset(each) for place, each in found.items()}


def _places(access: Access, mesh: Mesh) -> Mapping[Place, set[str]]:
    """The namespaces in question, each with the names of what routes to the services in it."""
    assert mesh.istio
    chosen = None if access.services is None else {service.name for service in access.services}
    found: dict[Place, set[str]] = {}
    services = {item.name: item for item in mesh.services}
    for workload in mesh.workloads:
        account = mesh.istio.account(workload.name)
        if account and (chosen is None or workload.service in chosen):
            service = services.get(workload.service or "")
            routers = {service.router.removesuffix(f".{account.namespace}")} if service and service.router else set()
            found.setdefault((account.cluster, account.namespace), set()).update(routers)
    return found


def _rights(depth: int, routers: set[str], *, is_whole: bool) -> Iterator[Right]:
    every = [(group, kind) for group, kinds in (*KINDS.items(), *SEEN.items()) for kind in kinds]
    yield from ((group, kind, verb, "") for group, kind in every for verb in ("get", "list", "watch"))
    for level, verbs in (("route", ("update", "patch")), ("operate", () if is_whole else ("delete",))):
        if depth >= LEVELS.index(level):
            yield from ((NETWORKING, kind, verb, name) for kind in ROUTES for verb in verbs for name in routers)
    for group, kind in every if is_whole else ():
        needs = "own" if group == SECURITY or kind == "envoyfilters" else "operate"
        if group in KINDS and depth >= LEVELS.index(needs):
            yield from ((group, kind, verb, "") for verb in ("create", "update", "patch", "delete"))
