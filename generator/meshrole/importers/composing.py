"""Everything that was found as one inventory: plain values with comments."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from meshrole.errors import Problem
from meshrole.importers.allowed import Allowed, allowed
from meshrole.importers.drafts import DraftMesh
from meshrole.importers.engine_names import cluster_of
from meshrole.importers.entries import Workload, gateway_entry, service_entry
from meshrole.importers.found import Found, Gateway
from meshrole.importers.inventory_text import Noted
from meshrole.importers.keys import Keys, slug
from meshrole.importers.place import Place
from meshrole.importers.placing import SERVICE_CONNECT, Key, places
from meshrole.importers.rewriting import RESERVED, Placeholder, words_in
from meshrole.importers.settings import CLUSTER, ISSUER, Settings
from meshrole.inventory.model import Quotas
from meshrole.inventory.scope import Scope
from meshrole.inventory.values import Environment
from meshrole.inventory.warnings import NO_ACCOUNT

NETWORK_ID = re.compile(r"sn-[0-9a-z]{17}")
# https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
EXPRESSIONS = {ISSUER: "aws eks describe-cluster --query cluster.identity.oidc.issuer"}


@dataclass(frozen=True, slots=True)
class Composed:
    """The `tree` of an inventory, the workloads in it, and the words that nobody has said."""

    tree: Mapping[str, Any]
    workloads: Mapping[Key, Workload]
    words: tuple[Placeholder, ...]


def composed(
    meshes: Sequence[DraftMesh],
    found: Found,
    settings: Settings,
    placeholders: Mapping[str, Placeholder],
    kubernetes: frozenset[str],
) -> Composed:
    """The inventory of `meshes`; `placeholders` are the words of what was found, `kubernetes` the files of manifests."""
    placed = _in_clusters(places(meshes, found, kubernetes), settings)
    workloads = _workloads(meshes, placed, _scope(settings))
    accounts = {"main": settings.account}
    written = {mesh.key: _mesh(mesh, workloads, accounts, settings) for mesh in meshes}
    environment: dict[str, Any] = {"account": "main", "region": settings.region}
    clusters = _clusters(placed.values(), settings.oidc_issuer)
    if clusters:
        environment["clusters"] = clusters
    words = tuple(_used(written, environment, {**_in_policies(found), **placeholders}))
    organization = {"name": settings.organization} | ({"partition": settings.partition} if settings.partition != "aws" else {})
    tree: dict[str, Any] = {
        "version": 1,
        "organization": organization,
        "accounts": accounts,
        "environments": {settings.environment: environment},
    }
    if words:
        tree["placeholders"] = {item.word: _placeholder(item) for item in words}
    return Composed({**tree, "meshes": written}, workloads, words)


def _scope(settings: Settings) -> Scope:
    """Where permissions will stand, so that they can be held to the inventory's rules at once."""
    environment = Environment(
        name=settings.environment,
        account_name="main",
        account=settings.account,
        region=settings.region,
        partition=settings.partition,
        organization=settings.organization,
        role_path="/",
        tags=(),
        boundary=None,
        clusters={},
        position=0,
        quotas=Quotas(),
    )
    words = {"partition": settings.partition, "region": settings.region, "account": settings.account}
    return Scope(environment, words, ("permissions",), _unheard)


def _unheard(_: Problem) -> None:
    """Nobody hears: what is wrong is asked for where it is needed."""


def _workloads(meshes: Sequence[DraftMesh], placed: Mapping[Key, Place], scope: Scope) -> dict[Key, Workload]:
    users: dict[str, list[Key]] = defaultdict(list)
    for key, place in placed.items():
        if place.role_key:
            users[place.role_key].append(key)
    known: dict[tuple[int, bool], Allowed] = {}
    made: dict[Key, Workload] = {}
    for mesh in meshes:
        for item in mesh.workloads:
            key = Key(mesh.name, isinstance(item, Gateway), str(item.name))
            place = placed[key]
            has_certificates = bool(item.tls and (item.tls.certificate or item.tls.authorities))
            what = Allowed()
            if place.role is not None:
                if (id(place.role), has_certificates) not in known:
                    known[id(place.role), has_certificates] = allowed(place.role, scope, has_certificates=has_certificates)
                what = known[id(place.role), has_certificates]
            sharing = tuple(other.name for other in users.get(place.role_key or "", ()) if other != key)
            made[key] = Workload(item, place, what, sharing)
    return made


def _in_clusters(placed: Mapping[Key, Place], settings: Settings) -> dict[Key, Place]:
    """Places with the names of their clusters here."""
    return {key: _in_cluster(place, settings) for key, place in placed.items()}


def _in_cluster(place: Place, settings: Settings) -> Place:
    if "cluster" not in place.runs_on:
        return place
    name = slug(place.cluster) if place.cluster else CLUSTER
    real = place.cluster or (settings.cluster if settings.cluster != CLUSTER else None)
    return replace(place, runs_on={**place.runs_on, "cluster": name}, cluster=real)


def _clusters(placed: Any, otherwise: str) -> dict[str, Any]:
    clusters: dict[str, dict[str, Any]] = {}
    for place in placed:
        key = place.runs_on.get("cluster")
        if key is not None:
            made = clusters.setdefault(key, {})
            if place.cluster and place.cluster != key:
                made["name"] = place.cluster
            if place.issuer:
                made.setdefault("oidc_issuer", place.issuer)
    for place in placed:
        if place.runs_on["platform"] == "eks-irsa":
            clusters[place.runs_on["cluster"]].setdefault("oidc_issuer", otherwise)
    return dict(clusters)


def _mesh(draft: DraftMesh, workloads: Mapping[Key, Workload], accounts: dict[str, str], settings: Settings) -> Noted:
    tree: dict[str, Any] = {"engine": draft.engine}
    if draft.mesh and draft.mesh.id and NETWORK_ID.fullmatch(draft.mesh.id) and draft.engine == "vpc-lattice":
        tree["service_network"] = draft.mesh.id
    if draft.name != draft.key:
        tree["mesh_name"] = draft.name
    owner = draft.mesh.owner.text if draft.mesh and draft.mesh.owner else settings.account
    is_id = owner.isdigit() and len(owner) == 12
    if owner != settings.account and (is_id or words_in(owner)):
        name = Keys(accounts).new(f"{draft.key}-owner")
        accounts[name] = owner if is_id else NO_ACCOUNT
        tree["owner"] = name if is_id else Noted(name, (f"its owner is {owner}",))
    own = [workloads[Key(draft.name, isinstance(item, Gateway), str(item.name))].place for item in draft.workloads]
    tasks = [task for place in own for task in place.tasks]
    cluster = cluster_of(draft.name, tasks) if draft.engine == SERVICE_CONNECT else None
    tree |= {"cluster": cluster} if cluster else {}
    gateways = {item.key: gateway_entry(item, draft, workloads.get(Key(draft.name, True, item.name))) for item in draft.gateways}
    services = {
        item.key: service_entry(item, draft, [workloads[Key(draft.name, False, str(node.name))] for node in item.nodes.values()])
        for item in draft.services
    }
    tree |= ({"gateways": gateways} if gateways else {}) | ({"services": services} if services else {})
    return Noted(tree, (str(draft.origin) if draft.mesh else f"named at {draft.origin}, and defined in no source",))


def _in_policies(found: Found) -> dict[str, Placeholder]:
    """The words of policies, which are texts already where they are read: told by the policy that they are in."""
    return {
        word: Placeholder(word, f"{{{word}}} in policy {policy.name}", policy.origin)
        for role in found.roles
        for policy in role.policies
        for text in _texts(policy.document)
        for word in words_in(text)
    }


def _used(written: Any, environment: Any, placeholders: Mapping[str, Placeholder]) -> Iterator[Placeholder]:
    """The words that the inventory uses, in the order in which it does."""
    used = dict.fromkeys(word for text in _texts([written, environment]) for word in words_in(text))
    for word in used:
        if word not in RESERVED and not word.startswith("accounts."):
            yield placeholders.get(word) or Placeholder(word, EXPRESSIONS.get(word, ""), None)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Noted):
        yield from _texts(value.value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _placeholder(item: Placeholder) -> dict[str, Any]:
    place = {"at": f"{item.origin.file}:{item.origin.line}" if item.origin.line else item.origin.file} if item.origin else {}
    return ({"expression": item.expression} if item.expression else {}) | place | {"value": None}
