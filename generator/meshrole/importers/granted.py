"""Identities that name their node: a role that may stream exactly one says whose it is, and its trust says where that runs.

What we generate looks so in a state or a plan: the mesh itself is not in it, its nodes are in the grants.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from meshrole.importers.allowed import CERTIFICATES, statements_of, texts
from meshrole.importers.found import Found, Gateway, Node, Tls
from meshrole.importers.place import Place
from meshrole.importers.roles import issuer, label, streams
from meshrole.importers.running import Role
from meshrole.importers.values import value

NODE = re.compile(r":mesh/([^/:*?]+)/virtual(Node|Gateway)/([^/:*?]+)$")
SUBJECT = re.compile(r"^system:serviceaccount:([^:*?]+):([^:*?]+)$")
TAGS = "aws:requesttag/"


class Granted(NamedTuple):
    """A node or gateway as an ARN names it."""

    mesh: str
    is_gateway: bool
    name: str


def granted(role: Role) -> Granted | None:
    """The one node that a role may stream; None where it is none, several, or a pattern."""
    found = {NODE.search(resource) for resource in streams(role)}
    matches = [match for match in found if match]
    if len(found) != 1 or not matches:
        return None
    mesh, kind, name = matches[0].groups()
    return Granted(mesh, kind == "Gateway", name)


def with_granted(found: Found) -> Found:
    """The same with the nodes that roles name in meshes of which no source has anything."""
    known = {str(item.mesh) for kind in (found.nodes, found.gateways, found.services, found.routers) for item in kind}
    known |= {str(mesh.name) for mesh in found.meshes}
    new = [(node, role) for role in found.roles if (node := granted(role)) and node.mesh not in known]
    names = {node: (value(node.mesh), value(node.name), role) for node, role in new}
    nodes = {
        node: Node(mesh, name, role.origin, tls=_tls(role)) for node, (mesh, name, role) in names.items() if not node.is_gateway
    }
    gateways = {
        node: Gateway(mesh, name, role.origin, _tls(role)) for node, (mesh, name, role) in names.items() if node.is_gateway
    }
    return replace(found, nodes=(*found.nodes, *nodes.values()), gateways=(*found.gateways, *gateways.values()))


def _tls(role: Role) -> Tls | None:
    """The certificate that an Envoy may get from ACM, and the authorities whose own it may get.

    https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html
    """
    found: dict[str, list[str]] = {name: [] for name in CERTIFICATES}
    for statement in statements_of(role):
        if statement.get("Effect") == "Allow" and not statement.get("Condition"):
            for action in (name.lower() for name in texts(statement.get("Action"))):
                found.get(action, []).extend(texts(statement.get("Resource")))
    certificates, authorities = found.values()
    if len(certificates) > 1 or any("*" in text for text in (*certificates, *authorities)) or not (certificates or authorities):
        return None
    return Tls(value(certificates[0]) if certificates else None, tuple(map(value, authorities)))


def place_of(role: Role) -> Place | None:
    """Where a role runs by its trust; None where that is nowhere that an inventory has.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    name = label(role)
    for statement in _trusting(role):
        principal = statement.get("Principal")
        services = texts(principal.get("Service")) if isinstance(principal, Mapping) else ()
        if "ecs-tasks.amazonaws.com" in services:
            return Place({"platform": "ecs"}, role, name)
        if "ec2.amazonaws.com" in services:
            return Place({"platform": "ec2"}, role, name)
        if place := _pod(statement, role, name):
            return place
    return None


def _pod(statement: Mapping[str, Any], role: Role, name: str) -> Place | None:
    claims = dict(_claims(statement))
    account = claims.get(f"{TAGS}kubernetes-service-account")
    namespace = claims.get(f"{TAGS}kubernetes-namespace")
    if account and namespace:
        cluster = claims.get(f"{TAGS}eks-cluster-arn", "").rpartition("cluster/")[2] or None
        runs_on = {"platform": "eks-pod-identity", "cluster": "main", "namespace": namespace, "service_account": account}
        return Place(runs_on, role, name, f"{namespace}/{account}", cluster=cluster)
    subject = next((match for key, text in claims.items() if key.endswith(":sub") and (match := SUBJECT.match(text))), None)
    if subject:
        runs_on = {"platform": "eks-irsa", "cluster": "main", "namespace": subject[1], "service_account": subject[2]}
        return Place(runs_on, role, name, f"{subject[1]}/{subject[2]}", issuer=issuer(role))
    return None


def _trusting(role: Role) -> Iterator[Mapping[str, Any]]:
    written = (role.trust or {}).get("Statement", ())
    for statement in written if isinstance(written, list | tuple) else (written,):
        if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
            yield statement


def _claims(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The conditions that are one text exactly, keys in small letters."""
    conditions = statement.get("Condition")
    block = conditions.get("StringEquals") if isinstance(conditions, Mapping) else None
    for key, wanted in block.items() if isinstance(block, Mapping) else ():
        if len(texts(wanted)) == 1:
            yield str(key).lower(), texts(wanted)[0]
