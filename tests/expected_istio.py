"""What a mesh of Istio must have: roles, calls that are let in, and what people may do in clusters; from the YAML alone.

https://istio.io/latest/docs/reference/config/security/authorization-policy/
https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import expected
from expected import Grants, Trust, World

READ = "get list watch"
TRAFFIC = "virtualservices destinationrules gateways serviceentries sidecars workloadentries workloadgroups proxyconfigs"
POLICIES = "authorizationpolicies peerauthentications requestauthentications"
WRITE = "create update patch delete"
# (the first level that has it, API group, resources, verbs, held to: nothing, names, names of single services, whole meshes)
TABLE = (
    (0, "", "pods services endpoints", READ, ""),
    (0, "discovery.k8s.io", "endpointslices", READ, ""),
    (0, "networking.istio.io", f"{TRAFFIC} envoyfilters", READ, ""),
    (0, "security.istio.io", POLICIES, READ, ""),
    (0, "telemetry.istio.io", "telemetries", READ, ""),
    (1, "networking.istio.io", "virtualservices destinationrules", "update patch", "names"),
    (2, "networking.istio.io", "virtualservices destinationrules", "delete", "single"),
    (2, "networking.istio.io", TRAFFIC, WRITE, "whole"),
    (2, "telemetry.istio.io", "telemetries", WRITE, "whole"),
    (3, "security.istio.io", POLICIES, WRITE, "whole"),
    (3, "networking.istio.io", "envoyfilters", WRITE, "whole"),
)
Edge = tuple[str, frozenset[str], frozenset[str], tuple[tuple[str, frozenset[str]], ...]]


def mesh(world: World, key: str, entry: dict[str, Any]) -> Iterator[tuple[str, tuple[Trust, Grants]]]:
    """Every role of the mesh: what the application asks for, and nothing for the mesh."""
    for _, name, item, version in workloads(world, entry):
        own = f"{name}-{version}" if version else name
        words = {"service": name, "mesh": key, **({"version": version} if version else {})}
        grants = expected._own(world, item, words)
        if item.get("telemetry", {}).get("xray"):
            grants |= {("Allow", f"xray:{action}", "*", "{}") for action in expected.XRAY}
        role = f"{world.organization}-{key}-{own}-{world.name}"
        yield role, (expected._assumes(world, item["runs_on"], words), grants)


def workloads(world: World, entry: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str | None]]:
    for kind in ("gateways", "services"):
        for name, item in entry.get(kind, {}).items():
            if world.name in item.get("environments", [world.name]):
                yield from ((kind, name, item, version) for version in item.get("versions") or [None])


def access(world: World, key: str, entry: dict[str, Any], who: dict[str, Any]) -> Grants:  # noqa: ARG001
    """In IAM, whatever the level: to find the clusters."""
    found = {cluster for cluster, _, _ in _chosen(world, entry, who)}
    place = f"arn:aws:eks:{world.region}:{world.account}:cluster"
    return {("Allow", "eks:DescribeCluster", f"{place}/{cluster}", "{}") for cluster in found}


def in_clusters(world: World, entry: dict[str, Any], who: dict[str, Any]) -> dict[tuple[str, str], set[tuple[str, ...]]]:
    """By cluster and namespace: (API group, resource, verb, name or "") that the group of a person or pipeline may do."""
    depth, whole = ("observe", "route", "operate", "own").index(who["access"]), "services" not in who
    routers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for cluster, namespace, name in _chosen(world, entry, who):
        service = entry["services"].get(name, {"router": False})
        routers[cluster, namespace] |= {service.get("router", name)} - {False}
    found: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for place, names in routers.items():
        found[place] = {
            (group, resource, verb, each)
            for level, group, resources, verbs, held in TABLE
            if level <= depth and held != ("single" if whole else "whole")
            for resource in resources.split()
            for verb in verbs.split()
            for each in (names if held in ("names", "single") else {""})
        }
    return found


def _chosen(world: World, entry: dict[str, Any], who: dict[str, Any]) -> set[tuple[str, str, str]]:
    every = workloads(world, entry)
    return {
        (*_place(world, item), name)
        for kind, name, item, _ in every
        if "services" not in who or (kind == "services" and name in who["services"])
    }


def _place(world: World, item: dict[str, Any]) -> tuple[str, str]:
    place = item["runs_on"]
    return world.clusters.get(place["cluster"], {}).get("name", place["cluster"]), place["namespace"]


def let_in(world: World, entry: dict[str, Any]) -> dict[tuple[str, str, str], set[Edge]]:
    """By cluster, namespace and service: every caller, and with what methods, paths and headers it may call."""
    found: dict[tuple[str, str, str], set[Edge]] = {
        (*_place(world, item), name): set() for kind, name, item, _ in workloads(world, entry) if kind == "services"
    }
    for _, _, item, version in workloads(world, entry):
        own = (item["versions"][version] or {}) if version and isinstance(item["versions"], dict) else {}
        for call in own.get("calls", item.get("calls", item.get("routes_to", []))):
            call = {"service": call} if isinstance(call, str) else call
            place = item["runs_on"]
            account = place["service_account"] + (f"-{version}" if version else "")
            principal = f"{entry.get('trust_domain', 'cluster.local')}/ns/{place['namespace']}/sa/{account}"
            headers = tuple(sorted((key.lower(), frozenset(values)) for key, values in call.get("headers", {}).items()))
            edge = (principal, frozenset(call.get("methods", [])), frozenset(call.get("paths", [])), headers)
            for callee in found:
                if callee[2] == call["service"]:
                    found[callee].add(edge)
    return found
