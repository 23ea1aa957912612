"""The table of escalation paths: AWS has every action, every row has its page, and every row is found where it is open."""

import json

import pytest

from meshrole.access.verify import escalation
from meshrole.access.verify.estate import Subject
from meshrole.access.verify.prove import estate
from meshrole.iam import actions
from meshrole.iam.escalation_paths import PATHS
from meshrole.plans.facts import Boundary, Document, Facts, Role

TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def text(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role(*statements: dict, boundary: str | None = None) -> Role:
    return Role(
        address="aws_iam_role.r",
        name="r",
        path="/",
        partition="aws",
        account="111122223333",
        trust=Document("trust", text(TRUST)),
        policies=(Document("policy", text(*statements)),) if statements else (),
        boundary=Boundary("arn:aws:iam::111122223333:policy/b", Document("boundary", boundary)) if boundary else None,
        tags=(("meshrole:mesh", "m"), ("meshrole:workload", "w")),
        users=(),
    )


def found(item: Role) -> set[str]:
    proof = escalation.prove(estate([Facts((item,), (), ())]))
    return {finding.help.rpartition("/")[2] if finding.help else finding.message for finding in proof.findings}


def allow(*names: str, on: str = "*", **more) -> dict:
    return {"Effect": "Allow", "Action": list(names), "Resource": on, **more}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
def test_every_action_is_one_of_aws_and_every_row_has_its_page(path):
    assert all(actions.find(name) for name in path.actions)
    assert path.source.startswith(("https://pathfinding.cloud/paths/", "https://docs.aws.amazon.com/IAM/"))
    assert path.gain


def test_no_path_is_in_the_table_twice():
    assert len({path.id for path in PATHS}) == len({path.actions for path in PATHS}) == len(PATHS) >= 50


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
def test_a_path_that_is_open_is_found_and_each_step_alone_is_none(path):
    assert path.source.rpartition("/")[2] in found(role(allow(*path.actions)))
    for name in path.actions if len(path.actions) > 1 else ():
        others = [other for other in path.actions if other != name]
        assert path.source.rpartition("/")[2] not in found(role(allow(*others)))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
def test_a_path_that_is_denied_or_bounded_is_closed(path):
    denied = {"Effect": "Deny", "Action": path.actions[-1], "Resource": "*"}
    assert path.source.rpartition("/")[2] not in found(role(allow(*path.actions), denied))
    assert path.source.rpartition("/")[2] not in found(role(allow(*path.actions), boundary=text(allow("s3:*"))))


def test_what_acts_on_one_named_thing_is_no_escalation():
    function = "arn:aws:lambda:us-east-1:111122223333:function:deployed-by-this-pipeline"
    assert found(role(allow("lambda:UpdateFunctionCode", on=function))) == set()
    assert found(role(allow("lambda:UpdateFunctionCode", on="arn:aws:lambda:us-east-1:111122223333:function:*"))) == {
        "lambda-003"
    }


def test_the_service_linked_role_of_a_mesh_is_no_escalation():
    linked = "arn:aws:iam::111122223333:role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh"
    condition = {"StringEquals": {"iam:AWSServiceName": "appmesh.amazonaws.com"}}
    assert found(role(allow("iam:CreateServiceLinkedRole", on=linked, Condition=condition))) == set()


def test_a_condition_that_somebody_can_meet_leaves_the_path_open():
    condition = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    item = role(allow("iam:PassRole", Condition=condition), allow("lambda:CreateFunction", "lambda:InvokeFunction"))
    assert "lambda-001" in found(item)


def test_a_condition_that_the_role_itself_does_not_meet_closes_it():
    condition = {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/administrator"}}
    assert found(role(allow("iam:PutRolePolicy", Condition=condition))) == set()
    tag = {"StringEquals": {"aws:PrincipalTag/meshrole:workload": "w"}}
    assert found(role(allow("iam:PutRolePolicy", Condition=tag))) == {"iam-005"}


def test_a_role_that_may_do_nothing_is_a_subject_like_any_other():
    assert Subject(role(), None).names == frozenset()
    assert found(role()) == set()
