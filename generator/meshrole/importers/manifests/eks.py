"""How EKS ties roles to pods and nodes, where files say it: AWS's controllers for Kubernetes (ACK).

https://aws-controllers-k8s.github.io/community/reference/eks/v1alpha1/podidentityassociation/
https://aws-controllers-k8s.github.io/community/reference/iam/v1alpha1/role/ ; what eksctl writes is read in `eksctl.py`.
"""

from collections.abc import Iterator

from meshrole.importers.found import Miss
from meshrole.importers.manifests import eksctl
from meshrole.importers.manifests.cluster import Cluster, last_part
from meshrole.importers.manifests.objects import Manifest, child, items, mapping
from meshrole.importers.manifests.policies import attached, document, role_arn
from meshrole.importers.running import Policy, Profile, Role, ServiceAccount
from meshrole.importers.values import Value, value

IAM, EKS = "iam.services.k8s.aws", "eks.services.k8s.aws"
Entry = Role | Profile | ServiceAccount | Miss


def entries(cluster: Cluster) -> Iterator[Entry]:
    """The roles, associations and node groups of a cluster."""
    for manifest in cluster.of(IAM, "Role"):
        yield from _role(cluster, manifest)
    for manifest in cluster.of(EKS, "PodIdentityAssociation"):
        yield from _association(cluster, manifest)
    for manifest in cluster.of(EKS, "Nodegroup"):
        role = manifest.text(manifest.spec.get("nodeRole")) or _referenced(cluster, manifest, "nodeRoleRef")
        yield Profile(None, role, manifest.origin, f"node group {manifest.name}")
    yield from eksctl.entries(cluster)


def _role(cluster: Cluster, manifest: Manifest) -> Iterator[Entry]:
    spec = manifest.spec
    name = manifest.text(spec.get("name")) or manifest.name
    trust = document(manifest, spec.get("assumeRolePolicyDocument"))
    if trust is None:
        yield manifest.miss("its trust policy is not JSON", spec)
    policies = [*attached(manifest, spec.get("policies"))]
    for found in (*_inline(manifest), *_own(cluster, manifest)):
        if isinstance(found, Miss):
            yield found
        else:
            policies.append(found)
    path = manifest.written(spec.get("path")) or "/"
    boundary = manifest.text(spec.get("permissionsBoundary"))
    yield Role(manifest.name.text, name, manifest.origin, _arn(manifest), trust, tuple(policies), boundary, path)


def _arn(manifest: Manifest) -> Value:
    """The ARN of ACK's role: as the cluster recorded it, or as its name and path make it."""
    recorded = manifest.text(child(manifest.body, "status", "ackResourceMetadata", "arn"))
    path, name = manifest.spec.get("path"), manifest.text(manifest.spec.get("name")) or manifest.name
    below = value(manifest.text(path.strip("/")) or "", "/", name) if isinstance(path, str) and path.strip("/") else name
    return recorded or role_arn(below)


def _inline(manifest: Manifest) -> Iterator[Policy | Miss]:
    for name, raw in mapping(manifest.spec.get("inlinePolicies")).items():
        found = document(manifest, raw)
        origin = manifest.at(manifest.spec.get("inlinePolicies"), name)
        yield Policy(name, origin, found) if found is not None else manifest.miss(f"its policy {name} is not JSON")


def _own(cluster: Cluster, manifest: Manifest) -> Iterator[Policy | Miss]:
    """Policies that are objects of their own."""
    own = {(each.space, each.name): each for each in cluster.of(IAM, "Policy")}
    for raw in items(manifest.spec.get("policyRefs")):
        name = manifest.text(child(raw, "from", "name"))
        space = manifest.text(child(raw, "from", "namespace")) or manifest.space
        policy = own.get((space, name)) if name is not None else None
        found = document(policy, policy.spec.get("policyDocument")) if policy is not None else None
        if policy is None or found is None:
            yield manifest.miss(f"its policy {name} is not in the files, or is not JSON", raw)
        else:
            yield Policy((policy.text(policy.spec.get("name")) or policy.name).text, policy.origin, found)


def _association(cluster: Cluster, manifest: Manifest) -> Iterator[Entry]:
    spec = manifest.spec
    account = manifest.text(spec.get("serviceAccount"))
    if account is None:
        yield manifest.miss("an association without a service account")
        return
    role = manifest.text(spec.get("roleARN")) or _referenced(cluster, manifest, "roleRef")
    of_cluster = manifest.text(spec.get("clusterName")) or manifest.text(child(spec, "clusterRef", "from", "name"))
    yield ServiceAccount(manifest.text(spec.get("namespace")), account, manifest.origin, role, True, of_cluster)


def _referenced(cluster: Cluster, manifest: Manifest, key: str) -> Value | None:
    """The ARN of a role that is an object of its own."""
    name = manifest.text(child(manifest.spec, key, "from", "name"))
    if name is None:
        return None
    role = next((each for each in cluster.of(IAM, "Role") if each.name == name), None)
    return _arn(role) if role is not None else role_arn(last_part(name))
