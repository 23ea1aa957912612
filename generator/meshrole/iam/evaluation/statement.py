"""A statement made ready: does it speak of this request?"""

from collections.abc import Iterator, Mapping
from typing import Any

from meshrole.iam.evaluation import conditions, pattern
from meshrole.iam.evaluation.decision import DENIED, Answer, LayerDecision, Said, StatementReference
from meshrole.iam.evaluation.facts import Facts
from meshrole.iam.evaluation.pattern import Patterns, Pieces
from meshrole.iam.evaluation.principal import EVERYBODY, Grade, name
from meshrole.iam.evaluation.sorts import Sort
from meshrole.iam.evaluation.values import UNKNOWN

DIRECT = int(Grade.direct)
ARN_COLONS = 5
# API Gateway completes these itself.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
SHORT_API = "execute-api:/"
WITH_VARIABLES = "2012-10-17"


class Statement:
    """One statement of a policy.

    `said` is what its layer says where the statement decides, `denying` and, by grade, `allowing` the same with how directly;
    `is_about_all` is whether it speaks of every request for one of its
    actions; `conditions` are the tests of its conditions, and `variables` the keys in its resources.
    """

    __slots__ = (
        "_actions",
        "_everybody",
        "_holds",
        "_named",
        "_not_action",
        "_not_principal",
        "_not_resource",
        "_only",
        "_resources",
        "_texts",
        "allowing",
        "conditions",
        "denying",
        "is_about_all",
        "is_deny",
        "reference",
        "said",
        "variables",
    )

    def __init__(self, value: Mapping[str, Any], sort: Sort, version: str, reference: StatementReference) -> None:
        has_variables = version == WITH_VARIABLES
        self.reference = reference
        self.is_deny = value["Effect"] == "Deny"
        effect: Answer = "deny" if self.is_deny else "allow"
        self.said = LayerDecision(reference.layer, effect, "explicit", reference, reference.level)
        self.denying = Said(self.said, DENIED)
        self.allowing = tuple(Said(self.said, int(grade)) for grade in Grade)
        self._not_action = "NotAction" in value
        self._actions = Patterns(_actions(value))
        self._not_resource = "NotResource" in value
        resources = _resources(value, sort, has_variables)
        self._texts = resources.test if resources else None
        self._resources = resources.match if resources and not self._texts else None
        self.variables = resources.names if resources else ()
        self._not_principal = "NotPrincipal" in value
        self._named = frozenset(_named(value.get("NotPrincipal", value.get("Principal"))))
        self._only = next(iter(self._named)) if len(self._named) == 1 else None
        self._everybody = sort.principal == "forbidden" or (not self._not_principal and EVERYBODY in self._named)
        self.conditions = conditions.tests(value.get("Condition", {}), has_variables=has_variables)
        self._holds = tuple(each.holds for each in self.conditions)
        self.is_about_all = self._everybody and resources is None and not self.conditions

    def speaks_of(self, action: str) -> bool:
        """Whether it is about this action, given in lower case."""
        return bool(self._actions.match(action, _nothing)) is not self._not_action

    def match(self, facts: Facts, has_boundary: bool) -> int:
        """How directly it speaks of the request's principal: a grade, below zero where a value that is missing decides that."""
        sure = True
        if self._texts is not None:
            if self._texts(facts.resource) is self._not_resource:
                return 0
        elif self._resources is not None:
            result = self._resources(facts.resource, facts.lookup)
            if result is self._not_resource:
                return 0
            sure = result is not None
        grade = DIRECT if self._everybody else self._grade(facts, has_boundary)
        if grade and self._holds:
            lookup = facts.lookup
            for holds in self._holds:
                held = holds(lookup)
                if not held:
                    if held is not None:
                        return 0
                    sure = False
        return grade if sure else -grade

    def needs(self, facts: Facts) -> Iterator[str]:
        """The keys that it would have to know to be sure."""
        if self._resources is not None and self._resources(facts.resource, facts.lookup) is None:
            yield from (key for key in self.variables if facts.lookup(key.lower()) is UNKNOWN)
        for each in self.conditions:
            if each.holds(facts.lookup) is None:
                yield from each.needs(facts.lookup)

    def _grade(self, facts: Facts, has_boundary: bool) -> int:
        if self._not_principal:
            return Grade.none if self._is_exempt(facts, has_boundary) else Grade.direct
        names = facts.principal.names
        if self._only is not None:
            return names.get(self._only, Grade.none)
        for each, grade in names.items():
            if each in self._named:
                return grade
        return Grade.none

    def _is_exempt(self, facts: Facts, has_boundary: bool) -> bool:
        """Whether NotPrincipal names the caller: for a user or role its account too, and of a session the role.

        It never names who has a permissions boundary.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        if EVERYBODY in self._named:
            return True
        principal = facts.principal
        if not principal.has_identity:
            return any(each in self._named for each in principal.names)
        if has_boundary:
            return False
        own = Grade.entity if principal.kind == "role" else Grade.direct
        wanted = [each for each, grade in principal.names.items() if grade in (own, Grade.account) and each != EVERYBODY]
        return all(each in self._named for each in wanted)


def _actions(value: Mapping[str, Any]) -> Iterator[Pieces]:
    for text in conditions.listed(value.get("NotAction", value.get("Action"))):
        yield pattern.read(text.lower(), wildcards=True, variables=False)


def _resources(value: Mapping[str, Any], sort: Sort, has_variables: bool) -> Patterns | None:
    """None where the statement speaks of whatever its policy is attached to."""
    given = value.get("NotResource", value.get("Resource"))
    if given is None:
        return None
    texts = [_completed(text, sort) for text in conditions.listed(given)]
    if "NotResource" not in value and "*" in texts:
        return None
    return Patterns(
        pattern.read(text, wildcards=True, variables=has_variables and not _has_variable_in_head(text)) for text in texts
    )


def _completed(text: str, sort: Sort) -> str:
    """An ARN that ends early has `*` for the parts that are missing, in an identity-based policy.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html#policies-grammar-notes-strings
    """
    if text.startswith(SHORT_API):
        return f"arn:*:execute-api:*:*:*/{text.removeprefix(SHORT_API)}"
    if sort.principal == "forbidden" and text.startswith("arn:"):
        return text + ":*" * (ARN_COLONS - text.count(":"))
    return text


def _has_variable_in_head(text: str) -> bool:
    """A variable can be in the last part of an ARN only; elsewhere it is plain text.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-resourceelement
    """
    return text.startswith("arn:") and any("${" in part for part in text.split(":", ARN_COLONS)[:ARN_COLONS])


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield name(value)
    elif value:
        yield from (name(text) for texts in value.values() for text in conditions.listed(texts))


def _nothing(_: str) -> tuple[str, ...]:
    return ()
