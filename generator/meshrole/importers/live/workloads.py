"""What runs, and under which roles: the task definitions that services use, EKS' associations and node groups.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from meshrole.importers.live.asking import Asking

ECS, EKS, CLOUD_MAP = "ecs", "eks", "servicediscovery"
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
SERVICES_IN_A_CALL = 10


def ask(asking: Asking) -> set[str]:
    """Asks for all that runs; the ARNs of its roles."""
    return {*_ecs(asking), *_eks(asking)}


def _ecs(asking: Asking) -> Iterator[str]:
    definitions: dict[str, None] = {}
    is_connected = False
    for cluster in asking.each(ECS, "ListClusters", "clusterArns"):
        described = asking.one(ECS, "DescribeClusters", clusters=[cluster])
        if described.get("clusters"):
            asking.keep("aws ecs describe-clusters", {"clusters": described["clusters"]})
        for some in _batches(asking.each(ECS, "ListServices", "serviceArns", cluster=cluster), SERVICES_IN_A_CALL):
            services = asking.one(ECS, "DescribeServices", cluster=cluster, services=some).get("services") or []
            asking.keep("aws ecs describe-services", {"services": services})
            definitions |= dict.fromkeys(each["taskDefinition"] for each in services if each.get("taskDefinition"))
            is_connected = is_connected or "serviceConnectConfiguration" in str(services)
    if is_connected:
        namespaces = list(asking.each(CLOUD_MAP, "ListNamespaces", "Namespaces"))
        asking.keep("aws servicediscovery list-namespaces", {"namespaces": namespaces})
    for definition in definitions:
        task = asking.one(ECS, "DescribeTaskDefinition", taskDefinition=definition).get("taskDefinition")
        if task:
            asking.keep("aws ecs describe-task-definition", {"taskDefinition": task})
            yield from (task[key] for key in ("taskRoleArn", "executionRoleArn") if task.get(key))


def _batches(items: Iterator[Any], size: int) -> Iterator[Sequence[Any]]:
    while some := list(islice(items, size)):
        yield some


def _eks(asking: Asking) -> Iterator[str]:
    for cluster in asking.each(EKS, "ListClusters", "clusters"):
        for each in asking.each(EKS, "ListPodIdentityAssociations", "associations", clusterName=cluster):
            answer = asking.one(EKS, "DescribePodIdentityAssociation", clusterName=cluster, associationId=each["associationId"])
            if answer.get("association"):
                asking.keep("aws eks describe-pod-identity-association", {"association": answer["association"]})
                yield answer["association"]["roleArn"]
        for name in asking.each(EKS, "ListNodegroups", "nodegroups", clusterName=cluster):
            answer = asking.one(EKS, "DescribeNodegroup", clusterName=cluster, nodegroupName=name)
            if answer.get("nodegroup"):
                asking.keep("aws eks describe-nodegroup", {"nodegroup": answer["nodegroup"]})
                yield answer["nodegroup"]["nodeRole"]
