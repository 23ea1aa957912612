"""The shape of a decision: which layers had a part in it, which statement decided, and what it depends on."""

import pytest

from meshrole.errors import InputError
from meshrole.iam import PolicySet, Request, Statement, StatementReference, conditions, evaluate

ACCOUNT, OTHER = "111122223333", "444455556666"
USER = f"arn:aws:iam::{ACCOUNT}:user/ana"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/one"
OBJECT = "arn:aws:s3:::bucket/key"


def document(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def allow(action="*", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action="*", resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def when(operator, key, value):
    return {"Condition": {operator: {key: value}}}


def get(principal=USER, **more):
    return Request(principal, "s3:GetObject", OBJECT, **more)


ALL = document(allow())


class TestReasons:
    def test_the_first_statement_that_allows_is_named_by_its_document_place_and_sid(self):
        policies = PolicySet(identity=[document(allow("sqs:*")), document(allow("s3:Put*"), allow("s3:Get*", Sid="Read"))])
        decision = evaluate(get(), policies)
        assert (decision.decision, decision.kind, decision.layer) == ("allow", "explicit", "identity")
        assert decision.statement == StatementReference("identity", 1, 1, "Read")
        assert decision.is_allowed

    def test_an_implicit_deny_has_no_statement_but_a_layer(self):
        decision = evaluate(get(), PolicySet(identity=[document(allow("sqs:*"))]))
        assert decision[:4] == ("deny", "implicit", "identity", None)
        assert not decision.is_allowed

    def test_the_layers_come_in_their_order_each_with_what_it_says(self):
        policies = PolicySet(
            identity=[ALL],
            resource=document(allow("s3:*", Principal={"AWS": ROLE})),
            boundary=[ALL],
            session=ALL,
            scp=[[ALL], [document(allow("sqs:*"))]],
            rcp=[[document(deny("s3:Put*", Principal="*"))]],
            endpoint=[document(allow("s3:*", Principal="*"))],
        )
        decision = evaluate(get(SESSION), policies)
        assert [(each.layer, each.level, each.decision, each.kind) for each in decision.layers] == [
            ("rcp", 0, "allow", "implicit"),
            ("scp", 0, "allow", "explicit"),
            ("scp", 1, "deny", "implicit"),
            ("endpoint", None, "allow", "explicit"),
            ("resource", None, "allow", "explicit"),
            ("identity", None, "allow", "explicit"),
            ("boundary", None, "allow", "explicit"),
            ("session", None, "allow", "explicit"),
        ]
        assert decision[:4] == ("deny", "implicit", "scp", None)

    def test_an_explicit_deny_is_named_before_an_implicit_one(self):
        policies = PolicySet(identity=[document(deny("s3:*", Sid="No"))], scp=[[document(allow("sqs:*"))]])
        decision = evaluate(get(), policies)
        assert decision[:3] == ("deny", "explicit", "identity")
        assert decision.statement.sid == "No"

    def test_a_statement_of_an_organization_says_its_level(self):
        decision = evaluate(get(), PolicySet(identity=[ALL], scp=[[ALL], [ALL, document(deny("s3:*"))]]))
        assert decision.statement == StatementReference("scp", 1, 0, None, 1)
        assert decision.statement.as_object() == {"document": 1, "index": 0, "sid": None, "layer": "scp", "level": 1}

    def test_a_missing_policy_that_was_needed_has_its_layer(self):
        key = Request(USER, "kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1")
        decision = evaluate(key, PolicySet(identity=[ALL]))
        assert decision[:3] == ("deny", "implicit", "resource")
        assert decision.layers[0].as_object() == {"layer": "resource", "decision": "deny", "kind": "implicit", "statement": None}

    @pytest.mark.parametrize(
        ("policies", "layer"),
        [
            (PolicySet(identity=[ALL], boundary=[document(allow("sqs:*"))]), "boundary"),
            (PolicySet(identity=[ALL], session=document(allow("sqs:*"))), "session"),
            (PolicySet(resource=document(allow("sqs:*", Principal="*"))), "identity"),
            (PolicySet(resource=document(allow(Principal={"AWS": ROLE})), boundary=[document(allow("sqs:*"))]), "boundary"),
            (PolicySet(identity=[ALL], endpoint=[document(allow("sqs:*", Principal="*"))]), "endpoint"),
        ],
    )
    def test_the_layer_that_refuses_is_the_first_that_was_needed(self, policies, layer):
        assert evaluate(get(SESSION), policies)[:3] == ("deny", "implicit", layer)

    def test_across_accounts_the_side_that_lacks_the_permission_refuses(self):
        bucket = document(allow("s3:*", Principal={"AWS": ACCOUNT}))
        request = get(resource_account=OTHER)
        assert evaluate(request, PolicySet(resource=bucket)).layer == "identity"
        assert evaluate(request, PolicySet(identity=[ALL])).layer == "resource"
        assert evaluate(request, PolicySet(identity=[ALL], resource=bucket)).layer == "identity"

    def test_the_resources_policy_is_named_where_it_is_enough(self):
        bucket = document(allow("s3:*", Sid="Ana", Principal={"AWS": USER}))
        assert evaluate(get(), PolicySet(resource=bucket)).statement.sid == "Ana"
        assert evaluate(get(), PolicySet(identity=[ALL], resource=bucket)).statement.sid == "Ana"

    def test_the_most_direct_of_several_grants_counts(self):
        bucket = document(allow("s3:*", Principal={"AWS": ACCOUNT}), allow("s3:Get*", Sid="Session", Principal={"AWS": SESSION}))
        decision = evaluate(get(SESSION), PolicySet(resource=bucket, boundary=[document(allow("sqs:*"))]))
        assert (decision.decision, decision.statement.sid) == ("allow", "Session")

    def test_two_auth_policies_are_two_layers(self):
        service = f"arn:aws:vpc-lattice:eu-west-1:{ACCOUNT}:service/svc-1/path"
        one, other = document(allow(Principal="*")), document(allow("sqs:*", Principal="*"))
        decision = evaluate(
            Request(SESSION, "vpc-lattice-svcs:Invoke", service), PolicySet(identity=[ALL], resource=[one, other])
        )
        assert [(each.layer, each.decision) for each in decision.layers] == [
            ("resource", "allow"),
            ("resource", "deny"),
            ("identity", "allow"),
        ]
        assert decision[:3] == ("deny", "implicit", "resource")

    def test_what_needs_no_permission_has_no_reasons(self):
        decision = evaluate(Request(USER, "sts:GetCallerIdentity"), PolicySet(identity=[document(deny("sts:*"))]))
        assert decision == ("allow", "implicit", None, None, (), ())

    def test_the_root_user_is_allowed_without_a_statement(self):
        decision = evaluate(get(f"arn:aws:iam::{ACCOUNT}:root"), PolicySet())
        assert decision[:4] == ("allow", "implicit", "identity", None)


class TestNeeds:
    def test_an_unknown_value_that_matters_is_named_as_the_policy_writes_it(self):
        policies = PolicySet(identity=[document(allow(**when("StringEquals", "aws:PrincipalTag/Team", "red")))])
        decision = evaluate(get(context={"aws:principaltag/team": None}), policies)
        assert decision[:4] == ("depends", None, None, None)
        assert decision.needs == ("aws:PrincipalTag/Team",)
        assert decision.layers[0][:3] == ("identity", "depends", None)

    @pytest.mark.parametrize(
        "policies",
        [
            # Another statement allows.
            PolicySet(identity=[document(allow(**when("Bool", "aws:SecureTransport", "true")), allow("s3:*"))]),
            # Another test of the statement fails.
            PolicySet(
                identity=[
                    document(
                        allow("s3:*"),
                        deny(Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:username": "bob"}}),
                    )
                ]
            ),
            # It is about other actions, or other resources.
            PolicySet(
                identity=[ALL, document(deny("sqs:*", **when("Bool", "aws:SecureTransport", "false")))],
            ),
            PolicySet(
                identity=[ALL, document(deny("*", "arn:aws:s3:::other/*", **when("Bool", "aws:SecureTransport", "false")))]
            ),
            # The resource's policy is enough.
            PolicySet(
                identity=[document(allow(**when("Bool", "aws:SecureTransport", "true")))],
                resource=document(allow(Principal={"AWS": USER})),
            ),
        ],
    )
    def test_it_is_allowed_where_the_value_cannot_matter(self, policies):
        decision = evaluate(get(context={"aws:SecureTransport": None}), policies)
        assert (decision.decision, decision.kind, decision.needs) == ("allow", "explicit", ())

    @pytest.mark.parametrize(
        "policies",
        [
            PolicySet(identity=[document(allow(**when("Bool", "aws:SecureTransport", "true")), deny("s3:Get*"))]),
            PolicySet(identity=[document(allow(**when("Bool", "aws:SecureTransport", "true")))], scp=[[document(deny())]]),
            PolicySet(
                identity=[document(allow(**when("Bool", "aws:SecureTransport", "true")))], boundary=[document(allow("sqs:*"))]
            ),
        ],
    )
    def test_it_is_denied_where_the_value_cannot_matter(self, policies):
        decision = evaluate(get(context={"aws:SecureTransport": None}), policies)
        assert (decision.decision, decision.needs) == ("deny", ())

    def test_every_key_that_could_change_the_answer_is_named_and_no_other(self):
        policies = PolicySet(
            identity=[document(allow(**when("StringEquals", "s3:prefix", "a")))],
            boundary=[document(allow(), allow(**when("StringEquals", "aws:referer", "a")))],
            scp=[[ALL, document(deny(**when("IpAddress", "aws:SourceIp", "192.0.2.0/24")))]],
        )
        assert evaluate(get(context=None), policies).needs == ("aws:SourceIp", "s3:prefix")

    def test_both_layers_that_must_allow_are_named(self):
        policies = PolicySet(
            identity=[document(allow(**when("StringEquals", "s3:prefix", "a")))],
            boundary=[document(allow(**when("StringEquals", "aws:referer", "a")))],
        )
        assert evaluate(get(context=None), policies).needs == ("aws:referer", "s3:prefix")

    def test_a_layer_that_is_sure_enough_is_named_with_its_statement(self):
        bucket = document(
            allow(Sid="Role", Principal={"AWS": ROLE}),
            allow(Principal={"AWS": SESSION}, **when("StringEquals", "aws:referer", "a")),
        )
        decision = evaluate(get(SESSION, context=None), PolicySet(resource=bucket))
        assert (decision[:3], decision.statement.sid) == (("allow", "explicit", "resource"), "Role")
        assert decision.layers[0].decision == "depends"

    def test_a_variable_is_a_need_only_where_it_could_match(self):
        policies = PolicySet(identity=[document(allow("s3:*", "arn:aws:s3:::bucket/${aws:PrincipalTag/Team}"))])
        unknown = {"aws:PrincipalTag/Team": None}
        assert evaluate(get(context=unknown), policies).needs == ("aws:PrincipalTag/Team",)
        elsewhere = Request(USER, "s3:GetObject", "arn:aws:s3:::other/key", context=unknown)
        assert evaluate(elsewhere, policies).decision == "deny"

    def test_a_value_of_a_condition_may_be_what_is_not_known(self):
        policies = PolicySet(identity=[document(allow(**when("StringEquals", "s3:prefix", ["x", "${aws:PrincipalTag/Team}"])))])
        unknown = {"aws:PrincipalTag/Team": None}
        assert evaluate(get(context={"s3:prefix": "x", **unknown}), policies).decision == "allow"
        assert evaluate(get(context={"s3:prefix": "y", **unknown}), policies).needs == ("aws:PrincipalTag/Team",)
        assert evaluate(get(context=unknown), policies).decision == "deny"

    def test_a_context_that_is_not_complete_leaves_every_other_key_open(self):
        policies = PolicySet(identity=[document(allow(**when("StringNotEquals", "aws:SourceVpc", "vpc-1")))])
        assert evaluate(get(context={}), policies).decision == "allow"
        assert evaluate(get(context={}, complete=False), policies).needs == ("aws:SourceVpc",)
        assert evaluate(get(context=None), policies).needs == ("aws:SourceVpc",)

    def test_what_follows_from_the_principal_is_known_even_then(self):
        condition = {"StringEquals": {"aws:username": "ana"}, "ArnEquals": {"aws:PrincipalArn": USER}}
        policies = PolicySet(identity=[document(allow(Condition=condition))])
        assert evaluate(get(context=None), policies).decision == "allow"
        assert evaluate(get(SESSION, context=None), policies).decision == "deny"

    @pytest.mark.parametrize("key", ["aws:CurrentTime", "aws:EpochTime"])
    def test_a_request_always_has_a_time(self, key):
        policies = PolicySet(identity=[document(allow(**when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z")))])
        assert evaluate(get(), policies).needs == ("aws:CurrentTime",)
        assert evaluate(get(context={key: "2025-12-31T23:59:59Z"}), policies).decision == "allow"
        assert evaluate(get(context={key: "1767225600"}), policies).decision == "deny"


class TestErrors:
    def test_all_that_is_wrong_with_the_policies_comes_at_once(self):
        policies = PolicySet(
            identity=[document({"Effect": "allow", "Action": "s3", "Resource": "x"})], scp=[[document(allow(Version="1"))]]
        )
        with pytest.raises(InputError) as error:
            evaluate(get(), policies)
        assert {problem.path for problem in error.value.problems} == {
            ("policies", "identity", "Statement", 0, "Effect"),
            ("policies", "identity", "Statement", 0, "Action"),
            ("policies", "identity", "Statement", 0, "Resource"),
            ("policies", "scp", 0, "Statement", 0),
        }

    def test_a_trust_policy_has_a_grammar_of_its_own(self):
        request = Request(USER, "sts:AssumeRole", ROLE)
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": USER}}
        assert evaluate(request, PolicySet(resource=document(statement))).decision == "allow"
        with pytest.raises(InputError, match="a trust policy has no resource"):
            evaluate(request, PolicySet(resource=document({**statement, "Resource": "*"})))

    def test_only_an_identity_provider_of_a_trust_policy_is_a_principal(self):
        provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
        bucket = document(allow(Principal={"Federated": provider}))
        with pytest.raises(InputError, match="only trust policies name identity providers"):
            evaluate(get(), PolicySet(resource=bucket))

    def test_policies_are_read_again_after_an_error(self):
        policies = PolicySet(identity=["nothing"])
        for _ in range(2):
            with pytest.raises(InputError, match="a policy must be an object"):
                evaluate(get(), policies)


class TestPolicies:
    def test_a_document_of_ours_is_a_policy(self):
        ours = (
            Statement(
                sid="Read",
                actions=("s3:GetObject",),
                resources=("arn:aws:s3:::bucket/*",),
                conditions=conditions({"StringEquals": {"aws:username": "ana"}}),
            ),
        )
        decision = evaluate(get(), PolicySet(identity=[ours]))
        assert (decision.decision, decision.statement.sid) == ("allow", "Read")

    def test_one_document_may_stand_for_a_list_of_one(self):
        limits = PolicySet(
            identity=[ALL], boundary=document(allow("sqs:*")), session=[ALL], endpoint=document(allow(Principal="*"))
        )
        assert evaluate(get(SESSION), limits).layer == "boundary"

    def test_an_empty_level_lets_nothing_through_and_no_level_everything(self):
        assert evaluate(get(), PolicySet(identity=[ALL], scp=[])).decision == "allow"
        assert evaluate(get(), PolicySet(identity=[ALL], scp=[[]])).layer == "scp"

    def test_no_boundary_is_none_also_for_not_principal(self):
        bucket = document(allow(Principal="*"), deny(NotPrincipal={"AWS": [USER, ACCOUNT]}))
        assert evaluate(get(), PolicySet(resource=bucket, boundary=[])).decision == "allow"
        assert evaluate(get(), PolicySet(resource=bucket, boundary=[ALL])).kind == "explicit"

    def test_the_same_policies_answer_many_requests_alike(self):
        policies = PolicySet(identity=[document(allow("s3:*", "arn:aws:s3:::bucket/${aws:username}/*"))])
        for name in ("ana", "bob", "ana"):
            for other in ("ana", "bob"):
                request = Request(f"arn:aws:iam::{ACCOUNT}:user/{name}", "s3:GetObject", f"arn:aws:s3:::bucket/{other}/key")
                assert evaluate(request, policies).is_allowed == (name == other)

    def test_the_management_account_is_above_the_organizations_policies(self):
        policies = PolicySet(identity=[ALL], scp=[[document(deny())]], rcp=[[document(deny("s3:*", Principal="*"))]])
        assert evaluate(get(management_account=ACCOUNT), policies).decision == "allow"
        assert evaluate(get(management_account=OTHER), policies).decision == "deny"


def only(*tests):
    """An identity policy with a statement for each (effect, operator, key, value)."""
    return PolicySet(
        identity=[document(*({"Effect": each[0], "Action": "*", "Resource": "*", **when(*each[1:])} for each in tests))]
    )


class TestWhatCannotMatter:
    """A key that several statements ask for: all that it may be is tried."""

    @pytest.mark.parametrize(
        ("policies", "answer"),
        [
            (only(("Allow", "StringEquals", "aws:SourceVpc", "a"), ("Deny", "StringEquals", "aws:SourceVpc", "a")), "deny"),
            (only(("Allow", "StringEquals", "aws:SourceVpc", "a"), ("Allow", "StringNotEquals", "aws:SourceVpc", "a")), "allow"),
            (only(("Allow", "Null", "aws:SourceVpc", "true"), ("Allow", "StringLike", "aws:SourceVpc", "*")), "allow"),
            (
                only(("Allow", "Bool", "aws:SecureTransport", "true"), ("Deny", "BoolIfExists", "aws:SecureTransport", "true")),
                "deny",
            ),
            (only(("Allow", "StringEquals", "aws:SourceVpc", "a"), ("Deny", "StringNotLike", "aws:SourceVpc", "b*")), "deny"),
            (
                only(("Allow", "NumericLessThan", "s3:max-keys", "5"), ("Deny", "NumericLessThanEquals", "s3:max-keys", "5")),
                "deny",
            ),
            (
                only(
                    ("Allow", "DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
                    ("Allow", "DateGreaterThanEquals", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
                ),
                "allow",
            ),
        ],
    )
    def test_the_same_answer_for_every_value_is_the_answer(self, policies, answer):
        decision = evaluate(get(context=None), policies)
        assert (decision.decision, decision.needs) == (answer, ())

    @pytest.mark.parametrize(
        "policies",
        [
            # The key may be absent, or have a value that neither names.
            only(("Allow", "StringEquals", "aws:SourceVpc", "a"), ("Allow", "StringLike", "aws:SourceVpc", "b*")),
            only(("Allow", "Bool", "aws:SecureTransport", "true"), ("Allow", "Bool", "aws:SecureTransport", "false")),
            # As text, the key may be written otherwise.
            only(
                ("Allow", "StringEquals", "aws:SecureTransport", "true"),
                ("Allow", "StringEquals", "aws:SecureTransport", "false"),
            ),
            # A number may lie between two whole ones.
            only(("Allow", "NumericGreaterThan", "s3:max-keys", "5"), ("Deny", "NumericGreaterThanEquals", "s3:max-keys", "6")),
            # A key of a service may have both values at once.
            only(("Deny", "StringEquals", "x:y", "a"), ("Allow", "ForAnyValue:StringEquals", "x:y", ["a", "b"])),
        ],
    )
    def test_another_answer_for_some_value_is_what_it_depends_on(self, policies):
        assert evaluate(get(context=None), policies).decision == "depends"

    def test_what_the_answers_have_in_common_is_said(self):
        policies = only(("Allow", "StringEquals", "aws:SourceVpc", "a"), ("Deny", "StringEquals", "aws:SourceVpc", "a"))
        decision = evaluate(get(context=None), policies)
        assert decision[:4] == ("deny", None, "identity", None)
