"""The policies that apply to a request, by layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.iam import policy
from meshrole.iam.evaluation.layer import Layer
from meshrole.iam.evaluation.prepared import Layers, Prepared
from meshrole.iam.evaluation.prepared import prepared as prepare

# A document as JSON values, or as this package writes them.
Document = Mapping[str, Any] | policy.Document
FIELDS = ("identity", "resource", "boundary", "session", "scp", "rcp", "endpoint")


@dataclass(frozen=True, eq=False)
class PolicySet:
    """Policies by layer. They are read when the first request is evaluated; keep the object for the next ones.

    `identity` has all policies of the principal: inline, managed, and those of its groups. `resource` is the resource's own
    policy: a bucket's, a key's, for sts:AssumeRole the role's trust policy; for VPC Lattice the auth policies of the service
    network and of the service, each of which must allow. `boundary`, `session` and `endpoint` are None where there is none.
    `scp` and `rcp` are lists of levels, each with its policies: the organization's root, each organizational unit, the account.
    """

    identity: Sequence[Document] = ()
    resource: Document | Sequence[Document] | None = None
    boundary: Document | Sequence[Document] | None = None
    session: Document | Sequence[Document] | None = None
    scp: Sequence[Sequence[Document]] = ()
    rcp: Sequence[Sequence[Document]] = ()
    endpoint: Document | Sequence[Document] | None = None

    @staticmethod
    def of(value: Any) -> "PolicySet":
        """Policies from plain JSON values. Raises InputError when a field is none of `FIELDS`."""
        if not isinstance(value, Mapping):
            raise InputError(Problem("policies must be an object", path=("policies",)))
        for name in value:
            if name not in FIELDS:
                raise InputError(Problem("there is no such layer", path=("policies",), found=str(name), allowed=FIELDS))
        return PolicySet(**{name: item for name, item in value.items() if item is not None})

    @cached_property
    def prepared(self) -> Prepared:
        """The policies made ready; another set with the same documents has them too."""
        return prepare({name: getattr(self, name) for name in FIELDS})

    @cached_property
    def programs(self) -> dict[Any, Any]:
        """What was worked out for requests so far."""
        return self.prepared.programs

    @property
    def layers(self) -> Layers:
        """The policies but the resource's. Raises InputError with everything for which AWS would reject one of them."""
        return self.prepared.layers

    @property
    def resources(self) -> tuple[Layer, ...]:
        """The resource's policies, each of which must allow. Raises InputError."""
        return self.prepared.resources

    @property
    def trusts(self) -> tuple[Layer, ...]:
        """The resource's policy as a role's trust policy, of which AWS's grammar is another. Raises InputError."""
        return self.prepared.trusts
