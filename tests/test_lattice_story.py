"""The story of VPC Lattice: the two halves of every call, and what an edge that goes takes with it."""

import json
from pathlib import Path

import pytest
import yaml

import expected
import expected_lattice
from meshrole import pipeline
from planned import EXAMPLES, plan_values

STORY = EXAMPLES / "lattice-shop" / "inventory.yaml"
AUTH_POLICY = "aws_vpclattice_auth_policy"


@pytest.fixture(scope="module")
def planned(shared_folder):
    return plan_values(shared_folder)


def auth_policies(plan: dict) -> dict[str, str]:
    """The auth policies of the module shop: text by the ARN of what each is of."""
    module = next(child for child in plan["planned_values"]["root_module"]["child_modules"] if child["address"] == "module.shop")
    items = [item for item in module["resources"] if item["type"] == AUTH_POLICY]
    return {item["values"]["resource_identifier"]: item["values"]["policy"] for item in items}


def let_in(document: str) -> set[tuple[str, str, str, str]]:
    found = set()
    for statement in json.loads(document)["Statement"]:
        assert statement["Action"] == ["vpc-lattice-svcs:Invoke"]
        principals = [statement["Principal"]] if statement["Principal"] == "*" else statement["Principal"]["AWS"]
        for principal in principals:
            held = expected.text(statement.get("Condition", {}))
            found |= {(statement["Effect"], principal, resource, held) for resource in statement["Resource"]}
    return found


@pytest.mark.terraform
@pytest.mark.parametrize("environment", ["prod", "billing"])
def test_every_service_lets_in_exactly_its_callers(environment, planned):
    """Whom, is worked out from the YAML alone."""
    inventory = yaml.safe_load(STORY.read_text())
    world = expected.World(inventory, environment)
    wanted = expected_lattice.auth(world, "shop", inventory["meshes"]["shop"])
    found = auth_policies(planned[f"lattice-shop.{environment}"])
    assert {arn: let_in(document) for arn, document in found.items()} == wanted


@pytest.mark.terraform
def test_an_auth_policy_is_one_line(planned):
    """https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_PutAuthPolicy.html"""
    for environment in ("prod", "billing"):
        for document in auth_policies(planned[f"lattice-shop.{environment}"]).values():
            assert "\n" not in document
            assert " " not in document


@pytest.mark.terraform
def test_what_is_made_asks_for_signed_requests(planned):
    made = [
        item["change"]["after"]["auth_type"]
        for item in planned["lattice-shop.prod.first"]["resource_changes"]
        if item["type"] in ("aws_vpclattice_service", "aws_vpclattice_service_network")
    ]
    assert made == ["AWS_IAM"]


def generated(inventory: dict, folder: Path) -> dict[str, str]:
    folder.mkdir()
    (folder / "inventory.yaml").write_text(yaml.safe_dump(inventory, sort_keys=False))
    return {path: text.decode() for path, text in pipeline.generate([str(folder / "inventory.yaml")]).files.items()}


def statements(text: str) -> dict[str, str]:
    """Statements by what they say, without their Sids: a number of one may change when another goes."""
    return {json.dumps({**item, "Sid": ""}, sort_keys=True): item["Sid"] for item in json.loads(text)["Statement"]}


# (caller, callee, files of the caller's half, file of the callee's half, what the callee says afterwards)
EDGES = [
    ("storefront", "checkout", ["prod/shop/policies/storefront.json"], "prod/shop/auth/checkout.json", "nobody"),
    (
        "checkout",
        "receipts",
        ["prod/shop/policies/checkout-blue.json", "prod/shop/policies/checkout-green.json"],
        "prod/shop/auth/receipts.json",
        "the others",
    ),
    (
        "checkout",
        "payments",
        ["prod/shop/policies/checkout-blue.json", "prod/shop/policies/checkout-green.json"],
        "billing/shop/auth/payments.json",
        "nobody",
    ),
    ("reports", "ledger", ["billing/shop/policies/reports.json"], "billing/shop/auth/ledger.json", "the others"),
]


@pytest.mark.parametrize(("caller", "callee", "callers_half", "callees_half", "left"), EDGES)
def test_an_edge_that_goes_takes_exactly_its_two_halves(caller, callee, callers_half, callees_half, left, tmp_path):
    inventory = yaml.safe_load(STORY.read_text())
    before = generated(inventory, tmp_path / "before")
    service = inventory["meshes"]["shop"]["services"][caller]
    service["calls"] = [call for call in service["calls"] if expected_lattice._name(call) != callee]
    after = generated(inventory, tmp_path / "after")

    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    # What nobody in a root's mesh calls any more, its boundary forbids; and Terraform waits for the roles that a policy names.
    others = {"prod/shop/boundary.json", "billing/shop/boundary.json", "prod/shop/lattice.tf", "billing/shop/lattice.tf"}
    # A role without a statement has no policy at all, and a policy that waits for no id is no template.
    others |= {"billing/shop/identities.tf", "prod/shop/identities.tf"}
    assert changed - others == {*callers_half, callees_half}
    for path in callers_half:
        gone = statements(before[path]).keys() - (statements(after[path]).keys() if path in after else set())
        assert [json.loads(item)["Action"] for item in gone] == [["vpc-lattice-svcs:Invoke"]]
        assert path not in after or statements(after[path]).keys() < statements(before[path]).keys()
    was, now = statements(before[callees_half]), statements(after[callees_half])
    assert len(was.keys() - now.keys()) == 1
    if left == "nobody":
        (only,) = now
        assert (json.loads(only)["Effect"], json.loads(only)["Principal"]) == ("Deny", "*")
    else:
        assert now.keys() < was.keys()


def test_a_call_and_its_answer_are_found_by_name(meshrole):
    ways = ["--context", "vpc-lattice-svcs:RequestMethod=POST", "--context", "vpc-lattice-svcs:RequestHeader/x-tenant=web"]
    asked = ("checkout-blue", "vpc-lattice-svcs:Invoke", "payments/charges")
    yes = meshrole("can", STORY, *asked, *ways)
    assert yes.code == 0, yes.output
    assert "statement CallPayments of prod/shop/policies/checkout-blue.json" in yes.output
    no = meshrole("can", STORY, *asked, "--context", "vpc-lattice-svcs:RequestMethod=GET")
    assert no.code == 10
    other = meshrole("can", STORY, "ingress", "vpc-lattice-svcs:Invoke", "checkout/carts")
    assert other.code == 10
    assert '"checkout" is not among what it calls' in other.output
    lines = STORY.read_text().splitlines()
    assert f"inventory.yaml:{lines.index('          - {service: storefront, paths: [/shop/*, /]}') + 1}:" in other.output


def test_the_call_graph_names_the_statement_of_each_call(meshrole):
    outcome = meshrole("access", STORY, "--format", "json")
    calls = {(call["caller"], call["callee"]): call for call in json.loads(outcome.output)["calls"]}
    assert len(calls) == 9
    found = calls["checkout-green", "payments"]
    assert found["permitted_by"] == "statement CallPayments of prod/shop/policies/checkout-green.json"
    assert found["authorization"] == "the auth policy of payments"
    assert found["virtual_service_arn"].startswith("arn:aws:vpc-lattice:us-east-1:555566667777:service/svc-0b1b2c3d4e5f60009/")


DENIED = (
    "User: arn:aws:sts::111122223333:assumed-role/{} is not authorized to perform: vpc-lattice-svcs:Invoke on resource: "
    "arn:aws:vpc-lattice:us-east-1:111122223333:service/svc-0a1b2c3d4e5f60002/x because no {} allows the "
    "vpc-lattice-svcs:Invoke action"
)


@pytest.mark.parametrize(
    ("role", "layer", "says"),
    [
        ("acme-shop-ingress-prod/s", "identity-based policy", '"checkout" is not among what it calls'),
        ("acme-shop-storefront-prod/s", "service-based policy", "the deployed auth policy differs from the inventory's"),
    ],
)
def test_a_denial_is_explained_by_the_line_of_the_call(role, layer, says, meshrole):
    outcome = meshrole("explain", DENIED.format(role, layer), "--inventory", STORY)
    assert says in outcome.output, outcome.output
