"""Plans as terraform prints them: every way of giving a role a policy, what is not known yet, and files that are no plans."""

import json
from typing import Any

import pytest

from meshrole.errors import PlanError
from meshrole.plans import read, roles
from meshrole.plans.facts import UNKNOWN, Facts, Role

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})
OTHER = DOCUMENT.replace("GetObject", "PutObject")


def resource(address: str, values: dict[str, Any], index: Any = None, mode: str = "managed") -> dict[str, Any]:
    bare = address.removeprefix("data.").split("[")[0].split(".")
    item = {"address": address, "mode": mode, "type": bare[-2], "name": bare[-1], "values": values}
    return item if index is None else {**item, "index": index}


def role(address: str = "aws_iam_role.a", name: str = "a", **more: Any) -> dict[str, Any]:
    return resource(address, {"name": name, "path": "/", "assume_role_policy": TRUST, **more})


def plan(*items: dict[str, Any], unknown: dict[str, Any] | None = None, configuration: Any = None, **more: Any) -> dict[str, Any]:
    changes = [
        {"address": address, "change": {"actions": ["create"], "after_unknown": names}}
        for address, names in (unknown or {}).items()
    ]
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": list(items)}},
        "resource_changes": changes,
        "configuration": {"root_module": configuration or {}},
        **more,
    }


def block(address: str, **references: list[str]) -> dict[str, Any]:
    mode = "data" if address.startswith("data.") else "managed"
    kind, name = address.removeprefix("data.").split(".")
    expressions = {key: {"references": value} for key, value in references.items()}
    return {"address": address, "mode": mode, "type": kind, "name": name, "expressions": expressions}


def facts(value: dict[str, Any]) -> Facts:
    return roles.facts(read.parse(json.dumps(value).encode(), "plan.json"))


def only(value: dict[str, Any]) -> Role:
    (found,) = facts(value).roles
    return found


def texts(found: Role) -> list[str | None]:
    return [document.text for document in found.policies]


GIVEN = {
    "inline resource": [resource("aws_iam_role_policy.p", {"role": "a", "policy": DOCUMENT})],
    "by the role's ARN": [resource("aws_iam_role_policy.p", {"role": "arn:aws:iam::111122223333:role/x/a", "policy": DOCUMENT})],
    "attachment": [
        resource("aws_iam_policy.m", {"name": "m", "path": "/", "policy": DOCUMENT}),
        resource("aws_iam_role_policy_attachment.t", {"role": "a", "policy_arn": "arn:aws:iam::111122223333:policy/m"}),
    ],
    "attachment of several": [
        resource("aws_iam_policy.m", {"name": "m", "path": "/p/", "policy": DOCUMENT}),
        resource("aws_iam_policy_attachment.t", {"roles": ["b", "a"], "policy_arn": "arn:aws:iam::111122223333:policy/p/m"}),
    ],
    "exclusive attachments": [
        resource("aws_iam_policy.m", {"name": "m", "path": "/", "policy": DOCUMENT}),
        resource(
            "aws_iam_role_policy_attachments_exclusive.t",
            {"role_name": "a", "policy_arns": ["arn:aws:iam::111122223333:policy/m"]},
        ),
    ],
}


@pytest.mark.parametrize("way", GIVEN)
def test_each_way_of_giving_a_role_a_policy_is_read(way):
    assert texts(only(plan(role(), *GIVEN[way]))) == [DOCUMENT]


def test_policies_inside_the_role_are_read():
    managed = resource("aws_iam_policy.m", {"name": "m", "path": "/", "policy": OTHER})
    arns = ["arn:aws:iam::111122223333:policy/m"]
    found = only(plan(role(inline_policy=[{"name": "i", "policy": DOCUMENT}], managed_policy_arns=arns), managed))
    assert texts(found) == [DOCUMENT, OTHER]


def test_a_policy_of_aws_is_not_known_and_says_so():
    attachment = resource(
        "aws_iam_role_policy_attachment.t", {"role": "a", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    )
    (document,) = only(plan(role(), attachment)).policies
    assert (document.source, document.text) == ("arn:aws:iam::aws:policy/ReadOnlyAccess", None)
    assert document.why == "not in the plan (aws_iam_role_policy_attachment.t)"


def test_a_policy_of_aws_is_not_mistaken_for_one_of_the_same_name():
    own = resource("aws_iam_policy.m", {"name": "ReadOnlyAccess", "path": "/", "policy": DOCUMENT})
    attachment = resource(
        "aws_iam_role_policy_attachment.t", {"role": "a", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    )
    assert texts(only(plan(role(), own, attachment))) == [None]


def test_a_document_that_is_not_known_is_not_guessed():
    item = resource("aws_iam_role_policy.p", {"role": "a"})
    (document,) = only(plan(role(), item, unknown={"aws_iam_role_policy.p": {"policy": True}})).policies
    assert (document.text, document.why) == (None, UNKNOWN)


def test_a_reference_is_followed_where_a_value_is_not_known():
    items = [
        role(),
        role("aws_iam_role.b", "b"),
        resource("aws_iam_policy.m", {"name": "m", "path": "/", "policy": DOCUMENT}),
        resource("aws_iam_role_policy_attachment.t", {}),
    ]
    unknown = {"aws_iam_role_policy_attachment.t": {"role": True, "policy_arn": True}}
    refers = block(
        "aws_iam_role_policy_attachment.t",
        role=["aws_iam_role.b.name", "aws_iam_role.b"],
        policy_arn=["aws_iam_policy.m.arn", "aws_iam_policy.m"],
    )
    first, second = facts(plan(*items, unknown=unknown, configuration={"resources": [refers]})).roles
    assert (texts(first), texts(second)) == ([], [DOCUMENT])


@pytest.mark.parametrize("keys", [("x", "y"), (0, 1)])
def test_each_instance_refers_to_its_own(keys):
    shown = [json.dumps(key) for key in keys]
    items = [role(f"aws_iam_role.a[{text}]", f"a{key}") | {"index": key} for key, text in zip(keys, shown, strict=True)]
    items += [
        resource(f"aws_iam_role_policy.p[{text}]", {"policy": document}, index=key)
        for key, text, document in zip(keys, shown, (DOCUMENT, OTHER), strict=True)
    ]
    unknown = {f"aws_iam_role_policy.p[{text}]": {"role": True} for text in shown}
    refers = block("aws_iam_role_policy.p", role=["aws_iam_role.a", "each.key"])
    found = facts(plan(*items, unknown=unknown, configuration={"resources": [refers]})).roles
    assert [texts(each) for each in found] == [[DOCUMENT], [OTHER]]


def test_references_go_through_variables_and_outputs_of_modules():
    inner = {
        "address": "module.roles",
        "resources": [resource("module.roles.aws_iam_role.a", {"name": "a", "assume_role_policy": TRUST})],
        "child_modules": [
            {
                "address": "module.roles.module.grants",
                "resources": [resource("module.roles.module.grants.aws_iam_role_policy.p", {"policy": DOCUMENT})],
            }
        ],
    }
    grants = {"resources": [block("aws_iam_role_policy.p", role=["var.role"])], "variables": {"role": {}}}
    module = {
        "resources": [block("aws_iam_role.a")],
        "outputs": {"name": {"expression": {"references": ["aws_iam_role.a.name", "aws_iam_role.a"]}}},
        "module_calls": {"grants": {"module": grants, "expressions": {"role": {"references": ["aws_iam_role.a.name"]}}}},
    }
    value = plan(
        resource("aws_iam_role_policy.q", {"policy": OTHER}),
        unknown={
            "module.roles.module.grants.aws_iam_role_policy.p": {"role": True},
            "aws_iam_role_policy.q": {"role": True},
        },
        configuration={
            "resources": [block("aws_iam_role_policy.q", role=["module.roles.name", "module.roles"])],
            "module_calls": {"roles": {"module": module}},
        },
    )
    value["planned_values"]["root_module"]["child_modules"] = [inner]
    assert sorted(texts(only(value))) == sorted([DOCUMENT, OTHER])


def test_the_json_of_a_policy_document_is_used_where_it_is_known():
    data = resource("data.aws_iam_policy_document.d", {"json": DOCUMENT}, mode="data")
    item = resource("aws_iam_role_policy.p", {"role": "a"})
    refers = block("aws_iam_role_policy.p", policy=["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"])
    value = plan(role(), item, unknown={"aws_iam_role_policy.p": {"policy": True}}, configuration={"resources": [refers]})
    value["prior_state"] = {"values": {"root_module": {"resources": [data]}}}
    assert texts(only(value)) == [DOCUMENT]


def test_the_boundary_is_found_by_its_arn_and_by_reference():
    policy = resource("aws_iam_policy.b", {"name": "b", "path": "/", "policy": DOCUMENT})
    named = only(plan(role(permissions_boundary="arn:aws:iam::111122223333:policy/b"), policy))
    assert (named.boundary.arn, named.boundary.document.text) == ("arn:aws:iam::111122223333:policy/b", DOCUMENT)
    refers = block("aws_iam_role.a", permissions_boundary=["aws_iam_policy.b.arn", "aws_iam_policy.b"])
    unknown = {"aws_iam_role.a": {"permissions_boundary": True}}
    followed = only(plan(role(), policy, unknown=unknown, configuration={"resources": [refers]}))
    assert (followed.boundary.arn, followed.boundary.document.text) == (None, DOCUMENT)
    assert only(plan(role(permissions_boundary=None))).boundary is None


def test_what_hands_a_role_out_is_read():
    items = [
        resource("aws_iam_instance_profile.p", {"name": "p", "role": "a"}),
        resource("aws_ecs_task_definition.t", {"family": "shop", "task_role_arn": "arn:aws:iam::111122223333:role/a"}),
        resource("aws_lambda_function.f", {"function_name": "f", "role": "arn:aws:iam::111122223333:role/a"}),
    ]
    assert [(user.kind, user.who) for user in only(plan(role(), *items)).users] == [
        ("aws_iam_instance_profile.role", "p"),
        ("aws_ecs_task_definition.task_role_arn", "shop"),
        ("aws_lambda_function.role", "f"),
    ]


def test_a_role_says_its_own_account_or_is_where_most_arns_are():
    assert only(plan(role(arn="arn:aws-cn:iam::222233334444:role/a"))).arn == "arn:aws-cn:iam::222233334444:role/a"
    boundary = "arn:aws-us-gov:iam::333344445555:policy/b"
    assert only(plan(role(permissions_boundary=boundary))).arn == "arn:aws-us-gov:iam::333344445555:role/a"


def test_the_name_of_a_role_may_not_be_known():
    item = resource("aws_iam_role.a", {"name_prefix": "a-", "path": "/", "assume_role_policy": TRUST})
    found = only(plan(item, unknown={"aws_iam_role.a": {"name": True}}))
    assert (found.name, found.arn.rpartition("/")[2]) == (None, "aws_iam_role.a")


GOOD = json.dumps(plan(role())).encode()
BAD = {
    "empty": (b"", "this is no JSON"),
    "cut": (GOOD[:-20], "this is no JSON: it ends too early"),
    "text": (b"Terraform will perform the following actions:", "this is no JSON"),
    "binary": (b"PK\x03\x04\xff\xfe", "this is no JSON: it is not UTF-8"),
    "list": (b"[]", "this is no plan: it is not an object"),
    "state": (b'{"format_version": "1.0", "values": {}}', "this is no plan of `terraform show -json`, but a state"),
    "something": (b"{}", "this is no plan of `terraform show -json`, but something else"),
    "another format": (GOOD.replace(b'"1.2"', b'"2.0"'), "the plan has the format 2.0; the formats 1.x are known here"),
    "failed": (json.dumps(plan(role(), errored=True)).encode(), "the plan is of a run that failed"),
    "deep": (b'{"format_version": "1.2", "planned_values": ' + b"[" * 200_000, "nested too deeply"),
    "damaged values": (b'{"format_version": "1.2", "planned_values": []}', "the plan is damaged"),
    "damaged resource": (json.dumps(plan({"mode": "managed"})).encode(), "the plan is damaged"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_plan_is_refused(case, tmp_path, meshrole):
    content, message = BAD[case]
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    outcome = meshrole("verify", "--plan", file)
    assert outcome.code == 7
    assert message in outcome.errors


def test_modules_are_not_followed_without_end():
    value = plan(role())
    module = value["planned_values"]["root_module"]
    for depth in range(80):
        child = {"address": ".".join(["module.m"] * (depth + 1)), "resources": []}
        module["child_modules"] = [child]
        module = child
    with pytest.raises(PlanError, match="nested deeper than 60 levels"):
        facts(value)


def test_a_plan_that_is_too_large_is_refused_without_being_read_whole(tmp_path, meshrole):
    file = tmp_path / "plan.json"
    with file.open("wb") as stream:
        stream.truncate(200_000_000)
    outcome = meshrole("verify", "--plan", file)
    assert outcome.code == 7
    assert "at most 150,000,000 are read" in outcome.errors


def test_a_plan_that_is_not_there_is_named(meshrole, tmp_path):
    outcome = meshrole("verify", "--plan", tmp_path / "none.json")
    assert outcome.code == 7
    assert "none.json:1:1: cannot be read: No such file or directory" in outcome.errors
