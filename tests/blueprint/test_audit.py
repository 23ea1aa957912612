"""Which root records what: derived from the inventory's accounts, regions and names."""

import json
import re
from pathlib import Path

import pytest

from meshrole import pipeline
from meshrole.inventory.resolve_audit import RESERVED_MESHES
from meshrole.render.audit_files import output_name
from meshrole.render.calls import calls

TWO_ACCOUNTS = """
version: 1
organization: {name: acme, role_path: /mesh/}
accounts: {staging: "222233334444", production: "333344445555", audit: "444455556666"}
environments:
  staging: {account: staging, region: eu-west-1}
  prod: {account: production, region: eu-west-1}
  prod-us: {account: production, region: us-east-1}
  prod-too: {account: production, region: eu-west-1}
meshes:
  shop:
    engine: app-mesh
    mesh_name: "shop-{environment}"
    services:
      checkout: {runs_on: {platform: ecs}}
      payments: {runs_on: {platform: ec2}, role: "payments-{environment}"}
"""
ALL = "{trail: {}, config: {}, athena: {}, alarms: {}, access_analyzer: {}}"
HOME = ALL.replace("{trail", "{account: audit, trail", 1)
IAM = ("us-east-1", True)


def blueprint(tmp_path, audit, text=TWO_ACCOUNTS):
    path = tmp_path / "inventory.yaml"
    path.write_text(f"{text}\naudit: {audit}\n")
    checked = pipeline.check([str(path)])
    assert checked.error is None, checked.error
    return checked.blueprint


def designed(tmp_path, audit, text=TWO_ACCOUNTS):
    """The module calls of every root: root → label → arguments."""
    return {
        root.environment.name: {call.label: json.loads(json.dumps(call.arguments)) for call in calls(root)}
        for root in blueprint(tmp_path, audit, text).roots
    }


def test_without_an_audit_account_each_account_keeps_its_records_in_its_first_environment(tmp_path):
    roots = designed(tmp_path, ALL)
    assert set(roots) == {"staging", "prod", "prod-us", "prod-too"}
    assert {root: "log_archive" in made for root, made in roots.items()} == {
        "staging": True,
        "prod": True,
        "prod-us": False,
        "prod-too": False,
    }
    assert {root for root, made in roots.items() if "audit_trail" in made} == {"staging", "prod"}
    archive = roots["prod"]["log_archive"]
    assert archive["bucket_name"] == "acme-audit-333344445555-eu-west-1"
    assert archive["trail_arns"] == ["arn:aws:cloudtrail:eu-west-1:333344445555:trail/acme-audit"]
    assert archive["config_accounts"] == ["333344445555"]
    assert "config_role_arns" not in archive


def test_a_recorder_is_one_in_an_account_and_region_and_records_iam_once_in_an_account(tmp_path):
    roots = designed(tmp_path, ALL)
    recorders = {root: made["config_recorder"] for root, made in roots.items() if "config_recorder" in made}
    assert set(recorders) == {"staging", "prod", "prod-us"}
    assert {root: made.get("record_global_types", True) for root, made in recorders.items()} == {
        "staging": True,
        "prod": True,
        "prod-us": False,
    }
    # A role is one in all regions of an account, so its name has the region where it is not the first.
    assert {root: made["name"] for root, made in recorders.items()} == {
        "staging": "acme-audit",
        "prod": "acme-audit",
        "prod-us": "acme-audit-us-east-1",
    }
    assert recorders["prod-us"]["archive_bucket"] == "acme-audit-333344445555-eu-west-1"
    assert "mesh_role_pattern" not in recorders["prod-us"]


def test_the_pattern_of_mesh_roles_takes_every_workload_of_the_account_and_nobody_else(tmp_path):
    pattern = designed(tmp_path, ALL)["prod"]["config_recorder"]["mesh_role_pattern"]
    mine = ["acme-shop-checkout-prod", "acme-shop-checkout-prod-us-execution", "payments-prod-too"]
    others = ["acme-audit-config", "acme-release-prod", "payments-staging", "x-acme-shop-checkout-prod", "payments-prod-x"]
    assert [name for name in mine if not re.search(pattern, name)] == []
    assert [name for name in others if re.search(pattern, name)] == []


def test_only_roles_with_a_boundary_are_asked_for_it(tmp_path):
    """Two environments of one account, of which one has boundaries."""
    given = '{account: production, region: eu-west-1, permissions_boundary: {arn: "arn:aws:iam::333344445555:policy/limits"}}'
    roots = designed(tmp_path, ALL, TWO_ACCOUNTS.replace("prod: {account: production, region: eu-west-1}", f"prod: {given}"))
    made = roots["prod"]["config_recorder"]
    assert made["boundary_pattern"] == "^(arn:aws:iam::333344445555:policy/limits)$"
    assert made["bounded_role_pattern"] == "^(acme-shop-checkout-prod|acme-shop-checkout-prod-execution|payments-prod)$"
    assert "bounded_role_pattern" not in designed(tmp_path, ALL)["prod"]["config_recorder"]


def test_iam_is_recorded_where_aws_config_can(tmp_path):
    roots = designed(
        tmp_path,
        ALL,
        TWO_ACCOUNTS.replace(
            "prod: {account: production, region: eu-west-1}", "prod: {account: production, region: il-central-1}"
        ),
    )
    recorders = {root: made["config_recorder"] for root, made in roots.items() if "config_recorder" in made}
    assert {root: made.get("record_global_types", True) for root, made in recorders.items()} == {
        "staging": True,
        "prod": False,
        "prod-us": True,
        "prod-too": False,
    }
    assert "iam-policy-no-statements-with-admin-access" not in recorders["prod"]["managed_rules"]


def test_alarms_about_iam_are_once_in_an_account_where_its_events_arrive(tmp_path):
    roots = designed(tmp_path, ALL)
    found = [
        (root, made["region"], made.get("watch_roles", False))
        for root, each in roots.items()
        for label, made in each.items()
        if label.startswith("audit_alarms")
    ]
    assert found == [
        ("staging", "eu-west-1", False),
        ("staging", *IAM),
        ("prod", "eu-west-1", False),
        ("prod", *IAM),
        ("prod-us", "us-east-1", False),
        ("prod-too", "eu-west-1", False),
    ]
    watched = roots["prod"]["audit_alarms_global"]
    assert watched["role_name_prefixes"] == ["acme-shop-"]
    assert watched["role_names"] == ["payments-prod", "payments-prod-too", "payments-prod-us"]
    assert {name: value for name, value in roots["prod"]["audit_alarms"].items() if name.startswith("watch_")} == {
        "watch_bucket_name": "acme-audit-333344445555-eu-west-1",
        "watch_denials": True,
        "watch_envoy_denials": True,
        "watch_key": True,
        "watch_key_arn": "module.log_archive.key_arn",
        "watch_recorder": True,
        "watch_trail_arns": ["arn:aws:cloudtrail:eu-west-1:333344445555:trail/acme-audit"],
    }
    assert [name for name in watched if name.startswith("watch_")] == ["watch_roles"]


def test_only_alarms_about_iam_go_through_the_provider_of_its_region(tmp_path):
    made = [call for root in blueprint(tmp_path, ALL).roots for call in calls(root)]
    assert {(call.label, call.provider) for call in made if call.provider or "alarms" in call.label} == {
        ("audit_alarms", None),
        ("audit_alarms_global", "global"),
    }


def test_each_root_waits_for_those_that_it_needs(tmp_path):
    organization = HOME.replace("trail: {}", "trail: {organization: true}")
    needs = {root.environment.name: root.needs for root in blueprint(tmp_path, organization, ORGANIZATION).roots}
    names = ("staging", "prod", "prod-us", "prod-too")
    assert needs == {**dict.fromkeys(names, ("audit",)), "audit": ("organization",), "organization": ()}
    assert {root.needs for root in blueprint(tmp_path, ALL.replace("athena: {}, ", "")).roots} == {()}


def test_an_audit_account_has_a_root_of_its_own_and_everything_is_delivered_there(tmp_path):
    roots = designed(tmp_path, HOME)
    assert set(roots) == {"staging", "prod", "prod-us", "prod-too", "audit"}
    assert {root for root, made in roots.items() if "log_archive" in made} == {"audit"}
    archive = roots["audit"]["log_archive"]
    assert archive["trail_arns"] == [
        f"arn:aws:cloudtrail:eu-west-1:{account}:trail/acme-audit" for account in ("222233334444", "333344445555", "444455556666")
    ]
    assert archive["config_role_arns"] == [
        "arn:aws:iam::222233334444:role/acme-audit-config",
        "arn:aws:iam::333344445555:role/acme-audit-config",
        "arn:aws:iam::333344445555:role/acme-audit-us-east-1-config",
    ]
    assert roots["prod"]["audit_trail"]["archive_key_arn"] == "arn:aws:kms:eu-west-1:444455556666:alias/acme-audit"
    # AWS asks the bucket when a trail or a recorder is made.
    for label in ("audit_trail", "config_recorder"):
        assert roots["audit"][label]["depends_on"] == ["module.log_archive"]
        assert "depends_on" not in roots["prod"][label]
    queries = roots["audit"]["audit_queries"]
    assert queries["accounts"] == ["222233334444", "333344445555", "444455556666"]
    assert queries["regions"] == ["eu-west-1", "us-east-1"]
    aggregator = roots["audit"]["config_recorder"]
    assert (aggregator["aggregator"], aggregator["aggregator_accounts"]) == ("accounts", queries["accounts"])
    assert roots["prod"]["config_recorder"]["aggregation_account_id"] == "444455556666"


ORGANIZATION = TWO_ACCOUNTS.replace("{name: acme,", "{name: acme, id: o-a1b2c3d4e5, management_account: management,").replace(
    "accounts: {", 'accounts: {management: "999988887777", '
)


def test_an_organization_has_one_trail_of_its_management_account_made_in_the_audit_account(tmp_path):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html"""
    roots = designed(tmp_path, HOME.replace("trail: {}", "trail: {organization: true}"), ORGANIZATION)
    trail = "arn:aws:cloudtrail:eu-west-1:999988887777:trail/acme-audit"
    assert {root for root, made in roots.items() if "audit_trail" in made} == {"audit"}
    archive = roots["audit"]["log_archive"]
    assert (archive["organization_trail_arn"], archive["organization_id"]) == (trail, "o-a1b2c3d4e5")
    assert "trail_arns" not in archive
    assert roots["audit"]["audit_alarms"]["watch_trail_arns"] == [trail]
    # The management account's own calls are in the records too, and no account has to let the aggregator in.
    assert roots["audit"]["audit_queries"]["accounts"] == ["222233334444", "333344445555", "444455556666", "999988887777"]
    assert roots["audit"]["config_recorder"]["aggregator"] == "organization"
    assert [root for root, made in roots.items() if "aggregation_account_id" in made.get("config_recorder", {})] == []
    assert {root: made["access_analyzer"]["scope"] for root, made in roots.items() if "access_analyzer" in made} == {
        "audit": "ORGANIZATION"
    }
    assert roots["organization"] == {"audit_delegation": {"audit_account_id": "444455556666"}}


def test_a_management_account_that_keeps_the_records_hands_nothing_over(tmp_path):
    home = HOME.replace("trail: {}", "trail: {organization: true}").replace("account: audit", "account: management")
    assert "organization" not in designed(tmp_path, home, ORGANIZATION)


def test_administrators_raise_no_alarm_and_are_no_finding(tmp_path):
    given = 'guardrails: {administrators: ["arn:{partition}:iam::*:role/infra"]}'
    made = designed(tmp_path, ALL, f"{TWO_ACCOUNTS}{given}")["prod"]
    for label in ("audit_alarms", "audit_alarms_global", "audit_queries"):
        assert made[label]["administrators"] == ["arn:aws:iam::*:role/infra"]


def test_a_recorder_that_exists_is_used_and_its_role_is_not_ours(tmp_path):
    roots = designed(tmp_path, HOME.replace("config: {}", "config: {recorder: false}"))
    assert roots["prod"]["config_recorder"]["create_recorder"] is False
    assert "config_role_arns" not in roots["audit"]["log_archive"]


@pytest.mark.parametrize(("partition", "region"), [("aws-cn", "cn-northwest-1"), ("aws-us-gov", "us-gov-east-1")])
def test_every_part_is_in_its_partition(tmp_path, partition, region):
    text = TWO_ACCOUNTS.replace("{name: acme,", f"{{name: acme, partition: {partition},").replace("eu-west-1", region)
    text = text.replace("  prod-us: {account: production, region: us-east-1}\n", "")
    for root, made in designed(tmp_path, HOME, text).items():
        written = {label: json.dumps(arguments) for label, arguments in made.items() if label != "access_analyzer"}
        assert written, root
        assert [label for label in written if made[label].get("partition") != partition] == []
        assert [label for label, each in written.items() if "arn:aws:" in each] == []


def test_the_audit_accounts_key_is_named_once_it_is_known(tmp_path):
    key = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    roots = designed(tmp_path, HOME.replace("account: audit,", f'account: audit, key: "{key}",'))
    assert roots["prod"]["audit_trail"]["archive_key_arn"] == key
    assert roots["prod"]["config_recorder"]["archive_key_arn"] == key


def test_a_locked_archive_is_not_aws_configs(tmp_path):
    roots = designed(tmp_path, HOME.replace("trail: {}", "trail: {object_lock: {days: 30}}"))
    assert "config_accounts" not in roots["audit"]["log_archive"]
    lock = {name: value for name, value in roots["audit"]["log_archive"].items() if name.startswith("object_lock")}
    assert lock == {"object_lock_mode": "GOVERNANCE", "object_lock_days": 30}
    assert roots["audit"]["config_recorder"]["depends_on"] == ["module.config_archive"]
    read = designed(
        tmp_path, HOME.replace("trail: {}", 'trail: {object_lock: {days: 30}, readers: ["arn:aws:iam::444455556666:role/r"]}')
    )
    for label in ("log_archive", "config_archive"):
        assert read["audit"][label]["reader_role_arns"] == ["arn:aws:iam::444455556666:role/r"]
    assert roots["audit"]["config_archive"]["config_accounts"] == ["222233334444", "333344445555", "444455556666"]
    assert "object_lock_mode" not in roots["audit"]["config_archive"]
    assert roots["prod"]["config_recorder"]["archive_bucket"] == "acme-config-444455556666-eu-west-1"


def test_a_trail_for_each_environment_where_its_name_says_so(tmp_path):
    roots = designed(tmp_path, ALL.replace("trail: {}", 'trail: {name: "mesh-{environment}"}'))
    assert {root: made["audit_trail"]["name"] for root, made in roots.items()} == {
        name: f"mesh-{name}" for name in ("staging", "prod", "prod-us", "prod-too")
    }
    assert roots["prod-us"]["audit_trail"]["archive_bucket"] == "acme-audit-333344445555-eu-west-1"


# What AWS takes for each thing that is named after the organization and the environment, with the longest ending that a module adds:
# EventBridge's PutRule, IAM's quotas, CloudTrail's and Athena's naming requirements.
NAMED = {
    "audit_alarms": r"[A-Za-z0-9_-]{1,46}",  # 64 without -instance-profiles
    "audit_alarms_global": r"[A-Za-z0-9_-]{1,46}",
    "config_recorder": r"[A-Za-z0-9_-]{1,45}",  # 64 without -config-aggregator
    "audit_trail": r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*",
    "audit_queries": r"[a-z]([a-z0-9-]*[a-z0-9])?",
    "log_archive": r"(?!aws/)[A-Za-z0-9/_-]{1,250}",
}


@pytest.mark.parametrize("organization", ["x", "Acme_Corp", "acme_", "acme--x", "aws-team", "a" * 63])
def test_names_are_such_as_aws_takes_and_differ_where_the_roots_do(tmp_path, organization):
    text = TWO_ACCOUNTS.replace("name: acme", f"name: {organization}").replace("prod", "production-of-everything")
    found = [(label, made["name"]) for each in designed(tmp_path, ALL, text).values() for label, made in each.items()]
    assert [item for item in found if item[0] in NAMED and not re.fullmatch(NAMED[item[0]], item[1])] == []
    names = [name for label, name in found if label.startswith("audit_alarms")]
    assert len(names) == len(set(names)) == 6
    assert len({name for label, name in found if label == "config_recorder"}) == 2  # the first and the second region


def test_unused_access_is_found_once_in_an_account_and_external_access_in_each_region(tmp_path):
    def analyzers(written):
        roots = designed(tmp_path, ALL.replace("access_analyzer: {}", f"access_analyzer: {written}"))
        return {root: made["access_analyzer"] for root, made in roots.items() if "access_analyzer" in made}

    both = analyzers("{unused_days: 30}")
    assert {root: made.get("unused_days") for root, made in both.items()} == {"staging": 30, "prod": 30, "prod-us": None}
    assert all("external" not in made for made in both.values())
    assert set(analyzers("{external: false, unused_days: 30}")) == {"staging", "prod"}
    assert analyzers("{external: false}") == {}


def test_no_mesh_can_have_the_name_of_a_module_or_an_output_of_the_audit():
    """In a root the meshes are modules and outputs too; of each name there is one."""
    story = Path(__file__).parent.parent.parent / "examples" / "organization-audit" / "inventory.yaml"
    made = [call for root in pipeline.check([str(story)]).blueprint.roots for call in calls(root)]
    names = {call.label for call in made} | {output_name(call, name) for call in made for name in call.outputs}
    assert {"audit_trail", "config_archive", "audit_bucket_name", "config_archive_key_arn"} < names
    assert {name for name in names if not RESERVED_MESHES.fullmatch(name)} == set()


def test_every_option_reaches_the_module(tmp_path):
    audit = """
  trail:
    bucket: "records-{account}"
    retention_days: 90
    glacier_after_days: 30
    cloudwatch_logs_days: 365
    sns: true
    insights: [api-call-rate, api-error-rate]
    network_activity: [appmesh]
    data_events: {orders: {type: "AWS::DynamoDB::Table", resources: ["arn:{partition}:dynamodb:{region}:{account}:table/orders"], only: write}}
    readers: ["arn:{partition}:iam::{account}:role/auditor"]
  config: {recorder: "mesh-{environment}", service_linked_role: true, types: ["AWS::IAM::Role"], frequency: daily, rules: {keys: {identifier: ACCESS_KEYS_ROTATED, parameters: {maxAccessKeyAge: "90"}}}}
  athena: {results_bucket: "results-{account}", results_retention_days: 7, scan_limit_gb: 5, since: "2026-11-01"}
  alarms: {topic: "arn:aws:sns:{region}:{account}:alarms"}
  access_analyzer: {external: false, unused_days: 30}"""
    one = (
        TWO_ACCOUNTS.replace("  prod: {account: production, region: eu-west-1}\n", "")
        .replace("  prod-us: {account: production, region: us-east-1}\n", "")
        .replace("  prod-too: {account: production, region: eu-west-1}\n", "")
    )
    made = designed(tmp_path, audit, one)["staging"]
    archive, trail, recorder, queries = (
        made[name] for name in ("log_archive", "audit_trail", "config_recorder", "audit_queries")
    )
    assert (archive["bucket_name"], archive["retention_days"], archive["glacier_after_days"]) == ("records-222233334444", 90, 30)
    assert archive["reader_role_arns"] == ["arn:aws:iam::222233334444:role/auditor"]
    assert (trail["cloudwatch_logs_retention_days"], trail["sns"]) == (365, True)
    assert trail["insights"] == ["ApiCallRateInsight", "ApiErrorRateInsight"]
    assert trail["network_activity_sources"] == ["appmesh.amazonaws.com"]
    assert trail["data_event_selectors"] == {
        "orders": {
            "resource_type": "AWS::DynamoDB::Table",
            "resource_arn_prefixes": ["arn:aws:dynamodb:eu-west-1:222233334444:table/orders"],
            "read_only": "false",
        }
    }
    assert recorder["recorder_name"] == "mesh-staging"
    assert (recorder["service_linked_role"], recorder["resource_types"]) == (True, ["AWS::IAM::Role"])
    assert recorder["recording_frequency"] == "DAILY"
    assert recorder["managed_rules"]["keys"] == {"identifier": "ACCESS_KEYS_ROTATED", "parameters": {"maxAccessKeyAge": "90"}}
    assert (queries["results_bucket_name"], queries["results_retention_days"]) == ("results-222233334444", 7)
    assert (queries["bytes_scanned_cutoff"], queries["first_day"]) == (5_000_000_000, "2026/11/01")
    assert made["audit_alarms"]["topic_arn"] == "arn:aws:sns:eu-west-1:222233334444:alarms"
    assert "topic_arn" not in made["audit_alarms_global"]
    assert made["access_analyzer"] == {
        "name": "acme-audit",
        "scope": "ACCOUNT",
        "external": False,
        "unused": True,
        "unused_days": 30,
    }


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent.parent.parent / "examples").glob("*/inventory.yaml")), ids=lambda path: path.parent.name
)
def test_every_role_has_a_record_for_the_queries(path):
    blueprint = pipeline.check([str(path)]).blueprint
    recorded = [role for root in blueprint.roots if root.audit.queries for role in root.audit.queries.roles]
    roles = [
        role for root in blueprint.roots for module in root.modules for identity in module.identities for role in identity.roles
    ]
    if recorded:
        assert [record.arn for record in recorded] == [role.arn for role in roles]
        nodes = [node for record in recorded for node in record.nodes]
        assert len(nodes) == len(set(nodes)) > 0
        assert {record.kind for record in recorded} <= {"workload", "gateway", "helper", "people", "pipeline"}
        assert all(record.trusted for record in recorded)


def said(tmp_path, text):
    (tmp_path / "inventory.yaml").write_text(text)
    checked = pipeline.check([str(tmp_path / "inventory.yaml")])
    assert checked.error is None, checked.error
    return [problem.message for problem in checked.warnings]


def test_it_is_said_where_nothing_looks_at_the_roles_of_an_account(tmp_path):
    message = "AWS Config does not record IAM in il-central-1: no rule looks at the roles of account 222233334444"
    text = TWO_ACCOUNTS.replace(
        "staging: {account: staging, region: eu-west-1}", "staging: {account: staging, region: il-central-1}"
    )
    assert message in said(tmp_path, f"{text}audit: {ALL}\n")
    assert message not in said(tmp_path, f"{text}audit: {{trail: {{}}}}\n")
    both = text.replace("meshes:", "  staging-us: {account: staging, region: us-east-1}\nmeshes:")
    assert message not in said(tmp_path, f"{both}audit: {ALL}\n")


def test_it_is_said_where_policies_of_the_organization_do_not_hold(tmp_path):
    text = f"{TWO_ACCOUNTS}guardrails: {{service_control_policy: true}}\n"
    message = "policies of the organization do not hold in its management account, where these environments are"
    assert message in said(tmp_path, text.replace("role_path", "management_account: production, role_path"))
    assert message not in said(tmp_path, text.replace("role_path", "management_account: audit, role_path"))


def test_a_bucket_policy_that_would_be_too_long_is_refused(tmp_path):
    """28 accounts are planned; with 40 the module refuses the policy, so that the inventory is refused before."""

    def error(count, trail="{}"):
        accounts = ", ".join(f'a{number}: "{100000000000 + number}"' for number in range(count))
        environments = "".join(f"  e{number}: {{account: a{number}, region: eu-west-1}}\n" for number in range(count))
        organization = "{name: acme, id: o-a1b2c3d4e5, management_account: a0}"
        text = f"version: 1\norganization: {organization}\naccounts: {{audit: '444455556666', {accounts}}}\n"
        path = tmp_path / "inventory.yaml"
        path.write_text(f"{text}environments:\n{environments}audit: {{account: audit, trail: {trail}, config: {{}}}}\n")
        return pipeline.check([str(path)]).error

    assert error(28) is None
    refused = error(40)
    assert refused.exit_code == 4
    assert "the policy of the bucket acme-audit-444455556666-eu-west-1 would have more than" in str(refused)
    assert error(40, "{organization: true}") is None


def test_where_there_are_no_roles_no_alarm_is_about_them(tmp_path):
    made = designed(tmp_path, ALL, TWO_ACCOUNTS.partition("meshes:")[0])["prod"]
    assert "audit_alarms_global" not in made
    assert [name for name in made["audit_alarms"] if name in ("watch_roles", "watch_denials", "watch_envoy_denials")] == []
