"""Answers as text for a person and as values for a program."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from meshrole.access.can import Answer
from meshrole.access.identities import title
from meshrole.access.layers import LAYERS
from meshrole.access.policies import Cited
from meshrole.access.report import ESCAPED, ONE_LINE

WIDTH = 9


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers for every role that a question is about."""

    answers: tuple[Answer, ...]

    @property
    def answer(self) -> str:
        """For all of them together: no if it is for any of them, depends if it does for any, else yes."""
        words = {answer.word for answer in self.answers}
        return next(word for word in ("no", "depends", "yes") if word in words)

    def text(self) -> str:
        """What a person reads: a block for each role."""
        return "\n\n".join("\n".join(line.translate(ONE_LINE) for line in _lines(answer)) for answer in self.answers)

    def json(self) -> str:
        """The same for a program; what there is not is null."""
        values = {"version": 1, "answer": self.answer, "answers": [_value(answer) for answer in self.answers]}
        return json.dumps(values, indent=2, ensure_ascii=False).translate(ESCAPED)


def reason(answer: Answer) -> str:
    """What decides, in words."""
    decision = answer.decision
    if decision.decision == "depends":
        return f"it depends on {', '.join(decision.needs)}; give what the request has, as in --context {decision.needs[0]}=VALUE"
    layer = decision.layer or ""
    if decision.decision == "allow" and not layer:
        return "AWS asks for no permission for it"
    if answer.cited is not None:
        verb = "allows" if decision.decision == "allow" else "denies"
        return f"statement {answer.cited.statement.sid} of {_policy(answer.cited)} ({LAYERS[layer].title}) {verb} it"
    if decision.decision == "allow":
        return f"the trust policy of {answer.resource} allows it"
    if all(said.decision == "allow" for said in decision.layers):
        return "AWS refuses it whatever the policies say: across partitions, or across accounts for this action"
    if layer == "resource":
        return answer.change.why or "the resource's own policy does not allow it"
    files = f" ({', '.join(answer.files)})" if answer.files else ""
    return f"no {LAYERS[layer].title} allows it{files}"


def _lines(answer: Answer) -> Iterator[str]:
    change = answer.change
    yield _row(answer.word, f"{title(answer.found)}: {answer.action} on {answer.resource}")
    yield _row("role", answer.found.role.arn)
    yield _row("because", reason(answer))
    if answer.place is not None:
        yield _row("where", f"{answer.place}, at {' > '.join(map(str, change.path))}")
    if change.add is not None:
        yield _row("write", change.why)
        yield from (f"{'':<{WIDTH}}{line}" for line in change.add.split("\n"))
    for note in answer.notes:
        yield _row("note", note)


def _row(label: str, words: str) -> str:
    return f"{label:<{WIDTH}}{words}"


def _policy(cited: Cited) -> str:
    return cited.policy.file or f"policy {cited.policy.name}"


def _value(answer: Answer) -> dict[str, Any]:
    found, cited, place = answer.found, answer.cited, answer.place
    return {
        "answer": answer.word,
        "identity": found.identity.label,
        "kind": found.identity.kind,
        "module": found.module.name,
        "environment": found.root.environment.name,
        "role": found.role.name,
        "role_arn": found.role.arn,
        "action": answer.action,
        "resource": answer.resource,
        "reason": reason(answer),
        "files": list(answer.files),
        "needs": list(answer.decision.needs),
        "statement": {"sid": cited.statement.sid, "file": cited.policy.file, "policy": cited.policy.name} if cited else None,
        "decision": answer.decision.as_object(),
        "inventory": {
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "path": list(answer.change.path),
            "add": answer.change.add,
        },
        "notes": list(answer.notes),
    }
