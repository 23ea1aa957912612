"""A denial as frozen values: who was refused what, on what, by which layer, as far as a message or an event says."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["implicit", "explicit"]
Context = tuple[tuple[str, tuple[str, ...]], ...]
ARN_PARTS = 6
SERVICE_ENDINGS = (".amazonaws.com", ".amazonaws.com.cn", ".aws.internal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asked. `text` is as AWS wrote it; `role` is a name and `role_arn`, with its path, is known from events only."""

    text: str
    kind: str
    account: str | None = None
    role: str | None = None
    role_arn: str | None = None
    session: str | None = None
    source_identity: str | None = None
    in_scope_of: str | None = None
    invoked_by: str | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The CloudTrail record of a denial."""

    id: str | None
    time: str | None
    source: str
    name: str
    region: str | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """What was denied.

    `form` names the shape of the message. `layer` and `kind` are None where AWS does not say; `inferred` marks a layer that
    follows from the call itself. `reason` is AWS's own text where it has no known form, `context` what the request's
    condition keys are known to have been.
    """

    form: str
    denied: bool = True
    principal: Principal | None = None
    action: str | None = None
    operation: str | None = None
    service: str | None = None
    resource: str | None = None
    layer: str | None = None
    kind: Kind | None = None
    inferred: bool = False
    policy: str | None = None
    through: str | None = None
    reason: str | None = None
    code: str | None = None
    grpc: int | None = None
    request_id: str | None = None
    authorization_id: str | None = None
    encoded: str | None = None
    event: Event | None = None
    context: Context = field(default=())


def principal(text: str) -> Principal:
    """The principal that AWS calls `text`: an ARN, a service, `anonymous`, or something that this cannot name."""
    if text.lower() == "anonymous":
        return Principal(text=text, kind="anonymous")
    if text.endswith(SERVICE_ENDINGS):
        return Principal(text=text, kind="service")
    parts = text.split(":", ARN_PARTS - 1)
    if parts[0] != "arn" or len(parts) < ARN_PARTS:
        return Principal(text=text, kind="unknown")
    account, resource = parts[4] or None, parts[5]
    kind, _, rest = resource.partition("/")
    if kind == "role" and rest:
        return Principal(text=text, kind="role", account=account, role=rest.rpartition("/")[2], role_arn=text)
    if kind == "assumed-role" and rest:
        role, _, session = rest.partition("/")
        return Principal(text=text, kind="assumed role", account=account, role=role, session=session or None)
    names = {"user": "user", "root": "root", "federated-user": "federated user", "oidc-provider": "web identity"}
    return Principal(text=text, kind=names.get(kind, "unknown"), account=account)
