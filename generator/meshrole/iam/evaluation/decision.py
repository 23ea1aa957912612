"""What an evaluation says: the decision, the layers that had a part in it, and the statement that decided."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Answer = Literal["allow", "deny", "depends"]
Kind = Literal["explicit", "implicit"]

# Instead of a grade, where a statement denies.
DENIED = -1


@dataclass(frozen=True, slots=True)
class StatementReference:
    """Where a statement is: the layer, the document and the statement in it, both counted from 0, and its Sid.

    `level` is the level of the organization, counted from 0 too, for the layers that have levels.
    """

    layer: str
    document: int
    index: int
    sid: str | None
    level: int | None = None

    def as_object(self) -> dict[str, Any]:
        """Plain JSON values."""
        value = {"document": self.document, "index": self.index, "sid": self.sid, "layer": self.layer}
        return value if self.level is None else {**value, "level": self.level}


class LayerDecision(NamedTuple):
    """What one layer says: "explicit" with the statement that says it, "implicit" where none of its statements allows."""

    layer: str
    decision: Answer
    kind: Kind | None
    statement: StatementReference | None
    level: int | None = None

    def as_object(self) -> dict[str, Any]:
        """Plain JSON values."""
        value = {
            "layer": self.layer,
            "decision": self.decision,
            "kind": self.kind,
            "statement": self.statement.as_object() if self.statement else None,
        }
        return value if self.level is None else {**value, "level": self.level}


class _Said(NamedTuple):
    decision: LayerDecision
    grade: int


class Said(_Said):
    """What a layer says as a `decision`, and how directly it allows: a `grade`, or `DENIED`.

    Each is made once, with the statement that says it, and is equal to itself alone, which is soon seen.
    """

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


class Decision(NamedTuple):
    """The answer to a request.

    `layer` decided, with `statement` where the answer is explicit. An answer that depends has neither; `needs` are the condition
    keys whose values would decide it. Where a key is not known and the answer is the same for all that it may be, the reasons are
    those that it always has, and None where it has not.
    """

    decision: Answer
    kind: Kind | None
    layer: str | None
    statement: StatementReference | None
    layers: tuple[LayerDecision, ...]
    needs: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the request is sure to be allowed."""
        return self.decision == "allow"

    def as_object(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "decision": self.decision,
            "kind": self.kind,
            "layer": self.layer,
            "layers": [each.as_object() for each in self.layers],
            "statement": self.statement.as_object() if self.statement else None,
            "needs": list(self.needs),
        }
