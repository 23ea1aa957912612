"""The levels of access to a mesh of Service Connect, as one table. Each level has all of the ones before it.

`on` are the last parts of ARNs, after `ecs:REGION:ACCOUNT:` unless they begin with another service. One with {service} or
{family} is there for each workload; of a whole mesh, what only reads is on the whole cluster. What writes names each service: a
cluster may hold others, and no other could be started, since its roles cannot be passed.
"""

from dataclasses import dataclass

ECS = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html#amazonelasticcontainerservice-"
CLOUD_MAP = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html#awscloudmap-"
# Which condition keys hold a service to its cluster, its namespace and its task definitions:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html
# A request that does not say the namespace or the task definition leaves the service's as it is, so an update may be without.
LINKED_ROLE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html"
PASS_TASK_ROLES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"
PASS_INFRASTRUCTURE_ROLES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html"
CLUSTER = {"ArnEquals": {"ecs:cluster": "{cluster_arn}"}}
IN_NAMESPACE = {"ArnEquals": {"ecs:namespace": "{namespace}"}}
CREATED = {
    "ArnEquals": {"ecs:cluster": "{cluster_arn}", "ecs:namespace": "{namespace}"},
    "ArnLike": {"ecs:task-definition": "{family_arn}"},
}
UPDATED = {
    "ArnEquals": {"ecs:cluster": "{cluster_arn}"},
    "ArnEqualsIfExists": {"ecs:namespace": "{namespace}"},
    "ArnLikeIfExists": {"ecs:task-definition": "{family_arn}"},
}
# ECS tags what it makes in Cloud Map:
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSServiceRolePolicy.html
MADE_BY_ECS = {"Null": {"aws:ResourceTag/AmazonECSManaged": "false"}}
NOT_ECS = {"Null": {"aws:RequestTag/AmazonECSManaged": "true"}}
TO_TASKS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
TO_ECS = {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}

Conditions = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """At `level`, `actions` on what `on` names under `conditions`, because of what `cites` says.

    Where single services are chosen, `each` has a statement of its own with its own task definitions; of a whole mesh, some have
    one together.
    """

    level: str
    sid: str
    actions: tuple[str, ...]
    on: tuple[str, ...]
    cites: str
    conditions: Conditions
    each: bool = False


def _row(
    level: str, sid: str, service: str, actions: str, on: str, conditions: Conditions | None = None, *, each: bool = False
) -> Row:
    names = tuple(f"{service}:{name}" for name in actions.split())
    page = {"ecs": ECS, "servicediscovery": CLOUD_MAP}[service] + actions.split()[0]
    return Row(level, sid, names, tuple(on.split()), page, conditions or {}, each)


SERVICE = "service/{c}/{service}"
DEPLOYMENTS = "service-deployment/{c}/{service}/*"
REVISIONS = "service-revision/{c}/{service}/*"
FAMILY = "task-definition/{family}:*"
DISCOVERED = "servicediscovery:service/*"
ROWS = (
    _row(
        "observe",
        "ListsHasNoResourceType",
        "ecs",
        "DescribeTaskDefinition ListClusters ListTaskDefinitionFamilies ListTaskDefinitions",
        "*",
    ),
    _row("observe", "ListServicesHasNoResourceType", "ecs", "ListServices", "*", CLUSTER),
    _row("observe", "ListNamespaceHasNoResourceType", "ecs", "ListServicesByNamespace", "*", IN_NAMESPACE),
    _row("observe", "SeeCluster", "ecs", "DescribeClusters ListTagsForResource", "cluster/{c}"),
    _row("observe", "SeeServices", "ecs", "DescribeServices ListServiceDeployments ListTagsForResource", SERVICE),
    _row("observe", "SeeDeployments", "ecs", "DescribeServiceDeployments", f"{SERVICE} {DEPLOYMENTS}"),
    _row("observe", "SeeRevisions", "ecs", "DescribeServiceRevisions", f"{SERVICE} {REVISIONS}"),
    # Tasks have ids only: those of one service cannot be told from others of the cluster.
    _row("observe", "SeeTasks", "ecs", "DescribeTasks GetTaskProtection ListTagsForResource", "task/{c}/*"),
    _row("observe", "ListTasks", "ecs", "ListTasks", "container-instance/{c}/*", CLUSTER),
    _row("observe", "SeeTaskDefinitions", "ecs", "ListTagsForResource", FAMILY),
    _row(
        "observe",
        "DiscoveryHasNoResourceType",
        "servicediscovery",
        "ListNamespaces ListOperations ListServices ListTagsForResource",
        "*",
    ),
    _row("observe", "SeeNamespace", "servicediscovery", "GetNamespace GetOperation", "{namespace}"),
    _row(
        "observe",
        "SeeDiscovered",
        "servicediscovery",
        "GetInstance GetInstancesHealthStatus GetService GetServiceAttributes ListInstances",
        DISCOVERED,
        MADE_BY_ECS,
    ),
    # Traffic shifts by a deployment: blue/green, linear or canary, each to a revision of the service's own task definition.
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
    _row("route", "ShiftTraffic", "ecs", "UpdateService", SERVICE, UPDATED, each=True),
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html
    _row("route", "Deployments", "ecs", "ContinueServiceDeployment StopServiceDeployment", f"{SERVICE} {DEPLOYMENTS}"),
    _row("operate", "CreateService", "ecs", "CreateService", SERVICE, CREATED, each=True),
    _row("operate", "DeleteAndTagServices", "ecs", "DeleteService TagResource UntagResource", SERVICE),
    # DeregisterTaskDefinition is granted on every task definition of the account or not at all, so it is not.
    _row(
        "operate",
        "WriteTaskDefinitions",
        "ecs",
        "DeleteTaskDefinitions RegisterTaskDefinition TagResource UntagResource",
        FAMILY,
    ),
    Row("operate", "PassTaskRoles", ("iam:PassRole",), ("{task_roles}",), PASS_TASK_ROLES, TO_TASKS),
    Row(
        "operate",
        "PassInfrastructureRoles",
        ("iam:PassRole",),
        ("{infrastructure_roles}",),
        PASS_INFRASTRUCTURE_ROLES,
        TO_ECS,
    ),
    _row(
        "own",
        "WriteCluster",
        "ecs",
        "CreateCluster DeleteCluster PutClusterCapacityProviders TagResource UntagResource UpdateCluster UpdateClusterSettings",
        "cluster/{c}",
    ),
    _row("own", "MakeNamespaceHasNoResourceType", "servicediscovery", "CreateHttpNamespace TagResource", "*", NOT_ECS),
    _row("own", "WriteNamespace", "servicediscovery", "DeleteNamespace UpdateHttpNamespace", "{namespace}"),
    # https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-namespaces.html
    _row("own", "ShareNamespace", "servicediscovery", "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy", "{namespace}"),
    # A namespace goes once nothing is in it.
    _row("own", "DeleteDiscovered", "servicediscovery", "DeleteService", DISCOVERED, MADE_BY_ECS),
    Row(
        "own",
        "CreateLinkedRole",
        ("iam:CreateServiceLinkedRole",),
        ("iam:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",),
        LINKED_ROLE,
        {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}},
    ),
)
