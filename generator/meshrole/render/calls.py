"""The audit of a root as calls of the hand-written modules: literal arguments, and references inside the root.

What an argument would say by default is left out. One call is one file, named after its module.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from meshrole.blueprint.audit.values import (
    Alarms,
    Analyzer,
    Archive,
    Delegation,
    LatticeLogs,
    Queries,
    Recorder,
    RootAudit,
    Trail,
    TrailEntry,
)
from meshrole.blueprint.model import Environment, Root
from meshrole.render.hcl import Expression

INSIGHTS = {"api-call-rate": "ApiCallRateInsight", "api-error-rate": "ApiErrorRateInsight"}
GIGABYTE = 1_000_000_000
ROLES_FILE = "roles.jsonl"
# The module's name in /modules, and what stands for it in Terraform.
ARCHIVE, TRAIL, RECORDER, QUERIES, ALARMS, ANALYZER, DELEGATION, LATTICE_LOGS = (
    "log-archive",
    "audit-trail",
    "config-recorder",
    "audit-queries",
    "audit-alarms",
    "access-analyzer",
    "audit-delegation",
    "lattice-access-logs",
)
# The files whose loss is a loss of the audit.
AUDIT_FILES = tuple(f"{module}.tf" for module in (ARCHIVE, TRAIL, RECORDER, QUERIES, ALARMS, ANALYZER, DELEGATION, LATTICE_LOGS))
# What each calls itself.
CALLED_BY = {TRAIL: (ARCHIVE,)}


class Call(NamedTuple):
    """A `module` block, the outputs of the root that come from it, and the alias of its provider, if it has one."""

    label: str
    module: str
    arguments: Mapping[str, object]
    outputs: Mapping[str, str]
    provider: str | None = None


def calls(root: Root) -> Iterator[Call]:
    """The module calls of a root."""
    audit, environment = root.audit, root.environment
    if audit.archive:
        yield _archive("log_archive", audit.archive, environment)
    if audit.config_archive:
        yield _archive("config_archive", audit.config_archive, environment)
    if audit.trail:
        yield _trail(audit.trail, audit, environment)
    if audit.recorder:
        yield _recorder(audit.recorder, audit, environment)
    if audit.queries:
        yield _queries(audit.queries, environment)
    for item in audit.alarms:
        yield _alarms(item, audit, environment)
    if audit.analyzer:
        yield _analyzer(audit.analyzer)
    if audit.delegation:
        yield _delegation(audit.delegation)
    yield from map(_lattice_logs, audit.lattice)


def _place(environment: Environment) -> dict[str, object]:
    partition = {} if environment.partition == "aws" else {"partition": environment.partition}
    return {**partition, "region": environment.region, "account_id": environment.account}


def _given(**arguments: Any) -> dict[str, object]:
    """The arguments that say something."""
    return {name: value for name, value in arguments.items() if value not in (None, "", (), [], {}, 0, False)}


def _archive(label: str, archive: Archive, environment: Environment) -> Call:
    arguments = _place(environment) | _given(
        trail_arns=archive.trails,
        organization_trail_arn=archive.organization_trail,
        organization_id=archive.organization_id,
        config_accounts=archive.accounts,
        config_role_arns=archive.recorder_roles,
        reader_role_arns=archive.readers,
        glacier_after_days=archive.entry.glacier_after_days,
        **_retention(archive.entry),
    )
    what = "records" if label == "log_archive" else "records of AWS Config"
    outputs = {"bucket_name": f"The bucket of the {what}.", "key_arn": f"The key of the {what}."}
    return Call(label, ARCHIVE, {"name": archive.name, "bucket_name": archive.bucket} | arguments, outputs)


def _retention(entry: TrailEntry) -> dict[str, object]:
    lock = entry.object_lock
    locked = {"object_lock_mode": lock.mode.upper(), "object_lock_days": lock.days} if lock else {}
    return {"retention_days": entry.retention_days} | locked


def _trail(trail: Trail, audit: RootAudit, environment: Environment) -> Call:
    entry = trail.entry
    label = "log_archive" if audit.archive else None
    arguments = _place(environment) | _stored(trail.bucket, trail.key, label)
    arguments |= _given(
        organization_id=trail.organization_id,
        management_account_id=trail.management_account,
        cloudwatch_logs_retention_days=entry.cloudwatch_logs_days,
        sns=entry.sns,
        insights=[INSIGHTS[name] for name in entry.insights],
        data_event_selectors={
            name: _given(
                resource_type=events.type,
                resource_arn_prefixes=events.resources,
                read_only={"read": "true", "write": "false"}.get(events.only or ""),
            )
            for name, events in trail.data_events
        },
        network_activity_sources=[f"{name}.amazonaws.com" for name in entry.network_activity],
    )
    return Call("audit_trail", TRAIL, {"name": trail.name} | arguments | _after(label), {"trail_arn": "The trail."})


def _stored(bucket: str | None, key: str | None, label: str | None) -> dict[str, object]:
    """Where records go: to an archive of this root, by reference, or to another account's, by name."""
    if bucket is None and label:
        return {
            "archive_bucket": Expression(f"module.{label}.bucket_name"),
            "archive_key_arn": Expression(f"module.{label}.key_arn"),
        }
    return _given(archive_bucket=bucket, archive_key_arn=key)


def _after(label: str | None) -> dict[str, object]:
    """AWS asks the bucket whether it lets the trail and the recorder deliver, when these are made: its policy comes first."""
    return {"depends_on": [Expression(f"module.{label}")]} if label else {}


def _recorder(recorder: Recorder, audit: RootAudit, environment: Environment) -> Call:
    entry = recorder.entry
    label = "config_archive" if audit.config_archive else "log_archive" if audit.archive else None
    arguments = _place(environment) | _stored(recorder.bucket, recorder.key, label)
    arguments |= {} if recorder.recorder else {"create_recorder": False}
    arguments |= {} if recorder.records_global_types else {"record_global_types": False}
    arguments |= _given(
        recorder_name=recorder.recorder if recorder.recorder != "default" else None,
        service_linked_role=entry.service_linked_role,
        resource_types=entry.types,
        recording_frequency=None if entry.frequency == "continuous" else entry.frequency.upper(),
        managed_rules={
            name: _given(identifier=rule.identifier, resource_types=rule.types, parameters=rule.parameters)
            for name, rule in recorder.rules
        },
        mesh_role_pattern=recorder.role_pattern,
        boundary_pattern=recorder.boundary_pattern,
        bounded_role_pattern=recorder.bounded_pattern,
        aggregator=recorder.aggregator,
        aggregator_accounts=recorder.aggregated_accounts,
        aggregator_regions=recorder.aggregated_regions if recorder.aggregator else (),
        aggregation_account_id=recorder.aggregating_account,
        aggregation_region=recorder.aggregating_region if recorder.aggregating_account else None,
    )
    return Call("config_recorder", RECORDER, {"name": recorder.name} | arguments | _after(label), {})


def _queries(queries: Queries, environment: Environment) -> Call:
    arguments = _place(environment) | {
        "archive_bucket": Expression("module.log_archive.bucket_name"),
        "archive_key_arn": Expression("module.log_archive.key_arn"),
        "results_bucket_name": queries.results_bucket,
        "accounts": queries.accounts,
        "regions": queries.regions,
        "first_day": queries.entry.since.replace("-", "/"),
        "roles_json": Expression(f'file("${{path.module}}/{ROLES_FILE}")'),
        "results_retention_days": queries.entry.results_retention_days,
        "bytes_scanned_cutoff": queries.entry.scan_limit_gb * GIGABYTE,
    }
    arguments |= _given(
        organization_id=queries.organization_id, administrators=queries.administrators, watched_policies=queries.watched_policies
    )
    outputs = {"workgroup_name": "The Athena workgroup with the named queries.", "database_name": "The Glue database."}
    outputs["reader_policy"] = "What a role needs to ask the queries, as a policy."
    return Call("audit_queries", QUERIES, {"name": queries.name} | arguments, outputs)


def _alarms(alarms: Alarms, audit: RootAudit, environment: Environment) -> Call:
    arguments = _place(environment) | {"region": alarms.region}
    arguments |= _given(
        topic_arn=alarms.topic,
        emails=alarms.emails if not alarms.topic else (),
        role_name_prefixes=alarms.role_prefixes,
        role_names=alarms.role_names,
        policy_name_prefixes=alarms.policy_prefixes,
        administrators=alarms.administrators,
        watch_roles=alarms.watches_roles,
        watch_trail_arns=alarms.trails,
        watch_recorder=alarms.watches_recorder,
        watch_denials=alarms.watches_denials,
        watch_envoy_denials=alarms.watches_envoys,
    )
    if alarms.watches_archive and audit.archive:
        arguments |= {
            "watch_bucket_name": audit.archive.bucket,
            "watch_key": True,
            "watch_key_arn": Expression("module.log_archive.key_arn"),
        }
    label = "audit_alarms_global" if alarms.is_global else "audit_alarms"
    outputs = {"topic_arn": "The topic of the alarms" + (" about IAM." if alarms.is_global else ".")}
    return Call(label, ALARMS, {"name": alarms.name} | arguments, outputs, "global" if alarms.is_global else None)


def _analyzer(analyzer: Analyzer) -> Call:
    arguments: dict[str, object] = {"name": analyzer.name, "scope": analyzer.scope}
    arguments |= {} if analyzer.has_external else {"external": False}
    arguments |= {"unused": True, "unused_days": analyzer.unused_days} if analyzer.unused_days else {}
    return Call("access_analyzer", ANALYZER, arguments, {})


def _lattice_logs(logs: LatticeLogs) -> Call:
    made = f"module.{logs.mesh}.lattice"
    resources = {
        label: arn or Expression(f"{made}.services.{service}" if service else f"{made}.network")
        for label, arn, service in logs.resources
    }
    arguments = {"name": logs.name, "resource_ids": resources} | _given(retention_days=logs.retention_days)
    return Call(f"lattice_access_logs_{logs.mesh}", LATTICE_LOGS, arguments, {})


def _delegation(delegation: Delegation) -> Call:
    arguments: dict[str, object] = {"audit_account_id": delegation.account}
    parts = (
        ("cloudtrail", delegation.cloudtrail),
        ("config", delegation.config),
        ("access_analyzer", delegation.access_analyzer),
    )
    arguments |= {name: False for name, is_on in parts if not is_on}
    return Call("audit_delegation", DELEGATION, arguments, {})
