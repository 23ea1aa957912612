"""An answer about an unknown key is the answer for everything that the key may be."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from meshrole.iam import PolicySet, Request, evaluate

TEXTS = ["", "a", "b", "A", "ab", "ba", "abc", "c"]
NUMBERS = ["0", "1", "1.5", "2", "3", "-1", "x"]
TIMES = ["0", "9", "10", "11", "12", "20", "1970-01-01T00:00:10Z", "1970-01-01T00:00:10.5Z", "x"]
# Absent, one value, or two at once.
STRINGS = [[], *([text] for text in TEXTS), *map(list, combinations(TEXTS, 2))]
SETS = ["", "ForAllValues:", "ForAnyValue:"]
ENDINGS = ["", "IfExists"]


def operators(*names):
    return st.sampled_from([f"{prefix}{name}{ending}" for prefix in SETS for name in names for ending in ENDINGS])


def statements(operator, values, key):
    tests = st.tuples(operator, st.lists(values, min_size=1, max_size=2)) | st.tuples(
        st.just("Null"), st.sampled_from([["true"], ["false"]])
    )
    made = st.tuples(st.sampled_from(["Allow", "Deny"]), tests)
    return st.lists(made, min_size=1, max_size=3).map(
        lambda found: [
            {"Effect": effect, "Action": "*", "Resource": "*", "Condition": {operator: {key: values}}}
            for effect, (operator, values) in found
        ]
    )


def answers(policies, key, possible):
    request = {"principal": "arn:aws:iam::111122223333:user/ana", "action": "s3:GetObject", "resource": "*"}
    return {evaluate(Request(**request, context={key: values}), policies).decision for values in possible}


def check(statements, key, possible, exact):
    policies = PolicySet(identity=[{"Version": "2012-10-17", "Statement": statements}])
    answer = answers(policies, key, [None])
    every = answers(policies, key, possible)
    assert answer == every if exact and len(every) == 1 else answer in ({"depends"}, every)


@given(statements(operators("StringEquals", "StringNotEquals"), st.sampled_from(["a", "b", "ab"]), "x:y"))
def test_texts_are_answered_exactly(found):
    check(found, "x:y", STRINGS, exact=len(found) > 1)


@given(
    statements(
        operators("StringLike", "StringNotLike", "StringEquals"), st.sampled_from(["a", "a*", "*", "?", "*b", "??"]), "x:y"
    )
)
def test_no_pattern_is_answered_wrongly(found):
    check(found, "x:y", STRINGS, exact=False)


@given(
    statements(
        operators("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringEquals"), st.sampled_from(["a", "A", "Ab"]), "x:y"
    )
)
def test_no_text_is_answered_wrongly_in_another_case(found):
    check(found, "x:y", [*STRINGS, ["aB"], ["AB"]], exact=False)


@given(
    statements(
        operators("NumericLessThan", "NumericEquals", "NumericGreaterThanEquals", "NumericNotEquals"),
        st.sampled_from(["1", "2", "1.5"]),
        "x:y",
    )
)
def test_no_number_is_answered_wrongly(found):
    check(found, "x:y", [[], *([number] for number in NUMBERS), *map(list, combinations(NUMBERS, 2))], exact=False)


@given(
    statements(
        operators("DateLessThan", "DateEquals", "DateGreaterThanEquals"),
        st.sampled_from(["10", "11", "1970-01-01T00:00:20Z"]),
        "x:y",
    )
)
def test_no_time_is_answered_wrongly(found):
    check(found, "x:y", [[], *([time] for time in TIMES), *map(list, combinations(TIMES, 2))], exact=False)


@given(
    statements(
        st.sampled_from(["StringEquals", "StringNotEquals", "StringEqualsIfExists"]), st.sampled_from(["a", "b"]), "aws:SourceVpc"
    )
)
def test_a_key_with_one_value_is_answered_exactly(found):
    check(found, "aws:SourceVpc", [[], *([text] for text in TEXTS)], exact=len(found) > 1)
