"""What the plan of an inventory must hold, worked out a second time: from the YAML text, with tables of its own.

Nothing of meshrole is imported here. Names, trust policies and grants follow the documented rules; the levels of access are
written out again from AWS's Service Authorization Reference.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Grants = set[tuple[str, str, str, str]]  # (effect, action, resource, conditions as text)
Trust = tuple[str, frozenset[str], str]  # (principal, actions, conditions as text)
Roles = dict[str, tuple[Trust, Grants]]

ENVOY_OWNERS = {
    "us-east-1": "840364872350",
    "us-west-2": "840364872350",
    "eu-central-1": "840364872350",
    "eu-west-1": "840364872350",
    "us-east-2": "840364872350",
}
WRITES = {
    "virtualNode": "VirtualNode",
    "virtualService": "VirtualService",
    "virtualRouter": "VirtualRouter",
    "virtualGateway": "VirtualGateway",
}
XRAY = ["PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets", "GetSamplingStatisticSummaries"]


def expected(path: str) -> dict[str, Roles]:
    """The roles of each environment of the inventory file: trust and grants by role name."""
    inventory = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    return {name: dict(_environment(inventory, name)) for name in inventory["environments"]}


class World:
    """One environment of one inventory."""

    def __init__(self, inventory: dict[str, Any], name: str) -> None:
        entry = inventory["environments"][name]
        self.inventory, self.name, self.region = inventory, name, entry["region"]
        self.accounts = {key: value["id"] if isinstance(value, dict) else value for key, value in inventory["accounts"].items()}
        self.account = self.accounts[entry["account"]]
        self.clusters = entry.get("clusters", {})
        self.organization = inventory["organization"]["name"]

    def fill(self, text: str, **more: str) -> str:
        words = {"partition": "aws", "region": self.region, "account": self.account, "environment": self.name, **more}
        words |= {f"accounts.{name}": number for name, number in self.accounts.items()}
        for word, value in words.items():
            text = text.replace("{" + word + "}", value)
        return text


def _environment(inventory: dict[str, Any], name: str) -> Iterator[tuple[str, tuple[Trust, Grants]]]:
    world = World(inventory, name)
    for key, mesh in inventory["meshes"].items():
        if name in mesh.get("environments", [name]):
            other = OTHER_ENGINES.get(mesh["engine"])
            yield from (other.mesh if other else _mesh)(world, key, mesh)
    for section in ("people", "pipelines"):
        for key, entry in inventory.get(section, {}).items():
            meshes = [inventory["meshes"][item] for item in entry["meshes"]]
            reached = any(name in mesh.get("environments", [name]) for mesh in meshes)
            if name in entry.get("environments", [name]) and reached:
                yield f"{world.organization}-{key}-{name}", (_who(world, entry), _access(world, entry))


def _mesh(world: World, key: str, mesh: dict[str, Any]) -> Iterator[tuple[str, tuple[Trust, Grants]]]:
    for kind in ("gateways", "services"):
        for name, entry in mesh.get(kind, {}).items():
            if world.name not in entry.get("environments", [world.name]):
                continue
            for version in entry.get("versions", [None]):
                workload = f"{name}-{version}" if version else name
                role = f"{world.organization}-{key}-{workload}-{world.name}"
                words = {"service": name, "mesh": key, **({"version": version} if version else {})}
                resource = _node(world, key, mesh, kind, name, entry, version)
                yield role, (_assumes(world, entry["runs_on"], words), _needs(world, entry, resource, words))
                if entry["runs_on"]["platform"] == "ecs":
                    yield (
                        f"{role}-execution",
                        (("ecs-tasks.amazonaws.com", frozenset({"sts:AssumeRole"}), "{}"), _execution(world, entry, role, words)),
                    )


def _arn(world: World, key: str, mesh: dict[str, Any], rest: str = "") -> str:
    owner = world.accounts[mesh["owner"]] if "owner" in mesh else world.account
    return f"arn:aws:appmesh:{world.region}:{owner}:mesh/{mesh.get('mesh_name', key)}{rest}"


def _node(world: World, key: str, mesh: dict[str, Any], kind: str, name: str, entry: dict[str, Any], version: str | None) -> str:
    if kind == "gateways":
        return _arn(world, key, mesh, f"/virtualGateway/{entry.get('virtual_gateway', name)}")
    own = entry.get("virtual_node", name)
    return _arn(world, key, mesh, f"/virtualNode/{own}-{version}" if version else f"/virtualNode/{own}")


def _needs(world: World, entry: dict[str, Any], own: str, words: dict[str, str]) -> Grants:
    grants = {("Allow", "appmesh:StreamAggregatedResources", own, "{}")}
    tls = entry.get("tls", {})
    if isinstance(tls.get("certificate"), str):
        grants.add(("Allow", "acm:ExportCertificate", world.fill(tls["certificate"]), "{}"))
    for authority in tls.get("trusts", []):
        if isinstance(authority, str):
            grants.add(("Allow", "acm-pca:GetCertificateAuthorityCertificate", world.fill(authority), "{}"))
    telemetry = entry.get("telemetry", {})
    if telemetry.get("xray"):
        grants |= {("Allow", f"xray:{action}", "*", "{}") for action in XRAY}
    if "metrics_namespace" in telemetry:
        namespace = world.fill(telemetry["metrics_namespace"], **words)
        grants.add(("Allow", "cloudwatch:PutMetricData", "*", text({"StringEquals": {"cloudwatch:namespace": [namespace]}})))
    return grants | _own(world, entry, words)


def _own(world: World, entry: dict[str, Any], words: dict[str, str]) -> Grants:
    grants = set()
    for permission in entry.get("permissions", []):
        conditions = text(permission.get("conditions", {}))
        for action in permission["actions"]:
            grants |= {("Allow", action, world.fill(resource, **words), conditions) for resource in permission["resources"]}
    for statement in entry.get("statements", []):
        grants.add((statement["Effect"], statement["Action"], statement["Resource"], "{}"))
    return grants


def _execution(world: World, entry: dict[str, Any], role: str, words: dict[str, str]) -> Grants:
    place = entry["runs_on"]
    envoy = f"arn:aws:ecr:{world.region}:{ENVOY_OWNERS[world.region]}:repository/aws-appmesh-envoy"
    images = [envoy, *(world.fill(image, **words) for image in place.get("images", []))]
    pulls = ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
    grants = {("Allow", f"ecr:{action}", image, "{}") for action in pulls for image in images}
    grants.add(("Allow", "ecr:GetAuthorizationToken", "*", "{}"))
    group = world.fill(place.get("log_group", f"/ecs/{role}"), **words)
    stream = f"arn:aws:logs:{world.region}:{world.account}:log-group:{group}:log-stream:*"
    grants |= {("Allow", f"logs:{action}", stream, "{}") for action in ("CreateLogStream", "PutLogEvents")}
    grants |= {
        ("Allow", "secretsmanager:GetSecretValue", world.fill(secret, **words), "{}") for secret in place.get("secrets", [])
    }
    return grants


def _assumes(world: World, place: dict[str, Any], words: dict[str, str]) -> Trust:
    account = place.get("service_account", "") + (f"-{words['version']}" if "version" in words else "")
    cluster = world.clusters.get(place.get("cluster"), {})
    match place["platform"]:
        case "ecs":
            here = {
                "ArnLike": {"aws:SourceArn": [f"arn:aws:ecs:{world.region}:{world.account}:*"]},
                "StringEquals": {"aws:SourceAccount": [world.account]},
            }
            return "ecs-tasks.amazonaws.com", frozenset({"sts:AssumeRole"}), text(here)
        case "ec2":
            return "ec2.amazonaws.com", frozenset({"sts:AssumeRole"}), "{}"
        case "eks-pod-identity":
            tags = {
                "aws:RequestTag/eks-cluster-arn": [f"arn:aws:eks:{world.region}:{world.account}:cluster/{cluster['name']}"],
                "aws:RequestTag/kubernetes-namespace": [place["namespace"]],
                "aws:RequestTag/kubernetes-service-account": [account],
            }
            return "pods.eks.amazonaws.com", frozenset({"sts:AssumeRole", "sts:TagSession"}), text({"StringEquals": tags})
    issuer = cluster["oidc_issuer"]
    claims = {f"{issuer}:aud": ["sts.amazonaws.com"], f"{issuer}:sub": [f"system:serviceaccount:{place['namespace']}:{account}"]}
    provider = f"arn:aws:iam::{world.account}:oidc-provider/{issuer}"
    return provider, frozenset({"sts:AssumeRoleWithWebIdentity"}), text({"StringEquals": claims})


def _who(world: World, entry: dict[str, Any]) -> Trust:
    provider = world.inventory["identity_providers"][entry["through"]]
    extra = {"sts:TagSession"} if provider.get("session_tags") else set()
    extra |= {"sts:SetSourceIdentity"} if provider.get("source_identity") else set()
    tags = {f"aws:RequestTag/{key}": values for key, values in entry.get("session_tags", {}).items()}
    federated = f"arn:aws:iam::{world.account}:"
    match provider["type"]:
        case "saml":
            claims = {"SAML:aud": ["https://signin.aws.amazon.com/saml"], **tags}
            return (
                f"{federated}saml-provider/{entry['through']}",
                frozenset({"sts:AssumeRoleWithSAML"} | extra),
                text({"StringEquals": claims}),
            )
        case "identity-center":
            region = "" if provider["region"] == "us-east-1" else provider["region"] + "/"
            role = f"{federated}role/aws-reserved/sso.amazonaws.com/{region}AWSReservedSSO_{entry['permission_set']}_" + "?" * 16
            return f"{federated}root", frozenset({"sts:AssumeRole"}), text({"ArnLike": {"aws:PrincipalArn": [role]}})
        case "oidc":
            host = provider["issuer"].removeprefix("https://")
            conditions = {"Bool": {"sts:RoleAuthorizedByIdp": ["true"]}, "StringEquals": {f"{host}:aud": [provider["audience"]]}}
            return f"{federated}oidc-provider/{host}", frozenset({"sts:AssumeRoleWithWebIdentity"}), text(conditions)
        case "gitlab":
            claims = {
                "gitlab.com:aud": ["https://gitlab.com"],
                "gitlab.com:sub": [f"project_path:{entry['project']}:ref_type:branch:ref:{entry['branch']}"],
                "gitlab.com:ref_protected": ["true"],
            }
            return (
                f"{federated}oidc-provider/gitlab.com",
                frozenset({"sts:AssumeRoleWithWebIdentity"}),
                text({"StringEquals": claims}),
            )
    host = "token.actions.githubusercontent.com"
    owner, name = entry["repository"].split("/")
    place = f"environment:{world.fill(entry['environment'])}" if "environment" in entry else f"ref:refs/heads/{entry['branch']}"
    claims = {f"{host}:aud": ["sts.amazonaws.com"], f"{host}:sub": [f"repo:{owner}/{name}:{place}"]}
    if "owner_id" in entry:
        claims[f"{host}:sub"] = [f"repo:{owner}@{entry['owner_id']}/{name}@{entry['repository_id']}:{place}"]
        claims |= {f"{host}:repository_id": [entry["repository_id"]], f"{host}:repository_owner_id": [entry["owner_id"]]}
    return f"{federated}oidc-provider/{host}", frozenset({"sts:AssumeRoleWithWebIdentity"}), text({"StringEquals": claims})


def _access(world: World, entry: dict[str, Any]) -> Grants:
    grants = _own(world, entry, {})
    for key in entry["meshes"]:
        mesh = world.inventory["meshes"][key]
        if world.name in mesh.get("environments", [world.name]) and mesh["engine"] in OTHER_ENGINES:
            grants |= OTHER_ENGINES[mesh["engine"]].access(world, key, mesh, entry)
        elif world.name in mesh.get("environments", [world.name]):
            grants |= {("Allow", action, resource, "{}") for action, resource in _level(world, key, mesh, entry)}
            if entry["access"] == "own":
                role = f"arn:aws:iam::{world.account}:role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh"
                condition = text({"StringEquals": {"iam:AWSServiceName": ["appmesh.amazonaws.com"]}})
                grants.add(("Allow", "iam:CreateServiceLinkedRole", role, condition))
    return grants


def _level(world: World, key: str, mesh: dict[str, Any], entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(action, resource) of the entry's level and of the levels below it."""
    depth = ("observe", "route", "operate", "own").index(entry["access"])
    services = {n: s for n, s in mesh["services"].items() if world.name in s.get("environments", [world.name])}
    chosen = {n: s for n, s in services.items() if n in entry.get("services", services)}
    whole = "services" not in entry
    arn = lambda rest="": _arn(world, key, mesh, rest)  # noqa: E731
    nodes = [_node(world, key, mesh, "services", n, s, v) for n, s in chosen.items() for v in s.get("versions", [None])]
    routes = [arn(f"/virtualRouter/{n}/route/*") for n, s in chosen.items() if s.get("router") is not False]
    virtual = [arn(f"/virtualService/{s.get('virtual_service', f'{n}.{key}.local')}") for n, s in chosen.items()]
    called = [c for s in chosen.values() for c in s.get("calls", []) if c in services]
    kinds = {
        "virtualNode": [arn("/virtualNode/*")] if whole else nodes,
        "virtualService": [arn("/virtualService/*")] if whole else virtual,
        "virtualRouter": [arn("/virtualRouter/*")] if whole else [arn(f"/virtualRouter/{n}") for n in chosen],
        "route": [arn("/virtualRouter/*/route/*")] if whole else routes,
        "virtualGateway": [arn("/virtualGateway/*")] if whole else [],
        "gatewayRoute": [arn("/virtualGateway/*/gatewayRoute/*")] if whole else [],
        "backend": [arn("/virtualService/*")] if whole else [arn(f"/virtualService/{c}.{key}.local") for c in called],
        "mesh": [arn()],
        "named": routes + nodes,
    }
    yield "appmesh:ListMeshes", "*"
    table = [
        (
            0,
            "DescribeMesh ListTagsForResource ListVirtualGateways ListVirtualNodes ListVirtualRouters ListVirtualServices",
            "mesh",
        ),
        (0, "DescribeVirtualNode ListTagsForResource", "virtualNode"),
        (0, "DescribeVirtualService ListTagsForResource", "virtualService"),
        (0, "DescribeVirtualRouter ListRoutes ListTagsForResource", "virtualRouter"),
        (0, "DescribeRoute ListTagsForResource", "route"),
        (0, "DescribeVirtualGateway ListGatewayRoutes ListTagsForResource", "virtualGateway"),
        (0, "DescribeGatewayRoute ListTagsForResource", "gatewayRoute"),
        (1, "UpdateRoute", "named"),
        (2, "CreateVirtualNode UpdateVirtualNode", "virtualNode backend"),
        (2, "CreateVirtualService UpdateVirtualService", "virtualService virtualRouter virtualNode"),
        (2, "CreateVirtualRouter UpdateVirtualRouter", "virtualRouter"),
        (2, "CreateRoute UpdateRoute", "route virtualNode"),
        (2, "CreateVirtualGateway UpdateVirtualGateway", "virtualGateway"),
        (2, "CreateGatewayRoute UpdateGatewayRoute", "gatewayRoute virtualService" if whole else ""),
        *((2, f"Delete{name} TagResource UntagResource", kind) for kind, name in WRITES.items()),
        (2, "DeleteRoute TagResource UntagResource", "route"),
        (2, "DeleteGatewayRoute TagResource UntagResource", "gatewayRoute"),
        (3, "CreateMesh UpdateMesh DeleteMesh TagResource UntagResource GetMeshPolicy PutMeshPolicy DeleteMeshPolicy", "mesh"),
    ]
    for level, actions, names in table:
        if level <= depth:
            yield from (
                (f"appmesh:{action}", resource)
                for action in actions.split()
                for name in names.split()
                for resource in kinds[name]
            )
    if depth >= 2:
        for workload in [*(mesh.get("gateways", {}).values() if whole else ()), *chosen.values()]:
            tls = workload.get("tls", {})
            if isinstance(tls.get("certificate"), str):
                yield "acm:DescribeCertificate", world.fill(tls["certificate"])
            yield from (
                ("acm-pca:DescribeCertificateAuthority", world.fill(item))
                for item in tls.get("trusts", [])
                if isinstance(item, str)
            )


def text(conditions: dict[str, Any]) -> str:
    """Conditions as comparable text: sorted, every value a sorted list."""
    lists = {
        operator: {key: sorted([values] if isinstance(values, str) else values) for key, values in sorted(keys.items())}
        for operator, keys in sorted(conditions.items())
    }
    return str(lists)


# These build on what is above.
import expected_istio  # noqa: E402
import expected_lattice  # noqa: E402
import expected_service_connect  # noqa: E402

OTHER_ENGINES: dict[str, Any] = {
    "ecs-service-connect": expected_service_connect,
    "istio": expected_istio,
    "vpc-lattice": expected_lattice,
}
