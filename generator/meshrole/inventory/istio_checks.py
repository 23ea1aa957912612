"""What several workloads of Istio must not share: an identity, or the labels by which a policy finds pods."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from meshrole.errors import Problem
from meshrole.inventory.istio_values import Pods
from meshrole.inventory.values import Inventory, Mesh, Path

# The schema of AuthorizationPolicy has it (`rules`, maxItems):
# https://github.com/istio/istio/blob/master/manifests/charts/base/files/crd-all.gen.yaml
MAX_RULES = 512
Placed = tuple[Mesh, Pods]


def meshed(inventory: Inventory) -> Iterator[Mesh]:
    """The meshes, and the sides of meshes, that are in Istio."""
    yield from (side for mesh in inventory.meshes for side in mesh.sides if side.istio)


def shared_in_istio(inventory: Inventory) -> Iterator[Problem]:
    """A problem for each workload that Istio cannot tell from another."""
    places: dict[tuple[str, ...], list[Placed]] = defaultdict(list)
    for mesh in meshed(inventory):
        yield from _one_identity(mesh)
        yield from _many_callers(mesh)
        environment = mesh.environment
        for item in mesh.istio.pods if mesh.istio else ():
            places[environment.account, environment.region, item.cluster, item.namespace].append((mesh, item))
    for here in places.values():
        yield from _one_name(here)
        yield from _same_pods(here)
    yield from _same_entries(inventory)


def _same_entries(inventory: Inventory) -> Iterator[Problem]:
    """Terraform's name of an access entry is that of the identity and the cluster's, which two may have in common."""
    first: dict[tuple[object, ...], tuple[str, str]] = {}
    for item in inventory.federated:
        sides = [side for access in item.access for side in access.mesh.sides]
        for cluster in dict.fromkeys(cluster for side in sides if side.istio for cluster in side.istio.clusters):
            key = (item.environment.name, item.is_pipeline, f"{item.name}-{cluster}")
            other = first.setdefault(key, (item.name, cluster))
            if other != (item.name, cluster):
                yield Problem(
                    f'the access entry of "{item.name}" in "{cluster}" and that of "{other[0]}" in "{other[1]}" have one name',
                    path=item.path,
                    found=item.name,
                    help="rename one of them (`was` keeps its role)",
                )


def istio_warnings(inventory: Inventory) -> Iterator[Problem]:
    """Access to a service that nothing runs for: in which namespace its VirtualService is, nobody says."""
    for item in inventory.federated:
        for access in item.access:
            for side in access.mesh.sides if access.services is not None else ():
                known = {pods.service for pods in side.istio.pods} if side.istio else None
                for service in access.services or ():
                    if known is not None and service.name not in known:
                        yield Problem(
                            f'no pods of "{service.name}" are in a cluster, so `{access.level}` of it is nothing there',
                            path=(*item.path, "services"),
                            found=service.name,
                            help="give access to the services that run, or grant it in the cluster by hand",
                        )


def _one_identity(mesh: Mesh) -> Iterator[Problem]:
    """Istio knows a caller by namespace and service account, in whatever cluster of the mesh it is.

    https://istio.io/latest/docs/concepts/security/#istio-identity
    """
    first: dict[tuple[str, str], str] = {}
    clusters: dict[tuple[str, str], str] = {}
    paths = {item.name: item.path for item in mesh.workloads}
    for account in mesh.istio.accounts if mesh.istio else ():
        key = (account.namespace, account.name)
        other = first.setdefault(key, account.workload)
        # In one cluster it is found anyway: EKS gives a service account one role.
        if clusters.setdefault(key, account.cluster) != account.cluster:
            yield Problem(
                f'two workloads are "ns/{account.namespace}/sa/{account.name}" to Istio, each in a cluster of its own',
                path=paths[account.workload],
                found=account.name,
                help=f"the other is {' > '.join(map(str, paths[other]))}; each needs a service account of its own",
            )


def _many_callers(mesh: Mesh) -> Iterator[Problem]:
    callers = Counter(call.service for workload in mesh.workloads for call in workload.calls)
    for service in mesh.services:
        if callers[service.name] > MAX_RULES:
            yield Problem(
                f'"{service.name}" has {callers[service.name]} callers, and a policy of Istio takes {MAX_RULES} rules',
                path=service.path,
                found=service.name,
                help="divide the service, or let its callers go through a gateway",
            )


def _one_name(here: Sequence[Placed]) -> Iterator[Problem]:
    first: dict[str, Placed] = {}
    for mesh, item in here:
        other = first.setdefault(item.name, (mesh, item))
        if other[1] is not item:
            yield Problem(
                f'two policies of the namespace "{item.namespace}" would be called "{item.name}"',
                path=_path(mesh, item),
                found=item.name,
                help=f"the other is of {' > '.join(map(str, _path(*other)))}",
            )


def _same_pods(here: Sequence[Placed]) -> Iterator[Problem]:
    """Selectors of which none has another value for a label than the other may find the same pod."""
    by_keys: dict[tuple[str, ...], dict[tuple[str, ...], Placed]] = {}
    for mesh, item in here:
        keys, values = tuple(key for key, _ in item.labels), tuple(value for _, value in item.labels)
        found = next((each for other in by_keys.items() if (each := _alike(item, keys, values, *other))), None)
        by_keys.setdefault(keys, {}).setdefault(values, (mesh, item))
        if found:
            yield Problem(
                f'the labels of "{item.name}" and of "{found[1].name}" may be on the same pods of "{item.namespace}"',
                path=_path(mesh, item),
                found=", ".join(f"{key}: {value}" for key, value in item.labels),
                help="a policy of Istio finds pods by labels: give each `pod_labels` in which one differs from the others'",
            )


def _alike(
    item: Pods, keys: tuple[str, ...], values: tuple[str, ...], other: tuple[str, ...], those: Mapping[tuple[str, ...], Placed]
) -> Placed | None:
    """One of those with the `other` keys that says nothing else of the keys that both have; mostly all have the same keys."""
    if keys == other:
        return those.get(values)
    mine = dict(item.labels)
    common = [(index, mine[key]) for index, key in enumerate(other) if key in mine]
    return next((each for theirs, each in those.items() if all(theirs[index] == value for index, value in common)), None)


def _path(mesh: Mesh, pods: Pods) -> Path:
    return next(item.path for item in mesh.workloads if item.name == pods.workloads[0])
