"""Roles that break one of the principles, each made from a committed role of an example; and unusual ones that break none."""

import copy
import json
from dataclasses import replace
from pathlib import Path

from modules.configuration_items import BOUNDARY, Role

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def sample(story: str, module: str, label: str) -> Role:
    """A committed role, ready to be broken: its documents parsed, its name and boundary the module's example's."""
    folder = next((EXAMPLES / story / "terraform").glob(f"*/{module}"))
    trust, policy = (json.loads((folder / kind / f"{label}.json").read_text()) for kind in ("trust", "policies"))
    return Role(trust, (policy,))


def with_statement(role: Role, **changes: object) -> Role:
    """The trust statement, changed; a None takes the key away."""
    trust = copy.deepcopy(role.trust)
    trust["Statement"][0] = {key: value for key, value in {**trust["Statement"][0], **changes}.items() if value is not None}
    return replace(role, trust=trust)


def with_equals(role: Role, operator: str = "StringEquals", **changes: object) -> Role:
    """The trust statement's condition, with the keys that end so set to these values (None: taken away)."""
    (statement,) = role.trust["Statement"]
    kept = {
        key: changes.get(key.split("-")[-1].split(":")[-1], value)
        for key, value in statement["Condition"]["StringEquals"].items()
    }
    return with_statement(role, Condition={operator: {key: value for key, value in kept.items() if value is not None}})


ECS, EC2 = sample("ecs-shop", "shop", "checkout-blue"), sample("ecs-shop", "shop", "payments")
POD, IRSA = sample("eks-github-okta", "books", "reviews-v1"), sample("eks-github-okta", "books", "edge")
TASKS, ROOT = "ecs-tasks.amazonaws.com", "arn:aws:iam::111122223333:root"
SECOND = {"Effect": "Allow", "Principal": {"AWS": [ROOT]}, "Action": ["sts:AssumeRole"]}
SUBJECT = "system:serviceaccount:books:"

TRUST = {
    "a second service": with_statement(ECS, Principal={"Service": [TASKS, "lambda.amazonaws.com"]}),
    "the same service twice": with_statement(ECS, Principal={"Service": [TASKS, TASKS]}),
    "another service": with_statement(EC2, Principal={"Service": ["glue.amazonaws.com"]}),
    "a service whose name begins the same": with_statement(EC2, Principal={"Service": ["ec2.amazonaws.com.example"]}),
    "everybody": with_statement(ECS, Principal="*"),
    "every AWS principal": with_statement(ECS, Principal={"AWS": ["*"]}),
    "an account as well": with_statement(ECS, Principal={"Service": [TASKS], "AWS": [ROOT]}),
    "an account before": with_statement(EC2, Principal={"AWS": ["111122223333"], "Service": ["ec2.amazonaws.com"]}),
    "an account alone": with_statement(ECS, Principal={"AWS": [ROOT]}),
    "all but somebody": with_statement(ECS, Principal=None, NotPrincipal={"AWS": [ROOT]}),
    "a second statement": replace(ECS, trust={**ECS.trust, "Statement": [*ECS.trust["Statement"], SECOND]}),
    "a statement before": replace(EC2, trust={**EC2.trust, "Statement": [SECOND, *EC2.trust["Statement"]]}),
    "nobody": with_statement(ECS, Effect="Deny"),
    "a SAML provider": with_statement(IRSA, Principal={"Federated": ["arn:aws:iam::333344445555:saml-provider/okta"]}),
    "two clusters": with_statement(IRSA, Principal={"Federated": [*IRSA.trust["Statement"][0]["Principal"]["Federated"], ROOT]}),
    "every service account of the cluster": with_equals(IRSA, sub=None),
    "two service accounts": with_equals(IRSA, sub=[SUBJECT + "edge", SUBJECT + "ratings"]),
    "service accounts by a wildcard": with_equals(IRSA, "StringLike", sub=[SUBJECT + "*"]),
    "every service account but one": with_equals(IRSA, "StringNotEquals"),
    "a service account, if the token names one": with_equals(IRSA, "StringEqualsIfExists"),
    "every pod of the namespace": with_equals(POD, account=None),
    "every pod of that name": with_equals(POD, namespace=None),
    "pods of two service accounts": with_equals(POD, account=["reviews-v1", "reviews-v2"]),
    "pods of two namespaces": with_equals(POD, namespace=["books", "shop"]),
    "every pod": with_statement(POD, Condition=None),
    "all actions but one": with_statement(ECS, Action=None, NotAction=["sts:TagSession"]),
    "an escaped second statement": replace(
        ECS,
        trust=json.dumps({**ECS.trust, "Statement": [*ECS.trust["Statement"], {"Hidden": "Allow", **SECOND}]})
        .replace(', "Effect": "Allow", "Principal": {"AWS"', ', "Principal": {"AWS"')
        .replace("Hidden", r"\u0045ffect"),
    ),
    "no document": replace(ECS, more={"assumeRolePolicyDocument": None}),
    "escaped letters": replace(ECS, trust=json.dumps(ECS.trust).replace("ecs-tasks", r"\u0065cs-tasks")),
}

TAGS = {"meshrole:mesh": "shop", "meshrole:workload": "checkout"}
LISTED = [{"key": key, "value": value} for key, value in TAGS.items()]
UNTAGGED = {
    "no tags": {},
    "tags that nobody recorded": None,
    "no mesh": {"meshrole:workload": "checkout"},
    "no workload": {"meshrole:mesh": "shop", "meshrole:version": "blue"},
    "an empty mesh": {**TAGS, "meshrole:mesh": ""},
    "an empty workload": {**TAGS, "meshrole:workload": ""},
    "a workload of spaces": {**TAGS, "meshrole:workload": "  "},
    "another letter case": {"meshrole:Mesh": "shop", "meshrole:workload": "checkout"},
    "a key that begins the same": {"meshrole:mesh2": "shop", "meshrole:workload": "checkout"},
    "a list without the mesh": LISTED[1:],
    "a list with an empty mesh": [{"key": "meshrole:mesh", "value": ""}, LISTED[1]],
    "an empty list": [],
}

UNBOUND = {
    "nothing": None,
    "an empty object": {},
    "an empty ARN": "",
    "another policy": BOUNDARY.replace("boundary", "limits"),
    "a policy whose name begins the same": BOUNDARY + "-2",
    "a policy whose name ends the same": BOUNDARY.replace("acme", "xacme"),
    "a policy of another account": BOUNDARY.replace("111122223333", "444455556666"),
    "a policy in another path": BOUNDARY.replace("/mesh/", "/"),
    "a policy in another partition": BOUNDARY.replace("arn:aws:", "arn:aws-cn:"),
    "a policy of AWS": "arn:aws:iam::aws:policy/AdministratorAccess",
}


NODE = "arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualNode/checkout-blue"
ENVOY = {"Sid": "Envoy", "Effect": "Allow", "Action": ["appmesh:StreamAggregatedResources"], "Resource": [NODE]}
METRICS = {"Sid": "Metrics", "Effect": "Allow", "Action": ["cloudwatch:PutMetricData"], "Resource": ["*"]}
# Braces and brackets inside strings, and nested objects, between the keys that matter.
ODD = {
    "StringNotEquals": {"aws:PrincipalTag/note": ["}", "{", "]", "a,b"]},
    "ArnLike": {"aws:PrincipalArn": ["${aws:PrincipalArn}"]},
}


def granted(*statements: object, **envoy: object) -> dict[str, object]:
    """A policy of these statements, and of the Envoy grant with these keys changed where any are given."""
    changed = [{key: value for key, value in {**ENVOY, **envoy}.items() if value is not None}] if envoy else []
    return {"Version": "2012-10-17", "Statement": [METRICS, *changed, *statements]}


def allow(actions: object, resources: object = "*", **more: object) -> dict[str, object]:
    """An Allow; with a condition, it stands between the effect and the action."""
    return {"Effect": "Allow", **more, "Action": actions, "Resource": resources}


TOO_MUCH = {
    "two nodes": granted(Resource=[NODE, NODE.replace("blue", "green")]),
    "a node and a gateway": granted(Resource=[NODE, "arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualGateway/ingress"]),
    "every node": granted(Resource=[NODE.replace("checkout-blue", "*")]),
    "nodes that begin the same": granted(Resource=[NODE.replace("blue", "*")]),
    "nodes with one letter more": granted(Resource=[NODE + "?"]),
    "nodes of every mesh": granted(Resource=[NODE.replace("mesh/shop", "mesh/*")]),
    "nodes of every account": granted(Resource=[NODE.replace("111122223333", "*")]),
    "nodes of every region": granted(Resource=[NODE.replace("us-east-1", "*")]),
    "the mesh": granted(Resource=["arn:aws:appmesh:us-east-1:111122223333:mesh/shop"]),
    "the whole mesh": granted(Resource=["arn:aws:appmesh:us-east-1:111122223333:mesh/shop/*"]),
    "a virtual service": granted(Resource=[NODE.replace("virtualNode", "virtualService")]),
    "everything": granted(Resource=["*"]),
    "everything, in a string": granted(Resource="*"),
    "all resources but one": granted(Resource=None, NotResource=[NODE]),
    "two grants": granted({**ENVOY, "Sid": "Other", "Resource": [NODE.replace("blue", "green")]}, Sid="Envoy"),
    "another letter case": granted(allow(["AppMesh:streamaggregatedresources"])),
    "every action of App Mesh": granted(allow(["appmesh:*"])),
    "every action of App Mesh, in capitals": granted(allow(["APPMESH:*"])),
    "every action": granted(allow("*"), Sid="Envoy"),
    "every action, in a list": granted(allow(["s3:GetObject", "*"]), Sid="Envoy"),
    "every action of every service": granted(allow(["*:*"])),
    "services that begin the same": granted(allow(["app*:*"])),
    "services with a letter more": granted(allow(["appmes?:StreamAggregatedResources"])),
    "actions that begin the same": granted(allow(["appmesh:Stream*"])),
    "actions that end the same": granted(allow(["sns:Publish", "appmesh:*Resources"])),
    "actions with a letter between": granted(allow(["appmesh:StreamAggregate?Resources"])),
    "a wildcard behind an odd condition": granted(allow(["*"], Condition=ODD)),
    "a wildcard before an odd condition": granted({"Action": "appmesh:*", "Condition": ODD, "Resource": NODE, "Effect": "Allow"}),
    "two nodes behind an odd condition": granted(Condition=ODD, Resource=[NODE, NODE + "2"]),
    "all actions but some": granted({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}, Sid="Envoy"),
    "a wildcard beside a denied one": granted({**allow("*"), "Effect": "Deny"}, allow("*")),
    "escaped letters": json.dumps(granted(allow(["appmesh:Stre_m*"]))).replace("_", r"\u0061"),
    "an escaped quote": json.dumps(granted(allow(["appmesh:StreamAggregatedResources"], Sid='a"b'))),
}

RIGHT = {
    "one node": granted(Sid="Envoy"),
    "one gateway": granted(Resource=NODE.replace("virtualNode", "virtualGateway")),
    "a node of a shared mesh, in China": granted(
        Resource=[NODE.replace("arn:aws:", "arn:aws-cn:").replace("us-east-1", "cn-north-1")]
    ),
    "one node, under an odd condition": granted(Condition=ODD),
    "one node, with other actions on it": granted(Action=["appmesh:DescribeVirtualNode", "appmesh:StreamAggregatedResources"]),
    "one node, and wildcards of other services": granted(
        allow(["s3:Get*", "logs:*"], ["arn:aws:s3:::orders/${aws:PrincipalTag/x}/*"]), Sid="Envoy"
    ),
    "one node, with everything else denied": granted({**allow("*"), "Effect": "Deny", "Condition": ODD}, Sid="Envoy"),
    "no node": granted(),
    "a condition in another alphabet": json.dumps(granted(Condition={"StringEquals": {"aws:PrincipalTag/x": "caf\u00e9"}})),
}
