"""Auth policies of VPC Lattice as edges: https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.importers.aws_calls.policies import as_list, statements, words
from meshrole.importers.found import Edge, Miss
from meshrole.importers.origin import Origin
from meshrole.importers.values import Value, value

ENGINE = "vpc-lattice"
# What is created without a type of authorization lets everybody in.
# https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateService.html
OPEN = "NONE"
METHOD, PATH, PRINCIPAL = "vpc-lattice-svcs:requestmethod", "vpc-lattice-svcs:requestpath", "aws:principalarn"
ACTIONS = {"*", "vpc-lattice-svcs:*", "vpc-lattice-svcs:invoke"}
EQUAL = ("StringEquals", "StringLike", "ArnEquals", "ArnLike", "StringEqualsIgnoreCase")


def edges(policy: Mapping[str, Any] | None, mesh: Value | None, callee: Value, origin: Origin) -> Iterator[Edge | Miss]:
    """Who may call a service by its auth policy. `*` is everybody; what an edge cannot say is a Miss."""
    if policy is None:
        yield Miss(origin, f"auth policy of {callee}", "not a policy document")
    for number, statement in enumerate(statements(policy), 1):
        what = f"statement {statement.get('Sid', number)} of the auth policy of {callee}"
        if not any(action.lower() in ACTIONS for action in words(statement.get("Action"))):
            yield Miss(origin, what, "it says nothing of vpc-lattice-svcs:Invoke")
            continue
        if statement.get("Effect") != "Allow":
            yield Miss(origin, what, "it denies: an inventory says only who may call")
            continue
        yield from _allowed(statement, mesh, callee, origin, what)


def _allowed(statement: Mapping[str, Any], mesh: Value | None, callee: Value, origin: Origin, what: str) -> Iterator[Edge | Miss]:
    conditions = dict(_conditions(statement.get("Condition")))
    callers = words(_principals(statement.get("Principal")))
    if callers in ([], ["*"]) and PRINCIPAL in conditions:
        callers = conditions.pop(PRINCIPAL)
    methods, paths = conditions.pop(METHOD, []), [*conditions.pop(PATH, []), *_paths(statement.get("Resource"))]
    if conditions:
        yield Miss(origin, what, f"an edge has no place for its condition on {', '.join(sorted(conditions))}")
    if not callers:
        yield Miss(origin, what, "its principal is no role")
    for caller in callers:
        yield Edge(mesh, value(caller), callee, origin, tuple(methods), tuple(dict.fromkeys(paths)))


def _principals(entry: Any) -> Any:
    return entry.get("AWS") if isinstance(entry, dict) else entry


def _conditions(block: Any) -> Iterator[tuple[str, list[str]]]:
    """Conditions by their key in lower case; one whose operator is not a plain comparison keeps its operator in the key."""
    for operator, tests in block.items() if isinstance(block, dict) else ():
        for key, wanted in tests.items() if isinstance(tests, dict) else ():
            name = key.lower() if operator in EQUAL else f"{operator} {key}"
            yield name, words(wanted)


def _paths(resources: Any) -> Iterator[str]:
    """`/catalog/*` of `arn:…:service/svc-0123/catalog/*`; none where the whole service is meant."""
    for resource in words(as_list(resources)):
        _, found, below = resource.partition(":service/")
        path = below.partition("/")[2] if found else resource.partition("/")[2] if resource.startswith("/") else ""
        if path not in ("", "*"):
            yield f"/{path}"
