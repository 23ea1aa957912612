"""The first story applied for real, to a moto server, through the generated Terraform alone."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
import pytest

ROOT = Path(__file__).parent.parent
STORY = ROOT / "examples" / "ecs-shop"
ACCOUNT = "111122223333"


@pytest.fixture(scope="module")
def aws():
    """A moto server of its own that is the story's account; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "MOTO_ACCOUNT_ID": ACCOUNT}
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/moto-api/", timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def terraform(aws, tmp_path_factory):
    """`terraform(*arguments)` in a copy of the story's root, against moto."""
    from meshrole.terraform import environment, find, run
    from meshrole.terraform.settings import Settings, Step

    folder = tmp_path_factory.mktemp("apply")
    root = shutil.copytree(STORY / "terraform" / "prod", folder / "prod")
    mirror = find.plugin_dir(Settings())
    config = environment.write_config(folder, mirror)[0] if mirror else None
    variables = {
        **environment.prepared(offline=True, config=config),
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    binary = find.binary(Settings(), prefers_embedded=False)
    if binary == find.EMBEDDED:
        pytest.skip("no terraform binary on PATH: an apply runs the command line itself")

    def call(command, *arguments):
        return run.execute(binary, Step(command, arguments), root, variables, run.Processes())

    first = call("get", "-no-color") if mirror and find.unpacked_provider(mirror) else call("init", "-no-color")
    assert first.code == 0, first.errors
    return call


@pytest.mark.terraform
def test_it_applies_and_the_second_plan_is_empty(terraform, aws):
    applied = terraform("apply", "-auto-approve", "-no-color", "-input=false")
    assert applied.code == 0, applied.errors
    assert re.search(r"Apply complete! Resources: 20 added, 0 changed, 0 destroyed", applied.output)

    again = terraform("plan", "-detailed-exitcode", "-no-color", "-input=false")
    assert again.code == 0, again.output + again.errors

    iam = boto3.client("iam", endpoint_url=aws, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    names = {role["RoleName"] for role in iam.list_roles(PathPrefix="/mesh/")["Roles"]}
    assert names == {
        "acme-shop-ingress-prod",
        "acme-shop-ingress-prod-execution",
        "acme-shop-storefront-prod",
        "acme-shop-storefront-prod-execution",
        "acme-shop-checkout-blue-prod",
        "acme-shop-checkout-blue-prod-execution",
        "acme-shop-checkout-green-prod",
        "acme-shop-checkout-green-prod-execution",
        "acme-shop-payments-prod",
    }
    blue = iam.get_role_policy(RoleName="acme-shop-checkout-blue-prod", PolicyName="permissions")["PolicyDocument"]
    envoy = next(statement for statement in blue["Statement"] if statement["Sid"] == "Envoy")
    assert envoy["Resource"] == [f"arn:aws:appmesh:us-east-1:{ACCOUNT}:mesh/shop/virtualNode/checkout-blue"]
    profile = iam.get_instance_profile(InstanceProfileName="acme-shop-payments-prod")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["acme-shop-payments-prod"]
