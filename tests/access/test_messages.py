"""What each form of an "access denied" message says; the messages are in messages.txt, with what they say worked out by hand."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshrole.access import answer
from meshrole.access.grammar import parse
from meshrole.access.layers import LAYERS
from meshrole.errors import InputError

TABLE = Path(__file__).with_name("messages.txt").read_text(encoding="utf-8")
CASES = {
    title.strip(): (message, dict(line.split(" ", 1) for line in said.strip().splitlines()))
    for title, message, said in re.findall(r"^==== (.*)\n((?:.*\n)*?)--\n((?:(?!====).*\n)*)", TABLE, re.MULTILINE)
}
OF_PRINCIPAL = ("principal", "role", "session")
USER = "User: arn:aws:iam::111122223333:user/jo is not authorized to perform: sqs:SendMessage"


def told(denial):
    """What is known of a denial, as the table writes it."""
    who = denial.principal
    known = {"principal": who.text, "role": who.role, "session": who.session} if who else {}
    known |= {name: getattr(denial, name) for name in denial.__dataclass_fields__ if name not in ("principal", "event")}
    known["context"] = dict(denial.context)
    defaults = {"denied": True, "inferred": False, "context": {}}
    return {name: str(value) for name, value in known.items() if value is not None and value != defaults.get(name)}


def test_the_table_is_read_whole():
    assert len(CASES) == TABLE.count("\n==== ") >= 60


@pytest.mark.parametrize("title", CASES)
def test_a_message_says_what_it_says(title):
    message, said = CASES[title]
    assert [told(denial) for denial in answer.of_message(message).denials] == [said]


@pytest.mark.parametrize("title", CASES)
def test_colours_and_carriage_returns_change_nothing(title):
    message, said = CASES[title]
    words = message.replace("User:", "\x1b[1;31mUser:\x1b[0m").replace("\n", "\r\n")
    coloured = f"\x1b[31m{words.rstrip()}\x1b[0m\r\n\x1b]0;title\x07"
    assert [told(denial) for denial in answer.of_message(coloured).denials] == [said]


def test_every_layer_has_a_message():
    assert {said["layer"] for _, said in CASES.values() if "layer" in said} == set(LAYERS)


UNKNOWN = {
    "nothing": "",
    "a question": "why can't I list my queues?",
    "another product": "Access denied for user 'root'@'localhost' (using password: YES)",
    "expired credentials": "An error occurred (ExpiredToken) when calling the ListMeshes operation: The security token included in "
    "the request is expired",
    "a wrong signature": "An error occurred (SignatureDoesNotMatch) when calling the ListMeshes operation: Signature expired",
    "throttling": "An error occurred (ThrottlingException) when calling the ListMeshes operation (reached max retries: 4): Rate exceeded",
    "not found": "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name x cannot be found.",
    "Istio's control plane": "StreamAggregatedResources gRPC config stream to xds-grpc closed since 40s ago: 7, authorization failed",
    "a status that AWS's page does not have": "gRPC config stream closed: 14, no healthy upstream",
    "an end without a beginning": "with an explicit deny in a service control policy",
    "a beginning without an end": "User: arn:aws:iam::111122223333:user/jo is not authorized to perform:",
    "an action that is none": "User: arn:aws:iam::111122223333:user/jo is not authorized to perform: whatever they like",
    "Java's file system": "java.nio.file.AccessDeniedException: /etc/shadow",
    "a web application": "Role (admin) is not authorized to access this resource",
    "Google's": "Permission 'iam.roles.get' denied on resource (or it may not exist)",
    "Kubernetes'": 'pods is forbidden: User "jo" cannot list resource "pods" in API group "" in the namespace "default"',
    "JSON without a message": '{"level": "error", "msg": "boom"}',
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_has_no_known_form_is_not_guessed(name):
    with pytest.raises(InputError, match="I don't know this form") as error:
        answer.of_message(UNKNOWN[name])
    assert error.value.exit_code == 3


def test_several_denials_in_one_text_come_in_their_order():
    messages = [CASES[title][0] for title in CASES if title.startswith("terraform")]
    found = parse("\n".join(messages))
    assert [denial.action for denial in found] == ["iam:CreateRole", "iam:TagPolicy"]
    assert [denial.request_id for denial in found] == ["057f834b-afde-4e93-a01d-903706600b81", "4025b5a1"]


def test_the_same_denial_twice_is_told_once_with_all_that_is_known():
    plain = f"{USER} because no identity-based policy allows the sqs:SendMessage action"
    wrapped = f"An error occurred (AccessDenied) when calling the SendMessage operation: {plain}"
    assert [denial.code for denial in parse(f"{plain}\n\n{wrapped}\n\n{plain}")] == ["AccessDenied"]


# S3 Block Public Access has a sentence of its own.
POLICIES = [layer for layer in LAYERS.values() if layer.name != "public-access-block"]


@pytest.mark.parametrize("layer", POLICIES, ids=lambda layer: layer.name)
@pytest.mark.parametrize("words_of", POLICIES, ids=lambda layer: layer.name)
def test_a_layer_named_elsewhere_is_not_taken_for_the_one_that_denied(layer, words_of):
    """Only what stands right behind the resource is the reason."""
    elsewhere = f"because no {words_of.title} allows the iam:PassRole action"
    text = f"{USER} with an explicit deny in a {layer.title}. Note: {elsewhere}, with an explicit deny in a {words_of.title}"
    assert [denial.layer for denial in parse(text)] == [layer.name]
    assert [denial.layer for denial in parse(f"{elsewhere}. {USER}. {elsewhere}")] == [None]


# Broken already, of several lines that belong to different things, or with spaces in a resource.
UNBREAKABLE = (
    "a terminal",
    "a broken",
    "a message without a reason, and",
    "CloudWatch: an alarm",
    "boto3",
    "terraform",
    "a log",
    "the body",
    "S3: a key",
)
BREAKABLE = [title for title in CASES if CASES[title][1]["form"] == "denial" and not title.startswith(UNBREAKABLE)]


@pytest.mark.parametrize("width", [37, 80, 113])
@pytest.mark.parametrize("title", BREAKABLE)
def test_a_terminal_of_any_width_changes_nothing(title, width):
    """Lines broken at a fixed width, also inside words and ARNs."""
    message, said = CASES[title]
    line = " ".join(message.split())
    broken = "\n".join(line[start : start + width] for start in range(0, len(line), width))
    known = told(parse(broken)[0])
    for name in ("principal", "action", "resource", "layer", "kind", "through"):
        assert known.get(name) == said.get(name), (name, broken)


PIECES = st.sampled_from(
    [
        "User: ", "arn:aws:iam::111122223333:user/jo ", "is not authorized to perform: ", "sqs:SendMessage ", "on resource: ", '"',
        "because no ", "identity-based policy ", "allows the ", "with an explicit deny ", "in a ", "service control policy", ": ", "\n",
        "\x1b[31m", "│ ", "{", "}", '\\"', "\\n", "&quot;", "gRPC config stream closed: ", "7", ",", "arn:", "(Service: ", "<Code>",
    ]
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join))
def test_no_text_makes_it_crash(text):
    try:
        found = answer.of_message(text)
    except InputError:
        return
    shown = answer.explain(found).text() + answer.explain(found).json()
    assert not [letter for letter in shown if (ord(letter) < 32 and letter != "\n") or 0x7F <= ord(letter) < 0xA0]


@pytest.mark.parametrize(
    "text", ["arn:" * 50_000, "User: " * 150_000, f"User: {'x' * 900_000}", "\n".join("User: a" for _ in range(100_000))]
)
def test_no_long_text_takes_long(text):
    import time

    before = time.process_time()
    with pytest.raises(InputError):
        answer.of_message(text)
    assert time.process_time() - before < 20
