"""The evaluator against the model, on every small set of policies that Hypothesis finds, and the laws that hold for any."""

import random
from collections.abc import Iterable
from itertools import combinations, product
from typing import Any

import model
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshrole.iam import Decision, PolicySet, Request, evaluate

EXAMPLES = settings(max_examples=300, deadline=None)
FEWER = settings(max_examples=60, deadline=None)
RANK = {"deny": 0, "depends": 1, "allow": 2}
ALL = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [ALL]}
FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
WILD_ACTIONS = ("s3:*", "s3:Get*", "kms:?ecrypt", "s3:*Object")
WILD_RESOURCES = (
    "arn:aws:s3:::bucket/*",
    "arn:aws:s3:::bucket/t?o",
    "arn:aws:kms:*:*:key/*",
    "arn:aws:s3:::bucket/${aws:PrincipalTag/team}",
)


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def chosen(name: str, asked: str, every: Iterable[str], star: bool = True) -> st.SearchStrategy[tuple[str, list[str]]]:
    """Action or Resource, or its negation, and a list that covers what is asked more often than not."""
    others = [[each] for each in every if each != asked]
    fitting = [[asked], [asked, *others[0]], ["*"] if star else [asked]]
    return st.sampled_from([(name, each) for each in fitting * 3 + others] + [(f"Not{name}", each) for each in others])


@st.composite
def statements(draw: st.DrawFn, asked: model.Asked, wild: bool, principal: bool = False, rcp: bool = False) -> dict[str, Any]:
    """A statement of a kind of policy that has much to do with what is asked."""
    action, actions = draw(chosen("Action", asked.action, model.ACTIONS + (WILD_ACTIONS if wild else ()), star=not rcp))
    resource, resources = draw(chosen("Resource", asked.resource, model.RESOURCES + (WILD_RESOURCES if wild else ())))
    effect = "Deny" if rcp else draw(st.sampled_from(["Allow"] * 5 + ["Deny"]))
    found = {"Effect": effect, "Action" if rcp else action: actions, resource: resources}
    if principal or rcp:
        found["Principal"] = "*" if rcp else draw(st.sampled_from(model.ELEMENTS))
    condition = draw(st.sampled_from(model.CONDITIONS)) if effect == "Deny" or draw(st.booleans()) else {}
    if condition and draw(st.booleans()):
        condition = draw(st.sampled_from(model.CONDITIONS)) | condition
    return found | ({"Condition": condition} if condition else {})


@st.composite
def worlds(draw: st.DrawFn, wild: bool = False, needed: str = "") -> tuple[model.Asked, dict[str, Any]]:
    """A request, and the policies that may have a say, among them those of the layer that is needed."""
    resource = draw(st.sampled_from([*model.OBJECTS, *model.KEYS]))
    owner = resource.split(":")[4] or draw(st.sampled_from([model.ACCOUNT, model.ACCOUNT, model.OTHER_ACCOUNT]))
    action = draw(st.sampled_from([name for name in model.ACTIONS if name.startswith(resource.split(":")[2])]))
    callers = ["session", "user"] * (1 if needed in ("identity", "boundary", "scp") else 2) + ["service", "anonymous"] * (
        not needed
    )
    who = "session" if needed == "session" else draw(st.sampled_from(callers))
    asked = model.Asked(who, action, resource, draw(st.sampled_from(list(model.contexts()))), owner)

    def policy(**kind: bool) -> dict[str, Any]:
        return document(*draw(st.lists(statements(asked, wild, **kind), min_size=1, max_size=2)))

    there = {
        layer: layer == needed or draw(st.sampled_from([True, layer in ("identity", "resource"), False]))
        for layer in ("identity", "resource", "boundary", "session", "scp", "rcp", "endpoint")
    }
    signed = asked.signed_by_the_account
    return asked, {
        "identity": [policy() for _ in range(draw(st.integers(1, 2)))] if signed and there["identity"] else [],
        "resource": policy(principal=True) if there["resource"] or resource in model.KEYS else None,
        "boundary": [policy()] if signed and there["boundary"] else None,
        "session": policy() if who == "session" and there["session"] else None,
        "scp": [[policy()], [ALLOW_ALL, policy()]][: draw(st.integers(1, 2))] if signed and there["scp"] else [],
        "rcp": [[FULL], [FULL, policy(rcp=True)]] if there["rcp"] else [],
        "endpoint": [policy(principal=True)] if there["endpoint"] else None,
    }


def answer(asked: model.Asked, policies: dict[str, Any], unknown: tuple[str, ...] = ()) -> Decision:
    context = dict(asked.context) | dict.fromkeys(unknown)
    request = Request(model.PRINCIPALS[asked.who], asked.action, asked.resource, asked.resource_account, context)
    return evaluate(request, PolicySet(**policies))


def rank(asked: model.Asked, policies: dict[str, Any], unknown: tuple[str, ...] = ()) -> int:
    return RANK[answer(asked, policies, unknown).decision]


SUBSETS = [tuple(each) for size in range(3) for each in combinations(model.CONTEXT, size)]
UNKNOWN = st.sampled_from(SUBSETS)


@pytest.mark.parametrize("who", model.PRINCIPALS)
@pytest.mark.parametrize("resource", [model.OBJECTS[0], *model.KEYS])
def test_the_model_agrees_on_every_combination_of_layers(who, resource):
    """Each layer absent, allowing, or allowing something else, for every principal that a resource's policy may name."""
    other = document({"Effect": "Allow", "Action": [model.ACTIONS[1]], "Resource": ["*"]})
    action = next(name for name in model.ACTIONS if name.startswith(resource.split(":")[2]))
    named = [document(ALL | {"Principal": principal}) for principal in model.ELEMENTS]
    absent_or_not = {
        "identity": [[], [ALLOW_ALL], [other]],
        "resource": named if resource in model.KEYS else [None, *named],
        "boundary": [None, [ALLOW_ALL], [other]],
        "session": [None, ALLOW_ALL, other],
        "scp": [[], [[ALLOW_ALL], [other]], [[ALLOW_ALL]]],
        "rcp": [[]],
        "endpoint": [None, [FULL], [document(other["Statement"][0] | {"Principal": "*"})]],
    }
    if who not in ("user", "session"):
        absent_or_not |= {"identity": [[]], "boundary": [None], "scp": [[]]}
    if who != "session":
        absent_or_not["session"] = [None]
    owners = [resource.split(":")[4]] if resource in model.KEYS else [model.ACCOUNT, model.OTHER_ACCOUNT]
    for owner, *given_policies in product(owners, *absent_or_not.values()):
        asked, policies = model.Asked(who, action, resource, (), owner), dict(zip(absent_or_not, given_policies, strict=True))
        found = answer(asked, policies)
        assert (found.decision, found.kind) == model.decide(policies, asked), (asked, policies)


@EXAMPLES
@given(worlds())
def test_the_model_agrees(world):
    asked, policies = world
    found = answer(asked, policies)
    assert (found.decision, found.kind) == model.decide(policies, asked)


@EXAMPLES
@given(worlds(), UNKNOWN)
def test_an_answer_depends_exactly_where_values_decide_differently(world, unknown):
    asked, policies = world
    found = answer(asked, policies, unknown)
    known = {key: value for key, value in asked.context if key not in unknown}
    possible = [
        context for context in model.contexts() if {pair for pair in context if pair[0] not in unknown} == set(known.items())
    ]
    answers = {model.decide(policies, asked._replace(context=context))[0] for context in possible}
    assert found.decision == (answers.pop() if len(answers) == 1 else "depends")
    assert (found.decision == "depends") == bool(found.needs)
    assert set(found.needs) <= set(unknown)


@EXAMPLES
@given(worlds(wild=True), st.sampled_from(SUBSETS[1:]))
def test_a_certain_answer_stays_with_wildcards_and_variables_too(world, unknown):
    asked, policies = world
    found = answer(asked, policies, unknown).decision
    known = tuple(pair for pair in asked.context if pair[0] not in unknown)
    for value in (None, "one", "*", *model.CONTEXT[unknown[0]]):
        more = ((unknown[0], value),) if value is not None else ()
        decided = answer(asked._replace(context=known + more), policies, unknown[1:]).decision
        assert found in ("depends", decided)


def with_statement(policies: dict[str, Any], layer: str, statement: dict[str, Any]) -> dict[str, Any]:
    """The policies with one more statement in a layer that there is."""

    def more(document: dict[str, Any]) -> dict[str, Any]:
        return document | {"Statement": [*document["Statement"], statement]}

    given = policies[layer]
    if layer in ("resource", "session"):
        return policies | {layer: more(given)}
    if layer in ("scp", "rcp"):
        return policies | {layer: [[*given[0][:-1], more(given[0][-1])], *given[1:]]}
    return policies | {layer: [more(given[0]), *given[1:]]}


LAYERS = ("identity", "resource", "boundary", "session", "scp", "endpoint")


@pytest.mark.parametrize("layer", LAYERS)
@FEWER
@given(st.data())
def test_an_explicit_deny_always_wins(layer, data):
    asked, policies = data.draw(worlds(wild=True, needed=layer))
    named = {"Principal": "*"} if layer in ("resource", "endpoint") else {}
    denied = with_statement(policies, layer, {"Effect": "Deny", "Action": "*", "Resource": "*"} | named)
    found = answer(asked, denied, data.draw(UNKNOWN))
    assert (found.decision, found.kind) == ("deny", "explicit")


@pytest.mark.parametrize("layer", LAYERS)
@FEWER
@given(st.data())
def test_one_more_statement_moves_the_answer_only_its_own_way(layer, data):
    asked, policies = data.draw(worlds(wild=True, needed=layer))
    statement = data.draw(statements(asked, wild=True, principal=layer in ("resource", "endpoint")))
    unknown = data.draw(UNKNOWN)
    before, after = rank(asked, policies, unknown), rank(asked, with_statement(policies, layer, statement), unknown)
    assert after >= before if statement["Effect"] == "Allow" else after <= before


@pytest.mark.parametrize("layer", ["boundary", "session", "scp", "rcp", "endpoint"])
@FEWER
@given(st.data())
def test_a_bound_never_adds(layer, data):
    asked, policies = data.draw(worlds(wild=True, needed=layer))
    unknown = data.draw(UNKNOWN)
    assert rank(asked, policies, unknown) <= rank(asked, policies | {layer: [] if layer in ("scp", "rcp") else None}, unknown)


def rearranged(value: Any, chance: random.Random) -> Any:
    """The same documents with documents and statements in another order; levels keep theirs."""
    if isinstance(value, list):
        return chance.sample([rearranged(each, chance) for each in value], len(value))
    if isinstance(value, dict) and "Statement" in value:
        return value | {"Statement": chance.sample(value["Statement"], len(value["Statement"]))}
    return value


@EXAMPLES
@given(worlds(wild=True), UNKNOWN, st.randoms(use_true_random=False))
def test_order_does_not_matter(world, unknown, chance):
    asked, policies = world
    other = {layer: rearranged(policies[layer], chance) for layer in policies}
    one, two = answer(asked, policies, unknown), answer(asked, other, unknown)
    assert (one.decision, one.kind, sorted(one.needs)) == (two.decision, two.kind, sorted(two.needs))


def split(value: Any) -> Any:
    """The same documents, each statement for one action and one resource at a time."""
    if isinstance(value, list):
        return [split(each) for each in value]
    if not isinstance(value, dict) or "Statement" not in value:
        return value
    pieces = [
        statement | {"Action": [action]} | ({"Resource": [resource]} if resource else {})
        for statement in value["Statement"]
        for action in statement.get("Action", [None])
        for resource in statement.get("Resource", [None])
        if "Action" in statement
    ]
    return value | {"Statement": pieces + [statement for statement in value["Statement"] if "NotAction" in statement]}


@EXAMPLES
@given(worlds(wild=True), UNKNOWN)
def test_splitting_a_statement_changes_nothing(world, unknown):
    asked, policies = world
    one, two = answer(asked, policies, unknown), answer(asked, {layer: split(policies[layer]) for layer in policies}, unknown)
    assert (one.decision, one.kind, sorted(one.needs)) == (two.decision, two.kind, sorted(two.needs))
