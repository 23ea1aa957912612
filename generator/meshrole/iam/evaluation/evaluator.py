"""From a request and its policies to a decision with reasons.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from meshrole.iam.evaluation.decision import Decision
from meshrole.iam.evaluation.policies import PolicySet
from meshrole.iam.evaluation.program import program
from meshrole.iam.evaluation.request import Request
from meshrole.iam.evaluation.unsure import weighed


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """Whether AWS allows the request, and why: a pure function of both.

    Raises InputError for policies that AWS would reject.
    """
    facts = request.facts
    ready = program(facts, policies)
    has_boundary = ready.plan.has_boundary
    answers = []
    for says in ready.questions:
        said = says(facts, has_boundary)
        if said is None:
            return weighed(facts, ready.plan)
        answers.append(said)
    found = tuple(answers)
    return ready.decisions.get(found) or ready.decide(found)
