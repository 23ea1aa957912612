"""What was found, made into an inventory and read back; for tests that make what was found by hand."""

import yaml

from meshrole.importers.callers import with_callers
from meshrole.importers.composing import composed
from meshrole.importers.found import Node, Route, Service
from meshrole.importers.granted import with_granted
from meshrole.importers.inventory_text import to_yaml
from meshrole.importers.linking import linked
from meshrole.importers.merging import merged, named
from meshrole.importers.origin import Origin
from meshrole.importers.reporting import reported
from meshrole.importers.rewriting import rewritten
from meshrole.importers.settings import Given, settled
from meshrole.importers.values import value

HERE = Origin("mesh.yaml", 3, "Thing")


def texts(*names):
    return tuple(value(name) for name in names)


def node(name, *backends, mesh="shop", origin=HERE, **more):
    return Node(value(mesh) if mesh else None, value(name) if name else None, origin, texts(*backends), **more)


def service(name, *, node=None, router=None, mesh="shop", origin=HERE):
    behind = {"node": value(node) if node else None, "router": value(router) if router else None}
    return Service(value(mesh) if mesh else None, value(name), origin, **behind)


def route(name, router, *targets, mesh="shop", origin=HERE):
    pairs = tuple((value(target), weight) for target, weight in targets)
    return Route(value(mesh) if mesh else None, value(router) if router else None, value(name), origin, targets=pairs)


def made(found, given=None, parameters=None, kubernetes=()):
    """The text of the inventory, and the report."""
    complete, words = rewritten(named(found), parameters or {})
    complete, limits = with_callers(with_granted(merged(complete)))
    settings = settled(given or Given(), complete)
    result = composed(linked(complete, limits), complete, settings, words, frozenset(kubernetes))
    return to_yaml(result.tree), reported(complete, 1, result, settings)


def inventory(found, **more):
    """The inventory as plain values."""
    return yaml.safe_load(made(found, **more)[0])
