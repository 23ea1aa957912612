"""From a request and its policies to a decision with reasons.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from meshrole.iam.evaluation.decision import Decision
from meshrole.iam.evaluation.plan import plan
from meshrole.iam.evaluation.policies import PolicySet
from meshrole.iam.evaluation.request import Request
from meshrole.iam.evaluation.unsure import weighed
from meshrole.iam.evaluation.verdict import decided

NO_PERMISSION_NEEDED = Decision("allow", "implicit", None, None, ())


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """Whether AWS allows the request, and why: a pure function of both.

    Raises InputError for policies that AWS would reject.
    """
    facts = request.facts
    ready = plan(facts, policies)
    if ready.how == "always":
        return NO_PERMISSION_NEEDED
    has_boundary = ready.has_boundary
    layers, grades = [], []
    for layer in ready.layers:
        says = layer.says(facts, has_boundary)
        if says is None:
            return weighed(facts, ready)
        layers.append(says[0])
        grades.append(says[1])
    return decided(ready, tuple(layers), grades)
