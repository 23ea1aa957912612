"""The levels of access to a mesh of Istio: IAM says who finds a cluster, Kubernetes what may be done in its namespaces.

Each level has all of the ones before it. Kubernetes holds reading and creating to no names, so `observe` reads the whole of each
namespace, and who has access to single services changes and deletes what has their names and creates nothing.
https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meshrole.blueprint.engines.base import LEVELS
from meshrole.blueprint.engines.istio_names import cluster_arn, istio_of
from meshrole.blueprint.istio import NamespaceAccess, NamespaceRule
from meshrole.iam.policy import Statement, sid
from meshrole.inventory.istio_values import Pods
from meshrole.inventory.values import Access

NETWORKING, SECURITY, TELEMETRY = "networking.istio.io", "security.istio.io", "telemetry.istio.io"
READ, CHANGE, DELETE = ("get", "list", "watch"), ("patch", "update"), ("delete",)
WRITE = ("create", *DELETE, *CHANGE)
# https://istio.io/latest/docs/reference/config/networking/
ROUTING = ("destinationrules", "virtualservices")
TRAFFIC = (*ROUTING, "gateways", "proxyconfigs", "serviceentries", "sidecars", "workloadentries", "workloadgroups")
# A filter of Envoy's can undo any policy.
FILTERS = ("envoyfilters",)
# https://istio.io/latest/docs/reference/config/security/
POLICIES = ("authorizationpolicies", "peerauthentications", "requestauthentications")


class Row(NamedTuple):
    """At `level`, `verbs` on `resources` of an API `group`, in a way of HELD."""

    level: str
    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    held: str


# To what a rule is held: to a namespace; to the names of the services; to these, where the access is to single services; to a
# namespace, where it is to a whole mesh.
NAMESPACE, NAMES, SERVICES, MESH = HELD = ("namespace", "names", "services", "mesh")
ROWS = (
    Row("observe", "", ("endpoints", "pods", "services"), READ, NAMESPACE),
    Row("observe", "discovery.k8s.io", ("endpointslices",), READ, NAMESPACE),
    Row("observe", NETWORKING, (*TRAFFIC, *FILTERS), READ, NAMESPACE),
    Row("observe", SECURITY, POLICIES, READ, NAMESPACE),
    Row("observe", TELEMETRY, ("telemetries",), READ, NAMESPACE),
    Row("route", NETWORKING, ROUTING, CHANGE, NAMES),
    Row("operate", NETWORKING, ROUTING, DELETE, SERVICES),
    Row("operate", NETWORKING, TRAFFIC, WRITE, MESH),
    Row("operate", TELEMETRY, ("telemetries",), WRITE, MESH),
    Row("own", SECURITY, POLICIES, WRITE, MESH),
    Row("own", NETWORKING, FILTERS, WRITE, MESH),
)


def access_statements(access: Access) -> Iterator[Statement]:
    """What `aws eks update-kubeconfig` needs, on the clusters that the services are in, whatever the level.

    https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
    """
    clusters = dict.fromkeys(item.cluster for item in _chosen(access))
    if clusters:
        resources = tuple(cluster_arn(access.mesh.environment, name) for name in clusters)
        yield Statement(sid=sid(access.mesh.key, "FindClusters"), actions=("eks:DescribeCluster",), resources=resources)


def in_clusters(access: Access) -> Iterator[NamespaceAccess]:
    """What the level and every level below it allow, in each namespace that the services are in."""
    reached = LEVELS[: LEVELS.index(access.level) + 1]
    places: dict[tuple[str, str], list[Pods]] = {}
    for item in _chosen(access):
        places.setdefault((item.cluster, item.namespace), []).append(item)
    for (cluster, namespace), pods in places.items():
        rules = [rule for row in ROWS if row.level in reached for rule in _rules(row, access, pods)]
        yield NamespaceAccess(cluster, namespace, tuple(rules))


def _chosen(access: Access) -> list[Pods]:
    """The pods of the services that the access is to: all, gateways too, where it is to the whole mesh."""
    names = None if access.services is None else {service.name for service in access.services}
    return [item for item in istio_of(access.mesh).pods if names is None or item.service in names]


def _rules(row: Row, access: Access, pods: Sequence[Pods]) -> Iterator[NamespaceRule]:
    is_whole = access.services is None
    if row.held == NAMESPACE or (row.held == MESH and is_whole):
        yield NamespaceRule(row.group, row.resources, row.verbs)
    elif row.held == NAMES or (row.held == SERVICES and not is_whole):
        names = _names(access, pods)
        if names:
            yield NamespaceRule(row.group, row.resources, row.verbs, names)


def _names(access: Access, pods: Sequence[Pods]) -> tuple[str, ...]:
    """VirtualServices and DestinationRules have the name of a service's router, which an import may write with its namespace."""
    places = {item.service: item.namespace for item in pods}
    routers = [(item.router, places[item.name]) for item in access.mesh.services if item.name in places and item.router]
    return tuple(sorted({router.removesuffix(f".{namespace}") for router, namespace in routers}))
