"""What runs in a cluster: pods with the service accounts that they run as, and the nodes and gateways that they are.

https://kubernetes.io/docs/concepts/workloads/ ; https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.importers.manifests.claims import Claim, Claims
from meshrole.importers.manifests.cluster import Cluster
from meshrole.importers.manifests.objects import Manifest, child, mapping
from meshrole.importers.manifests.selectors import Labels
from meshrole.importers.marked import Map
from meshrole.importers.running import Pods, ServiceAccount
from meshrole.importers.values import Value, value

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
# https://github.com/aws/aws-app-mesh-inject/blob/master/pkg/webhook/server.go
NODE_ANNOTATION = "appmesh.k8s.aws/virtualNode"
TEMPLATED = {
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("extensions", "Deployment"),
    ("extensions", "DaemonSet"),
    ("extensions", "ReplicaSet"),
    ("", "ReplicationController"),
    ("batch", "Job"),
    ("argoproj.io", "Rollout"),
    ("serving.knative.dev", "Service"),
}


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that runs pods; labels and annotations are the pods'."""

    manifest: Manifest
    labels: Labels
    annotations: Labels
    service_account: Value | None


def workloads(cluster: Cluster) -> Iterator[Workload]:
    """Everything in a cluster that runs pods."""
    for manifest in cluster.manifests:
        pod = _pod(manifest)
        if pod is not None:
            metadata, spec = mapping(pod.get("metadata")), pod.get("spec")
            account = child(spec, "serviceAccountName") or child(spec, "serviceAccount")
            labels, annotations = manifest.texts(metadata.get("labels")), manifest.texts(metadata.get("annotations"))
            yield Workload(manifest, labels, annotations, manifest.text(account))


def _pod(manifest: Manifest) -> Map | None:
    """The pod, or the template of the pods, of an object; None for what runs nothing."""
    kind = (manifest.group, manifest.kind)
    if kind == ("", "Pod"):
        return manifest.body
    if kind == ("batch", "CronJob"):
        return mapping(child(manifest.spec, "jobTemplate", "spec", "template"))
    return mapping(manifest.spec.get("template")) if kind in TEMPLATED else None


def pods_of(cluster: Cluster, claimed: list[Claim]) -> Iterator[Pods]:
    """The pods of a cluster, with the nodes and gateways that claim them."""
    claims = Claims(claimed)
    for each in workloads(cluster):
        manifest = each.manifest
        yield Pods(
            manifest.namespace,
            manifest.name,
            manifest.origin,
            tuple((key, label.text) for key, label in each.labels.items()),
            each.service_account,
            nodes=(*claims.on(manifest.space, each.labels, is_gateway=False), *_old_node(cluster, each)),
            gateways=claims.on(manifest.space, each.labels, is_gateway=True),
        )


def _old_node(cluster: Cluster, workload: Workload) -> tuple[Value, ...]:
    """The node of v1beta1's injector: from an annotation, or else from the workload's name and namespace."""
    manifest = workload.manifest
    given = workload.annotations.get(NODE_ANNOTATION)
    node = given if given is not None and given.parts else value(manifest.name, "-", manifest.space)
    known = cluster.old_nodes.get(node)
    return (known,) if known is not None else ()


def service_accounts(cluster: Cluster) -> Iterator[ServiceAccount]:
    """The service accounts of a cluster, with the roles of their IRSA annotations."""
    for each in cluster.of("", "ServiceAccount"):
        role = each.annotations.get(ROLE_ANNOTATION)
        yield ServiceAccount(each.namespace, each.name, each.origin, role if role is not None and role.parts else None)
