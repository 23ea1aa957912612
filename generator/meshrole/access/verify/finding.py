"""What a proof says: that it holds, or a counter-example for each way in which it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from meshrole.access.verify.contexts import Value
from meshrole.inventory.values import Path

# A difference is proved by its counter-example; what is unknown cannot be proved, which is no pass.
Kind = Literal["difference", "unknown"]


@dataclass(frozen=True, slots=True)
class CounterExample:
    """A request, and what becomes of it though it should not."""

    principal: str
    action: str
    resource: str
    context: Mapping[str, Value]
    is_allowed: bool

    def __str__(self) -> str:
        given = ", ".join(f"{key} = {_shown(value)}" for key, value in self.context.items())
        where = f" where {given}" if given else ""
        answer = "allowed" if self.is_allowed else "not allowed"
        return f"{self.principal} calls {self.action} on {self.resource}{where}: {answer}"

    def as_object(self) -> dict[str, Any]:
        """Plain JSON values."""
        context = {key: list(value) if isinstance(value, tuple) else value for key, value in self.context.items()}
        return {
            "principal": self.principal,
            "action": self.action,
            "resource": self.resource,
            "context": context,
            "allowed": self.is_allowed,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a proof fails. `path` is a place in the inventory, `address` one in the plan or the rendered files."""

    message: str
    identity: str | None
    example: CounterExample | None = None
    path: Path = ()
    address: str | None = None
    help: str | None = None
    kind: Kind = "difference"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was tried: what it is about, over what, and what refutes it. One that was not tried has a reason."""

    name: str
    claim: str
    over: str
    findings: tuple[Finding, ...]
    skipped: str | None = None


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _shown(value: Value) -> str:
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else str(value)
