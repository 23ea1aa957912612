"""Who runs as what: pods, service accounts, and the roles that EKS ties to them and to nodes."""

import json

import pytest

from meshrole.importers import kubernetes
from meshrole.importers.base import Options, SourceFile

ROLE = "arn:aws:iam::111122223333:role/cart"


def read(text):
    return kubernetes.read([SourceFile("a.yaml", text.encode())], Options())


NODES = """
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: blue, namespace: shop}
spec: {podSelector: {matchLabels: {app: cart, version: blue}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: rest, namespace: shop}
spec: {podSelector: {matchExpressions: [{key: version, operator: NotIn, values: [blue, door]}]}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualGateway
metadata: {name: door, namespace: shop}
spec: {podSelector: {matchLabels: {version: door}}}
---
"""


@pytest.mark.parametrize(
    ("namespace", "version", "nodes", "gateways"),
    [
        ("shop", "blue", ["blue_shop"], []),
        ("shop", "green", ["rest_shop"], []),
        ("shop", "door", [], ["door_shop"]),
        ("else", "blue", [], []),
    ],
)
def test_selectors_take_pods_in_their_namespace(namespace, version, nodes, gateways):
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: x, namespace: {namespace}, labels: {{app: cart, version: {version}}}}}\n"
    (pods,) = read(NODES + pod).pods
    assert ([each.text for each in pods.nodes], [each.text for each in pods.gateways]) == (nodes, gateways)
    assert pods.labels == (("app", "cart"), ("version", version))


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("apps/v1", "Deployment"),
        ("apps/v1beta1", "Deployment"),
        ("extensions/v1beta1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
        ("batch/v1", "Job"),
        ("argoproj.io/v1alpha1", "Rollout"),
    ],
)
def test_whatever_runs_pods_says_its_service_account(api, kind):
    spec = "{template: {metadata: {labels: {app: cart, version: blue}}, spec: {serviceAccountName: cart}}}"
    (pods,) = read(f"{NODES}apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: shop}}\nspec: {spec}\n").pods
    assert (pods.service_account.text, pods.nodes[0].text) == ("cart", "blue_shop")


def test_a_cron_job_has_its_pods_two_levels_down():
    spec = "{jobTemplate: {spec: {template: {metadata: {labels: {version: door}}, spec: {serviceAccount: old}}}}}"
    (pods,) = read(f"{NODES}apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: x, namespace: shop}}\nspec: {spec}\n").pods
    assert (pods.service_account.text, pods.gateways[0].text) == ("old", "door_shop")


def test_service_accounts_and_their_roles():
    annotated = f'metadata: {{name: cart, namespace: shop, annotations: {{eks.amazonaws.com/role-arn: "{ROLE}"}}}}'
    text = f"apiVersion: v1\nkind: ServiceAccount\n{annotated}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: bare}}\n"
    shown = [
        (each.namespace and each.namespace.text, each.name.text, each.role and each.role.text)
        for each in read(text).service_accounts
    ]
    assert shown == [("shop", "cart", ROLE), (None, "bare", None)]


TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}}]}
STREAM = {"Statement": {"Effect": "Allow", "Action": "appmesh:StreamAggregatedResources", "Resource": "arn:aws:x:${MESH}"}}
ACK = f"""
apiVersion: iam.services.k8s.aws/v1alpha1
kind: Role
metadata: {{name: cart, namespace: shop}}
spec:
  name: shop-cart
  path: /mesh/
  assumeRolePolicyDocument: '{json.dumps(TRUST)}'
  policies: ["arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"]
  inlinePolicies:
    stream: '{json.dumps(STREAM)}'
    broken: 'no JSON'
  policyRefs: [{{from: {{name: more}}}}, {{from: {{name: gone}}}}]
---
apiVersion: iam.services.k8s.aws/v1alpha1
kind: Policy
metadata: {{name: more, namespace: shop}}
spec: {{name: shop-more, policyDocument: '{json.dumps(STREAM)}'}}
---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {{name: cart, namespace: shop}}
spec: {{clusterName: core, namespace: shop, serviceAccount: cart, roleRef: {{from: {{name: cart}}}}}}
---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {{name: till, namespace: shop}}
spec: {{clusterRef: {{from: {{name: core}}}}, namespace: shop, serviceAccount: till, roleARN: "{ROLE}"}}
---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: Nodegroup
metadata: {{name: workers}}
spec: {{nodeRole: "{ROLE}"}}
"""


def test_awss_controllers_tie_roles_to_service_accounts():
    found = read(ACK)
    (role,) = found.roles
    assert (role.key, role.name.text, role.path, role.trust) == ("cart", "shop-cart", "/mesh/", TRUST)
    assert role.arn.text == "arn:{partition}:iam::{account}:role/mesh/shop-cart"
    shown = STREAM | {"Statement": STREAM["Statement"] | {"Resource": "arn:aws:x:{MESH}"}}
    assert [(each.name, each.managed and each.managed.text, each.document) for each in role.policies] == [
        ("AWSAppMeshEnvoyAccess", "arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess", None),
        ("stream", None, shown),
        ("shop-more", None, shown),
    ]
    assert [(each.name.text, each.role, each.is_pod_identity, each.cluster.text) for each in found.service_accounts] == [
        ("cart", role.arn, True, "core"),
        ("till", found.profiles[0].role, True, "core"),
    ]
    assert [(each.role.text, each.used_by) for each in found.profiles] == [(ROLE, "node group workers")]
    assert [miss.why for miss in found.misses] == [
        "its policy broken is not JSON",
        "its policy gone is not in the files, or is not JSON",
    ]


EKSCTL = f"""
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {{name: core, region: eu-west-1}}
iam:
  withOIDC: true
  serviceAccounts:
  - metadata: {{name: cart, namespace: shop}}
    attachPolicyARNs: ["arn:aws:iam::aws:policy/AWSAppMeshEnvoyAccess"]
  - metadata: {{name: till}}
    attachRoleARN: {ROLE}
  - metadata: {{name: pay, namespace: shop}}
    roleName: pay
    attachPolicy: {json.dumps(STREAM)}
    wellKnownPolicies: {{certManager: true, imageBuilder: false}}
  podIdentityAssociations:
  - {{namespace: shop, serviceAccountName: stock, permissionPolicyARNs: ["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"]}}
managedNodeGroups:
- name: workers
  iam:
    attachPolicyARNs: ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"]
    withAddonPolicies: {{appMesh: true, ebs: true, efs: false}}
nodeGroups:
- name: old
  iam: {{instanceRoleARN: "{ROLE}", instanceProfileARN: "arn:aws:iam::111122223333:instance-profile/nodes"}}
"""


def test_what_eksctl_makes_and_uses():
    found = read(EKSCTL)
    made = "arn:{partition}:iam::{account}:role/"
    assert [(each.namespace.text, each.name.text, each.role.text, each.is_pod_identity) for each in found.service_accounts] == [
        ("shop", "cart", made + "{iamserviceaccount_shop_cart_role}", False),
        # https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html: without a namespace, `default`
        ("default", "till", ROLE, False),
        ("shop", "pay", made + "pay", False),
        ("shop", "stock", made + "{podidentityrole_shop_stock_role}", True),
    ]
    assert {each.cluster.text for each in found.service_accounts} == {"core"}
    roles = {each.arn.text: [policy.name for policy in each.policies] for each in found.roles}
    assert roles == {
        made + "{nodegroup_workers_role}": ["AmazonEKSWorkerNodePolicy", "appMesh"],
        made + "{iamserviceaccount_shop_cart_role}": ["AWSAppMeshEnvoyAccess"],
        made + "pay": ["attachPolicy"],
        made + "{podidentityrole_shop_stock_role}": ["AWSXRayDaemonWriteAccess"],
    }
    (addon,) = [policy for role in found.roles for policy in role.policies if policy.name == "appMesh"]
    (statement,) = addon.document["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
    assert {"appmesh:*", "servicediscovery:CreateService", "route53:ChangeResourceRecordSets"} <= set(statement["Action"])
    assert [(each.name and each.name.text, each.role.text, each.used_by) for each in found.profiles] == [
        (None, made + "{nodegroup_workers_role}", "node group workers"),
        ("nodes", ROLE, "node group old"),
    ]
    assert [miss.why for miss in found.misses] == [
        "eksctl's policies for ebs are not read",
        "eksctl's policies for pay are not read: certManager",
    ]
