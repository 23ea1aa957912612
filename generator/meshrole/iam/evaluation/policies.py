"""The policies that apply to a request, by layer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.iam import policy
from meshrole.iam.evaluation import sorts
from meshrole.iam.evaluation.layer import Layer, Path, layer
from meshrole.iam.evaluation.sorts import Sort

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
    def plans(self) -> dict[Any, Any]:
        """What was worked out for requests so far: with the same policies it is the same for most of them."""
        return {}

    @cached_property
    def layers(self) -> "Layers":
        """The policies made ready. Raises InputError with everything for which AWS would reject one of them."""
        problems: list[Problem] = []
        found = Layers(
            identity=_layer(self.identity, sorts.IDENTITY, problems),
            boundary=_optional(self.boundary, sorts.BOUNDARY, problems),
            session=_optional(self.session, sorts.SESSION, problems),
            scp=tuple(_levels(self.scp, sorts.SCP, problems)),
            rcp=tuple(_levels(self.rcp, sorts.RCP, problems)),
            endpoint=_optional(self.endpoint, sorts.ENDPOINT, problems),
        )
        if problems:
            raise InputError(problems)
        return found

    @cached_property
    def resources(self) -> "tuple[Layer, ...]":
        """The resource's policies, each of which must allow. Raises InputError."""
        return _each(self.resource, sorts.RESOURCE)

    @cached_property
    def trusts(self) -> "tuple[Layer, ...]":
        """The resource's policy as a role's trust policy, of which AWS's grammar is another. Raises InputError."""
        return _each(self.resource, sorts.TRUST)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The policies of a set but the resource's, made ready."""

    identity: Layer
    boundary: Layer | None
    session: Layer | None
    scp: tuple[Layer, ...]
    rcp: tuple[Layer, ...]
    endpoint: Layer | None


def _levels(levels: Any, sort: Sort, problems: list[Problem]) -> Iterator[Layer]:
    if not isinstance(levels, list | tuple):
        problems.append(Problem("this must be a list of levels", path=("policies", sort.layer)))
        return
    for number, documents in enumerate(levels):
        yield _layer(documents, sort, problems, (sort.layer, number), number)


def _each(documents: Any, sort: Sort) -> tuple[Layer, ...]:
    problems: list[Problem] = []
    every = [] if documents is None else _listed(documents)
    found = tuple(_layer(document, sort, problems) for document in every)
    if problems:
        raise InputError(problems)
    return found


def _optional(documents: Any, sort: Sort, problems: list[Problem]) -> Layer | None:
    return None if documents is None or documents == [] else _layer(documents, sort, problems)


def _layer(documents: Any, sort: Sort, problems: list[Problem], path: Path = (), level: int | None = None) -> Layer:
    try:
        texts = tuple(_text(document) for document in _listed(documents))
        return layer(sort, texts, ("policies", *(path or (sort.layer,))), level)
    except InputError as error:
        problems += error.problems
    except (TypeError, ValueError) as error:
        problems.append(Problem(f"this is no policy: {error}", path=("policies", *(path or (sort.layer,)))))
    return Layer(sort.layer, (), level)


def _listed(documents: Any) -> list[Any]:
    """One document or several; a document of ours is a tuple of statements."""
    if isinstance(documents, Mapping) or (isinstance(documents, tuple) and documents and _is_ours(documents)):
        return [documents]
    if isinstance(documents, list | tuple):
        return list(documents)
    raise InputError(Problem("a policy must be an object", found=str(documents)))


def _is_ours(document: tuple[Any, ...]) -> bool:
    return all(isinstance(statement, policy.Statement) for statement in document)


def _text(document: Any) -> str:
    value = policy.as_object(document) if isinstance(document, tuple) and _is_ours(document) else document
    return json.dumps(value)
