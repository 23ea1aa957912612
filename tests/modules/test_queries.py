"""The SQL of `audit-queries`, as Terraform renders it: in Athena's dialect, and its answers, given by DuckDB.

The public log files are asked with roles chosen from them, and plain Python answers the same questions; what these files
lack comes from records in AWS's documented shapes, with the rows that must come out written by hand.
"""

import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlglot import exp

from modules import trail_answers
from modules import trail_records as given
from modules.terraform_cli import MODULES, copied
from modules.trail_answers import CORPUS_ROLES, USER
from modules.trail_table import answer, glue_table, loaded, parsed

CORPUS = MODULES.parent.parent / "shared" / "corpus" / "cloudtrail"
NAMES = {"activity", "assumptions", "changes", "denied", "streams", "tampering", "unused"}
TODAY = date(2026, 11, 25)
EVE = f"arn:aws:iam::{given.SHOP}:user/eve"

pytestmark = pytest.mark.terraform


@pytest.fixture(scope="module")
def plan(tmp_path_factory, attaching):
    """An offline plan of the complete example and, beside it, of a call with the roles of the public log files."""
    terraform = copied(tmp_path_factory.mktemp("queries"), attaching)
    root = terraform.modules / "audit-queries" / "examples" / "complete"
    shutil.copy(Path(__file__).parent / "corpus.tf", root)
    (root / "corpus.jsonl").write_text("\n".join(json.dumps(role) for role in CORPUS_ROLES))
    terraform.prepare(root)
    planned = terraform(root, "plan", "-no-color", "-input=false", "-out=planned")
    assert planned.code == 0, planned.output + planned.errors
    return json.loads(terraform(root, "show", "-json", "planned").output)


def output(plan, name):
    """An output of the plan."""
    return plan["planned_values"]["outputs"][name]["value"]


def database(plan, name, records, roles):
    """A database with both tables of the module."""
    return loaded(name, glue_table(plan, "cloudtrail")[1], glue_table(plan, "roles")[1], records, roles)


@pytest.fixture(scope="module")
def example(plan):
    """The complete example's queries and a database of the documented records."""
    roles = [json.loads(line) for line in (MODULES / "audit-queries/examples/complete/roles.jsonl").read_text().splitlines()]
    connection = database(plan, "acme_audit", given.RECORDS, [*roles, given.DEPLOY_ROW])
    queries = output(plan, "queries")
    return lambda name, *columns: [tuple(row[c] for c in columns) for row in answer(connection, queries[name], TODAY)]


@pytest.fixture(scope="module")
def corpus(plan):
    """The public records, and a function that asks them a query."""
    if not CORPUS.is_dir():
        pytest.skip(f"the public CloudTrail records are not at {CORPUS}")
    records = [json.loads(line)["record"] for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text().splitlines()]
    connection = database(plan, "corpus_audit", records, CORPUS_ROLES)
    queries = output(plan, "corpus_queries")
    return records, lambda name: answer(connection, queries[name], date(2024, 12, 31))


def test_every_query_is_in_athenas_dialect(plan):
    assert output(plan, "queries").keys() == output(plan, "corpus_queries").keys() == NAMES
    for sql in output(plan, "queries").values():
        assert isinstance(parsed(sql), exp.Select)


def test_every_reading_of_the_trail_is_limited_to_days(plan):
    """Without a limit on the partition column a query reads the whole archive."""
    tables = [table for sql in output(plan, "queries").values() for table in parsed(sql).find_all(exp.Table)]
    readings = [table.find_ancestor(exp.Select) for table in tables if table.name == "cloudtrail"]
    for reading in readings:
        conditions = reading.args["where"].this.flatten()
        assert [node.this.name for node in conditions if isinstance(node, exp.Between)] == ["day"], reading.sql()
    assert len(readings) == 8, "one in each query and a second one in `unused`"


def test_the_statement_has_the_columns_of_the_glue_table(plan):
    values, columns = glue_table(plan, "cloudtrail")
    ddl = parsed(output(plan, "table_ddl"))
    assert isinstance(ddl, exp.Create) and [part.name for part in ddl.this.this.parts] == ["acme_audit", "cloudtrail"]
    stated = [(column.name, column.args["kind"].sql("hive")) for column in ddl.this.expressions]
    assert stated == [(column["name"], exp.DataType.build(column["type"], dialect="hive").sql("hive")) for column in columns]
    partitions = ddl.find(exp.PartitionedByProperty).this.expressions
    assert [column.name for column in partitions] == [key["name"] for key in values["partition_keys"]]
    assert ddl.find(exp.LocationProperty).this.name == values["storage_descriptor"][0]["location"]
    properties = {item.name: item.args["value"].name for item in ddl.find_all(exp.Property) if type(item) is exp.Property}
    assert properties == {name: value for name, value in values["parameters"].items() if name != "EXTERNAL"}


def test_the_columns_are_aws_own_and_those_it_lacks(plan):
    """https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html"""
    types = {column["name"]: column["type"] for column in glue_table(plan, "cloudtrail")[1]}
    assert len(types) == 29 and not [name for name in types if name != name.lower()]
    session = re.search(r"sessioncontext:struct<(.*)>,identityprovider", types["useridentity"])[1]
    assert session.endswith("attributes:map<string,string>>,sourceidentity:string")
    assert types["useridentity"].endswith(
        "inscopeof:struct<sourcearn:string,sourceaccount:string,issuertype:string,credentialsissuedto:string>>"
    )


def test_streams(example):
    rows = example("streams", "identity", "role_name", "session", "node", "verdict", "established", "closed", "terminated",
                   "last_failure", "first_seen", "last_seen")  # fmt: skip
    assert rows == [
        (None, "legacy-task-role", "task-3", f"{given.MESH}/virtualNode/checkout", "unknown role", 1, 0, 0, None,
         "2026-11-24T11:05:00Z", "2026-11-24T11:05:00Z"),
        (None, "acme-shop-ingress-prod", "task-5", f"{given.MESH}/virtualGateway/ingress", "unknown role", 1, 0, 0, None,
         "2026-11-24T11:10:00Z", "2026-11-24T11:10:00Z"),
        ("checkout", "acme-shop-checkout-prod", "task-2", f"{given.MESH}/virtualGateway/ingress", "not declared", 1, 0, 0, None,
         "2026-11-24T11:00:00Z", "2026-11-24T11:00:00Z"),
        ("checkout", "acme-shop-checkout-prod", "task-1", f"{given.MESH}/virtualNode/checkout", "declared", 2, 2, 1, "Not authorized.",
         "2026-11-24T10:00:00Z", "2026-11-24T10:45:00Z"),
    ]  # fmt: skip


def test_activity(example):
    rows = example("activity", "identity", "kind", "source_identity", "eventname", "acted_on", "calls", "failed")
    assert rows == [
        ("mesh-readers", "people", "anna@acme.example", "DescribeMesh", "shop", 1, 0),
        ("mesh-readers", "people", "anna@acme.example", "DescribeMesh", "shp", 1, 1),
        ("mesh-readers", "people", "anna@acme.example", "UpdateRoute", "shop", 1, 1),
        ("checkout", "workload", None, "StreamAggregatedResources", "shop", 6, 1),
        ("checkout", "workload", None, "DescribeTable", None, 1, 1),
        ("checkout", "workload", None, "DiscoverInstances", None, 1, 1),
    ]


def test_denied(example):
    rows = example("denied", "eventtime", "mesh", "identity", "errorcode", "action", "resource", "layer", "decision", "policy")
    assert rows == [
        ("2026-11-24T09:11:00Z", "shop", None, "AccessDenied", None, given.INGRESS, None, None, None),
        ("2026-11-24T10:45:00Z", "shop", "checkout", None, None, f"{given.MESH}/virtualNode/checkout",
         "App Mesh ended the stream", None, None),
        ("2026-11-24T12:01:00Z", "", "mesh-readers", "ForbiddenException", "appmesh:UpdateRoute", given.ROUTE,
         "service control policy", "explicit deny", given.SCP),
        ("2026-11-24T12:02:00Z", "shop", "checkout", "AccessDeniedException", "dynamodb:DescribeTable", given.TABLE,
         "permissions boundary", "no allow", None),
        ("2026-11-24T12:03:00Z", "shop", "checkout", "VpceAccessDenied", None, None, "VPC endpoint policy", None, None),
        ("2026-11-24T12:04:00Z", "shop", None, "AccessDenied", "sts:AssumeRole", given.CHECKOUT, "role trust policy", "no allow", None),
        ("2026-11-24T13:04:00Z", "shop", None, "AccessDenied", "iam:DeleteRolePermissionsBoundary",
         "role acme-shop-checkout-prod", "identity-based policy", "explicit deny", None),
    ]  # fmt: skip
    assert [row for (row,) in example("denied", "reason")][1] == "Not authorized."


def test_changes(example):
    rows = example("changes", "eventtime", "identity", "resource", "changed", "eventname", "detail", "principal",
                   "source_identity", "errorcode")  # fmt: skip
    role = f"arn:aws:iam::{given.SHOP}:role"
    assert rows == [
        ("2026-11-24T13:02:00Z", "checkout", given.CHECKOUT, "tags", "TagRole", None, f"{role}/break-glass", None, None),
        ("2026-11-24T13:03:00Z", "checkout", given.CHECKOUT, "permissions", "PutRolePolicy", "extra", EVE, None, None),
        ("2026-11-24T13:04:00Z", "checkout", given.CHECKOUT, "boundary", "DeleteRolePermissionsBoundary", None, f"{role}/ops", "otto",
         "AccessDenied"),
        ("2026-11-24T13:05:00Z", None, given.BOUNDARY, "policy", "CreatePolicyVersion", given.BOUNDARY, EVE, None, None),
    ]  # fmt: skip


def test_assumptions(example):
    rows = example("assumptions", "role", "eventname", "principal", "subject", "times", "sharedeventid")
    assert rows == [
        (given.READERS, "AssumeRoleWithSAML", given.OTHER, "anna", 1, None),
        (given.CHECKOUT, "AssumeRole", "lambda.amazonaws.com", None, 2, None),
        (given.CHECKOUT, "AssumeRoleWithWebIdentity", given.GITHUB, "repo:acme/shop", 1, None),
        (given.DEPLOY, "AssumeRole", given.STRANGER, None, 1, None),
        (given.DEPLOY, "AssumeRole", f"arn:aws:iam::{given.PARTNER}:role/intruder", None, 1, "shared-1"),
    ]


def test_tampering(example):
    rows = example("tampering", "eventtime", "eventname", "touched", "principal", "by_administrator", "errorcode")
    assert rows == [
        ("2026-11-24T14:00:00Z", "StopLogging", "acme-audit", EVE, False, None),
        ("2026-11-24T14:01:00Z", "UpdateTrail", "acme-audit", f"arn:aws:iam::{given.SHOP}:role/mesh/acme-infra-prod", True, None),
        ("2026-11-24T14:02:00Z", "StopConfigurationRecorder", "default", EVE, False, "AccessDenied"),
        ("2026-11-24T14:03:00Z", "DeleteBucketPolicy", given.ARCHIVE, EVE, False, None),
    ]


def test_unused(example):
    assert example("unused", "role", "assumed", "last_assumed") == [
        (given.DEPLOY, 4, "2026-11-24T09:10:00Z"),
        (given.INGRESS, 1, "2026-11-24T09:01:00Z"),
    ]


def test_what_the_roles_of_the_public_records_did(corpus):
    records, ask = corpus
    expected = trail_answers.activity(records, CORPUS_ROLES)
    rows = ask("activity")
    found = Counter()
    for row in rows:
        key = (row["mesh"], row["role"], row["eventsource"], row["eventname"])
        found[*key, "calls"] += row["calls"]
        found[*key, "failed"] += row["failed"]
    assert found == expected
    # By hand: 20 refused calls to EC2, 2 to Organizations, and 1 that was answered.
    assert sum(row["calls"] for row in rows) == 23 and sum(row["failed"] for row in rows) == 22


def test_who_was_denied_in_the_public_records(corpus):
    records, ask = corpus
    rows = ask("denied")
    columns = ("eventtime", "principal", "action", "resource", "layer", "decision")
    found = [tuple(row[column] for column in columns) for row in rows]
    assert Counter(found) == Counter(trail_answers.denied(records, CORPUS_ROLES))
    # By hand: 20 by EC2, 2 by Organizations, 10 refused assumptions of these roles.
    assert Counter(row["eventsource"] for row in rows) == {
        "ec2.amazonaws.com": 20, "organizations.amazonaws.com": 2, "sts.amazonaws.com": 10}  # fmt: skip


def test_who_changed_the_roles_of_the_public_records(corpus):
    records, ask = corpus
    rows = ask("changes")
    found = [tuple(row[column] for column in ("eventtime", "resource", "changed", "eventname", "principal")) for row in rows]
    administrators = {record["userIdentity"].get("arn") for record in records if record["recipientAccountId"] == "751203476945"}
    assert Counter(found) == Counter(trail_answers.changes(records, CORPUS_ROLES, administrators))
    assert {row["changed"] for row in rows} == {"trust", "permissions", "role", "instance profile"}


def test_who_tampered_with_the_audit_in_the_public_records(corpus):
    records, ask = corpus
    rows = ask("tampering")
    found = [tuple(row[column] for column in ("eventtime", "eventname", "touched", "principal")) for row in rows]
    assert Counter(found) == Counter(trail_answers.tampering(records))
    assert {row["eventname"] for row in rows} >= {"StopLogging", "DeleteTrail", "PutEventSelectors"}


def test_who_assumed_the_roles_of_the_public_records(corpus):
    records, ask = corpus
    found = {(row["role"], row["principal"]): row["times"] for row in ask("assumptions")}
    assert found == trail_answers.assumptions(records, CORPUS_ROLES)
    # By hand: EC2 got a role meant for ECS; two users got roles that do not trust them.
    role = "arn:aws:iam::{}:role/stratus-red-team-{}-role"
    assert found == {
        (role.format("123837392027", "ec2-enumerate"), "ec2.amazonaws.com"): 2,
        (role.format("123837392027", "leave-org"), USER): 2,
        (role.format("457448411975", "ec2-get-password-data"), "arn:aws:iam::457448411975:user/christophe"): 2,
    }


def test_which_roles_of_the_public_records_are_unused(corpus):
    records, ask = corpus
    found = {row["role"]: (row["assumed"], row["last_assumed"]) for row in ask("unused")}
    assert found == trail_answers.unused(records, CORPUS_ROLES)
    assert {arn.split("-team-")[1]: times for arn, (times, _) in found.items()} == {
        "ec2-enumerate-role": 2, "remove-flow-logs-role": 0, "backdoor-r-role": 0, "malicious-iam-role": 0}  # fmt: skip


def test_no_envoy_is_in_the_public_records(corpus):
    records, ask = corpus
    assert not [record for record in records if record["eventSource"] == "appmesh.amazonaws.com"]
    assert ask("streams") == []
