"""`meshrole access`: the matrix against the committed documents, the call graph against the inventory, and how it is printed."""

import csv
import importlib.util
import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from meshrole import pipeline
from meshrole.access import limits, matrix
from meshrole.access.policies import Applied, Named
from meshrole.iam.policy import Statement, conditions

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GUARD = "NoKeysOfServiceConnect"
NOT_FOR_CODE = "NoNetworkInterfacesForCode"
STORIES = sorted(path.name for path in EXAMPLES.iterdir())
MESHROLE = (sys.executable, "-c", "from meshrole.cli import main; main()", "access")


@pytest.fixture(scope="module")
def everything():
    """The matrix of each example as JSON values."""
    return {story: json.loads("\n".join(pipeline.access([str(EXAMPLES / story)]).json())) for story in STORIES}


def listed(value):
    return value if isinstance(value, list) else [value]


def documents(story, folder):
    """(environment/module/folder/file.json, statement) of the committed Terraform of an example.

    In answers the inventory's own word stands for an id that is made in AWS, where the policy is a template.
    """
    root = EXAMPLES / story / "terraform"
    for path in sorted(root.glob(f"*/*/{folder}/*.json")):
        if path.relative_to(root).parts[0] != "modules":
            text = path.read_text().replace("${shop.services.receipts}", "svc-of-shop.receipts")
            for statement in json.loads(text)["Statement"]:
                yield path.relative_to(root).as_posix(), statement


@pytest.mark.parametrize("story", STORIES)
def test_the_grants_are_those_of_the_documents(story, everything):
    written = {
        (path, statement["Sid"], statement["Effect"], action, resource, json.dumps(statement.get("Condition", {})))
        for path, statement in documents(story, "policies")
        for action in statement["Action"]
        for resource in statement["Resource"]
    }
    rows = everything[story]["grants"]
    fields = ("document", "sid", "effect", "action", "resource")
    found = {(*(row[name] for name in fields), json.dumps(row["conditions"])) for row in rows}
    assert written
    assert found == written
    assert len(rows) == len(written)


@pytest.mark.parametrize("story", STORIES)
def test_the_trust_is_that_of_the_documents(story, everything):
    written = {
        (path, kind, principal, " ".join(statement["Action"]), json.dumps(statement.get("Condition", {})))
        for path, statement in documents(story, "trust")
        for kind, principals in statement["Principal"].items()
        for principal in listed(principals)
    }
    found = {
        (row["document"], row["principal_type"], row["principal"], " ".join(row["actions"]), json.dumps(row["conditions"]))
        for row in everything[story]["trust"]
    }
    assert written
    assert found == written


@pytest.mark.parametrize("story", STORIES)
def test_no_grant_of_an_example_is_dead(story, everything):
    """Of shared-mesh's boundary only the ARN is known, and only in the two environments of `billing`.

    In Service Connect the catalog may read every secret, but the keys of TLS. A function in a VPC has interfaces for Lambda to use,
    and not for its own code.
    """
    for row in everything[story]["grants"]:
        unknown = story == "shared-mesh" and row["environment"].startswith("billing")
        if row["effect"] == "Allow":
            all_but_keys = story == "service-connect-shop" and row["resource"].endswith(":secret:*")
            left = ("unknown", ["boundary"]) if unknown else ("yes", [])
            left = ("partly", [f"identity:{GUARD}"]) if all_but_keys else left
            is_of_vpc = row["sid"] in ("NetworkInterfaces", "SeeNetworkHasNoResourceType")
            left = ("depends", [f"identity:{NOT_FOR_CODE}"]) if is_of_vpc else left
            assert (row["alive"], row["limited_by"]) == left
        else:
            assert (row["sid"], row["alive"]) in (("NeverDeletesBackups", None), (GUARD, None), (NOT_FOR_CODE, None))


CALLS = {
    "ecs-shop": {
        ("prod", "ingress", "storefront", "storefront.shop.local", "gateway route of ingress"),
        ("prod", "storefront", "checkout", "checkout.shop.local", "backend of storefront"),
        ("prod", "checkout-blue", "payments", "payments.shop.local", "backend of checkout-blue"),
        ("prod", "checkout-green", "payments", "payments.shop.local", "backend of checkout-green"),
    },
    "eks-github-okta": {
        (environment, caller, callee, f"{callee}.books.local", f"{through} {caller}")
        for environment in ("staging", "prod")
        for caller, callee, through in (
            ("edge", "reviews", "gateway route of"),
            ("reviews-v1", "ratings", "backend of"),
            ("reviews-v2", "ratings", "backend of"),
        )
    },
    # The callees are in other environments than their callers.
    "shared-mesh": {
        ("platform", "edge", "orders", "orders.core.local", "gateway route of edge"),
        ("orders", "orders", "invoices", "invoices.core.local", "backend of orders"),
    },
}


@pytest.mark.parametrize("story", CALLS)
def test_the_call_graph(story, everything):
    rows = everything[story]["calls"]
    fields = ("environment", "caller", "callee", "virtual_service", "through")
    assert {tuple(row[name] for name in fields) for row in rows} == CALLS[story]
    assert len(rows) == len(CALLS[story])
    assert {row["authorization"] for row in rows} == {"none"}
    for row in rows:
        sid, _, document = row["permitted_by"].removeprefix("statement ").partition(" of ")
        statements = json.loads((EXAMPLES / story / "terraform" / document).read_text())["Statement"]
        (envoy,) = (statement for statement in statements if statement["Sid"] == sid)
        assert envoy["Action"] == ["appmesh:StreamAggregatedResources"]
    assert everything[story]["notes"][0].startswith("App Mesh has no authorization between services")


def test_nothing_permits_a_call_in_service_connect(everything):
    rows = everything["service-connect-shop"]["calls"]
    edges = {("edge", "storefront"), ("storefront", "cart"), ("storefront", "catalog"), ("cart", "payments")}
    assert {(row["environment"], row["caller"], row["callee"]) for row in rows} == {
        ("prod", "reports", "catalog"),
        *((environment, *edge) for environment in ("prod", "lab") for edge in edges),
    }
    assert {(row["permitted_by"], row["authorization"]) for row in rows} == {("", "none; security groups")}
    services = {(row["environment"], row["callee"]): (row["virtual_service_arn"], row["through"]) for row in rows}
    assert services["prod", "payments"] == (
        "arn:aws:ecs:eu-west-1:555566667777:service/shop-prod/payments-api",
        "Service Connect endpoint payments",
    )
    assert "security groups decide" in everything["service-connect-shop"]["notes"][0]


def test_a_call_stands_where_the_inventory_has_it(everything):
    lines = (EXAMPLES / "ecs-shop" / "inventory.yaml").read_text().splitlines()
    for row in everything["ecs-shop"]["calls"]:
        place = row["inventory"]
        assert lines[place["line"] - 1][place["column"] - 1 :].startswith(row["callee"])


def allow(actions="*", resources="*", sid="Allow", **conditions):
    return statement("Allow", actions, resources, sid, conditions)


def deny(actions="*", resources="*", sid="Deny", **conditions):
    return statement("Deny", actions, resources, sid, conditions)


def statement(effect, actions, resources, sid, block):
    block = {name: {"aws:PrincipalArn" if "Arn" in name else "aws:SourceIp": value} for name, value in block.items()}
    names = {"not_resources": (resources[1:],)} if resources.startswith("!") else {"resources": (resources,)}
    return Statement(sid=sid, effect=effect, actions=tuple(actions.split()), conditions=conditions(block), **names)


ROLE = "arn:aws:iam::111122223333:role/app"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table"
GET, OF_ALL = ("dynamodb:GetItem", f"{TABLE}/orders"), ("dynamodb:GetItem", f"{TABLE}/*")
# A grant, the statements of a layer, and what they leave of it: worked out by hand.
LIMITS = {
    "a boundary allows it": (GET, "boundary", [allow("dynamodb:*")], "yes", ()),
    "a boundary allows another service": (GET, "boundary", [allow("sqs:*")], "no", ("boundary",)),
    "a boundary allows one of the tables": (
        OF_ALL,
        "boundary",
        [allow("dynamodb:*", f"{TABLE}/orders")],
        "partly",
        ("boundary",),
    ),
    "a boundary allows from a network": (GET, "boundary", [allow(IpAddress="10.0.0.0/8")], "depends", ("boundary",)),
    "a boundary allows this role": (GET, "boundary", [allow(ArnLike=ROLE)], "yes", ()),
    "a boundary allows another role": (GET, "boundary", [allow(ArnLike=ROLE + "2")], "no", ("boundary",)),
    "a boundary denies it": (GET, "boundary", [allow(), deny("dynamodb:Get*")], "no", ("boundary:Deny",)),
    "a boundary denies another": (GET, "boundary", [allow(), deny("dynamodb:Put*")], "yes", ()),
    "a boundary denies one of the tables": (
        OF_ALL,
        "boundary",
        [allow(), deny("*", f"{TABLE}/orders")],
        "partly",
        ("boundary:Deny",),
    ),
    "a boundary denies everything else": (GET, "boundary", [allow(), deny("*", f"!{TABLE}/orders")], "yes", ()),
    "a boundary denies all but one": (OF_ALL, "boundary", [allow(), deny("*", f"!{TABLE}/orders")], "partly", ("boundary:Deny",)),
    "an SCP denies from a network": (GET, "scp", [allow(), deny(NotIpAddress="10.0.0.0/8")], "depends", ("scp:Deny",)),
    "an SCP spares this role": (GET, "scp", [allow(), deny(ArnNotLike=ROLE)], "yes", ()),
    "an SCP denies all but another role": (GET, "scp", [allow(), deny(ArnNotLike=ROLE + "2")], "no", ("scp:Deny",)),
    "an RCP denies in a service that it reaches": (GET, "rcp", [deny("dynamodb:*")], "no", ("rcp:Deny",)),
    "an RCP does not reach App Mesh": (("appmesh:DescribeMesh", "*"), "rcp", [deny()], "yes", ()),
    "the role's own Deny": (GET, "identity", [allow(), deny("dynamodb:GetItem")], "no", ("identity:Deny",)),
    "a Deny on a resource is none on *": (("xray:PutTraceSegments", "*"), "scp", [allow(), deny("*", f"{TABLE}/x")], "yes", ()),
    "a pattern of actions in part": (
        ("dynamodb:*", f"{TABLE}/x"),
        "scp",
        [allow(), deny("dynamodb:Delete*")],
        "partly",
        ("scp:Deny",),
    ),
}


@pytest.mark.parametrize("case", LIMITS)
def test_what_a_layer_leaves_of_a_grant(case):
    (action, resource), layer, statements, left, by = LIMITS[case]
    policies = {"identity": (), "boundary": None, "scp": (), "rcp": ()}
    policy = Named(None, "limits", tuple(statements))
    policies[layer] = policy if layer == "boundary" else (policy,)
    role = next(iter(pipeline.check([str(EXAMPLES / "ecs-shop")]).blueprint.roots)).modules[0].identities[0].role
    holds = limits.conditions_of(type(role)(**{**{name: getattr(role, name) for name in role.__slots__}, "arn": ROLE}), None)
    assert limits.alive(action, resource, Applied(boundary_arn=None, **policies), holds) == limits.Alive(left, by)


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("section", ["grants", "trust", "calls"])
def test_csv_reads_back_as_what_json_says(story, section, everything):
    rows = list(csv.DictReader(io.StringIO("\n".join(pipeline.access([str(EXAMPLES / story)], sections=[section]).csv()))))
    assert len(rows) == len(everything[story][section])
    for row, value in zip(rows, everything[story][section], strict=True):
        place = value["inventory"]
        assert row.pop("section") == section
        assert row.pop("inventory") == f"{place['file']}:{place['line']}:{place['column']}"
        for name, cell in row.items():
            item = value[name]
            read = json.loads(cell or "{}") if isinstance(item, dict) else cell.split() if isinstance(item, list) else cell
            assert read == ("" if item is None else item), name


def test_one_csv_has_every_section(meshrole):
    rows = list(csv.DictReader(io.StringIO(meshrole("access", EXAMPLES / "ecs-shop", "--format", "csv").output)))
    assert list(dict.fromkeys(row["section"] for row in rows)) == ["grants", "trust", "calls"]


def test_json_has_a_version_and_one_shape_for_each_section(everything):
    for value in everything.values():
        assert list(value) == ["version", "grants", "trust", "calls", "notes"]
        assert value["version"] == 1
        for section in ("grants", "trust", "calls"):
            for row in value[section]:
                assert set(row["inventory"]) == {"file", "line", "column"}
                assert set(row) == set(value[section][0])
    assert set(everything["ecs-shop"]["grants"][0]) == set(matrix.Grant._fields)


def rows_of(meshrole, *arguments):
    outcome = meshrole("access", *arguments, "--format", "json")
    assert outcome.code == 0, outcome.errors
    return json.loads(outcome.output)


def test_sections_identities_and_environments_can_be_chosen(meshrole):
    value = rows_of(meshrole, EXAMPLES / "eks-github-okta", "--show", "trust", "--identity", "ratings", "-e", "prod")
    assert list(value) == ["version", "trust", "notes"]
    assert [(row["environment"], row["identity"]) for row in value["trust"]] == [("prod", "ratings")]
    value = rows_of(meshrole, EXAMPLES / "ecs-shop", "--identity", "checkout", "--identity", "payments", "--show", "grants")
    assert {row["identity"] for row in value["grants"]} == {"checkout-blue", "checkout-green", "payments"}
    value = rows_of(meshrole, EXAMPLES / "app-mesh-ipv6", "--identity", "red", "--show", "grants")
    assert {row["module"] for row in value["grants"]} == {"dns", "cloud"}


def test_the_calls_of_an_identity_are_those_from_it_and_to_it(meshrole):
    value = rows_of(meshrole, EXAMPLES / "ecs-shop", "--identity", "storefront", "--show", "calls")
    assert [(row["caller"], row["callee"]) for row in value["calls"]] == [("ingress", "storefront"), ("storefront", "checkout")]


RESOURCES = {
    # An ARN: whatever reaches it, also through a wildcard; an action that cannot act on it does not.
    "arn:aws:dynamodb:us-east-1:111122223333:table/orders": {"dynamodb:GetItem", "dynamodb:PutItem"},
    "arn:aws:dynamodb:*:*:table/orders/index/*": {"dynamodb:Query"},
    "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/acme-shop-ingress-prod:log-stream:x": {"logs:CreateLogStream", "logs:PutLogEvents"},
    # The end of one, as it is written.
    "table/orders": {"dynamodb:GetItem", "dynamodb:PutItem"},
    ":payments": {"sqs:DeleteMessage", "sqs:ReceiveMessage"},
    "nothing-ends-so": set(),
}  # fmt: skip


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_resource_can_be_chosen(resource, meshrole):
    value = rows_of(meshrole, EXAMPLES / "ecs-shop", "--resource", resource, "--show", "grants")
    assert {row["action"] for row in value["grants"]} == RESOURCES[resource]


def test_names_that_nothing_has(meshrole):
    outcome = meshrole("access", EXAMPLES / "ecs-shop", "--identity", "paymnets")
    assert (outcome.code, outcome.output) == (3, "")
    assert outcome.errors.endswith('  help: did you mean "payments"?\n')
    outcome = meshrole("access", EXAMPLES / "ecs-shop", "--environment", "prd")
    assert outcome.errors == 'no environment is called "prd"\n  found: prd\n  allowed: prod\n  help: did you mean "prod"?\n'
    assert meshrole("access", EXAMPLES / "ecs-shop", "--show", "graph").code == 2


def test_the_table(meshrole, monkeypatch):
    monkeypatch.chdir(EXAMPLES / "ecs-shop")
    outcome = meshrole("access", "inventory.yaml", "--identity", "payments")
    arn = "arn:aws:iam::111122223333:role/mesh/acme-shop-payments-prod"
    queue = "arn:aws:sqs:us-east-1:111122223333:payments"
    node = "arn:aws:appmesh:us-east-1:111122223333:mesh/shop/virtualNode/payments"
    assert outcome.output == (
        "GRANTS\n"
        f"prod/shop/payments (workload, {arn})\n"
        f"  yes  sqs:DeleteMessage                  {queue.ljust(len(node))}  inventory.yaml:57:13\n"
        f"  yes  sqs:ReceiveMessage                 {queue.ljust(len(node))}  inventory.yaml:57:13\n"
        f"  yes  appmesh:StreamAggregatedResources  {node}  inventory.yaml:54:7\n"
        "\n"
        "TRUST\n"
        f"prod/shop/payments (workload, {arn})\n"
        "  Service  ec2.amazonaws.com  sts:AssumeRole  inventory.yaml:54:7\n"
        "\n"
        "CALLS\n"
        "prod/shop/checkout-blue (acme-shop-checkout-blue-prod)\n"
        "  -> payments  payments.shop.local  backend of checkout-blue  statement Envoy of prod/shop/policies/checkout-blue.json"
        "  inventory.yaml:43:17\n"
        "prod/shop/checkout-green (acme-shop-checkout-green-prod)\n"
        "  -> payments  payments.shop.local  backend of checkout-green  statement Envoy of prod/shop/policies/checkout-green.json"
        "  inventory.yaml:43:17\n"
        "\n"
        "note: App Mesh has no authorization between services: backends are what an Envoy is configured to reach, IAM decides which "
        "Envoy gets that configuration, and only mutual TLS tells a callee who calls\n"
    )  # fmt: skip


@pytest.mark.parametrize(("options", "is_bold"), [((), True), (("--no-color",), False), (("--format", "csv"), False)])
def test_headings_are_bold_on_a_terminal_only(options, is_bold):
    ours, theirs = os.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = (*MESHROLE, str(EXAMPLES / "ecs-shop"), "--identity", "payments", *options)
    run = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 100_000)
    os.close(ours)
    assert run.stderr == b""
    assert (b"\x1b[1mprod/shop/payments" in shown) == is_bold
    assert is_bold or b"\x1b" not in shown


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    """An inventory of a thousand workloads, as the benchmarks make them."""
    spec = importlib.util.spec_from_file_location("inventories", ROOT / "benchmarks" / "inventories.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = tmp_path_factory.mktemp("thousand") / "inventory.yaml"
    path.write_text(module.inventory(1_000), encoding="utf-8")
    return path


def test_rows_are_made_while_they_are_read(thousand, monkeypatch):
    made = []
    alive = matrix.alive
    monkeypatch.setattr(matrix, "alive", lambda *arguments: made.append(arguments) or alive(*arguments))
    lines = pipeline.access([str(thousand)]).csv()
    assert made == []
    for number in range(10):
        next(lines)
        assert len(made) <= number


def test_a_reader_that_has_enough_ends_it_quietly(thousand):
    for layout in ("table", "json", "csv"):
        command = (
            f"'{sys.executable}' -c 'from meshrole.cli import main; main()' access '{thousand}' --format {layout} | head -n 2"
        )
        run = subprocess.run(["bash", "-c", f"{command}; echo ${{PIPESTATUS[0]}}"], capture_output=True, text=True, check=True)
        assert (len(run.stdout.splitlines()), run.stdout.splitlines()[-1], run.stderr) == (3, "141", "")


def test_a_thousand_identities_take_no_memory_by_the_row(thousand):
    """What is held at once is a small part of the text that goes by."""
    lines = pipeline.access([str(thousand)]).json()
    sizes = [len(next(lines)) for _ in range(100)]
    tracemalloc.start()
    try:
        sizes += map(len, lines)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(sizes) > 9_000
    assert sum(sizes) > 4_000_000
    # The evaluator's caches are bounded, and more or less full of other tests' requests when this one begins.
    assert peak < 3_000_000
