"""Nothing that a plan newly allows is hidden, and nothing is made up: the difference against each request of a small universe.

The evaluator is another way to the answer, and decides every request one by one: before, after, and under what is shown as gained
alone.
"""

import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshrole.iam.evaluation import PolicySet, Request, evaluate
from meshrole.review.difference_cells import Cell, Except, of_policy
from meshrole.review.difference_sets import Power, gained
from meshrole.review.documents import Policy

ACTIONS = ("s3:GetObject", "s3:GetObjectAcl", "s3:PutObject", "s3:*", "s3:Get*", "*")
RESOURCES = ("arn:aws:s3:::a/x", "arn:aws:s3:::a/*", "arn:aws:s3:::*", "*")
TEAM = "aws:PrincipalTag/team"
CONDITIONS = (
    None,
    {"StringEquals": {TEAM: "x"}},
    {"StringEquals": {TEAM: ["x", "y"]}},
    {"StringLike": {TEAM: "x*"}},
    {"StringNotEquals": {TEAM: "x"}},
    {"StringNotEquals": {TEAM: ["x", "y"]}},
    {"StringNotLike": {TEAM: "x*"}},
    {"StringNotLike": {TEAM: ["x*", "y"]}},
    {"StringNotEqualsIfExists": {TEAM: "x"}},
    {"StringEqualsIfExists": {TEAM: "x"}},
    {"StringEqualsIgnoreCase": {TEAM: "X"}},
    {"ForAnyValue:StringLike": {TEAM: "x*"}},
    {"ForAllValues:StringEquals": {TEAM: ["x", "y"]}},
    {"Null": {TEAM: "true"}},
    {"Null": {TEAM: "false"}},
)
# Each action and resource that a policy here can speak of, one of each kind that none names, and every kind of team.
UNIVERSE = tuple(
    product(
        ("s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging", "s3:PutObject", "s3:DeleteObject", "sqs:SendMessage"),
        ("arn:aws:s3:::a/x", "arn:aws:s3:::a/z", "arn:aws:s3:::b/x", "arn:aws:sqs:us-east-1:111122223333:q"),
        (None, "x", "y", "xx", "z"),
    )
)


def allow(actions, resources="*", condition=None, effect="Allow", *, but=False):
    block = {"Condition": condition} if condition else {}
    return {"Effect": effect, "NotAction" if but else "Action": actions, "Resource": resources} | block


statements = st.builds(
    allow,
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.sampled_from(CONDITIONS),
    st.sampled_from(("Allow", "Allow", "Deny")),
    but=st.sampled_from((False, False, False, True)),
)
policies = st.lists(statements, min_size=1, max_size=4)
plain = st.lists(st.builds(allow, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES)), min_size=1, max_size=3)


def document(*given_statements):
    return {"Version": "2012-10-17", "Statement": list(given_statements)}


def power(*given_statements, limit=None):
    def cells(each):
        return of_policy(Policy("a.policy", json.dumps(document(*each))))

    return Power(cells(given_statements), None if limit is None else cells(limit))


def allowed(policies_of_it):
    """The requests of the universe that are allowed."""
    return {
        (action, resource, team)
        for action, resource, team in UNIVERSE
        if evaluate(
            Request(
                principal="arn:aws:iam::111122223333:role/a",
                action=action,
                resource=resource,
                context={TEAM: team} if team else {},
            ),
            policies_of_it,
        ).decision
        == "allow"
    }


def as_statement(cell: Cell):
    """What is shown as gained, as the statement that gives it and nothing else."""
    parts = {}
    for name, part in (("Action", cell.action), ("Resource", cell.resource)):
        parts |= {f"Not{name}": list(part.names)} if isinstance(part, Except) else {name: part}
    blocks = [{test.operator: {test.key: list(test.values)}} for test in sorted(cell.conditions)]
    return [{"Effect": "Allow"} | parts | ({"Condition": _merged(blocks)} if blocks else {})]


def _merged(blocks):
    """Tests that all must hold; two of one operator and key are none of ours."""
    merged = {}
    for block in blocks:
        for operator, keys in block.items():
            assert not set(merged.get(operator, {})) & set(keys)
            merged[operator] = merged.get(operator, {}) | keys
    return merged


def shown(cells):
    """The requests that what is shown speaks of."""
    found = set()
    for cell in cells:
        tests = {}
        for test in cell.conditions:
            tests.setdefault((test.operator, test.key), []).append(test)
        rounds = max(map(len, tests.values()), default=1)
        # Several tests of one operator and key must all hold: each is asked alone, and the answers cut.
        asked = [
            cell._replace(conditions=frozenset(each[min(number, len(each) - 1)] for each in tests.values()))
            for number in range(rounds)
        ]
        found |= set.intersection(*(allowed(PolicySet(identity=(document(*as_statement(one)),))) for one in asked))
    return found


@pytest.mark.parametrize("condition", CONDITIONS, ids=json.dumps)
def test_each_condition_against_each_other(condition):
    for other in CONDITIONS:
        before, after = allow("s3:GetObject", condition=condition), allow("s3:GetObject", condition=other)
        new = allowed(PolicySet(identity=(document(after),))) - allowed(PolicySet(identity=(document(before),)))
        assert new <= shown(gained(power(before), power(after))), other


@given(before=policies, after=policies)
@settings(max_examples=300, deadline=None)
def test_each_request_that_is_newly_allowed_is_among_what_is_gained(before, after):
    new = allowed(PolicySet(identity=(document(*after),))) - allowed(PolicySet(identity=(document(*before),)))
    assert new <= shown(gained(power(*before), power(*after)))


@given(before=policies, after=policies, bounds=st.tuples(st.none() | policies, st.none() | policies))
@settings(max_examples=200, deadline=None)
def test_so_it_is_within_boundaries(before, after, bounds):
    sets = [
        PolicySet(identity=(document(*each),), boundary=None if limit is None else document(*limit))
        for each, limit in zip((before, after), bounds, strict=True)
    ]
    new = allowed(sets[1]) - allowed(sets[0])
    assert new <= shown(gained(power(*before, limit=bounds[0]), power(*after, limit=bounds[1])))


@given(before=plain, after=plain)
@settings(max_examples=200, deadline=None)
def test_what_is_gained_is_new_where_nothing_is_denied_or_conditioned(before, after):
    """Each line that is shown has something new in it, and nothing that is shown stays refused."""
    old, now = (allowed(PolicySet(identity=(document(*each),))) for each in (before, after))
    for cell in gained(power(*before), power(*after)):
        spoken_of = shown([cell])
        assert spoken_of <= now
        assert spoken_of - old


@given(statements=policies, order=st.randoms(use_true_random=False))
def test_order_and_splitting_are_no_change(statements, order):
    other = [json.loads(json.dumps(each)) for each in statements]
    order.shuffle(other)
    split = [
        {
            **each,
            **{name: [each[name], each[name].upper()] for name in ("Action", "NotAction") if name in each},
            "Sid": f"S{number}",
        }
        for number, each in enumerate(other)
    ]
    assert gained(power(*statements), power(*split)) == ()
    assert gained(power(*split), power(*statements)) == ()
