"""The two halves of a call in VPC Lattice: what lets a caller invoke, and the auth policies that let it in.

Both must allow: https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-evaluation-logic
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from meshrole.blueprint import statements
from meshrole.blueprint.engines.base import Caller
from meshrole.blueprint.engines.vpc_lattice_names import lattice_of, network_arn, service_arn
from meshrole.blueprint.lattice import NETWORK_LABEL, AuthPolicy
from meshrole.iam.policy import Conditions, Document, Statement, conditions, sid
from meshrole.inventory.lattice_values import LatticeService
from meshrole.inventory.values import Call, Mesh

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclatticeservices.html
INVOKE = "vpc-lattice-svcs:Invoke"
EVERYBODY = (("*", ()),)
Callers = Mapping[str, Sequence[Caller]]


def calling(call: Call, mesh: Mesh) -> Statement | None:
    """The caller's half of a call; None for what is not in the mesh."""
    service = lattice_of(mesh).service(call.service)
    if service is None:
        return None
    return Statement(
        sid=sid("Call", call.service),
        actions=(INVOKE,),
        resources=_requests(call, service, mesh),
        conditions=_conditions(call),
    )


def auth_policies(mesh: Mesh, callers: Callers) -> Iterator[AuthPolicy]:
    """The callee's half of every call: a policy of each service that is here, and of the network where that is kept here."""
    lattice = lattice_of(mesh)
    if lattice.is_kept:
        yield AuthPolicy(NETWORK_LABEL, network_arn(mesh), (_organization(mesh),), (), mesh.path)
    own = {id(workload) for workload in mesh.workloads}
    for service in lattice.services:
        found = callers.get(service.name, ())
        yield AuthPolicy(
            label=service.name,
            of=service_arn(service, mesh),
            document=_letting_in(service, found, mesh),
            roles=tuple(dict.fromkeys(item.workload.name for item in found if id(item.workload) in own)),
            path=(*mesh.path, "services", service.name),
        )


def _letting_in(service: LatticeService, callers: Sequence[Caller], mesh: Mesh) -> Document:
    """Exactly the callers' roles, those that call alike together; nobody, and explicitly so, where there are none."""
    if not callers:
        every = (f"{service_arn(service, mesh)}/*",)
        return (Statement(sid="NoCallers", effect="Deny", actions=(INVOKE,), resources=every, principals=EVERYBODY),)
    return statements.document(
        Statement(
            sid="Callers",
            actions=(INVOKE,),
            resources=_requests(members[0].call, service, mesh),
            conditions=_conditions(members[0].call),
            principals=(("AWS", tuple(sorted(member.role for member in members))),),
        )
        for members in (list(group) for _, group in groupby(sorted(callers, key=_alike), key=_alike))
    )


def _alike(caller: Caller) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    call = caller.call
    return tuple(sorted(call.methods)), tuple(sorted(call.paths)), call.headers


def _organization(mesh: Mesh) -> Statement:
    """Whoever is of the organization may come in to the network; each service says for itself whom it lets in.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#example-auth-policies
    """
    lattice = lattice_of(mesh)
    inside: dict[str, list[str]] = (
        {"aws:PrincipalOrgID": [lattice.organization_id]}
        if lattice.organization_id
        else {"aws:PrincipalAccount": list(lattice.accounts)}
    )
    return Statement(
        sid="OurPrincipals",
        actions=(INVOKE,),
        resources=("*",),
        conditions=conditions({"StringEquals": inside, "StringNotEquals": {"aws:PrincipalType": "Anonymous"}}),
        principals=EVERYBODY,
    )


def _requests(call: Call, service: LatticeService, mesh: Mesh) -> tuple[str, ...]:
    """A request's resource is the service's ARN and the path: https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html"""
    own = service_arn(service, mesh)
    return tuple(f"{own}{path}" for path in call.paths) or (f"{own}/*",)


def _conditions(call: Call) -> Conditions:
    """https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-condition-keys"""
    keys: dict[str, tuple[str, ...]] = {f"vpc-lattice-svcs:RequestHeader/{name}": values for name, values in call.headers}
    if call.methods:
        keys["vpc-lattice-svcs:RequestMethod"] = call.methods
    return conditions({"StringEquals": keys}) if keys else ()
