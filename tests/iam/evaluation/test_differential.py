"""The differential run's pure parts: how cases are made and put to the others, and how a disagreement is explained. No node."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "benchmarks"))
from differential import iam_simulate, kinds, moto_iam, page  # noqa: E402
from differential.case import Case, Said, agree, comparable, ours  # noqa: E402
from differential.documented import documented  # noqa: E402
from differential.generated import generated  # noqa: E402

USER = "arn:aws:iam::111122223333:user/ana"
KEY = "arn:aws:s3:::shop/ana/cat.png"
LAYERS = {"identity", "resource", "boundary", "session", "scp", "rcp", "endpoint"}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def case(action="s3:GetObject", on=KEY, principal=USER, context=(), **policies):
    request = {"principal": principal, "action": action, "resource": on, "context": dict(context)}
    return Case("it", request, policies)


def statement(effect="Allow", action="s3:*", **more):
    return {"Effect": effect, "Action": action, **({} if "NotResource" in more else {"Resource": "*"}), **more}


def identity(*statements, **more):
    return case(identity=[document(*statements)], **more)


class TestAnswers:
    @pytest.mark.parametrize(
        ("statements", "answer"),
        [([ALL], "allow"), ([], "implicit"), ([ALL, statement("Deny")], "explicit"), ([{**ALL, "Effect": "Permit"}], "error")],
    )
    def test_ours_is_one_word(self, statements, answer):
        assert ours(case(identity=[document(*statements)] if statements else [])).answer == answer

    def test_an_error_says_why(self):
        assert ours(identity({**ALL, "Sid": "a b"})) == Said("error", "a Sid must be letters and digits")

    def test_a_deny_of_no_kind_agrees_with_both_kinds(self):
        assert agree("deny", "explicit")
        assert agree("implicit", "deny")
        assert not agree("implicit", "explicit")
        assert not agree("deny", "allow")

    def test_what_is_not_read_is_not_compared(self):
        assert not comparable("allow", "unread")
        assert not comparable("depends", "allow")
        assert comparable("error", "allow")


class TestCases:
    def test_the_generated_ones_are_always_the_same(self):
        assert generated(50) == generated(50)
        assert generated()[:50] == generated(50)

    def test_they_cover_every_layer_and_sort_of_principal_and_answer_with_every_decision(self):
        every = generated()
        assert len(every) >= 2_000
        assert {layer for each in every for layer in each.policies} == LAYERS
        assert len({str(each.request["principal"]) for each in every}) == 9
        assert {ours(each).answer for each in every[:300]} >= {"allow", "explicit", "implicit"}
        written = str([each.policies for each in every])
        for operator in ("StringLike", "NumericLessThan", "DateEquals", "NotIpAddress", "ArnLike", "Bool", "'Null'", "IfExists"):
            assert operator in written

    def test_the_documented_ones_have_their_page_and_their_answer(self):
        every = documented()
        assert len(every) >= 1_000
        assert {each.expected for each in every} >= {"allow", "explicit", "implicit", "depends", "error"}
        assert all(each.page.startswith("https://docs.aws.amazon.com/") for each in every)


class TestMoto:
    def test_it_reads_identity_policies_within_an_account(self):
        assert moto_iam.answer(identity(ALL)) == Said("allow")
        assert moto_iam.answer(identity(statement(action="ec2:*"))) == Said("deny")
        assert moto_iam.answer(identity(ALL, principal={"type": "Anonymous"})).answer == "unread"
        assert moto_iam.answer(case(identity=[document(ALL)], boundary=[document(ALL)])).answer == "unread"

    def test_a_deny_wins(self):
        assert moto_iam.answer(identity(ALL, statement("Deny"))) == Said("deny")

    def test_what_it_cannot_take_is_told(self):
        assert moto_iam.answer(identity(statement(action="s3:???Object"))) == Said("crash", "no regular expression")


class TestTranslation:
    def test_the_layers_have_their_places(self):
        allow = document(ALL)
        deny = document({**statement("Deny"), "Principal": "*"})
        full = document({**ALL, "Principal": "*"})
        given = case(
            identity=[allow], resource=full, boundary=[allow], session=allow, scp=[[allow]], rcp=[[full, deny]], endpoint=[full]
        )
        found = iam_simulate.simulation(given)
        assert [each["policy"] for each in found["identityPolicies"]] == [allow]
        assert found["resourcePolicy"] == full
        assert [each["policy"] for each in found["permissionBoundaryPolicies"]] == [allow]
        assert found["sessionPolicy"] == allow
        assert [[each["policy"] for each in level["policies"]] for level in found["serviceControlPolicies"]] == [[allow]]
        assert [[each["policy"] for each in level["policies"]] for level in found["resourceControlPolicies"]] == [[deny]]
        assert [each["policy"] for each in found["vpcEndpointPolicies"]] == [full]

    def test_it_is_told_what_aws_puts_into_the_request(self):
        request = iam_simulate.simulation(identity(ALL, context={"aws:SecureTransport": True}))["request"]
        assert request["resource"] == {"resource": KEY, "accountId": "111122223333"}
        assert request["contextVariables"]["aws:SecureTransport"] == "true"
        assert request["contextVariables"]["aws:principalarn"] == [USER]
        assert request["contextVariables"]["aws:username"] == ["ana"]

    def test_principals(self):
        def principal(given):
            return iam_simulate.simulation(case(principal=given))["request"]["principal"]

        assert principal(USER) == USER
        assert principal({"service": "sns.amazonaws.com"}) == "sns.amazonaws.com"
        assert principal({"type": "Anonymous"}) == {"type": "Anonymous"}

    def test_there_is_no_place_for_two_resource_policies_and_unknown_values(self):
        assert iam_simulate.simulation(case(resource=[document(ALL), document(ALL)])) is None
        assert iam_simulate.simulation(case(context={"aws:SourceIp": None})) is None


class TestExplaining:
    """Each case is one where a peer has been seen to say `said`."""

    @pytest.mark.parametrize(
        ("kind", "given", "said"),
        [
            ("conditions are not read", identity(statement(Condition={"Bool": {"aws:SecureTransport": "true"}})), "allow"),
            ("statements without Resource allow", identity(statement("Deny", NotResource="arn:aws:s3:::x")), "allow"),
            ("actions in capital letters", identity(statement(action="s3:getobject")), "deny"),
            ("variables are not read", identity(statement(Resource="arn:aws:s3:::shop/${aws:username}/*")), "deny"),
            ("the question mark", identity(statement(Resource="arn:aws:s3:::shop/a?a/cat.png")), "deny"),
            ("ARNs that end early", identity(statement(Resource="arn:aws:s3")), "deny"),
            (
                "no resource policy is needed",
                identity(ALL, action="kms:Decrypt", on="arn:aws:kms:eu-west-1:111122223333:key/1"),
                "allow",
            ),
        ],
    )
    def test_moto(self, kind, given, said):
        assert moto_iam.answer(given).answer == said
        assert kinds.explain(given, Said(said), ours(given), kinds.MOTO) == (kind,)

    @pytest.mark.parametrize(
        ("kind", "given", "said"),
        [
            ("the root user is like any user", case(principal="arn:aws:iam::111122223333:root"), "implicit"),
            (
                "variables in old versions",
                case(identity=[document(statement(Resource="arn:aws:s3:::shop/${aws:username}/*"), version="2008-10-17")]),
                "allow",
            ),
            (
                "the network of all addresses",
                identity(
                    statement(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}), context={"aws:SourceIp": "203.0.113.7"}
                ),
                "implicit",
            ),
            (
                "federated users without a session policy",
                identity(ALL, principal="arn:aws:sts::111122223333:federated-user/cleo"),
                "allow",
            ),
            ("Null with a set operator", identity(statement(Condition={"ForAnyValue:Null": {"aws:TagKeys": "true"}})), "allow"),
        ],
    )
    def test_iam_simulate(self, kind, given, said):
        assert kind in kinds.explain(given, Said(said), ours(given), kinds.IAM_SIMULATE)

    def test_several_kinds_together(self):
        both = identity(statement("Deny", "s3:getobject"), statement(Condition={"Bool": {"aws:SecureTransport": "true"}}))
        assert moto_iam.answer(both).answer == "allow"
        assert kinds.explain(both, Said("allow"), ours(both), kinds.MOTO) == (
            "conditions are not read",
            "actions in capital letters",
        )

    def test_what_no_kind_explains_is_a_kind_of_its_own(self):
        given = identity(ALL)
        assert kinds.explain(given, Said("explicit"), ours(given), kinds.MOTO) == ("not explained: allow, explicit",)

    def test_errors_are_told_apart_by_their_words(self):
        given = identity({**ALL, "Sid": "a b"})
        assert kinds.explain(given, Said("allow"), ours(given), kinds.MOTO) == ("takes: a Sid must be letters and digits",)
        assert kinds.explain(identity(ALL), Said("error", "no"), Said("allow"), kinds.MOTO) == ("refuses: no",)
        assert kinds.explain(identity(ALL), Said("crash", "it"), Said("allow"), kinds.MOTO) == ("crashes: it",)


class TestPage:
    TEXT = page.PAGE.read_text("utf-8")

    def test_every_kind_is_listed_and_no_other(self):
        for peer, known in (("moto", kinds.MOTO), ("iam-simulate", kinds.IAM_SIMULATE)):
            named = {kind for kind in page.listed(self.TEXT)[peer] if ": " not in kind}
            assert named == {kind.name for kind in known}

    def test_a_kind_that_is_not_listed_is_missing(self):
        assert page.missing(self.TEXT, "moto", ["conditions are not read"]) == []
        assert page.missing(self.TEXT, "moto", ["variables in old versions"]) == ["variables in old versions"]
        assert page.missing(self.TEXT, "somebody", ["x"]) == ["x"]

    def test_every_row_cites_aws(self):
        rows = re.findall(r"^\| `.*$", self.TEXT, re.MULTILINE)
        assert len(rows) > 50
        assert [each for each in rows if "](https://docs.aws.amazon.com/" not in each] == []


def test_moto_disagrees_only_in_ways_that_are_listed():
    listed = page.listed(page.PAGE.read_text("utf-8"))["moto"]
    for each in [*documented(), *generated(300)]:
        own, said = ours(each), moto_iam.answer(each)
        if comparable(own.answer, said.answer) and not agree(own.answer, said.answer):
            assert set(kinds.explain(each, said, own, kinds.MOTO)) <= listed, each


def test_the_evaluator_is_read_when_it_is_asked_for():
    code = "import sys, meshrole.iam; print('meshrole.iam.evaluation' in sys.modules); from meshrole.iam import Request, PolicySet, evaluate; print(evaluate.__module__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "meshrole.iam.evaluation.evaluator"]


def test_iam_has_nothing_else():
    import meshrole.iam

    assert all(getattr(meshrole.iam, name) is not None for name in meshrole.iam.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'evaluator_of_all'"):
        _ = meshrole.iam.evaluator_of_all
