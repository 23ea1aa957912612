"""The policies that apply to a request, by layer."""

from collections.abc import Mapping, Sequence
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.iam import policy
from meshrole.iam.evaluation.context import is_mapping
from meshrole.iam.evaluation.layer import Layer
from meshrole.iam.evaluation.prepared import FIELDS, Layers, Prepared, prepared

# A document as JSON values, or as this package writes them.
Document = Mapping[str, Any] | policy.Document


class PolicySet:
    """Policies by layer; it does not change.

    They are read when the first request is evaluated: keep the object for the next ones.
    """

    __slots__ = ("_given", "_prepared")

    def __init__(
        self,
        identity: Sequence[Document] = (),
        resource: Document | Sequence[Document] | None = None,
        boundary: Document | Sequence[Document] | None = None,
        session: Document | Sequence[Document] | None = None,
        scp: Sequence[Sequence[Document]] = (),
        rcp: Sequence[Sequence[Document]] = (),
        endpoint: Document | Sequence[Document] | None = None,
    ) -> None:
        self._given = (identity, resource, boundary, session, scp, rcp, endpoint)
        self._prepared: Prepared | None = None

    @staticmethod
    def of(value: Any) -> "PolicySet":
        """Policies from plain JSON values. Raises InputError when a field is none of `FIELDS`."""
        if not is_mapping(value):
            raise InputError(Problem("policies must be an object", path=("policies",)))
        for name in value:
            if name not in FIELDS:
                raise InputError(Problem("there is no such layer", path=("policies",), found=str(name), allowed=FIELDS))
        return PolicySet(**{name: item for name, item in value.items() if item is not None})

    @property
    def identity(self) -> Sequence[Document]:
        """All policies of the principal: inline, managed, and those of its groups."""
        return self._given[0]

    @property
    def resource(self) -> Document | Sequence[Document] | None:
        """The resource's own policy: a bucket's, a key's, for sts:AssumeRole the role's trust policy.

        For VPC Lattice it is the auth policies of the service network and of the service, each of which must allow.
        """
        return self._given[1]

    @property
    def boundary(self) -> Document | Sequence[Document] | None:
        """The permissions boundary, or None where there is none."""
        return self._given[2]

    @property
    def session(self) -> Document | Sequence[Document] | None:
        """The session's policies, or None where there are none."""
        return self._given[3]

    @property
    def scp(self) -> Sequence[Sequence[Document]]:
        """Levels of service control policies: those of the organization's root, of each organizational unit, of the account."""
        return self._given[4]

    @property
    def rcp(self) -> Sequence[Sequence[Document]]:
        """Levels of resource control policies, as those of `scp`."""
        return self._given[5]

    @property
    def endpoint(self) -> Document | Sequence[Document] | None:
        """The VPC endpoint's policy, or None where there is none."""
        return self._given[6]

    @property
    def prepared(self) -> Prepared:
        """The policies made ready; another set with the same documents has them too."""
        found = self._prepared
        if found is None:
            found = self._prepared = prepared(self._given)
        return found

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

    def __repr__(self) -> str:
        return f"PolicySet({', '.join(f'{name}={value!r}' for name, value in zip(FIELDS, self._given, strict=True))})"
