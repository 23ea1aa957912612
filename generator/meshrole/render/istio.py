"""Istio's policies and Kubernetes' roles as manifests, and a kustomization for each cluster that takes in what is for it.

https://istio.io/latest/docs/reference/config/security/authorization-policy/
https://istio.io/latest/docs/reference/config/security/peer_authentication/
https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/
"""

from collections.abc import Iterator, Mapping, Sequence

from meshrole.blueprint.istio import Admitted, GroupAccess, IstioParts, NamespaceRule, PodPolicy
from meshrole.blueprint.model import Module
from meshrole.blueprint.paths import istio_path
from meshrole.render.yaml_text import document

HEAD = "# Written by meshrole: change the inventory, then generate again.\n"
SECURITY, RBAC, RBAC_GROUP = "security.istio.io/v1", "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io"
KUSTOMIZE = "kustomize.config.k8s.io/v1beta1"
# No service can have it: a name has no underscore in Kubernetes.
WHOLE_NAMESPACE, DENYING = "_namespace", "meshrole-nothing-else"

Object = Mapping[str, object]


def istio_files(module: Module) -> Iterator[tuple[str, str]]:
    """(path in the module, text) of every manifest."""
    files = dict(_manifests(module))
    clusters: dict[str, list[str]] = {}
    for path in files:
        _, cluster, rest = path.split("/", 2)
        clusters.setdefault(cluster, []).append(rest)
    yield from files.items()
    for cluster, paths in clusters.items():
        kustomization = {"apiVersion": KUSTOMIZE, "kind": "Kustomization", "resources": sorted(paths)}
        yield f"istio/{cluster}/kustomization.yaml", HEAD + document(kustomization)


def _manifests(module: Module) -> Iterator[tuple[str, str]]:
    parts = module.beside.istio
    for policy in parts.policies if parts else ():
        yield istio_path(policy.cluster, policy.namespace, policy.name), _text(_of_pods(policy, module.name))
    for cluster, namespace in parts.closed if parts else ():
        yield istio_path(cluster, namespace, WHOLE_NAMESPACE), _text([_denying(namespace, parts)])
    for group in module.beside.groups:
        yield istio_path(group.access.cluster, group.access.namespace, group.label), _text(_of_group(group))


def _text(objects: Sequence[Object]) -> str:
    return HEAD + "---\n".join(map(document, objects))


def _of_pods(policy: PodPolicy, mesh: str) -> list[Object]:
    selector = {"selector": {"matchLabels": dict(policy.labels)}}
    meta = _metadata(policy.name, policy.namespace, mesh)
    # A policy that allows has to have rules to let anybody in: without them it lets in nobody.
    rules: list[Object] = [{}] if policy.is_gateway else [_rule(item) for item in policy.admitted]
    spec = {**selector, "action": "ALLOW", **({"rules": rules} if rules else {})}
    objects: list[Object] = [{"apiVersion": SECURITY, "kind": "AuthorizationPolicy", "metadata": meta, "spec": spec}]
    if not policy.is_gateway:
        strict = {**selector, "mtls": {"mode": "STRICT"}}
        objects.append({"apiVersion": SECURITY, "kind": "PeerAuthentication", "metadata": meta, "spec": strict})
    return objects


def _denying(namespace: str, parts: IstioParts | None) -> Object:
    """A policy that allows and has no rule; without a selector it is about every pod of the namespace."""
    meta = _metadata(DENYING, namespace, parts.mesh if parts else "")
    return {"apiVersion": SECURITY, "kind": "AuthorizationPolicy", "metadata": meta, "spec": {"action": "ALLOW"}}


def _rule(admitted: Admitted) -> Object:
    operation = {"methods": list(admitted.methods), "paths": list(admitted.paths)}
    asked = {key: values for key, values in operation.items() if values}
    when = [{"key": f"request.headers[{name}]", "values": list(values)} for name, values in admitted.headers]
    return {
        "from": [{"source": {"principals": [admitted.principal]}}],
        **({"to": [{"operation": asked}]} if asked else {}),
        **({"when": when} if when else {}),
    }


def _of_group(group: GroupAccess) -> list[Object]:
    meta = _metadata(group.name, group.access.namespace)
    rules = [_namespace_rule(rule) for rule in group.access.rules]
    role = {"apiGroup": RBAC_GROUP, "kind": "Role", "name": group.name}
    subjects = [{"apiGroup": RBAC_GROUP, "kind": "Group", "name": group.group}]
    return [
        {"apiVersion": RBAC, "kind": "Role", "metadata": meta, "rules": rules},
        {"apiVersion": RBAC, "kind": "RoleBinding", "metadata": meta, "roleRef": role, "subjects": subjects},
    ]


def _namespace_rule(rule: NamespaceRule) -> Object:
    names = {"resourceNames": list(rule.names)} if rule.names else {}
    return {"apiGroups": [rule.group], "resources": list(rule.resources), **names, "verbs": list(rule.verbs)}


def _metadata(name: str, namespace: str, mesh: str | None = None) -> Object:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"""
    labels = {"app.kubernetes.io/managed-by": "meshrole", **({"app.kubernetes.io/part-of": mesh} if mesh else {})}
    return {"name": name, "namespace": namespace, "labels": labels}
