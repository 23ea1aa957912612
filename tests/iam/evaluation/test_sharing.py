"""What is kept between requests changes no answer: each is as if its request were the first and its policies were new."""

import json

import pytest
import test_cases

from meshrole.errors import InputError
from meshrole.iam import PolicySet, Request, evaluate

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/ana"
SETS = 16


class Unshared(dict):
    """A document that is no plain dictionary is not looked up among those of before."""


def said(request, policies, new=False):
    """The decision or the first problem."""
    try:
        given = {name: _unshared(value) if new else value for name, value in policies.items()}
        return evaluate(Request.of(request), PolicySet.of(given))
    except InputError as error:
        return error.problems[0]


def _unshared(value):
    if isinstance(value, dict):
        return Unshared(value)
    return [_unshared(each) for each in value] if isinstance(value, list) else value


def every_set():
    texts = sorted({json.dumps(case.line["policies"], sort_keys=True, default=str) for case in test_cases.ALL}, key=len)
    return [json.loads(text) for text in texts[-1 :: -(len(texts) // SETS)]][:SETS]


@pytest.mark.parametrize("policies", every_set(), ids=range(SETS))
def test_an_answer_does_not_depend_on_the_requests_before(policies):
    requests = [case.line["request"] for case in test_cases.ALL]
    shared = [said(request, policies) for request in requests]
    assert shared == [said(request, policies, new=True) for request in requests]
    assert shared == [said(request, policies) for request in requests]


def document(effect="Allow"):
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": "s3:*", "Resource": "*"}]}


def test_a_document_may_be_changed_once_its_set_has_answered():
    request = Request(USER, "s3:GetObject", "arn:aws:s3:::bucket/key")
    given = document()
    before = PolicySet(identity=[given])
    assert evaluate(request, before).decision == "allow"
    given["Statement"][0]["Effect"] = "Deny"
    assert evaluate(request, before).decision == "allow"
    assert evaluate(request, PolicySet(identity=[given])).decision == "deny"
    assert evaluate(request, PolicySet(identity=[document()])).decision == "allow"


def test_a_document_that_is_changed_before_its_resource_policy_is_read_stays_as_it_was():
    given = document()
    given["Statement"][0]["Principal"] = "*"
    policies = PolicySet(resource=given)
    assert policies.layers.boundary is None
    given["Statement"][0]["Effect"] = "Deny"
    assert evaluate(Request(USER, "s3:GetObject", "arn:aws:s3:::bucket/key"), policies).decision == "allow"


@pytest.mark.parametrize("value", [True, 1, 1.0, "true"])
def test_values_that_python_takes_for_the_same_are_not(value):
    given = document()
    given["Statement"][0]["Condition"] = {"StringEquals": {"x:y": value}}
    asked = [Request(USER, "s3:GetObject", "*", context={"x:y": text}) for text in ("true", "1", "1.0")]
    found = [evaluate(request, PolicySet(identity=[given])).decision == "allow" for request in asked]
    assert found == [str(value).lower() == text for text in ("true", "1", "1.0")]


def test_a_context_may_be_changed_once_it_was_given():
    context = {"x:y": "a", "x:z": ["a"]}
    request = Request(USER, "s3:GetObject", "*", context=context)
    context["x:y"] = "b"
    context["x:z"].append("b")
    assert (request.facts.lookup("x:y"), request.facts.lookup("x:z")) == (("a",), ("a",))


@pytest.mark.parametrize(
    "name", ["principal", "action", "resource", "resource_account", "context", "complete", "management_account"]
)
def test_a_request_keeps_what_it_was_given_and_cannot_be_changed(name):
    fields = {
        "principal": USER,
        "action": "S3:GetObject",
        "resource": "arn:aws:s3:::bucket/key",
        "resource_account": ACCOUNT,
        "context": {"x:y": "a"},
        "complete": False,
        "management_account": ACCOUNT,
    }
    request = Request(**fields)
    assert getattr(request, name) == fields[name]
    assert f"{name}={fields[name]!r}" in repr(request)
    with pytest.raises(AttributeError):
        setattr(request, name, fields[name])
