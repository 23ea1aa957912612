"""App Mesh: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_Operations.html."""

from collections.abc import Mapping
from typing import Any

from meshrole.importers.live.asking import Asking

APP_MESH = "appmesh"
# What a mesh has: how it is listed, described and called.
PARTS = {
    "VirtualNode": "virtualNode",
    "VirtualGateway": "virtualGateway",
    "VirtualService": "virtualService",
    "VirtualRouter": "virtualRouter",
}
# What gateways and routers have below them.
BELOW = {"VirtualGateway": ("GatewayRoute", "gatewayRoute"), "VirtualRouter": ("Route", "route")}


def ask(asking: Asking) -> None:
    """Every mesh that is here or shared with this account, and all that is in it."""
    for mesh in asking.each(APP_MESH, "ListMeshes", "meshes"):
        where = {"meshName": mesh["meshName"], "meshOwner": mesh["meshOwner"]}
        answer = asking.one(APP_MESH, "DescribeMesh", **where)
        asking.keep("aws appmesh describe-mesh", {"mesh": {**_named(answer, "mesh"), **where}})
        for kind, key in PARTS.items():
            _parts(asking, kind, key, where)


def _parts(asking: Asking, kind: str, key: str, where: Mapping[str, str]) -> None:
    for item in asking.each(APP_MESH, f"List{kind}s", f"{key}s", **where):
        name = {f"{key}Name": item[f"{key}Name"]}
        _describe(asking, kind, key, {**where, **name})
        if kind in BELOW:
            below, inner = BELOW[kind]
            for each in asking.each(APP_MESH, f"List{below}s", f"{inner}s", **where, **name):
                _describe(asking, below, inner, {**where, **name, f"{inner}Name": each[f"{inner}Name"]})


def _describe(asking: Asking, kind: str, key: str, named: Mapping[str, str]) -> None:
    answer = asking.one(APP_MESH, f"Describe{kind}", **named)
    if answer:
        asking.keep(f"aws appmesh describe-{'-'.join(_words(kind))}", {key: _named(answer, key)})


def _named(answer: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = answer.get(key)
    return found if isinstance(found, dict) else {}


def _words(kind: str) -> list[str]:
    """`VirtualNode` as virtual, node."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).split()
