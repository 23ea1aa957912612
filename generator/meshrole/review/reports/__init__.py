"""One file a format. All of them say the same in the same order, and the same review is always the same bytes."""

from collections.abc import Callable

from meshrole.review.model import Review
from meshrole.review.reports.github import github
from meshrole.review.reports.gitlab import gitlab
from meshrole.review.reports.jsons import json
from meshrole.review.reports.junit import junit
from meshrole.review.reports.markdown import markdown
from meshrole.review.reports.sarif import sarif
from meshrole.review.reports.text import text

FORMATS: dict[str, Callable[[Review], str]] = {
    "text": text,
    "json": json,
    "sarif": sarif,
    "markdown": markdown,
    "github": github,
    "junit": junit,
    "gitlab": gitlab,
}
