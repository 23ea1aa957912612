"""Of what App Mesh an input is, where only the command line said it: told by its names, its spec, and the file's name."""

from typing import Any

from meshrole.importers.aws_calls.answers import SOURCE, Answer
from meshrole.importers.aws_calls.reading import at, each, has
from meshrole.importers.marked import Map

# Kind: how a list of them is called.
KINDS = {
    "mesh": "meshes",
    "virtualnode": "virtualnodes",
    "virtualgateway": "virtualgateways",
    "virtualservice": "virtualservices",
    "virtualrouter": "virtualrouters",
    "route": "routes",
    "gatewayroute": "gatewayroutes",
}
LISTS = frozenset(KINDS.values())
# The most telling name first: a route also has that of its router.
NAMES = ("routename", "gatewayroutename", "virtualnodename", "virtualservicename", "virtualroutername", "virtualgatewayname")
ROUTES = ("httproute", "http2route", "grpcroute", "tcproute")
SPEC = {
    "listeners",
    "backends",
    "backenddefaults",
    "servicediscovery",
    "logging",
    "provider",
    "priority",
    "egressfilter",
    *ROUTES,
}
MESH = {"meshname", "meshowner"}
# Words and endings of file names, the last that says anything decides: colorgateway-vn is a node.
FILE_WORDS = {
    "vn": "virtualnode",
    "node": "virtualnode",
    "vnode": "virtualnode",
    "vg": "virtualgateway",
    "vgw": "virtualgateway",
    "gw": "virtualgateway",
    "gateway": "virtualgateway",
    "vr": "virtualrouter",
    "router": "virtualrouter",
    "vrouter": "virtualrouter",
    "vs": "virtualservice",
    "service": "virtualservice",
    "mesh": "mesh",
}


def kind_of(answer: Answer) -> str | None:
    """The kind of an input, None if it is none of App Mesh."""
    keys = answer.keys
    if "apiversion" in keys or "kind" in keys or not keys & {"spec", "meshname", *SPEC, *NAMES}:
        return None
    if "spec" not in keys and not keys <= SPEC | {"meshname", "meshowner", *NAMES}:
        return None
    named = _by_names(keys, at(SOURCE, answer.body, "spec"))
    if named is not None:
        return named
    spec = at(SOURCE, answer.body, "spec") if "spec" in keys else answer.body
    told = _by_spec(answer, spec) if isinstance(spec, Map) and keys - MESH else None
    return told or ("mesh" if "meshname" in keys and keys <= {"spec", *MESH} else None)


def _by_names(keys: set[str], spec: Any) -> str | None:
    for name in NAMES:
        if name in keys:
            kind = name.removesuffix("name")
            routed = isinstance(spec, Map) and any(has(SOURCE, spec, key) for key in ROUTES)
            return {"virtualrouter": "route", "virtualgateway": "gatewayroute"}.get(kind, kind) if routed else kind
    return None


def _by_spec(answer: Answer, spec: Map) -> str | None:
    for key in ROUTES:
        if has(SOURCE, spec, key):
            return "gatewayroute" if has(SOURCE, spec, key, "action", "target") else "route"
    if has(SOURCE, spec, "provider"):
        return "virtualservice"
    if has(SOURCE, spec, "egressfilter") or has(SOURCE, spec, "servicediscovery", "ippreference"):
        return "mesh"
    if has(SOURCE, spec, "backends") or has(SOURCE, spec, "servicediscovery"):
        return "virtualnode"
    told = _by_file(answer)
    if not has(SOURCE, spec, "listeners"):
        return told
    return told if told in ("virtualnode", "virtualgateway", "virtualrouter") else _by_listeners(spec)


def _by_listeners(spec: Map) -> str:
    """A router's listeners are ports and nothing else."""
    bare = all(isinstance(item, Map) and len(item) == 1 for item in each(SOURCE, spec, "listeners"))
    return "virtualrouter" if bare and len(spec) == 1 else "virtualgateway"


def _by_file(answer: Answer) -> str | None:
    for word in reversed(answer.words):
        if word in FILE_WORDS:
            return FILE_WORDS[word]
        ending = next((end for end in ("gateway", "router", "node", "service") if word.endswith(end)), None)
        if ending is not None:
            return FILE_WORDS[ending]
    return None
