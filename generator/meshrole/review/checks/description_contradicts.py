"""A description that says less than the policy allows.

What: a role, a policy or a statement that calls itself read-only and allows writing, or says that it is for one resource and is
granted on all.
Why: people attach by name and description, and audits read them:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
Bad: description = "Read-only access to orders", and dynamodb:DeleteItem in the policy
Good: a description that says what is allowed, or a policy that does what it says
"""

import re
from collections.abc import Iterable, Iterator

from meshrole.review.checks.common.grants import documents, identities, own_statements
from meshrole.review.checks.common.levels import Level, highest, typed
from meshrole.review.checks.common.made import found, some
from meshrole.review.documents import Statement
from meshrole.review.facts import Facts, Text
from meshrole.review.model import Confidence, Finding, Severity

READ_ONLY = re.compile(
    r"(?<!not )(?<!non-)\b(?:read|view|list)[ _-]?only\b|\breadonly(?:access)?\b"
    r"|\b(?:no|without) writ|\b(?:cannot|never) (?:write|delete)",
    re.IGNORECASE,
)
SID_READ_ONLY = re.compile(r"Read_?Only|ViewOnly|ListOnly|readonly")
SINGLE = re.compile(
    r"\b(?:single|only (?:the|one|this|its own)|just (?:the|one)|least[ -]privilege|scoped (?:down )?to)\b"
    r"|\b(?:table|bucket|queue|topic|secret|key|parameter|stream|function)s? only\b",
    re.IGNORECASE,
)
FIX = "say what is allowed, or allow what is said"
# What a description's reader would not call writing: an agent's own logs and traces.
QUIET = ("logs:", "xray:", "cloudwatch:")


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each name, description or Sid that is contradicted."""
    for identity in identities(facts.after):
        description = getattr(identity, "description", None)
        yield from _of(identity.address, (identity.name, description), own_statements(identity))
    for managed in facts.after.policies:
        yield from _of(managed.address, (managed.name, managed.description), managed.policy.statements)
    for document in documents(facts.after):
        for statement in document.policy.statements:
            writes = _writes((statement,)) if SID_READ_ONLY.search(statement.sid) else []
            if writes:
                message = f"the statement {statement.sid} allows {some(writes)}"
                yield found(__name__, Severity.medium, document.address, message, FIX, Confidence.medium)


def _of(address: str, texts: tuple[Text, ...], statements: tuple[Statement, ...]) -> Iterator[Finding]:
    words = " ".join(text.replace("_", "-") for text in texts if isinstance(text, str))
    writes = _writes(statements) if READ_ONLY.search(words) else []
    if writes:
        message = f"calls itself read-only and allows {some(writes)}"
        yield found(__name__, Severity.medium, address, message, FIX, Confidence.medium)
    single = SINGLE.search(words)
    wide = _wide(statements) if single else []
    if single and wide:
        message = f'says "{single[0]}" and allows {some(wide)} on every resource'
        yield found(__name__, Severity.medium, address, message, FIX, Confidence.low)


def _writes(statements: Iterable[Statement]) -> list[str]:
    return [
        action
        for statement in statements
        if statement.effect == "Allow"
        for action in (*statement.actions, *("NotAction" for _ in statement.not_actions[:1]))
        if action == "NotAction" or (highest(action) >= Level.tagging and not action.startswith(QUIET))
    ]


def _wide(statements: Iterable[Statement]) -> list[str]:
    return [
        action
        for statement in statements
        if statement.effect == "Allow" and "*" in statement.resources and not statement.conditions
        for action in statement.actions
        if typed(action) and highest(action) >= Level.read
    ]
