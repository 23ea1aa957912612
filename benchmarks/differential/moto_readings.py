"""How moto reads a case where it reads it in another way than we do."""

import re

from differential.case import Case
from differential.reading import ARN_COLONS, NOTHING, Statement, each_text, edited, with_resources
from meshrole.iam import Request


def without_conditions(case: Case) -> Case:
    """Every condition holds."""
    return edited(case, lambda statement: {name: value for name, value in statement.items() if name != "Condition"})


def not_resource_allows(case: Case) -> Case:
    """A statement without a resource allows everything, also one that denies."""
    return edited(case, _not_resource)


def _not_resource(statement: Statement) -> Statement:
    if statement.get("Resource"):
        return statement
    kept = {name: value for name, value in statement.items() if name != "NotResource"}
    return {**kept, "Effect": "Allow", "Resource": "*"}


def exact_actions(case: Case) -> Case:
    """Capital letters make a difference in actions: what matches in other letters only matches nothing."""
    action = case.request["action"]

    def spelt(text: str) -> str:
        shape = ".*".join(re.escape(part).replace(r"\?", ".") for part in text.split("*"))
        exact, other = re.fullmatch(shape, action), re.fullmatch(shape, action, re.IGNORECASE)
        return "none:None" if other and not exact else text

    def edit(statement: Statement) -> Statement:
        changed = {name: each_text(statement[name], spelt) for name in ("Action", "NotAction") if name in statement}
        return {**statement, **changed}

    return edited(case, edit)


def whole_arns(case: Case) -> Case:
    """An ARN that ends early is the ARN of nothing."""
    return with_resources(case, lambda text: NOTHING if text.startswith("arn:") and text.count(":") < ARN_COLONS else text)


def without_variables(case: Case) -> Case:
    """A resource with a variable in it is the resource of nothing."""
    return with_resources(case, lambda text: NOTHING if "${" in text else text)


def without_question_marks(case: Case) -> Case:
    """A resource with a question mark in it is the resource of nothing."""
    return with_resources(case, lambda text: NOTHING if "?" in text else text)


def trusted_account(case: Case) -> Case:
    """The resource's own policy, where one is needed, delegates to the account."""
    account = Request.of(case.request).facts.principal.account
    if case.policies.get("resource") or account is None:
        return case
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "*"}
    if not case.request["action"].startswith("sts:"):
        statement["Resource"] = "*"
    return case._replace(policies={**case.policies, "resource": {"Version": "2012-10-17", "Statement": [statement]}})
