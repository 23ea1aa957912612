"""Where each workload runs, and as whom today: what its Envoy streams says so, or the labels of its pods, or nothing does."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from meshrole.importers.drafts import DraftMesh
from meshrole.importers.found import Found, Gateway, Node
from meshrole.importers.granted import Granted, granted, place_of
from meshrole.importers.keys import slug
from meshrole.importers.place import Place
from meshrole.importers.roles import Roles, issuer, label, streams
from meshrole.importers.running import Pods, Profile, Task
from meshrole.importers.tasks import task_place

STREAMED = re.compile(r"virtual(Node|Gateway)/([^/]+)/?$")
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
KUBERNETES = "svc.cluster.local"
SERVICE_CONNECT = "ecs-service-connect"
NODES_OF_CLUSTERS = ("node group", "nodegroup", "karpenter", "eks", "fargate")


class Key(NamedTuple):
    """A workload by the names of AWS: its mesh, whether it is a gateway, and its own."""

    mesh: str
    is_gateway: bool
    name: str


def places(meshes: Sequence[DraftMesh], found: Found, kubernetes: frozenset[str]) -> dict[Key, Place]:
    """Where each node and gateway runs; `kubernetes` are the files that are Kubernetes manifests."""
    finder = _Finder(found, kubernetes, {mesh.name for mesh in meshes if mesh.engine == SERVICE_CONNECT})
    everything = [(mesh.name, item) for mesh in meshes for item in mesh.workloads]
    for _, item in everything:
        finder.count(item)
    return _apart({Key(mesh, isinstance(item, Gateway), str(item.name)): finder.place(mesh, item) for mesh, item in everything})


def _apart(placed: dict[Key, Place]) -> dict[Key, Place]:
    """The same with no new service account twice, and none that is another workload's today: each carries one role.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
    """
    taken = {_own_account(place) for place in placed.values() if place.account == _own_account(place)}
    numbers: Counter[str] = Counter()
    apart = {}
    for key, place in placed.items():
        wanted = account = _own_account(place)
        if wanted is not None and place.account != wanted:
            while account in taken:
                numbers[wanted] += 1
                account = f"{wanted}-{numbers[wanted] + 1}"
            taken.add(account)
            name = str(account).rpartition("/")[2]
            place = replace(place, runs_on={**place.runs_on, "service_account": name})
        apart[key] = place
    return apart


def _own_account(place: Place) -> str | None:
    account = place.runs_on.get("service_account")
    return f"{place.runs_on['namespace']}/{account}" if account else None


class _Finder:
    """What runs, by what it runs for."""

    def __init__(self, found: Found, kubernetes: frozenset[str], connected: Set[str]) -> None:
        self.kubernetes, self.connected = kubernetes, connected
        self.roles = Roles(found.roles)
        self.tasks: dict[tuple[bool, str], list[Task]] = defaultdict(list)
        for task in found.tasks:
            if task.resource and (match := STREAMED.search(task.resource.text)):
                self.tasks[match.group(1) == "Gateway", match.group(2)].append(task)
        self.has_tasks = bool(self.tasks)
        # In Service Connect a workload is the ECS service of its name.
        self.run_by: dict[str, list[Task]] = defaultdict(list)
        for task in found.tasks:
            if task.service:
                self.run_by[task.service.text].append(task)
        self.pods: dict[tuple[bool, str], list[Pods]] = defaultdict(list)
        for pods in found.pods:
            for is_gateway, names in ((False, pods.nodes), (True, pods.gateways)):
                for name in names:
                    self.pods[is_gateway, name.text].append(pods)
        self.accounts = {(str(item.namespace or "default"), item.name.text): item for item in found.service_accounts}
        self.by_grant = {node: role for role in found.roles if (node := granted(role))}
        self.functions = {item.name.text: item for item in found.functions if FUNCTION_NAME.fullmatch(item.name.text)}
        self.profile = next((item for item in found.profiles if self._is_of_envoys(item)), None)
        self.uses: Counter[tuple[str, str]] = Counter()

    def _is_of_envoys(self, profile: Profile) -> bool:
        role = self.roles.find(profile.role)
        return bool(role and any(streams(role)) and not any(word in profile.used_by.lower() for word in NODES_OF_CLUSTERS))

    def count(self, item: Node | Gateway) -> None:
        """Remember how many workloads a service account has."""
        for pods in self.pods[isinstance(item, Gateway), str(item.name)][:1]:
            self.uses[_account(pods)] += 1

    def place(self, mesh: str, item: Node | Gateway) -> Place:
        """Where one workload runs."""
        key = (isinstance(item, Gateway), str(item.name))
        tasks = [task for task in self.tasks[key] if _may_be_of(task, mesh)]
        if not tasks and mesh in self.connected:
            tasks = self.run_by[key[1]]
        if tasks:
            return task_place(tasks, self.roles)
        if self.pods[key]:
            return self._pod(self.pods[key][0], item)
        if not key[0] and key[1] in self.functions:
            function = self.functions[key[1]]
            role = self.roles.find(function.role)
            role_key = label(role) if role else str(function.role) if function.role else None
            return Place({"platform": "lambda", "function": key[1]}, role, role_key)
        own = self.by_grant.get(Granted(mesh, *key))
        return (place_of(own) if own else None) or self._assumed(item)

    def _pod(self, pods: Pods, item: Node | Gateway) -> Place:
        namespace, name = _account(pods)
        known = self.accounts.get((namespace, name))
        role = self.roles.find(known.role) if known else None
        is_own = name != "default" and self.uses[namespace, name] < 2
        notes = () if is_own else (f"today its pods run as {_shared(namespace, name, self.uses)}; it gets one of its own",)
        own = slug(pods.name.text if pods.name.is_known else str(item.name))
        return Place(
            runs_on={
                "platform": "eks-irsa" if known and known.role and not known.is_pod_identity else "eks-pod-identity",
                "cluster": "main",
                "namespace": namespace,
                "service_account": name if is_own else own,
            },
            role=role,
            role_key=label(role) if role else str(known.role) if known and known.role else None,
            account=f"{namespace}/{name}",
            notes=notes,
            cluster=known.cluster.text if known and known.cluster and known.cluster.is_known else None,
            issuer=issuer(role),
            labels=pods.labels,
        )

    def _assumed(self, item: Node | Gateway) -> Place:
        hostname = str((getattr(item, "discovery", None) or {}).get("hostname", "")).rstrip(".")
        is_local = hostname.endswith(KUBERNETES)
        if is_local or item.origin.file in self.kubernetes:
            label_of, _, rest = hostname.partition(".")
            written = item.namespace.text if item.namespace else ""
            namespace = written or (rest.removesuffix(KUBERNETES).rstrip(".") if is_local else "")
            made = {"platform": "eks-pod-identity", "cluster": "main", "namespace": namespace or "default"}
            made |= {"service_account": slug(label_of if is_local else str(item.name))}
            return Place(made, assumed="no source has its pods: EKS, with a service account of its own")
        if self.profile is not None and not self.has_tasks:
            role = self.roles.find(self.profile.role)
            assumed = f"no source says where it runs: EC2, since {self.profile.origin} lets instances be Envoys"
            return Place({"platform": "ec2"}, role, label(role) if role else None, assumed=assumed)
        return Place({"platform": "ecs"}, assumed="no source says where it runs: ECS")


def _may_be_of(task: Task, mesh: str) -> bool:
    """A task that names another mesh is not of this one; a name that is not known may be any."""
    match = re.search(r"mesh/([^/]+)/", task.resource.text if task.resource else "")
    return match is None or match.group(1) == mesh or "{" in match.group(1) or "{" in mesh


def _account(pods: Pods) -> tuple[str, str]:
    return str(pods.namespace or "default"), str(pods.service_account or "default")


def _shared(namespace: str, name: str, uses: Counter[tuple[str, str]]) -> str:
    others = uses[namespace, name] - 1
    return f"service account {name}" + (f", as {others} other workload{'s' if others > 1 else ''}" if others else "")
