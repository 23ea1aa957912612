"""Both sides of a plan as facts: every shape of the provider's resources, and plans that nobody should trust."""

import json
import time
from pathlib import Path

import pytest

from meshrole.errors import PlanError
from meshrole.plans.read import parse
from meshrole.review import difference
from meshrole.review.facts import UNKNOWN, pairs
from meshrole.review.reading.changes import masked
from meshrole.review.reading.sides import facts as facts_of

EDITS = (Path(__file__).parent / "plans" / "edits.json").read_bytes()
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "111122223333"}}],
}
TEXT, TRUSTED = json.dumps(ALLOW), json.dumps(TRUST)


def resource(address, before, after, *, unknown=None, sensitive=None, references=None, **more):
    """A change of a resource, in the words of Terraform's JSON format; `references` stand in its configuration."""
    kind, _, name = address.rpartition(".")
    actions = ["create"] if before is None else ["delete"] if after is None else ["no-op"] if before == after else ["update"]
    change = {
        "actions": actions,
        "before": before,
        "after": after,
        "after_unknown": unknown or {},
        "after_sensitive": sensitive or {},
    }
    change |= {key: more.pop(key) for key in ("actions", "importing") if key in more}
    item = {"address": address, "mode": "managed", "type": kind.rpartition(".")[2], "name": name, "change": change, **more}
    return item, {"mode": "managed", "type": item["type"], "name": name, "expressions": references or {}}


def plan(*resources, **more):
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": [item for item, _ in resources],
        "configuration": {"root_module": {"resources": [block for _, block in resources]}},
    } | more


def read(*resources, **more):
    return facts_of(parse(json.dumps(plan(*resources, **more)).encode(), "plan.json"))


def role(name="app", address="aws_iam_role.app", **values):
    return {"name": name, "path": "/", "assume_role_policy": TRUSTED, **values}, address


def made(item, **more):
    values, address = item
    return resource(address, None, values, **more)


@pytest.fixture(scope="module")
def edits():
    return facts_of(parse(EDITS, "edits.json"))


def thing(family, address):
    return next(each for each in family if each.address == address)


@pytest.mark.parametrize(
    ("address", "action"),
    [
        ("aws_iam_role.checkout", "update"),
        ("aws_iam_role.split_orders", "create"),
        ("aws_iam_role.name", "replace"),
        ("aws_iam_role.imported", "import"),
        ("aws_iam_role.forgotten", "forget"),
    ],
)
def test_what_a_plan_does_with_a_role(edits, address, action):
    assert thing(edits.after.roles, address).action == action


def test_what_is_destroyed_is_on_one_side_only(edits):
    assert thing(edits.before.roles, "aws_iam_role.destroyed").action == "delete"
    assert "aws_iam_role.destroyed" not in {role.address for role in edits.after.roles}


def test_what_moves_is_found_again(edits):
    found = {new.address: old.address for old, new in pairs(edits.before.roles, edits.after.roles) if old and new}
    assert found["aws_iam_role.renamed_now"] == "aws_iam_role.renamed"
    assert found["module.new.aws_iam_role.this"] == "module.old.aws_iam_role.this"
    assert found['aws_iam_role.each["red"]'] == 'aws_iam_role.each["red"]'


def test_a_new_policy_is_found_through_its_reference(edits):
    given = {attached.address: attached for attached in thing(edits.after.roles, "aws_iam_role.attached").attached}
    assert given["aws_iam_role_policy_attachment.fresh"].policy.statements[0].actions == ("sns:Publish",)
    assert given["aws_iam_role_policy_attachment.attached"].policy is None
    assert given["aws_iam_role_policy_attachment.attached"].is_aws_managed


SHAPES = [
    (resource("aws_iam_role_policy.p", None, {"name": "p", "role": "app", "policy": TEXT}), "inline"),
    (
        resource("aws_iam_role_policy_attachment.p", None, {"role": "app", "policy_arn": "arn:aws:iam::111122223333:policy/own"}),
        "attached",
    ),
    (
        resource("aws_iam_policy_attachment.p", None, {"roles": ["app"], "policy_arn": "arn:aws:iam::111122223333:policy/own"}),
        "attached",
    ),
    (
        resource(
            "aws_iam_role_policy_attachments_exclusive.p",
            None,
            {"role_name": "app", "policy_arns": ["arn:aws:iam::111122223333:policy/own"]},
        ),
        "attached",
    ),
    (
        resource("module.a.aws_iam_role_policy.p", None, {"name": "p", "role": "app", "policy": TEXT}, module_address="module.a"),
        "inline",
    ),
]


@pytest.mark.parametrize(("shape", "how"), SHAPES, ids=lambda value: value if isinstance(value, str) else value[0]["address"])
def test_each_way_to_give_a_role_a_policy(shape, how):
    own = resource(
        "aws_iam_policy.own", None, {"name": "own", "path": "/", "policy": TEXT, "arn": "arn:aws:iam::111122223333:policy/own"}
    )
    found = read(made(role()), own, shape).after.roles[0]
    (given,) = getattr(found, how)
    assert given.policy.statements[0].actions == ("s3:GetObject",)


def test_a_role_holds_policies_itself():
    inside = role(inline_policy=[{"name": "p", "policy": TEXT}], managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"])
    written = {"inline_policy": [{"name": {}}], "managed_policy_arns": {"constant_value": []}}
    found = read(made(inside, references=written)).after.roles[0]
    assert [each.name for each in found.inline] == ["p"]
    assert [each.arn for each in found.attached] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]


def test_what_a_role_is_said_to_hold_is_not_kept_when_its_own_resource_goes():
    """The provider also computes a role's inline policies: after the plan they are still those that were."""
    values, address = role(inline_policy=[{"name": "p", "policy": TEXT}])
    gone = resource("aws_iam_role_policy.p", {"name": "p", "role": "app", "policy": TEXT}, None)
    found = read(resource(address, values, values), gone)
    assert (len(found.before.roles[0].inline), len(found.after.roles[0].inline)) == (1, 0)
    assert [each.action for change in difference.changes(found) for each in change.lost] == ["s3:GetObject"]


def test_exclusive_names_take_away_the_others():
    values, address = role(inline_policy=[{"name": "p", "policy": TEXT}, {"name": "q", "policy": TEXT}])
    only = resource("aws_iam_role_policies_exclusive.p", None, {"role_name": "app", "policy_names": ["q"]})
    assert [each.name for each in read(resource(address, values, values), only).after.roles[0].inline] == ["q"]


def test_an_identity_outside_of_the_plan_is_one_too():
    found = read(resource("aws_iam_role_policy.p", None, {"name": "p", "role": "elsewhere", "policy": TEXT}))
    assert [each.name for each in found.after.outside] == ["elsewhere"]
    assert [(change.identity, change.gained[0].action) for change in difference.changes(found)] == [("elsewhere", "s3:GetObject")]


@pytest.mark.parametrize("version", ["inline to managed", "managed to inline"])
def test_moving_a_policy_between_inline_and_managed_is_no_change(version):
    values, address = role()
    arn = "arn:aws:iam::111122223333:policy/own"
    inline = {"name": "p", "role": "app", "policy": TEXT}
    own, attached = {"name": "own", "path": "/", "arn": arn, "policy": TEXT}, {"role": "app", "policy_arn": arn}
    sides = [(inline, None), (None, own), (None, attached)]
    if version == "managed to inline":
        sides = [(after, before) for before, after in sides]
    names = ("aws_iam_role_policy.p", "aws_iam_policy.own", "aws_iam_role_policy_attachment.p")
    parts = [resource(name, *side) for name, side in zip(names, sides, strict=True)]
    assert difference.changes(read(resource(address, values, values), *parts)) == ()


def test_a_new_attribute_of_a_newer_provider_is_no_change():
    values, address = role()
    assert difference.changes(read(resource(address, values, {**values, "region": "eu-west-1"}))) == ()


def test_a_key_a_group_and_a_task_are_told():
    values, address = role()
    found = read(
        resource(address, values, values),
        made(({"name": "u", "path": "/"}, "aws_iam_user.u")),
        resource("aws_iam_access_key.k", None, {"user": "u"}),
        resource("aws_iam_user_group_membership.g", None, {"user": "u", "groups": ["admins"]}),
        resource("aws_ecs_task_definition.t", None, {"family": "shop", "task_role_arn": "arn:aws:iam::111122223333:role/app"}),
    )
    assert {change.identity: change.notes for change in difference.changes(found)} == {
        "u": ("has a new access key", "joins the group admins"),
        "app": ("is now the task role of task definition shop",),
    }


def test_a_plan_of_a_part_keeps_the_rest():
    """With -target the state has resources of which the plan says nothing."""
    rest = {"address": "aws_iam_role.rest", "mode": "managed", "type": "aws_iam_role", "name": "rest", "values": role("rest")[0]}
    found = read(made(role()), prior_state={"values": {"root_module": {"resources": [rest]}}})
    assert {each.name for each in found.after.roles} == {"app", "rest"}
    assert [change.identity for change in difference.changes(found)] == ["app"]


def test_a_moved_and_renamed_role_in_a_module_with_an_index():
    values, _ = role("app-blue")
    new = 'module.a["x"].aws_iam_role.app[0]'
    moved = resource(new, values, values, previous_address="aws_iam_role.old", module_address='module.a["x"]', index=0)
    moved[0]["type"], moved[0]["name"] = "aws_iam_role", "app"
    found = read(moved)
    assert (found.before.roles[0].address, found.after.roles[0].was, found.after.roles[0].action) == (
        "aws_iam_role.old",
        "aws_iam_role.old",
        "move",
    )
    assert difference.changes(found) == ()


def test_unknown_values_are_unknown():
    found = read(made(({"path": "/"}, "aws_iam_role.app"), unknown={"name": True, "assume_role_policy": True, "arn": True}))
    (one,) = found.after.roles
    assert (one.name, one.arn) == (UNKNOWN, UNKNOWN)
    assert one.trust.text is None
    assert [item.address for item in found.after.unknown] == ["aws_iam_role.app"]


def test_an_unknown_policy_takes_nothing_and_gives_nothing():
    values, address = role()
    changing = resource(
        "aws_iam_role_policy.p",
        {"name": "p", "role": "app", "policy": TEXT},
        {"name": "p", "role": "app"},
        unknown={"policy": True},
    )
    found = read(resource(address, values, values), changing)
    assert difference.changes(found) == ()
    assert [item.address for item in found.after.unknown] == ["aws_iam_role_policy.p"]


def test_a_sensitive_value_is_kept_nowhere():
    hidden = "arn:aws:iam::111122223333:role/hidden"
    text = json.dumps({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": hidden}}})
    found = read(
        made(role(assume_role_policy=text, description=hidden), sensitive={"assume_role_policy": True, "description": True})
    )
    assert hidden not in repr((found.before, found.after, difference.changes(found)))
    assert [item.address for item in found.after.unknown] == ["aws_iam_role.app"]


OTHERS = [
    (
        "workloads",
        resource(
            "aws_ecs_task_definition.t",
            None,
            {"family": "t", "task_role_arn": "arn:aws:iam::111122223333:role/app", "execution_role_arn": "app"},
        ),
        lambda one: (
            [(purpose, ref.address) for purpose, ref in one.roles]
            == [("task", "aws_iam_role.app"), ("execution", "aws_iam_role.app")]
        ),
    ),
    (
        "workloads",
        resource("aws_iam_instance_profile.t", None, {"name": "t", "role": "app"}),
        lambda one: one.roles[0][1].address == "aws_iam_role.app",
    ),
    (
        "providers",
        resource("aws_iam_openid_connect_provider.t", None, {"url": "https://gitlab.com", "client_id_list": ["x"]}),
        lambda one: (one.url, one.audiences) == ("gitlab.com", ("x",)),
    ),
    ("providers", resource("aws_iam_saml_provider.t", None, {"name": "okta"}), lambda one: one.url == "okta"),
    ("users", resource("aws_iam_user.t", None, {"name": "t", "path": "/"}), lambda one: one.keys == ()),
    (
        "trails",
        resource(
            "aws_cloudtrail.t",
            None,
            {"name": "t", "s3_bucket_name": "logs", "enable_logging": False, "is_multi_region_trail": True},
        ),
        lambda one: (one.bucket.text, one.is_logging, one.is_multi_region, one.selectors) == ("logs", False, True, None),
    ),
    (
        "recorders",
        resource(
            "aws_config_configuration_recorder.t",
            None,
            {"name": "t", "role_arn": "x", "recording_group": [{"all_supported": True, "include_global_resource_types": False}]},
        ),
        lambda one: (one.is_on, one.is_all, one.has_global) == (None, True, False),
    ),
    (
        "rules",
        resource(
            "aws_config_config_rule.t",
            None,
            {"name": "t", "source": [{"owner": "AWS", "source_identifier": "CLOUD_TRAIL_ENABLED"}]},
        ),
        lambda one: one.source == "CLOUD_TRAIL_ENABLED",
    ),
    (
        "keys",
        resource("aws_kms_key.t", None, {"is_enabled": True, "enable_key_rotation": True, "deletion_window_in_days": 7}),
        lambda one: (one.is_enabled, one.rotates, one.deletion_days, one.policy) == (True, True, 7, None),
    ),
    (
        "organization",
        resource("aws_organizations_policy.t", None, {"name": "t", "type": "SERVICE_CONTROL_POLICY", "content": TEXT}),
        lambda one: one.policy.is_known,
    ),
    (
        "lattice",
        resource("aws_vpclattice_service.t", None, {"name": "t", "auth_type": "NONE"}),
        lambda one: (one.auth_type, one.policy) == ("NONE", None),
    ),
    (
        "resource_policies",
        resource(
            "aws_lambda_permission.t",
            None,
            {
                "function_name": "f",
                "principal": "s3.amazonaws.com",
                "action": "lambda:InvokeFunction",
                "source_account": "111122223333",
            },
        ),
        lambda one: (
            (one.policy.statements[0].principals, one.policy.statements[0].conditions)
            == ((("Service", "s3.amazonaws.com"),), (("StringEquals", "AWS:SourceAccount", ("111122223333",)),))
        ),
    ),
    (
        "event_stores",
        resource(
            "aws_cloudtrail_event_data_store.t",
            None,
            {"name": "t", "retention_period": 90, "termination_protection_enabled": True},
        ),
        lambda one: (one.retention_days, one.is_protected) == (90, True),
    ),
]


@pytest.mark.parametrize(("family", "shape", "holds"), OTHERS, ids=[shape[0]["address"] for _, shape, _ in OTHERS])
def test_the_other_families(family, shape, holds):
    found = read(made(role()), shape)
    (one,) = getattr(found.after, family)
    assert holds(one)
    assert getattr(found.before, family) == ()


@pytest.mark.parametrize(
    "kind",
    [
        "aws_s3_bucket_policy",
        "aws_kms_key_policy",
        "aws_sqs_queue_policy",
        "aws_sns_topic_policy",
        "aws_secretsmanager_secret_policy",
        "aws_ecr_repository_policy",
        "aws_vpclattice_auth_policy",
    ],
)
def test_policies_of_resources(kind):
    names = dict.fromkeys(("bucket", "key_id", "queue_url", "arn", "secret_arn", "repository", "resource_identifier"), "it")
    (one,) = read(resource(f"{kind}.t", None, {**names, "policy": TEXT})).after.resource_policies
    assert (one.on.text, one.policy.is_known) == ("it", True)


def test_what_others_say_of_a_bucket():
    found = read(
        resource("aws_s3_bucket.logs", None, {"bucket": "logs", "force_destroy": False}),
        resource("aws_s3_bucket_versioning.logs", None, {"bucket": "logs", "versioning_configuration": [{"status": "Enabled"}]}),
        resource(
            "aws_s3_bucket_public_access_block.logs",
            None,
            {"bucket": "logs", "block_public_acls": True, "block_public_policy": False},
        ),
        resource(
            "aws_s3_bucket_lifecycle_configuration.logs",
            None,
            {"bucket": "logs", "rule": [{"status": "Enabled", "filter": [{"prefix": "a/"}], "expiration": [{"days": 30}]}]},
        ),
        resource(
            "aws_s3_bucket_object_lock_configuration.logs",
            None,
            {"bucket": "logs", "rule": [{"default_retention": [{"mode": "COMPLIANCE", "years": 2}]}]},
        ),
    )
    (one,) = found.after.buckets
    assert (one.versioning, one.blocks, one.lock_mode, one.lock_days) == ("Enabled", (True, False, None, None), "COMPLIANCE", 730)
    assert [(each.days, each.prefix) for each in one.expiries] == [(30, "a/")]


def test_the_order_of_selectors_says_nothing():
    selectors = [{"name": "a", "field_selector": [{"field": "x", "equals": ["1", "2"]}]}, {"name": "b", "field_selector": []}]
    other = [
        {"name": "b", "field_selector": []},
        {"name": "a", "field_selector": [{"field": "x", "equals": ["2", "1"], "ends_with": []}]},
    ]
    before, after = ({"name": "t", "s3_bucket_name": "logs", "advanced_event_selector": each} for each in (selectors, other))
    found = read(resource("aws_cloudtrail.t", before, after))
    assert found.before.trails[0].selectors == found.after.trails[0].selectors


def test_an_opentofu_plan_is_read_alike():
    """OpenTofu's format is Terraform's, with its own version in it: https://opentofu.org/docs/internals/json-format/"""
    found = read(made(role()), terraform_version="1.10.0", provider_format_version="1.0")
    assert [each.name for each in found.after.roles] == ["app"]


@pytest.mark.parametrize(
    "content",
    [
        EDITS[: len(EDITS) // 2],
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"format_version": "2.0", "planned_values": {}}',
        b'{"format_version": "1.2", "planned_values": {}, "resource_changes": [{}]}',
        b'{"format_version": "1.2", "planned_values": {}, "resource_changes": [{"type": "aws_iam_role", "address": "a", "name": "a", "change": {"actions": ["explode"]}}]}',
        b'{"a":' * 100_000,
        json.dumps(plan(resource("aws_iam_role.a", None, "text"))).encode(),
        json.dumps(plan(resource("aws_iam_role.a", None, {"name": "a"}, unknown=True))).encode(),
    ],
    ids=range(10),
)
def test_what_is_no_plan_is_refused(content):
    with pytest.raises(PlanError):
        facts_of(parse(content, "plan.json"))


def test_names_with_control_characters_change_no_facts():
    name = "a\x1b[2J\n::set-output name=x::y<script>"
    found = read(made(role(name)), resource("aws_iam_role_policy.p", None, {"name": name, "role": name, "policy": TEXT}))
    assert [(change.identity, len(change.gained)) for change in difference.changes(found)] == [(name, 1)]


def test_a_policy_nested_as_deeply_as_it_can_be_is_unreadable():
    deep = '{"Statement":' + "[" * 200_000
    found = read(made(role(assume_role_policy=deep)))
    assert not found.after.roles[0].trust.is_known
    assert [item.address for item in found.after.unknown] == ["aws_iam_role.app"]


def test_references_in_circles_end():
    """A module's outputs are its variables, and these its outputs: followed blindly, that doubles with every round."""
    names = ("one", "two", "three")
    outputs = {name: {"expression": {"references": [f"var.{each}" for each in names]}} for name in names}
    variables = {name: {"references": [f"module.a.{each}" for each in names]} for name in names}
    item, block = resource("aws_iam_role_policy_attachment.p", None, {"role": "app"}, unknown={"policy_arn": True})
    block["expressions"] = {"policy_arn": {"references": ["module.a.one"]}}
    value = plan((item, block))
    value["configuration"]["root_module"]["module_calls"] = {"a": {"expressions": variables, "module": {"outputs": outputs}}}
    (one,) = facts_of(parse(json.dumps(value).encode(), "plan.json")).after.outside
    assert one.attached[0].arn is UNKNOWN


def test_a_policy_of_more_combinations_than_can_be_compared_is_another_one():
    def text(count):
        parts = {
            "Effect": "Allow",
            "Action": [f"s3:A{number}" for number in range(count)],
            "Resource": [f"arn:aws:s3:::{number}" for number in range(900)],
        }
        return json.dumps({"Statement": [parts]})

    values, address = role()
    policies = [{"name": "p", "role": "app", "policy": text(count)} for count in (900, 901)]
    found = read(resource(address, values, values), resource("aws_iam_role_policy.p", *policies))
    (change,) = difference.changes(found)
    assert (len(change.gained), len(change.lost)) == (1, 1)
    same = read(resource(address, values, values), resource("aws_iam_role_policy.p", policies[0], policies[0]))
    assert difference.changes(same) == ()


@pytest.mark.parametrize("count", [90, 600])
def test_patterns_by_the_hundred_are_compared_in_seconds_or_not_at_all(count):
    """Each of the patterns could cover each of the others: what that costs is bounded, and then too much is shown, not too little."""

    def text(letter):
        names = [f"arn:aws:s3:::*{letter}{number:04}?*/*x" for number in range(count)]
        parts = [{"Effect": effect, "Action": "s3:GetObject", "Resource": names} for effect in ("Allow", "Deny")]
        return json.dumps({"Statement": [*parts, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": names}]})

    values, address = role()
    policies = [{"name": "p", "role": "app", "policy": text(letter)} for letter in "ab"]
    start = time.process_time()
    (change,) = difference.changes(read(resource(address, values, values), resource("aws_iam_role_policy.p", *policies)))
    assert time.process_time() - start < 60
    assert {each.action for each in change.gained} >= {"s3:PutObject"}
    assert len(change.gained) >= count


@pytest.mark.parametrize(
    ("values", "mask", "expected"),
    [
        ({"a": 1}, {"a": True}, {"a": UNKNOWN}),
        ({"a": 1}, {"b": True}, {"a": 1, "b": UNKNOWN}),
        # What is not hidden makes no place that is not there.
        ({"a": 1}, {"a": False, "b": {"c": False}, "d": [False]}, {"a": 1}),
        ({}, {"a": [{}, {}]}, {}),
        ([1, 2], [False, True], [1, UNKNOWN]),
        ([1], [False, False, True], [1, UNKNOWN]),
        ([1], [False, {}], [1]),
        ([1, 2, 3], [True], [UNKNOWN, 2, 3]),
        (None, [False, {"a": True}], [{"a": UNKNOWN}]),
        ([{"a": 1}], [{"a": False, "b": [True]}], [{"a": 1, "b": [UNKNOWN]}]),
        ({"a": {"b": 1}}, True, UNKNOWN),
        ("text", False, "text"),
    ],
)
def test_a_mask_hides_what_it_says_and_nothing_else(values, mask, expected):
    assert masked(values, mask) == expected
