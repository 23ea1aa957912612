"""A moto server of one's own, and terraform against it: real commands, the generated files as they are."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

from attached import attached

REGION = "us-east-1"


@contextmanager
def moto(account: str | None = None) -> Iterator[str]:
    """A server; its address. Every caller is in `account`; where it is None, in the account that his keys are of."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"} | ({"MOTO_ACCOUNT_ID": account} if account else {})
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/moto-api/", timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    try:
        yield address
    finally:
        server.terminate()
        server.wait(10)


def client(service: str, address: str, keys: Mapping[str, str] | None = None, region: str = REGION) -> Any:
    """A boto3 client of a service there, in the account whose `keys` these are."""
    keys = keys or {"AccessKeyId": "test", "SecretAccessKey": "test"}
    return boto3.client(
        service,
        endpoint_url=address,
        region_name=region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
    )


def keys_of(account: str, address: str) -> dict[str, str]:
    """Credentials with which the server takes a caller for somebody in `account`."""
    role = f"arn:aws:iam::{account}:role/apply"
    return client("sts", address).assume_role(RoleArn=role, RoleSessionName="apply")["Credentials"]


def terraform(root: Path, folder: Path, address: str, keys: Mapping[str, str] | None = None) -> Callable[..., Any]:
    """`call(command, *arguments)` in `root`, against the server; `folder` takes the configuration of the command line."""
    return _ready(root, _variables(folder, address, keys))


@contextmanager
def standing(root: Path, folder: Path, address: str, keys: Mapping[str, str] | None = None) -> Iterator[Callable[..., Any]]:
    """The same, with a provider that stands by from one command to the next, for a root with a single provider block."""
    variables = _variables(folder, address, keys)
    if sum(path.read_text().count('provider "') for path in root.glob("*.tf")) != 1:
        yield _ready(root, variables)
        return
    with attached(variables) as attaching:
        yield _ready(root, attaching)


def _variables(folder: Path, address: str, keys: Mapping[str, str] | None) -> dict[str, str]:
    from meshrole.terraform import environment, find
    from meshrole.terraform.settings import Settings

    keys = keys or {"AccessKeyId": "test", "SecretAccessKey": "test"}
    mirror = find.plugin_dir(Settings())
    config = environment.write_config(folder, mirror)[0] if mirror else None
    token = {"AWS_SESSION_TOKEN": keys["SessionToken"]} if "SessionToken" in keys else {}
    return {
        **environment.prepared(offline=True, config=config),
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_EC2_METADATA_DISABLED": "true",
        **token,
    }


def _ready(root: Path, variables: Mapping[str, str]) -> Callable[..., Any]:
    from meshrole.terraform import find, run
    from meshrole.terraform.settings import Settings, Step

    binary = find.binary(Settings(), prefers_embedded=False)
    if binary == find.EMBEDDED:
        pytest.skip("no terraform binary on PATH: an apply runs the command line itself")

    def call(command: str, *arguments: str) -> Any:
        return run.execute(binary, Step(command, arguments), root, variables, run.Processes())

    mirror = find.plugin_dir(Settings())
    first = call("get", "-no-color") if mirror and find.unpacked_provider(mirror) else call("init", "-no-color")
    assert first.code == 0, first.errors
    return call
