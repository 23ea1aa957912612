"""JUnit XML: a case for each finding, one for each check that found nothing, skipped ones for what was accepted or is not known.

https://github.com/jenkinsci/xunit-plugin has the schema that most readers follow; GitLab tells cases apart by class and name.
"""

from collections.abc import Iterator
from html import escape

from meshrole.review.model import Finding, Review
from meshrole.review.reports.rules import rules
from meshrole.review.reports.words import accepted, at, facts, is_open, line, place, places, plain, sureness


def junit(review: Review) -> str:
    """The review as JUnit XML."""
    found = {finding.check for finding in review.findings}
    passed = [rule for rule in rules(()) if rule.id not in found]
    opened = sum(map(is_open, review.findings))
    cases = len(review.findings) + len(review.unknown) + len(passed)
    skipped = len(review.findings) - opened + len(review.unknown)
    counts = f'tests="{cases}" failures="{opened}" errors="0"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="meshrole review" {counts}>',
            f'<testsuite name={_attribute(review.plan)} {counts} skipped="{skipped}">',
            *map(_case, review.findings),
            *(_skipped("known-after-apply", f"{at(item)}: {item.what}", "known only after apply") for item in review.unknown),
            *(f"<testcase classname={_attribute(rule.id)} name={_attribute(rule.title)}/>" for rule in passed),
            f"<system-out>{'&#10;'.join(_output(review))}</system-out>",
            "</testsuite>",
            "</testsuites>\n",
        ]
    )


def _case(finding: Finding) -> str:
    name = f"{at(finding)}: {finding.message}"
    if not is_open(finding):
        return _skipped(finding.check, name, accepted(finding))
    details = [
        f"Fix: {finding.fix}" if finding.fix else "",
        *(f"At: {place(where)}" for where in places(finding)),
        sureness(finding),
    ]
    body = "&#10;".join(_data(detail) for detail in details if detail)
    return (
        f"<testcase classname={_attribute(finding.check)} name={_attribute(name)}>"
        f"<failure type={_attribute(finding.severity.name)} message={_attribute(finding.message)}>{body}</failure></testcase>"
    )


def _skipped(check: str, name: str, why: str) -> str:
    return f"<testcase classname={_attribute(check)} name={_attribute(name)}><skipped message={_attribute(why)}/></testcase>"


def _output(review: Review) -> Iterator[str]:
    yield from (_data(f"{fact.identity}  {line(fact)}") for fact in facts(review.changes))
    yield from (_data(f"note  {note}") for note in review.notes)


def _data(text: str) -> str:
    """Every character that XML 1.0 has none of is spelt out by `plain`: https://www.w3.org/TR/xml/#charsets"""
    return escape(plain(text), quote=False)


def _attribute(text: str) -> str:
    return f'"{escape(plain(text))}"'
