"""What other ways to read a case are made of: each takes a case and answers with the case that it would be.

They say what a peer makes of a case in the terms of our own evaluation, and use none of the peer's code.
"""

import json
from collections.abc import Callable
from typing import Any

from differential.case import Case, statements

Statement = dict[str, Any]
NOTHING = "arn:aws:none:::none"
ARN_COLONS = 5


def replaced(case: Case, *pairs: tuple[str, str]) -> Case:
    """The case with other texts, wherever they are."""
    text = json.dumps([case.request, case.policies])
    for old, new in pairs:
        text = text.replace(old, new)
    request, policies = json.loads(text)
    return case._replace(request=request, policies=policies)


def edited(case: Case, edit: Callable[[Statement], Statement | None]) -> Case:
    """The case with each statement edited, or left out where there is nothing left of it."""
    return case._replace(policies={layer: _edited(found, edit) for layer, found in case.policies.items()})


def _edited(value: Any, edit: Callable[[Statement], Statement | None]) -> Any:
    if isinstance(value, list):
        return [_edited(each, edit) for each in value]
    if not isinstance(value, dict):
        return value
    kept = [found for each in statements(value) if (found := edit(each)) is not None]
    return {**value, "Statement": kept or [{"Effect": "Deny", "Action": "none:None", **_about_nothing(value)}]}


def _about_nothing(document: dict[str, Any]) -> Statement:
    """The rest of a statement that speaks of nothing, with the elements that this sort of policy must have."""
    have = set().union(*map(set, statements(document)))
    found = {"Principal": "*"} if have & {"Principal", "NotPrincipal"} else {}
    return {**found, "Resource": NOTHING} if have & {"Resource", "NotResource"} else found


def with_resources(case: Case, change: Callable[[str], str]) -> Case:
    """The case with each text for a resource changed."""

    def edit(statement: Statement) -> Statement:
        changed = {name: each_text(statement[name], change) for name in ("Resource", "NotResource") if name in statement}
        return {**statement, **changed}

    return edited(case, edit)


def each_text(texts: Any, change: Callable[[str], str]) -> Any:
    """One text or several, each changed."""
    return [change(text) for text in texts] if isinstance(texts, list) else change(texts)


def context(case: Case) -> dict[str, Any]:
    """The condition keys of the request."""
    return case.request.get("context") or {}


def conditions(change: Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]]) -> Callable[[Statement], Statement]:
    """An edit of each operator with its keys; without keys it is left out."""

    def edit(statement: Statement) -> Statement:
        if "Condition" not in statement:
            return statement
        found = dict(change(operator, keys) for operator, keys in statement["Condition"].items())
        return {**statement, "Condition": {operator: keys for operator, keys in found.items() if keys}}

    return edit


def unless(case: Case, test: Callable[[str, str, list[str]], bool]) -> Case:
    """The case without the statements of which some condition passes the test: its operator, its key and its values."""

    def edit(statement: Statement) -> Statement | None:
        block = statement.get("Condition", {}).items()
        every = [(operator, key, values) for operator, keys in block for key, values in keys.items()]
        is_out = any(test(operator, key, values if isinstance(values, list) else [values]) for operator, key, values in every)
        return None if is_out else statement

    return edited(case, edit)
