"""CloudTrail's records as Athena's SerDe shows them, and Athena's SQL, both in DuckDB."""

import json
from datetime import date
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

Columns = list[dict[str, str]]
Types = dict[str, exp.DataType]


def glue_table(plan: dict, name: str) -> tuple[dict, Columns]:
    """A Glue table of a planned call of `audit-queries`, and its columns."""
    modules = plan["planned_values"]["root_module"]["child_modules"]
    resources = next(module["resources"] for module in modules if module["address"] == "module.audit_queries")
    (values,) = (item["values"] for item in resources if item["type"] == "aws_glue_catalog_table" and item["name"] == name)
    return values, [{"name": column["name"], "type": column["type"]} for column in values["storage_descriptor"][0]["columns"]]


def parsed(sql: str) -> exp.Expression:
    """The statement in Athena's dialect; raises where it is not of it."""
    statement = sqlglot.parse_one(sql, read="athena")
    assert not list(statement.find_all(exp.Command)), "a part was not understood"
    return statement


def answer(connection: duckdb.DuckDBPyConnection, sql: str, today: date) -> list[dict[str, Any]]:
    """The rows of a query of Athena's, asked on that day."""
    fixed = exp.cast(exp.Literal.string(today.isoformat()), "date")
    statement = parsed(sql).transform(lambda node: fixed.copy() if isinstance(node, exp.CurrentDate) else node)
    found = connection.execute(statement.sql("duckdb"))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def loaded(database: str, cloudtrail: Columns, roles: Columns, records: list[dict], role_rows: list[dict]) -> Any:
    """A database with both tables: the columns are those of the Glue tables, the partitions are made of the records."""
    connection = duckdb.connect()
    connection.execute(f"CREATE SCHEMA {database}")
    partitions = [{"name": name, "type": "string"} for name in ("account", "region", "day")]
    types = _types(cloudtrail)
    rows = [{**_struct(record, types), **_partition(record)} for record in records]
    _fill(connection, f"{database}.cloudtrail", _types([*cloudtrail, *partitions]), rows)
    _fill(connection, f"{database}.roles", _types(roles), role_rows)
    return connection


def _types(columns: Columns) -> Types:
    return {column["name"]: exp.DataType.build(column["type"], dialect="hive") for column in columns}


def _fill(connection: Any, table: str, types: Types, rows: list[dict]) -> None:
    shape = ", ".join(f"{name} {kind.sql('duckdb')}" for name, kind in types.items())
    connection.execute(f"CREATE TABLE {table} ({shape})")
    assert all(row.keys() == types.keys() for row in rows)
    structs = f"SELECT unnest(CAST(?::JSON AS STRUCT({shape})[])) AS struct"
    connection.execute(f"INSERT INTO {table} SELECT unnest(struct) FROM ({structs})", [json.dumps(rows)])


def _partition(record: dict) -> dict[str, str]:
    day = record["eventTime"][:10].replace("-", "/")
    return {"account": record["recipientAccountId"], "region": record["awsRegion"], "day": day}


def _struct(value: dict, types: Types) -> dict[str, Any]:
    """The fields that the type names: Hive compares names in lower case and drops what it does not know."""
    folded = {name.lower(): content for name, content in value.items()}
    return {name: _value(folded.get(name), kind) for name, kind in types.items()}


def _value(value: Any, kind: exp.DataType) -> Any:
    if value is None:
        return None
    if kind.is_type("struct"):
        return _struct(value, {field.name: field.args["kind"] for field in kind.expressions})
    if kind.is_type("array"):
        return [_value(item, kind.expressions[0]) for item in value]
    if kind.is_type("map"):
        return {key: _text(item) for key, item in value.items()}
    return _text(value)


def _text(value: Any) -> str:
    """A column of type string holds an object as its JSON text, and so a truth value as `true`."""
    return value if isinstance(value, str) else json.dumps(value)
