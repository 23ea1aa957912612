"""Where the inventory's environment is: what the user says, or else what the sources say most often, or else a stand-in."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.importers.found import Found
from meshrole.importers.roles import streams
from meshrole.importers.values import Value
from meshrole.inventory.warnings import NO_ACCOUNT

ORGANIZATION = "org"
REGION = "us-east-1"
CLUSTER = "main"
# The word, and the parameter, for the OIDC issuer of clusters of which no source says it.
ISSUER = "oidc_issuer"
ARN = re.compile(r"^arn:(aws[a-z-]*):[a-z0-9-]+:([a-z0-9-]*):([0-9]{12}|):")


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says; None is nothing."""

    organization: str | None = None
    account: str | None = None
    region: str | None = None
    environment: str = "main"
    cluster: str | None = None
    oidc_issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The one environment of an inventory, and what was `assumed` of it."""

    organization: str
    account: str
    region: str
    partition: str
    environment: str
    cluster: str
    oidc_issuer: str
    assumed: tuple[str, ...]


def settled(given: Given, found: Found) -> Settings:
    """The environment, from what the user says and what was found."""
    places = list(_places(found))
    region, region_from = _best(given.region, [place[1] for place in places], REGION)
    account, account_from = _best(given.account, [place[2] for place in places], NO_ACCOUNT)
    partition, _ = _best(None, [place[0] for place in places], "aws")
    assumed = [] if given.organization else [f'the organization is called "{ORGANIZATION}": give --organization']
    if account_from:
        assumed.append(f"the account is {account}, {account_from}--account")
    if region_from:
        assumed.append(f"the region is {region}, {region_from}--region")
    return Settings(
        organization=given.organization or ORGANIZATION,
        account=account,
        region=region,
        partition=partition,
        environment=given.environment,
        cluster=given.cluster or CLUSTER,
        oidc_issuer=given.oidc_issuer or f"{{{ISSUER}}}",
        assumed=tuple(assumed),
    )


def _best(given: str | None, seen: list[str], otherwise: str) -> tuple[str, str | None]:
    """What was given, or seen most often; and, unless it was given, why it is taken."""
    if given:
        return given, None
    counted = Counter(text for text in seen if text)
    if not counted:
        return otherwise, "which no source says: give "
    best, _ = counted.most_common(1)[0]
    others = f" (also {', '.join(sorted(set(counted) - {best}))})" if len(counted) > 1 else ""
    return best, f"as the sources say{others}; to say otherwise: "


def _places(found: Found) -> Iterator[tuple[str, str, str]]:
    """(partition, region, account) of the meshes, and of ARNs that are certainly of the same place."""
    for mesh in found.meshes:
        if mesh.account or mesh.region:
            yield "", mesh.region or "", mesh.account or ""
    for resource in (resource for role in found.roles for resource in streams(role)):
        if match := ARN.match(resource):
            yield match.group(1), match.group(2), match.group(3)
    for value in _values(found):
        if value is not None and (match := ARN.match(value.text)):
            yield match.group(1), match.group(2), match.group(3)


def _values(found: Found) -> Iterator[Value | None]:
    yield from (role.arn for role in found.roles)
    for task in found.tasks:
        yield from (task.task_role, task.execution_role, task.resource)
    yield from (node.tls.certificate for node in found.nodes if node.tls)
    yield from (gateway.tls.certificate for gateway in found.gateways if gateway.tls)
    yield from (account.role for account in found.service_accounts)
