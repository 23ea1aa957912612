"""The vocabulary of IAM, as pure functions and frozen values. The one thing that is read is AWS's own reference of actions."""

from typing import TYPE_CHECKING, Any

from meshrole.iam.actions import Action, acts_on, arn_formats, data_version, expand, find, nearest, service_exists
from meshrole.iam.arn import Arn, parse
from meshrole.iam.boundary import forbidden
from meshrole.iam.condition import check, global_keys, is_for_all_values
from meshrole.iam.packing import pack
from meshrole.iam.policy import Conditions, Document, Statement, as_object, conditions, sid, size, text
from meshrole.iam.wildcard import covers, matches, overlaps

if TYPE_CHECKING:
    from meshrole.iam.evaluation import Decision, LayerDecision, PolicySet, Request, StatementReference, evaluate, simulate

__all__ = [
    "Action",
    "Arn",
    "Conditions",
    "Decision",
    "Document",
    "LayerDecision",
    "PolicySet",
    "Request",
    "Statement",
    "StatementReference",
    "acts_on",
    "arn_formats",
    "as_object",
    "check",
    "conditions",
    "covers",
    "data_version",
    "evaluate",
    "expand",
    "find",
    "forbidden",
    "global_keys",
    "is_for_all_values",
    "matches",
    "nearest",
    "overlaps",
    "pack",
    "parse",
    "service_exists",
    "sid",
    "simulate",
    "size",
    "text",
]

# Reading the evaluator takes as long as reading the rest of this room, and most commands decide no request.
EVALUATION = ("Decision", "LayerDecision", "PolicySet", "Request", "StatementReference", "evaluate", "simulate")


def __getattr__(name: str) -> Any:
    if name not in EVALUATION:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from meshrole.iam import evaluation

    return getattr(evaluation, name)
