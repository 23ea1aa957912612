"""eksctl's `ClusterConfig`: roles of nodes and of service accounts.

https://docs.aws.amazon.com/eks/latest/eksctl/iam-policies.html ; …/iamserviceaccounts.html ; …/pod-identity-associations.html
"""

from collections.abc import Iterator
from typing import Any

from meshrole.importers.found import Miss
from meshrole.importers.manifests.cluster import Cluster, last_part
from meshrole.importers.manifests.objects import Manifest, child, mapping, maps
from meshrole.importers.manifests.policies import attached, document, inline, role_arn
from meshrole.importers.marked import Map
from meshrole.importers.running import Policy, Profile, Role, ServiceAccount
from meshrole.importers.values import Value, unknown, value

GROUP = "eksctl.io"
GROUPS = ("managedNodeGroups", "nodeGroups")
DEFAULT_NAMESPACE = "default"
Entry = Role | Profile | ServiceAccount | Miss
# What the add-on policies `appMesh` and `appMeshPreview` allow beside App Mesh itself:
# https://github.com/eksctl-io/eksctl/blob/main/pkg/cfn/builder/statement.go (`appMeshStatements`)
BESIDE_MESH = (
    "servicediscovery:CreateService",
    "servicediscovery:DeleteService",
    "servicediscovery:GetService",
    "servicediscovery:GetInstance",
    "servicediscovery:RegisterInstance",
    "servicediscovery:DeregisterInstance",
    "servicediscovery:ListInstances",
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListServices",
    "servicediscovery:GetInstancesHealthStatus",
    "servicediscovery:UpdateInstanceCustomHealthStatus",
    "servicediscovery:GetOperation",
    "route53:GetHealthCheck",
    "route53:CreateHealthCheck",
    "route53:UpdateHealthCheck",
    "route53:ChangeResourceRecordSets",
    "route53:DeleteHealthCheck",
)
MESH_ADDONS = {"appMesh": "appmesh:*", "appMeshPreview": "appmesh-preview:*"}


def entries(cluster: Cluster) -> Iterator[Entry]:
    """The roles that eksctl makes or uses, and for whom."""
    for manifest in cluster.of(GROUP, "ClusterConfig"):
        for key in GROUPS:
            for raw in maps(manifest.body.get(key)):
                yield from _node_group(manifest, raw)
        iam = mapping(manifest.body.get("iam"))
        for raw in maps(iam.get("serviceAccounts")):
            yield from _service_account(manifest, raw)
        for raw in maps(iam.get("podIdentityAssociations")):
            yield from _association(manifest, raw)


def _node_group(manifest: Manifest, raw: Map) -> Iterator[Entry]:
    iam = mapping(raw.get("iam"))
    name = manifest.text(raw.get("name")) or unknown("managedNodeGroups.name", "node_group")
    used_by = f"node group {name}"
    origin = manifest.at(raw, name=name.text)
    given = manifest.text(iam.get("instanceRoleARN"))
    profile = manifest.text(iam.get("instanceProfileARN"))
    called = last_part(profile) if profile is not None else None
    if given is not None:
        yield Profile(called, given, origin, used_by)
        return
    role_name = manifest.text(iam.get("instanceRoleName"))
    made = _made(manifest, "nodegroup", name)
    policies = [*_policies(manifest, iam), *_addons(manifest, iam)]
    boundary = manifest.text(iam.get("instanceRolePermissionsBoundary"))
    arn = role_arn(role_name or made)
    yield Role(arn.text, role_name, origin, arn, policies=tuple(policies), boundary=boundary)
    yield Profile(called, arn, origin, used_by)
    others = [key for key, each in mapping(iam.get("withAddonPolicies")).items() if each is True and key not in MESH_ADDONS]
    if others:
        yield Miss(origin, used_by, f"eksctl's policies for {', '.join(sorted(others))} are not read")


def _made(manifest: Manifest, kind: str, *of: Value) -> Value:
    """The name of a role that eksctl makes: CloudFormation ends it."""
    called = "-".join(each.text for each in of)
    return unknown(f"eksctl-{manifest.name}-{kind}-{called}", f"{kind}_{called}_role")


def _policies(manifest: Manifest, raw: Map) -> Iterator[Policy]:
    yield from attached(manifest, raw.get("attachPolicyARNs"))
    yield from attached(manifest, raw.get("permissionPolicyARNs"))
    for key in ("attachPolicy", "permissionPolicy"):
        found = document(manifest, raw.get(key))
        if found:
            yield Policy(key, manifest.at(raw, key), found)


def _addons(manifest: Manifest, iam: Map) -> Iterator[Policy]:
    wanted = mapping(iam.get("withAddonPolicies"))
    for key, action in MESH_ADDONS.items():
        if wanted.get(key) is True:
            yield inline(key, manifest.at(wanted, key), (*BESIDE_MESH, action))


def _service_account(manifest: Manifest, raw: Map) -> Iterator[Entry]:
    name = manifest.text(child(raw, "metadata", "name"))
    if name is None:
        yield manifest.miss("a service account without a name", raw)
        return
    space = manifest.text(child(raw, "metadata", "namespace")) or value(DEFAULT_NAMESPACE)
    given = manifest.text(raw.get("attachRoleARN"))
    yield from _tied(manifest, raw, space, name, given, "iamserviceaccount")


def _association(manifest: Manifest, raw: Map) -> Iterator[Entry]:
    name = manifest.text(raw.get("serviceAccountName"))
    if name is None:
        yield manifest.miss("a Pod Identity association without a service account", raw)
        return
    space = manifest.text(raw.get("namespace")) or value(DEFAULT_NAMESPACE)
    yield from _tied(manifest, raw, space, name, manifest.text(raw.get("roleARN")), "podidentityrole")


def _tied(manifest: Manifest, raw: Map, space: Value, name: Value, given: Value | None, kind: str) -> Iterator[Entry]:
    """A service account with the role that is given, or that eksctl makes of the policies beside it."""
    origin = manifest.at(raw, name=name.text)
    role_name = manifest.text(raw.get("roleName"))
    arn = given or role_arn(role_name or _made(manifest, kind, space, name))
    yield ServiceAccount(space, name, origin, arn, kind == "podidentityrole", manifest.name)
    if given is None:
        boundary = manifest.text(raw.get("permissionsBoundary") or raw.get("permissionsBoundaryARN"))
        yield Role(arn.text, role_name, origin, arn, policies=tuple(_policies(manifest, raw)), boundary=boundary)
        yield from _well_known(manifest, raw, name)


def _well_known(manifest: Manifest, raw: Map, name: Value) -> Iterator[Miss]:
    wanted: Any = mapping(raw.get("wellKnownPolicies"))
    named = sorted(key for key, each in wanted.items() if each is True)
    if named:
        yield manifest.miss(f"eksctl's policies for {name} are not read: {', '.join(named)}", wanted)
