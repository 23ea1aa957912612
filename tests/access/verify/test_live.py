"""`verify --live`: real boto3 against a server in AWS's documented shape, which says what the deployed roles do."""

import json
from pathlib import Path

import pytest

from access.verify.simulator import Account, Server
from meshrole import pipeline

SHOP = str(Path(__file__).parents[3] / "examples" / "ecs-shop" / "inventory.yaml")
BLUE = "acme-shop-checkout-blue-prod"
BOUNDARY = "arn:aws:iam::111122223333:policy/mesh/acme-shop-prod-boundary"


def deployed() -> dict[str, dict]:
    """The roles as the example's committed files have them."""
    folder = Path(SHOP).parent / "terraform" / "prod" / "shop"
    boundary = json.loads((folder / "boundary.json").read_text())
    found = {}
    for file in sorted((folder / "policies").glob("*.json")):
        name = f"acme-shop-{file.stem}-prod"
        if file.stem.endswith("-execution"):
            name = f"acme-shop-{file.stem.removesuffix('-execution')}-prod-execution"
        found[name] = {
            "arn": f"arn:aws:iam::111122223333:role/mesh/{name}",
            "trust": json.loads((folder / "trust" / file.name).read_text()),
            "policies": [json.loads(file.read_text())],
            "boundary": boundary,
            "boundary_arn": BOUNDARY,
        }
    return found


@pytest.fixture
def account(monkeypatch):
    """The account as deployed, behind AWS's own SDK."""
    account = Account(deployed())
    server = Server(account)
    monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    yield account
    server.stop()


def live(result):
    return next(proof for proof in result.proofs if proof.name == "live")


def said() -> list[tuple[str, str]]:
    return [(item.message, str(item.example or "")) for item in live(pipeline.verify([SHOP], live=True)).findings]


def test_an_account_as_declared_is_proved(account):
    result = pipeline.verify([SHOP], live=True)
    assert result.holds, result.text()
    assert "9 roles and" in live(result).over
    assert account.calls["GetRole"] == 9
    # Answers come in pages of three, and every one of them is taken.
    assert account.pages == account.calls["SimulatePrincipalPolicy"] > 9 * 3


def test_the_older_answers_without_a_list_of_resources_are_read_too(account):
    account.lists_resources = False
    assert pipeline.verify([SHOP], live=True).holds


def test_a_grant_that_aws_has_not_is_found(account):
    policy = account.roles[BLUE]["policies"][0]
    policy["Statement"] = [item for item in policy["Statement"] if item["Sid"] != "AppDynamodb"]
    orders = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
    found = said()
    assert (f"AWS refuses {BLUE} dynamodb:GetItem on {orders}") in [message for message, _ in found]
    assert any(f"calls dynamodb:GetItem on {orders}: not allowed" in example for _, example in found)


def test_a_grant_that_only_aws_has_is_found(account):
    account.roles[BLUE]["policies"].append(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    found = [message for message, _ in said()]
    assert any(message.startswith(f"AWS allows {BLUE} appmesh:StreamAggregatedResources on ") for message in found)
    # The boundary that AWS has refuses what would change identities.
    assert not any("iam:PutRolePolicy" in message for message in found)


def test_an_escalation_that_only_aws_allows_is_found(account):
    account.roles[BLUE]["policies"].append(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}
    )
    account.roles[BLUE]["boundary"] = None
    account.roles[BLUE]["boundary_arn"] = None
    found = [message for message, _ in said()]
    assert any(message.startswith(f"AWS allows {BLUE} iam:PutRolePolicy on ") for message in found)
    assert f"{BLUE} has the boundary none in AWS, and not {BOUNDARY}" in found


def test_a_condition_that_aws_has_not_is_found(account):
    policy = account.roles[BLUE]["policies"][0]
    next(item for item in policy["Statement"] if item["Sid"] == "AppDynamodb2").pop("Condition")
    index = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer"
    assert f"AWS allows {BLUE} dynamodb:Query on {index}" in [message for message, _ in said()]


def test_a_trust_policy_that_was_changed_is_found(account):
    account.roles[BLUE]["trust"]["Statement"][0]["Principal"] = {"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]}
    messages = [message for message, _ in said()]
    assert f"the trust policy of {BLUE} in AWS lets in ec2.amazonaws.com" in messages


def test_a_role_that_is_not_there_is_found(account):
    del account.roles[BLUE]
    assert f"{BLUE} is not in AWS" in [message for message, _ in said()]


def test_throttling_is_waited_out(account):
    account.throttled = 2
    assert pipeline.verify([SHOP], live=True).holds


@pytest.mark.parametrize("call", ["GetRole", "SimulatePrincipalPolicy"])
def test_a_refusal_says_what_is_needed(call, account, meshrole):
    account.refused = {call}
    outcome = meshrole("verify", SHOP, "--live")
    assert outcome.code == 3
    assert f"AWS refused {call}: AccessDenied: User: arn:aws:iam::111122223333:user/jo is not authorized" in outcome.errors
    assert "help: it needs iam:GetRole and iam:SimulatePrincipalPolicy on the roles" in outcome.errors


@pytest.mark.usefixtures("account")
def test_without_credentials_it_says_so(meshrole, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    outcome = meshrole("verify", SHOP, "--live")
    assert outcome.code == 3
    assert "AWS cannot be asked: Unable to locate credentials" in outcome.errors
