"""AWS itself, asked what is there: boto3, with the credentials that the AWS CLI would take. Nothing is changed.

Who runs it needs the List, Describe and Get actions of App Mesh, VPC Lattice, ECS, EKS, Cloud Map and IAM that `live/` names;
what is denied is a miss that names the action, and the rest is read. The only reader that talks to anybody.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from meshrole.errors import InputError, Problem
from meshrole.importers import aws_json
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found, Miss
from meshrole.importers.live import lattice, mesh, roles, workloads
from meshrole.importers.origin import Origin

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        NoCredentialsError,
        PartialCredentialsError,
        ProfileNotFound,
    )
except ImportError:
    boto3 = None

REGION = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}")
HERE = (".", "", "default")
DENIED = re.compile(r"AccessDenied|Unauthorized|Forbidden", re.IGNORECASE)
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
BAD_CREDENTIALS = (
    "InvalidClientTokenId",
    "ExpiredToken",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
)
# What is not there, or not any more.
ABSENT = ("ResourceNotFoundException", "NotFoundException", "NoSuchEntity", "ClusterNotFoundException")
MAX_MESSAGE = 300
HELP = "give credentials and a region, as for the AWS CLI (AWS_PROFILE, AWS_REGION)"


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """Whom to ask: as the AWS CLI's options of these names; None is what its environment says. `attempts` at each call."""

    region: str | None = None
    profile: str | None = None
    endpoint: str | None = None
    attempts: int = 8


def read(files: Sequence[SourceFile], options: Options) -> Found:
    """The accounts and regions that `files` name: `eu-west-1`, `profile@eu-west-1`, or `.` for those of the environment."""
    found = Found()
    for file in files:
        profile, at, region = file.name.rpartition("@")
        if not at and not REGION.fullmatch(region):
            profile, region = region, ""
        endpoint = options.parameters.get("endpoint_url")
        found += read_account(SessionOptions(region or None, None if profile in HERE else profile, endpoint))
    return found


def read_account(options: SessionOptions) -> Found:
    """Everything of meshes, and of the identities in use, in one account and region.

    Raises InputError where AWS cannot be asked at all: no boto3, no credentials, no region.
    """
    if boto3 is None:
        raise InputError(Problem("boto3 is not installed", help="pip install 'meshrole[live]'"))
    try:
        asking = _Asking(options)
        account = asking.account()
        mesh.ask(asking)
        lattice.ask(asking)
        roles.ask(asking, workloads.ask(asking))
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, ProfileNotFound) as error:
        raise InputError(Problem(f"AWS cannot be asked: {error}", help=HELP)) from None
    found = _unlined(aws_json.read(asking.answers, Options()))
    meshes = tuple(_placed(each, account, asking.region) for each in found.meshes)
    return replace(found, meshes=meshes, misses=asking.misses + found.misses)


def _unlined(found: Found) -> Found:
    """The same without the lines of answers that nobody has before him."""
    changed = {field.name: tuple(map(_without_line, getattr(found, field.name))) for field in fields(found)}
    roles = tuple(replace(each, policies=tuple(map(_without_line, each.policies))) for each in changed["roles"])
    return Found(**{**changed, "roles": roles})


def _without_line(entry: Any) -> Any:
    return replace(entry, origin=replace(entry.origin, line=0))


def _placed(found: Any, account: str | None, region: str) -> Any:
    return replace(found, account=found.account or account, region=found.region or region)


class _Asking:
    """AWS, asked one call after the other. boto3 waits as AWS' throttling wants it."""

    def __init__(self, options: SessionOptions) -> None:
        self.options = options
        self.session = boto3.session.Session(profile_name=options.profile, region_name=options.region)
        if self.session.region_name is None:
            raise InputError(Problem("AWS cannot be asked: no region is given", help=HELP))
        self.region = str(self.session.region_name)
        self.config = Config(retries={"mode": "adaptive", "max_attempts": options.attempts})
        self.clients: dict[str, Any] = {}
        self.answers: list[SourceFile] = []
        self.refused: dict[str, tuple[Miss, int]] = {}

    @property
    def misses(self) -> tuple[Miss, ...]:
        """What AWS refused: one for each kind of call."""
        return tuple(
            miss if count == 1 else replace(miss, why=f"{miss.why} (and {count - 1} more)")
            for miss, count in self.refused.values()
        )

    def account(self) -> str | None:
        """The account of the credentials. Raises InputError where they are none."""
        try:
            answer = self._client("sts").get_caller_identity()
            return str(answer["Account"])
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in BAD_CREDENTIALS:
                said = error.response["Error"].get("Message", "")
                raise InputError(Problem(f"AWS refuses the credentials: {code}: {said}", help=HELP)) from None
            self._missed("sts", "GetCallerIdentity", error)
        return None

    def each(self, service: str, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
        """The items of every page of a listing."""
        client, name = self._client(service), _snake(operation)

        def pages() -> Iterator[Mapping[str, Any]]:
            if client.can_paginate(name):
                yield from client.get_paginator(name).paginate(**arguments)
            else:
                yield getattr(client, name)(**arguments)

        yield from self._kept(lambda: (item for page in pages() for item in page.get(key) or ()), service, operation)

    def one(self, service: str, operation: str, **arguments: Any) -> Mapping[str, Any]:
        """One answer."""
        client = self._client(service)
        found = self._kept(lambda: iter([getattr(client, _snake(operation))(**arguments)]), service, operation)
        return next(found, {})

    def keep(self, call: str, answer: Mapping[str, Any]) -> None:
        """An answer as the AWS CLI prints it; times are texts there."""
        self.answers.append(SourceFile(f"{call} --region {self.region}", json.dumps(answer, default=str).encode()))

    def _kept(self, ask: Callable[[], Iterator[Any]], service: str, operation: str) -> Iterator[Any]:
        try:
            yield from ask()
        except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError):
            raise
        except (ClientError, BotoCoreError) as error:
            self._missed(service, operation, error)

    def _missed(self, service: str, operation: str, error: Any) -> None:
        """A call that AWS refuses, once for all calls of its kind."""
        said = getattr(error, "response", {}).get("Error", {})
        code, message = said.get("Code", type(error).__name__), " ".join(str(said.get("Message") or error).split())
        if code in ABSENT:
            return
        why, what = "denied" if DENIED.search(code) else "not answered", f"{service}:{operation}"
        first = Miss(Origin(f"aws {service} --region {self.region}"), what, f"{why}: {code}: {message[:MAX_MESSAGE]}")
        miss, count = self.refused.get(what, (first, 0))
        self.refused[what] = miss, count + 1

    def _client(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = self.session.client(service, endpoint_url=self.options.endpoint, config=self.config)
        return self.clients[service]


def _snake(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
