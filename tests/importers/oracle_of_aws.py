"""What another parser found in real files of CloudFormation and of the AWS CLI, beside what a reader of ours found."""

import json
import re
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
ORACLE = CORPUS / "oracle.json"
ABSENT = "the corpus of real files is not here: ../shared/corpus"
FIELDS = {
    "meshes": "meshes",
    "virtual_nodes": "nodes",
    "virtual_gateways": "gateways",
    "virtual_services": "services",
    "virtual_routers": "routers",
    "routes": "routes",
    "gateway_routes": "gateway_routes",
}
NAME_OF = {"VirtualNodeName": "virtual_nodes", "VirtualServiceName": "virtual_services", "MeshName": "meshes"}
NAME_OF |= {"VirtualRouterName": "virtual_routers", "VirtualGatewayName": "virtual_gateways"}


def cases(kind):
    """The files of a kind with what is expected of each."""
    oracle = json.loads(ORACLE.read_text()) if ORACLE.exists() else {}
    return {path: entry["expected"] for path, entry in oracle.items() if entry["kind"] == kind}


class Expected:
    """The oracle's values as an inventory shows them: `{"$unresolved": "!Sub a-${B}"}` is `a-{B}`."""

    def __init__(self, entries):
        self.entries = entries

    def text(self, value):
        if not isinstance(value, dict):
            return None if value is None else str(value)
        if "$default" in value:
            return str(value["$default"])
        function, _, argument = value["$unresolved"].partition(" ")
        if function == "!GetAtt" and argument.partition(".")[2] in NAME_OF:
            return self._own_name(*argument.split("."))
        if function == "!GetAtt":
            return PROPERTIES.get(argument) or _shown(argument)
        if function == "!Ref":
            return PROPERTIES.get(argument) or _shown(argument)
        if function == "!ImportValue":
            return _shown(str(json.loads(argument)).replace("Fn::Sub", ""))
        written = argument if function == "!Sub" else value["$unresolved"]
        return re.sub(r"\$\{([\w:.]+)\}", lambda match: PROPERTIES.get(match[1]) or _shown(match[1]), written)

    def _own_name(self, logical, attribute):
        (own,) = [entry for entry in self.entries[NAME_OF[attribute]] if entry["logical_id"] == logical]
        return self.text(own["name"])


def _shown(expression):
    return "{" + re.sub(r"\W+", "_", expression.removeprefix("AWS::")).strip("_") + "}"


# Read by hand: what AWS documents that a reference returns, and the oracle leaves open (howto-alb, howto-metrics-extension-ecs).
PROPERTIES = {
    "BackendRecordSet": "backend.{ProjectName_DnsHostedZoneName}",
    "BackendV2ServiceRegistry.Name": "backend-v2",
    "DJAppServiceRegistry.Name": "djapp",
    "JazzServiceRegistry.Name": "jazz",
    "MetalServiceRegistry.Name": "metal",
}


def differences(expected, found):
    """Every entry that is not what is expected, and how many were compared."""
    shown = Expected(expected)
    wrong = [f"{kind}: {len(expected[kind])} expected, {len(getattr(found, ours))} found" for kind, ours in FIELDS.items()
             if len(expected[kind]) != len(getattr(found, ours))]  # fmt: skip
    count = 0
    for kind, ours in FIELDS.items():
        for entry, item in zip(expected[kind], getattr(found, ours), strict=False):
            count += 1
            pairs = [(what, want, got) for what, want, got in _pairs(kind, entry, item, shown) if want != got]
            wrong += [f"{kind} {entry['name']}: {what} is {got!r}, expected {want!r}" for what, want, got in pairs]
    return wrong, count


def _name(item):
    """A name that is only on the command line is none to the oracle."""
    pieces = item.name.unknown if item.name else ()
    return None if item.name is None or any(piece.expression.startswith("--") for piece in pieces) else item.name.text


def _text(value):
    return None if value is None else value.text


def _pairs(kind, entry, item, shown):
    yield "name", shown.text(entry["name"]), _name(item)
    if kind != "meshes":
        yield "mesh", shown.text(entry["mesh"]), _text(item.mesh)
    if "tls" in entry:
        yield "TLS", entry["tls"], item.tls is not None
    if hasattr(item, "listeners"):
        yield "listeners", [(shown.text(each["port"]), each["protocol"]) for each in entry["listeners"]], list(item.listeners)
    if kind == "virtual_nodes":
        yield "backends", [shown.text(each) for each in entry["backends"]], [each.text for each in item.backends]
        discovery = entry.get("service_discovery")
        yield "discovery", discovery and {key: shown.text(value) for key, value in discovery.items()}, item.discovery
    if kind == "virtual_services":
        provider = entry["provider"] or {"kind": "", "name": None}
        yield "node", shown.text(provider["name"]) if provider["kind"] == "virtual_node" else None, _text(item.node)
        yield "router", shown.text(provider["name"]) if provider["kind"] == "virtual_router" else None, _text(item.router)
    if kind == "routes":
        yield "kind", entry["type"], item.kind
        yield "router", shown.text(entry["virtual_router"]), _text(item.router)
        targets = [(shown.text(each["virtual_node"]), str(each["weight"])) for each in entry["targets"]]
        yield "targets", targets, [(target.text, weight) for target, weight in item.targets]
    if kind == "gateway_routes":
        yield "gateway", shown.text(entry["virtual_gateway"]), _text(item.gateway)
        yield "target", shown.text(entry["target"]), _text(item.target)
