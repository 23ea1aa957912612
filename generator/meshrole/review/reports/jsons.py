"""The format `json`: version 1, made for programs."""

from meshrole.review.model import Review
from meshrole.review.reports.values import as_json, document


def json(review: Review) -> str:
    """The review as JSON."""
    return as_json(document(review))
