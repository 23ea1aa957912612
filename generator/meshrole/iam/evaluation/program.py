"""What there is to ask about requests that are alike, and the decisions that the answers came to."""

from typing import Any

from meshrole.iam.evaluation import access
from meshrole.iam.evaluation.decision import Decision, Said
from meshrole.iam.evaluation.facts import Facts
from meshrole.iam.evaluation.plan import Plan, plan
from meshrole.iam.evaluation.policies import PolicySet
from meshrole.iam.evaluation.prepared import Prepared
from meshrole.iam.evaluation.verdict import decided

PROGRAMS = 1_024
DECISIONS = 4_096
NO_PERMISSION_NEEDED = Decision("allow", "implicit", None, None, ())


class Program:
    """A plan for one action.

    `questions` are put to the layers that do not say the same of every request for it; `decisions` are what their answers came to
    so far.
    """

    __slots__ = ("_asked", "_said", "decisions", "plan", "questions")

    def __init__(self, plan: Plan, action: str) -> None:
        self.plan = plan
        self.decisions: dict[tuple[Said, ...], Decision] = {}
        selected = () if plan.how == "always" else [layer.selected(action) for layer in plan.layers]
        self._said = [each.first for each in selected]
        self._asked = [index for index, each in enumerate(selected) if not each.is_settled]
        self.questions = tuple(selected[index].says for index in self._asked)

    def decide(self, answers: tuple[Said, ...]) -> Decision:
        """The decision when the layers that are asked answer so."""
        if self.plan.how == "always":
            return NO_PERMISSION_NEEDED
        said = [*self._said]
        for index, answer in zip(self._asked, answers, strict=True):
            said[index] = answer
        if len(self.decisions) >= DECISIONS:
            self.decisions.clear()
        layers = tuple(each.decision for each in said)
        found = self.decisions[answers] = decided(self.plan, layers, [each.grade for each in said])
        return found


def program(facts: Facts, policies: PolicySet) -> Program:
    """The program of a request: that of the requests before with the same action, by who is alike, for what is alike.

    Raises InputError for policies that AWS would reject.
    """
    principal = facts.principal
    key: tuple[Any, ...] = (
        facts.action,
        facts.partition,
        facts.resource_account,
        facts.management_account,
        principal.kind,
        principal.account,
        principal.partition,
        principal.service_linked,
    )
    if facts.service in access.BY_RESOURCE:
        key += access.marks(facts)
    prepared = policies.prepared
    return prepared.programs.get(key) or _made(key, facts, prepared)


def _made(key: tuple[Any, ...], facts: Facts, prepared: Prepared) -> Program:
    made = Program(plan(facts, prepared), facts.action)
    if len(prepared.programs) >= PROGRAMS:
        prepared.programs.clear()
    prepared.programs[key] = made
    return made
