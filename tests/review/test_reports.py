"""Every format: valid against its schema, the same bytes each time, everything in it, and no string of a plan that steers a reader."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft7Validator
from markdown_it import MarkdownIt

from meshrole.review.model import Change, Confidence, Finding, Permission, Review, Severity, Trusted, Unknown, Waiver, Where
from meshrole.review.reports import FORMATS
from meshrole.review.reports.uri import uri
from meshrole.review.reports.words import is_open, plain
from review.sample import EMPTY, LOOSE, ONE_ACTION, ORDERS, RELEASE, REVIEW, SMALL

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
GOLDEN = {"text": "review.txt", "markdown": "review.md", "github": "review.github"}
# What has been used to break out of one of these formats, or out of what shows them.
HOSTILE = (
    "::error::x",
    "\n::add-mask::x",
    "  ::stop-commands::x",
    "##[add-mask]x",
    "##vso[task.setvariable variable=a]b",
    "%0A::warning::x",
    "a,file=/etc/passwd,title=x",
    "\x1b[31m\x1b]0;t\x07",
    "a\r\nb\tc\x00\x85\u2028",
    "\u202eevil\u2066",
    "\ud800",
    "`` ` ```",
    "| a | b |\n|---|---|",
    "<script>alert(1)</script>",
    "<!-- --><img src=x onerror=y>",
    "</details></summary>",
    "[x](https://example.com)",
    "![x](//example.com/p.png)",
    "https://example.com www.example.com a@example.com",
    "@acme/admins #1 GH-1 acme/infra#2 :tada:",
    "*a* _b_ ~~c~~ $x$ \\",
    "# title",
    "- [x] done",
    "]]></failure><system-out>&amp;",
    "\ufffe\uffff\U0001f600",
    "{0} [link](0)",
    "../../../etc/passwd",
    "//example.com/a b?c#d",
    "",
    " ",
)
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(), max_size=30), st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join)
)


def filled(text: str) -> Review:
    """A review in which everything that comes from a plan or a file is `text`."""
    permission = Permission(text, text, text, text)
    trusted = (Trusted(text, text, text), Trusted(text, text, text, text))
    change = Change(text, text, "replace", (permission,), (permission,), trusted, trusted, (text,))
    finding = Finding("shared-role", Severity.high, Confidence.low, text, text, text, Where(text, 3), Where(text))
    waived = replace(finding, waiver=Waiver(text, text, text))
    findings = (finding, replace(finding, code=None, inventory=None), waived, replace(finding, in_baseline=True))
    return Review(text, findings, (change,), (Unknown(text, text),), (text,))


hostile = texts.map(filled)


def sarif_schema() -> Draft4Validator:
    return Draft4Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text()))


# What they say.


@pytest.mark.parametrize("name", GOLDEN)
def test_a_review_reads_as_it_was_read_by_hand(name):
    path = HERE / "golden" / GOLDEN[name]
    if os.environ.get("MESHROLE_GOLDEN"):
        path.write_text(FORMATS[name](REVIEW))
    assert FORMATS[name](REVIEW) == path.read_text()


def test_one_action_more_is_one_line():
    assert FORMATS["text"](SMALL).splitlines() == [
        "checkout  + dynamodb:PutItem on table/orders (write)",
        "",
        "no findings, 1 identity changed",
    ]
    rows = [row for row in FORMATS["markdown"](SMALL).splitlines() if "PutItem" in row]
    assert rows == ["| `checkout` | + | `dynamodb:PutItem` on `table/orders` (write) |"]


def test_no_change_is_one_line():
    assert FORMATS["text"](EMPTY) == "no findings, no access changed\n"


def test_json_has_the_documented_shape():
    value = json.loads(FORMATS["json"](replace(SMALL, findings=(replace(LOOSE, code=None, inventory=None),))))
    assert value["version"] == 1
    assert value["findings"] == [
        {
            "check": "oidc-loose-sub",
            "severity": "critical",
            "confidence": "high",
            "address": 'aws_iam_role.release["eu"]',
            "message": "any branch of acme/infra may assume the role: the subject is repo:acme/infra:*",
            "fix": "name the branch",
            "waived": False,
        }
    ]
    (change,) = value["changes"]
    assert (change["identity"], change["address"]) == ("checkout", "aws_iam_role.checkout")
    assert change["gained"] == [{"action": "dynamodb:PutItem", "resource": ORDERS, "condition": "", "level": "Write"}]
    assert change["lost"] == change["trust_gained"] == change["trust_lost"] == value["unknown"] == []
    assert (value["summary"]["findings"], value["summary"]["by_severity"]["critical"], value["summary"]["gained"]) == (1, 1, 1)


def test_resources_of_two_accounts_are_named_in_full():
    other = ORDERS.replace("111122223333", "444455556666")
    change = replace(ONE_ACTION, lost=(Permission("dynamodb:PutItem", other, "", "Write"),))
    told = FORMATS["text"](replace(SMALL, changes=(change,)))
    assert f"+ dynamodb:PutItem on {ORDERS} (write)" in told
    assert f"- dynamodb:PutItem on {other} (write)" in told


def test_the_resource_of_another_account_stands_out():
    other = ORDERS.replace("111122223333", "444455556666")
    paid = ORDERS.replace("table/orders", "table/paid")
    change = replace(ONE_ACTION, gained=tuple(Permission("dynamodb:PutItem", name) for name in (ORDERS, paid, other)))
    told = FORMATS["text"](replace(SMALL, changes=(change,))).splitlines()
    assert told[:3] == [f"checkout  + dynamodb:PutItem on {name}" for name in ("table/orders", "table/paid", other)]


@pytest.mark.parametrize("wide", ["arn:aws:dynamodb:*:111122223333:table/orders", "arn:aws:sqs:eu-west-1:111122223333:*", "*"])
def test_a_resource_that_is_a_pattern_of_more_than_its_name_is_shown_whole(wide):
    change = replace(ONE_ACTION, gained=(Permission("dynamodb:PutItem", wide),))
    assert f"+ dynamodb:PutItem on {wide}\n" in FORMATS["text"](replace(SMALL, changes=(change,)))


@pytest.mark.parametrize(
    ("arn", "shown"),
    [
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaRole", "AWSLambdaRole"),
        ("arn:aws:iam::111122223333:policy/AWSLambdaRole", "arn:aws:iam::111122223333:policy/AWSLambdaRole"),
    ],
)
def test_a_policy_whose_content_is_not_in_the_plan_is_named(arn, shown):
    change = replace(ONE_ACTION, gained=(Permission(arn, "*"),))
    told = FORMATS["text"](replace(SMALL, changes=(change,))).splitlines()
    assert told[0] == f"checkout  + everything that the policy {shown} allows"


@pytest.mark.parametrize("name", FORMATS)
def test_everything_is_in_every_format_and_in_one_order(name):
    shown = FORMATS[name](REVIEW).replace("`", "")
    for group in ([item for item in REVIEW.findings if is_open(item)], [item for item in REVIEW.findings if not is_open(item)]):
        positions = [shown.index(item.message) for item in group]
        assert all(one < two for one, two in pairwise(positions)), name
    for word in ("dynamodb:PutItem", "s3:GetObjectVersion", "aws_iam_role_policy.late", "two tasks use it", "Terraform"):
        assert word in shown, (name, word)
    assert shown.index("dynamodb:PutItem") < shown.index("s3:GetObjectVersion")


@pytest.mark.parametrize("review", [REVIEW, EMPTY, SMALL], ids=["review", "empty", "small"])
def test_two_hash_seeds_make_the_same_bytes(review):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from meshrole.review.reports import FORMATS\nfrom review import sample\n"
        "print([FORMATS[name](review) for name in FORMATS for review in (sample.REVIEW, sample.EMPTY)])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, str(HERE.parent)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert all(FORMATS[name](review) == FORMATS[name](review) for name in FORMATS)


# Schemas.


@pytest.mark.parametrize("review", [REVIEW, EMPTY, SMALL, *map(filled, HOSTILE)])
def test_sarif_is_valid(review):
    sarif_schema().validate(json.loads(FORMATS["sarif"](review)))


@pytest.mark.parametrize("review", [REVIEW, EMPTY, SMALL, *map(filled, HOSTILE)])
def test_gitlab_is_valid(review):
    issues = json.loads(FORMATS["gitlab"](review))
    Draft7Validator(json.loads((SCHEMAS / "gitlab-code-quality.json").read_text())).validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues), "GitLab shows the first of equal fingerprints alone"


@pytest.mark.parametrize("review", [REVIEW, EMPTY, SMALL, *map(filled, HOSTILE)])
def test_junit_is_valid(review):
    xmlschema = pytest.importorskip("xmlschema")
    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(ET.fromstring(FORMATS["junit"](review)))


def test_sarif_tells_code_scanning_what_it_needs():
    (run,) = json.loads(FORMATS["sarif"](REVIEW))["runs"]
    rules = run["tool"]["driver"]["rules"]
    loose, wildcard, waived, old = run["results"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [item.check for item in REVIEW.findings]
    assert rules[loose["ruleIndex"]]["properties"] == {"tags": ["security"], "security-severity": "9.5"}
    assert "**Bad.**" in rules[loose["ruleIndex"]]["help"]["markdown"]
    assert loose["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "terraform/prod/roles.tf"},
        "region": {"startLine": 12},
    }
    assert waived["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "plans/prod.json"}
    assert [len(result["suppressions"]) for result in (loose, wildcard, waived, old)] == [0, 0, 1, 1]
    assert [result["level"] for result in (loose, wildcard, waived, old)] == ["error", "error", "warning", "note"]
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].startswith("aws_iam_role_policy.late: known")


def test_a_finding_is_known_again_when_its_line_moves_and_not_when_it_gets_worse():
    def prints(finding: Finding) -> dict[str, str]:
        (run,) = json.loads(FORMATS["sarif"](replace(REVIEW, findings=(finding,))))["runs"]
        return run["results"][0]["partialFingerprints"]

    assert prints(LOOSE) == prints(replace(LOOSE, code=Where("terraform/prod/roles.tf", 99)))
    assert prints(LOOSE) != prints(replace(LOOSE, message="anybody may assume the role"))


# Escaping.


@given(hostile)
@settings(deadline=None)
def test_text_stays_lines_that_are_seen(review):
    shown = FORMATS["text"](review)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert shown.count("\n") == FORMATS["text"](filled("x")).count("\n") - (0 if review.plan else 1)
    assert not commands(shown)


@given(hostile)
@settings(deadline=None)
def test_github_holds_our_commands_alone(review):
    lines = FORMATS["github"](review).splitlines()
    wanted = ["notice", "error", "error", "notice", "notice", "warning", "notice"]
    assert [command for command, *_ in commands("\n".join(lines))] == wanted
    assert len(lines) == len(wanted)
    for line in lines:
        ((_, properties, data),) = commands(line)
        assert set(properties) <= {"file", "line", "title"}
        assert all(part.isprintable() for part in (*properties.values(), *data.split("\n")))
    _, properties, data = commands(lines[1])[0]
    assert properties.get("file", "") == plain(review.plan)
    assert data.split("\n")[0] == plain(f"{review.plan}: {review.plan}")


@given(hostile)
@settings(deadline=None)
def test_markdown_keeps_its_structure(review):
    assert shape(FORMATS["markdown"](review)) == shape(FORMATS["markdown"](filled(review.plan and "x")))


@given(hostile)
@settings(deadline=None)
def test_markdown_mentions_and_links_nothing(review):
    for kind, content in inline(FORMATS["markdown"](review)):
        assert kind in {"text", "code_inline", "strong_open", "strong_close", "em_open", "em_close", "softbreak", "html_inline"}
        assert kind != "html_inline" or content == "<br>"
        assert kind != "text" or re.fullmatch(r"[A-Za-z0-9 ,.;:()'%!?+_-]*", content), content
        assert kind != "text" or not re.search(r"@|#|www\.|://|:[a-z0-9_+-]+:|\bGH-\d|\w\.\w", content), content


@given(hostile)
@settings(deadline=None)
def test_xml_is_read_back_as_it_was(review):
    root = ET.fromstring(FORMATS["junit"](review))
    case = root[0].find("testcase")
    assert case.get("name") == plain(f"{review.plan}: {review.plan}")
    assert case.find("failure").get("message") == plain(review.plan)
    assert root[0].get("tests") == str(len(root[0].findall("testcase")))
    assert root[0].get("skipped") == str(len(root[0].findall("testcase/skipped")))
    assert root[0].get("failures") == str(len(root[0].findall("testcase/failure")))


@given(hostile)
@settings(deadline=None)
def test_json_is_read_back_exactly(review):
    shown = FORMATS["json"](review)
    assert shown.isascii()
    assert not commands(shown)
    value = json.loads(shown)
    assert value["findings"][0]["message"] == value["changes"][0]["identity"] == value["unknown"][0]["what"] == review.plan


@example(filled("/"))
@given(hostile)
@settings(max_examples=40, deadline=None)
def test_sarif_and_gitlab_hold_no_link_placeholder_or_command(review):
    shown = FORMATS["sarif"](review)
    assert shown.isascii()
    assert not commands(shown + FORMATS["gitlab"](review))
    for result in json.loads(shown)["runs"][0]["results"]:
        assert not re.search(r"\[[^\]]*\]\(", result["message"]["text"])
        assert not re.search(r"(?<!\{)\{(\{\{)*\d+\}(?!\})", result["message"]["text"])
        assert re.fullmatch(r"(file:///)?[\w.%~/-]+", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        assert not result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("//")


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("a/b.tf", "a/b.tf"),
        ("./a b.tf", "a%20b.tf"),
        ("/etc/a b?c#d", "file:///etc/a%20b%3Fc%23d"),
        ("//example.com/x", "file:///example.com/x"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("100%.tf", "100%25.tf"),
        ("é.tf", "%C3%A9.tf"),
        ("", "plan.json"),
    ],
)
def test_a_file_is_a_uri_of_a_file(file, wanted):
    assert uri(file) == wanted


# Size.


def test_many_findings_that_are_alike_are_one_line_and_folded():
    many = tuple(replace(LOOSE, address=f"aws_iam_role.r{number}") for number in range(4))
    shown = FORMATS["markdown"](Review("p", (*many, replace(LOOSE, severity=Severity.low)), (), ()))
    seen, _, folded = shown.partition("<details>")
    assert "- **critical** `oidc-loose-sub`: 4 times, folded below<br>_Fix:_ name the branch\n" in seen
    assert "aws_iam_role" not in seen
    assert "<summary>4 findings of oidc-loose-sub</summary>" in folded
    assert all(f"`aws_iam_role.r{number}`" in folded for number in range(4))
    assert "<summary>1 minor finding</summary>" in folded


def test_a_finding_without_a_place_is_at_the_first_plan():
    review = Review("a/1.json, 2.json", (replace(LOOSE, code=None, inventory=None),), (), ())
    (run,) = json.loads(FORMATS["sarif"](review))["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "a/1.json"}
    assert json.loads(FORMATS["gitlab"](review))[0]["location"]["path"] == "a/1.json"


@pytest.mark.parametrize("length", [5, 3_000])
def test_a_comment_is_cut_and_says_how_much_is_missing(length):
    changes = tuple(replace(RELEASE, identity=f"role-{number}-{'é' * length}") for number in range(2_000))
    findings = tuple(
        replace(LOOSE, message=f"finding {number} " + "word " * length, fix=f"fix {number}") for number in range(2_000)
    )
    unknown = tuple(Unknown(f"aws_iam_role.r{number}", "the policy") for number in range(2_000))
    shown = FORMATS["markdown"](Review("p", findings, changes, unknown))
    assert len(shown) <= 65_536
    told = [int(count) for count in re.findall(r"_(\d+) more (?:change|finding|line)s? left out", shown)]
    rows, items, lines = (len(re.findall(start, shown, re.MULTILINE)) for start in (r"^\| `role", r"^- \*\*", r"^- `"))
    assert told == [2_000 * 5 - rows, 2_000 - items, 2_000 - lines]
    assert rows > 10
    assert items > 10
    assert shown.count("<details>") == shown.count("</details>") <= 1


def test_no_part_that_is_folded_is_lost_in_silence():
    findings = tuple(replace(LOOSE, check=f"check-{number // 50}", address=f"a.b{number}") for number in range(5_000))
    shown = FORMATS["markdown"](Review("p", findings, (), (Unknown("a.unknown", "x"),)))
    assert len(shown) <= 65_536
    assert shown.count("50 times, folded below") == 100
    (left_out,) = re.findall(r"_(\d+) more lines left out", shown)
    assert len(re.findall(r"`a\.", shown)) + int(left_out) == 5_001


def test_one_review_is_one_marker_and_another_plan_another():
    first = [FORMATS["markdown"](review).splitlines()[0] for review in (REVIEW, EMPTY, replace(EMPTY, plan="plans/dev.json"))]
    assert first[0] == first[1] != first[2]
    assert all(re.fullmatch(r"<!-- meshrole-review [0-9a-f]{16} -->", marker) for marker in first)


def commands(shown: str) -> list[tuple[str, dict[str, str], str]]:
    """What a GitHub runner would take for commands, read as its ActionCommand.cs reads a line: both of its syntaxes."""
    found = []
    for line in shown.split("\n"):
        if (new := line.lstrip()).startswith("::") and (end := new.find("::", 2)) >= 0:
            name, _, listed = new[2:end].partition(" ")
            pairs = [pair.split("=", 1) for pair in listed.split(",") if "=" in pair]
            found.append((name, {key: unescaped(value) for key, value in pairs}, unescaped(new[end + 2 :])))
        elif "##[" in line or "##vso[" in line:
            found.append(("old", {}, line))
    return found


def unescaped(value: str) -> str:
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(written, meant)
    return value


def parsed(shown: str) -> list:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(shown)


def inline(shown: str) -> list[tuple[str, str]]:
    return [(child.type, child.content) for token in parsed(shown) for child in token.children or ()]


def shape(shown: str) -> list[tuple[str, str]]:
    """The blocks, with the HTML in them, but for the marker."""
    blocks = [(token.type, token.content if token.type == "html_block" else "") for token in parsed(shown)]
    return [(kind, re.sub(r"meshrole-review [0-9a-f]+", "", content)) for kind, content in blocks]
