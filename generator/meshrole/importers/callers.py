"""Who may call whom where no node says so: the callers that policies of VPC Lattice or Istio name, as nodes with backends.

A caller is the workload that has the role or service account; one that no source has becomes a node of its own.
https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from meshrole.importers.found import Edge, Found, GatewayRoute, Miss, Node
from meshrole.importers.roles import Roles
from meshrole.importers.running import Pods, Task
from meshrole.importers.values import Value, value
from meshrole.inventory.types import HTTP_METHOD, URL_PATH

ACCOUNT = re.compile(r"^[^/:*]+/[^/:*]+$")
ROLE = re.compile(r"^arn:[^:]+:(?:iam::[^:]*:role|sts::[^:]*:assumed-role)/(?:[^*]*/)?([^/*]+)$")


@dataclass(frozen=True, slots=True)
class Limit:
    """With what a call may be made; empty is with anything."""

    methods: tuple[str, ...]
    paths: tuple[str, ...]


# By the mesh's name, the caller's node or gateway, and the virtual service.
Limits = Mapping[tuple[str, str, str], Limit]


def with_callers(found: Found) -> tuple[Found, Limits]:
    """The same with a backend for each edge that an inventory can say, and the limits of those calls."""
    finder = _Callers(found)
    for edge in found.edges:
        finder.take(edge)
    return finder.result(), finder.limits


class _Callers:
    """Nodes, and what else is found for callers, while edges are taken in."""

    def __init__(self, found: Found) -> None:
        self.found, self.roles = found, Roles(found.roles)
        self.nodes = {(str(node.mesh), str(node.name)): node for node in found.nodes}
        self.pods: dict[str, list[Pods]] = {}
        for pods in found.pods:
            key = f"{pods.namespace or 'default'}/{pods.service_account or 'default'}"
            self.pods.setdefault(key, []).append(pods)
        self.accounts: dict[str, list[str]] = {}
        for item in found.service_accounts:
            if item.role:
                self.accounts.setdefault(item.role.text, []).append(f"{item.namespace or 'default'}/{item.name}")
        self.tasks = list(found.tasks)
        self.new_pods: list[Pods] = []
        self.gateway_routes: list[GatewayRoute] = []
        self.misses: list[Miss] = []
        self.limits: dict[tuple[str, str, str], Limit] = {}

    def result(self) -> Found:
        """Everything, with the callers."""
        return replace(
            self.found,
            nodes=tuple(self.nodes.values()),
            pods=(*self.found.pods, *self.new_pods),
            tasks=tuple(self.tasks),
            gateway_routes=(*self.found.gateway_routes, *self.gateway_routes),
            misses=(*self.found.misses, *self.misses),
        )

    def take(self, edge: Edge) -> None:
        """Give the callers of an edge its callee as a backend, or tell why not."""
        caller = edge.caller.text
        names = self._nodes(edge, caller)
        limit = Limit(tuple(dict.fromkeys(edge.methods)), tuple(dict.fromkeys(edge.paths)))
        if names is None:
            self._miss(edge, "an inventory names each caller: a role, or a service account")
        elif not _can_be_said(limit):
            self._miss(edge, f"an inventory cannot hold it to {', '.join((*limit.methods, *limit.paths))}")
        else:
            for name in names:
                self._call(edge, name, limit)

    def _miss(self, edge: Edge, why: str) -> None:
        self.misses.append(Miss(edge.origin, f"{edge.caller} may call {edge.callee}", why))

    def _call(self, edge: Edge, name: str, limit: Limit) -> None:
        key = (str(edge.mesh), name, edge.callee.text)
        if self.limits.setdefault(key, limit) != limit:
            self._miss(edge, "it may do so in several ways, of which the inventory has the first")
            return
        node = self.nodes.get(key[:2])
        if node is None:
            self.gateway_routes.append(GatewayRoute(edge.mesh, value(name), edge.callee, edge.callee, edge.origin))
        elif edge.callee.text not in (backend.text for backend in node.backends):
            self.nodes[key[:2]] = replace(node, backends=(*node.backends, edge.callee))

    def _nodes(self, edge: Edge, caller: str) -> Sequence[str] | None:
        """The names of the nodes and gateways that a caller is; None where it is nobody in particular."""
        if ACCOUNT.match(caller):
            return self._of_account(edge, caller)
        match = ROLE.match(caller)
        accounts = self.accounts.get(caller, []) if match else []
        if accounts:
            return list(dict.fromkeys(name for account in accounts for name in self._of_account(edge, account)))
        return self._of_role(edge, match.group(1)) if match else None

    def _of_account(self, edge: Edge, caller: str) -> Sequence[str]:
        known = self.pods.get(caller, [])
        names = _names(name for pods in known for name in (*pods.nodes, *pods.gateways))
        if names:
            return names
        namespace, _, account = caller.partition("/")
        node = self._new(edge, known[0].name if known else value(account))
        if not known:
            made = Pods(value(namespace), value(account), edge.origin, (), value(account), (node.name,) if node.name else ())
            self.new_pods.append(made)
            self.pods[caller] = [made]
        else:
            self.new_pods.append(replace(known[0], nodes=(node.name,) if node.name else ()))
            self.pods[caller] = [self.new_pods[-1]]
        return [str(node.name)]

    def _of_role(self, edge: Edge, name: str) -> Sequence[str]:
        role = self.roles.find(edge.caller)
        tasks = [task for task in self.tasks if task.task_role and self._is(task.task_role, role, edge.caller.text)]
        streamed = [task.resource.text.rsplit("/", 1)[-1] for task in tasks if task.resource]
        if streamed:
            return list(dict.fromkeys(streamed))
        functions = [item for item in self.found.functions if item.role and self._is(item.role, role, edge.caller.text)]
        if functions and not tasks:
            return [str(self._new(edge, function.name).name) for function in functions]
        family = tasks[0].family if tasks and tasks[0].family else value(name)
        node = self._new(edge, family)
        place = value(f"mesh/{edge.mesh}/virtualNode/{node.name}")
        if tasks:
            self.tasks[self.tasks.index(tasks[0])] = replace(tasks[0], resource=place)
        else:
            self.tasks.append(Task(None, edge.origin, edge.caller, resource=place))
        return [str(node.name)]

    def _is(self, written: Value, role: object, arn: str) -> bool:
        return written.text == arn or (role is not None and self.roles.find(written) is role)

    def _new(self, edge: Edge, name: Value) -> Node:
        return self.nodes.setdefault((str(edge.mesh), name.text), Node(edge.mesh, name, edge.origin))


def _names(values: Iterable[Value]) -> list[str]:
    return list(dict.fromkeys(item.text for item in values))


def _can_be_said(limit: Limit) -> bool:
    return all(re.fullmatch(HTTP_METHOD, method) for method in limit.methods) and all(
        re.fullmatch(URL_PATH, path) for path in limit.paths
    )
