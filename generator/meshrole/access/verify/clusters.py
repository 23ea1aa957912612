"""Proof: a cluster knows whom it should, each in a group of its own, and the group may do what the level of access says.

https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from meshrole.access.verify.declared_groups import Place, Right, group_of, rights
from meshrole.access.verify.estate import Estate, Subject
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.plans.facts import AccessEntry
from meshrole.plans.manifests import Manifest

NAME = "clusters"
CLAIM = "each identity is in its own group of the clusters it has access to, and the group may do what its level says"
RBAC = "rbac.authorization.k8s.io"

Key = tuple[str, str]
Rights = Mapping[Place, frozenset[Right]]


def prove(estate: Estate) -> Proof:
    """Every access entry; and every role of Kubernetes, where there are manifests."""
    wanted = {
        (declared.environment, subject.role.address): (subject, group_of(declared), rights(declared))
        for subject, declared in estate.declared
    }
    groups = {group: (subject, each) for subject, group, each in wanted.values() if each}
    # Others have entries in a cluster, too; what is in a group of ours is ours.
    modules = tuple(f"{name}." for name in estate.modules)
    ours = [
        item
        for item in estate.entries
        if _key(item, wanted) in wanted or item.address.startswith(modules) or _is_in(item, groups)
    ]
    findings = [*_of_entries(ours, wanted)]
    if estate.manifests is not None:
        findings += _of_manifests(estate.manifests, groups)
    over = f"{counted(len(ours), 'access entry', 'access entries')}, {counted(len(groups), 'group')}"
    return Proof(NAME, CLAIM, over, tuple(findings))


def _key(entry: AccessEntry, wanted: Collection[Key]) -> Key:
    """The environment and the address of the role that an entry is of: one address is in the roots of several environments."""
    every = entry.environments or tuple(dict.fromkeys(environment for environment, _ in wanted))
    return next((key for each in every if (key := (each, entry.role or "")) in wanted), ("", entry.role or ""))


def _is_in(entry: AccessEntry, groups: Mapping[str, object]) -> bool:
    return any(group in groups for group in entry.groups or ())


def is_needed(estate: Estate) -> bool:
    """Whether there is anything to prove: access to a cluster."""
    return any(rights(declared) for _, declared in estate.declared)


def _of_entries(entries: Sequence[AccessEntry], wanted: Mapping[Key, tuple[Subject, str, Rights]]) -> Iterator[Finding]:
    met: set[tuple[Key, str | None]] = set()
    for entry in entries:
        key = _key(entry, wanted)
        subject, group, each = wanted.get(key, (None, "", {}))
        met.add((key, entry.cluster))
        who, path = (subject.name, subject.path) if subject else ("somebody who is not in the inventory", ())
        if entry.policy:
            message = f"{who} has {entry.policy} in {entry.cluster}; access is given by groups alone"
        elif entry.cluster not in {cluster for cluster, _ in each}:
            message = f"{who} is known to {entry.cluster}, to which the inventory gives it no access"
        elif entry.groups != (group,):
            message = f"{who} is in {', '.join(entry.groups or ('no group that is known',))}; its own group is {group}"
        else:
            continue
        yield Finding(message, subject.name if subject else None, path=path, address=entry.address)
    for key, (subject, _, each) in wanted.items():
        for cluster in dict.fromkeys(cluster for cluster, _ in each):
            if (key, cluster) not in met:
                message = f"{subject.name} is not known to {cluster}: it has no access entry there"
                yield Finding(message, subject.name, path=subject.path)


def _of_manifests(manifests: Sequence[Manifest], groups: Mapping[str, tuple[Subject, Rights]]) -> Iterator[Finding]:
    ours = [item for item in manifests if str(item.value.get("apiVersion")).startswith(f"{RBAC}/")]
    roles = {(item.cluster, item.namespace, item.name): item for item in ours if item.kind == "Role"}
    found: dict[str, dict[Place, set[Right]]] = {group: {} for group in groups}
    for item in ours:
        if item.kind.startswith("Cluster"):
            yield Finding(f"the {item.kind} {item.name} is about whole clusters", None, address=item.file)
        for subject in (item.value.get("subjects") or ()) if item.kind == "RoleBinding" else ():
            reference = item.value.get("roleRef") or {}
            role = roles.get((item.cluster, item.namespace, str(reference.get("name"))))
            if subject.get("kind") != "Group" or subject.get("name") not in groups:
                message = (
                    f"{subject.get('kind')} {subject.get('name')} is bound to a role in {item.namespace}, and is no group of ours"
                )
                yield Finding(message, None, address=item.file)
            elif reference.get("kind") != "Role" or role is None:
                yield Finding(
                    f"{subject['name']} is bound to {reference.get('name')}, which is not there", None, address=item.file
                )
            else:
                found[subject["name"]].setdefault((item.cluster, item.namespace), set()).update(_rights(role))
    for group, (who, wanted) in groups.items():
        yield from _compared(group, who, wanted, found[group])


def _rights(role: Manifest) -> Iterator[Right]:
    for rule in role.value.get("rules") or ():
        for group in rule.get("apiGroups") or ():
            for resource in rule.get("resources") or ():
                for verb in rule.get("verbs") or ():
                    yield from ((group, resource, verb, name) for name in rule.get("resourceNames") or ("",))


def _compared(group: str, who: Subject, wanted: Rights, found: Mapping[Place, set[Right]]) -> Iterator[Finding]:
    for place in dict.fromkeys((*wanted, *found)):
        mine, theirs = wanted.get(place, frozenset()), found.get(place, set())
        for right in sorted(mine ^ theirs)[:1]:
            does = "may" if right in theirs else "may not"
            message = f"{who.name} {does} {_told(right)} in {'/'.join(place)}, unlike its level of access"
            yield Finding(message, who.name, _example(group, place, right, is_allowed=right in theirs), who.path)


def _told(right: Right) -> str:
    api, resource, verb, name = right
    return f"{verb} {resource}{f'.{api}' if api else ''}{f' {name}' if name else ''}"


def _example(group: str, place: Place, right: Right, *, is_allowed: bool) -> CounterExample:
    api, resource, verb, name = right
    given: dict[str, Any] = {"apiGroup": api} if api else {}
    return CounterExample(group, verb, f"{'/'.join(place)}/{resource}/{name or '*'}", given, is_allowed)
