"""The evaluation of a request against its policies, as AWS documents it.

`evaluate` is a pure function: a `Request` and a `PolicySet` in, a `Decision` with reasons out.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from meshrole.iam.evaluation.cases import Answered, simulate
from meshrole.iam.evaluation.decision import Decision, LayerDecision, StatementReference
from meshrole.iam.evaluation.evaluator import evaluate
from meshrole.iam.evaluation.policies import PolicySet
from meshrole.iam.evaluation.request import Request

__all__ = ["Answered", "Decision", "LayerDecision", "PolicySet", "Request", "StatementReference", "evaluate", "simulate"]
