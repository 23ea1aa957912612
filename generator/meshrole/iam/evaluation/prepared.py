"""The policies of a set made ready for any number of requests, and what was worked out for those so far."""

import json
import marshal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.iam import policy
from meshrole.iam.evaluation import sorts
from meshrole.iam.evaluation.layer import Layer, Path, layer
from meshrole.iam.evaluation.sorts import Sort

SETS = 4_096
FIELDS = ("identity", "resource", "boundary", "session", "scp", "rcp", "endpoint")


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The policies of a set but the resource's, made ready."""

    identity: Layer
    boundary: Layer | None
    session: Layer | None
    scp: tuple[Layer, ...]
    rcp: tuple[Layer, ...]
    endpoint: Layer | None


class Prepared:
    """Policies by layer, made ready when a request first needs them; `given` has them in the order of `FIELDS`."""

    def __init__(self, given: tuple[Any, ...]) -> None:
        self._documents = dict(zip(FIELDS, given, strict=True))
        self.plans: dict[Any, Any] = {}
        self.programs: dict[Any, Any] = {}

    @cached_property
    def layers(self) -> Layers:
        """The policies made ready. Raises InputError with everything for which AWS would reject one of them."""
        problems: list[Problem] = []
        given = self._documents
        found = Layers(
            identity=_layer(given["identity"], sorts.IDENTITY, problems),
            boundary=_optional(given["boundary"], sorts.BOUNDARY, problems),
            session=_optional(given["session"], sorts.SESSION, problems),
            scp=tuple(_levels(given["scp"], sorts.SCP, problems)),
            rcp=tuple(_levels(given["rcp"], sorts.RCP, problems)),
            endpoint=_optional(given["endpoint"], sorts.ENDPOINT, problems),
        )
        if problems:
            raise InputError(problems)
        return found

    @cached_property
    def resources(self) -> tuple[Layer, ...]:
        """The resource's policies, each of which must allow. Raises InputError."""
        return _each(self._documents["resource"], sorts.RESOURCE)

    @cached_property
    def trusts(self) -> tuple[Layer, ...]:
        """The resource's policy as a role's trust policy, of which AWS's grammar is another. Raises InputError."""
        return _each(self._documents["resource"], sorts.TRUST)


def prepared(given: tuple[Any, ...]) -> Prepared:
    """Policies by layer, in the order of `FIELDS`, made ready; those of a set before where the documents are plain JSON values.

    The same bytes are the same values; where the same values come in other bytes, they are made ready once more.
    https://docs.python.org/3/library/marshal.html
    """
    try:
        return _shared(marshal.dumps(given))
    except ValueError:
        return Prepared(given)


@lru_cache(SETS)
def _shared(content: bytes) -> Prepared:
    """Read from the bytes: whoever gave the documents may change them before they are needed."""
    return Prepared(marshal.loads(content))


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
