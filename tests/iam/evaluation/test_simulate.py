"""`meshrole simulate`: every line is answered in its place, whatever it is."""

import json
import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshrole.iam import simulate

COMMAND = [sys.executable, "-c", "from meshrole.cli import main; main()", "simulate"]
USER = "arn:aws:iam::111122223333:user/ana"


def case(name, action="s3:GetObject", **policies):
    every = {"identity": [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}]}
    request = {"principal": USER, "action": action, "resource": "arn:aws:s3:::bucket/key", "context": {}}
    return json.dumps({"id": name, "request": request, "policies": every | policies})


def run(content, *arguments, **options):
    return subprocess.run([*COMMAND, *(arguments or ["-"])], input=content, capture_output=True, check=False, **options)


def answers(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_file_is_answered_line_by_line(tmp_path, meshrole):
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{case('one')}\n{case('two', 'sqs:SendMessage')}\n")
    outcome = meshrole("simulate", path)
    assert (outcome.code, outcome.errors) == (0, "")
    statement = {"document": 0, "index": 0, "sid": None, "layer": "identity"}
    assert answers(outcome.output) == [
        {
            "id": "one",
            "decision": "allow",
            "kind": "explicit",
            "layer": "identity",
            "layers": [{"layer": "identity", "decision": "allow", "kind": "explicit", "statement": statement}],
            "statement": statement,
            "needs": [],
        },
        {
            "id": "two",
            "decision": "deny",
            "kind": "implicit",
            "layer": "identity",
            "layers": [{"layer": "identity", "decision": "deny", "kind": "implicit", "statement": None}],
            "statement": None,
            "needs": [],
        },
    ]


BAD = {
    "no JSON": (b"{", None, "line 2 is not JSON"),
    "no object": (b"[1]", None, "line 2 is not an object"),
    "no UTF-8": (b'{"id": "\xff"}', None, "line 2 is not JSON"),
    "a key twice": (b'{"id": 1, "id": 2}', None, "the key id is given twice"),
    "no number": (b'{"id": NaN}', None, "NaN is no number"),
    "a number too great": (b'{"id": 1e999}', None, "1e999 is no number"),
    "nested deeply": (b"[" * 100_000, None, "line 2 is nested too deeply"),
    "no request": (b'{"id": 7}', 7, "request: a request must be an object"),
    "an unknown field": (b'{"id": 7, "reqest": {}}', 7, "a case has no such field (found reqest)"),
    "policies of no kind": (case("x", groups=[]).encode(), "x", "policies: there is no such layer (found groups)"),
    "a policy that AWS rejects": (
        case("x", identity=[{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Sid": "a b"}]}]).encode(),
        "x",
        "policies > identity > Statement > 0 > Sid: a Sid must be letters and digits (found a b)",
    ),
    "an element twice": (
        case("x").replace('"Effect": "Allow"', '"Effect": "Allow", "Effect": "Allow"').encode(),
        None,
        "the key Effect is given twice",
    ),
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_line_that_is_no_case_is_answered_with_an_error_and_the_next_is_read(line):
    content, name, error = line
    done = run(b"\n".join([case("before").encode(), content, case("after").encode()]))
    before, bad, after = answers(done.stdout)
    assert (done.returncode, done.stderr) == (3, b"")
    assert (before["decision"], after["decision"]) == ("allow", "allow")
    assert bad.keys() == {"id", "error"}
    assert bad["id"] == name
    assert error in bad["error"]
    assert "\n" not in bad["error"]


def test_blank_lines_and_a_mark_at_the_beginning_are_no_cases():
    done = run(f"\ufeff{case('one')}\n\n  \r\n{case('two')}\r\n\n".encode())
    assert done.returncode == 0
    assert [answer["id"] for answer in answers(done.stdout)] == ["one", "two"]


def test_notes_beside_a_whole_case_are_not_looked_at():
    done = run(json.dumps({"page": "https://docs.aws.amazon.com/", **json.loads(case("one")), "expected": "allow"}).encode())
    assert (done.returncode, answers(done.stdout)[0]["decision"]) == (0, "allow")


def test_nothing_in_is_nothing_out():
    done = run(b"")
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_huge_line_is_a_case_like_any_other():
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": [f"arn:aws:s3:::other/{number}" for number in range(200_000)]}
    done = run(f"{case('huge', identity=[{'Statement': statement}])}\n{case('small')}\n".encode())
    assert done.returncode == 0
    assert [(answer["id"], answer["decision"]) for answer in answers(done.stdout)] == [("huge", "deny"), ("small", "allow")]


def test_an_id_may_be_anything_and_comes_back_as_it_was():
    names = [None, 0, "a\u2028b", "\ud800", ["x"], {"y": [1.5, True]}]
    done = run("\n".join(case(name) for name in names).encode())
    assert [answer["id"] for answer in answers(done.stdout)] == names


def test_a_file_that_is_not_there_is_an_error_of_the_input(tmp_path, meshrole):
    outcome = meshrole("simulate", tmp_path / "none.jsonl")
    assert (outcome.code, outcome.output) == (3, "")
    assert outcome.errors.strip() == f"{tmp_path / 'none.jsonl'}: No such file or directory"


def test_a_folder_is_no_file(tmp_path, meshrole):
    outcome = meshrole("simulate", tmp_path)
    assert outcome.code == 3
    assert outcome.errors.strip() == f"{tmp_path}: Is a directory"


def test_an_answer_comes_before_the_next_question():
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for name in ("one", "two"):
            process.stdin.write(case(name) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_reader_that_has_enough_is_no_error():
    process = subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(f"{case('one')}\n".encode())
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write(f"{case('two')}\n".encode() * 100)
    process.stdin.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 128 + signal.SIGPIPE
    process.stderr.close()


def test_control_c_ends_it_quietly():
    process = subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(f"{case('one')}\n".encode())
    process.stdin.flush()
    process.stdout.readline()
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(30) == 130
    assert process.stderr.read() == b"interrupted\n"
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(["*", "Allow", USER]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
STATEMENT = st.dictionaries(
    st.sampled_from(
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition", "Other"]
    ),
    JSON | st.just("*") | st.fixed_dictionaries({"StringLike": st.dictionaries(st.text(max_size=6), JSON, max_size=2)}),
    max_size=5,
)
DOCUMENT = JSON | st.fixed_dictionaries(
    {"Statement": STATEMENT | st.lists(STATEMENT | JSON, max_size=2)}, optional={"Version": JSON}
)
POLICIES = JSON | st.dictionaries(
    st.sampled_from(["identity", "resource", "boundary", "session", "scp", "rcp", "endpoint"]),
    DOCUMENT | st.lists(DOCUMENT, max_size=2) | st.lists(st.lists(DOCUMENT, max_size=2), max_size=2),
    max_size=3,
)
REQUEST = JSON | st.fixed_dictionaries(
    {"principal": JSON | st.just(USER), "action": JSON | st.just("s3:GetObject")},
    optional={"resource": JSON, "context": JSON, "resource_account": JSON, "management_account": JSON, "complete": JSON},
)


@given(st.fixed_dictionaries({"id": JSON}, optional={"request": REQUEST, "policies": POLICIES}))
def test_every_object_is_answered(value):
    answered = [each.as_object() for each in simulate([json.dumps(value).encode()])]
    assert [answer["id"] for answer in answered] == [value["id"]]
    assert ("error" in answered[0]) != ("decision" in answered[0])
    assert not answered[0].get("error", "x").startswith(":")
