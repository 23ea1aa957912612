"""A CloudTrail record to a denial: who is in `userIdentity`, why in `errorMessage`, or wherever a service put it.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from meshrole.access import envoy, grammar, wrapping
from meshrole.access.denial import Context, Denial, Event, Principal, principal
from meshrole.access.odd_forms import UNSIGNED
from meshrole.access.records import Record

# https://docs.aws.amazon.com/app-mesh/latest/userguide/logging-using-cloudtrail.html
TERMINATED = "ConnectionTerminated"
UNAUTHORIZED = re.compile(r"(?i)\b(?:not authorized|unauthori[sz]ed|permission.?denied|access.?denied|forbidden)\b")
UNAUTHENTICATED = re.compile(r"(?i)\b(?:unauthenticated|credentials?)\b")
MAX_DEPTH = 10


def denial(record: Record) -> Denial | None:
    """The denial that a record tells of; None for a call that went well, or failed for another reason."""
    value = record.value
    if value.get("eventType") == "AwsServiceEvent" and isinstance(value.get("serviceEventDetails"), Mapping):
        return _service_event(record, value["serviceEventDetails"])
    code, message = _error(value)
    said = grammar.parse(message) if message else ()
    found = next((item for item in said if item.form != "envoy"), None)
    if found is None and not (code and wrapping.is_denial(code)):
        return None
    return _completed(found or Denial(form="event", reason=message), record, code)


def _completed(found: Denial, record: Record, code: str | None) -> Denial:
    """The denial with what only the event tells."""
    value = record.value
    service, operation = _word(value, "eventSource"), _word(value, "eventName")
    action = found.action or wrapping.action(service, operation)
    is_unsigned = action in UNSIGNED and found.layer is None
    return replace(
        found,
        principal=_principal(value, found.principal),
        action=action,
        operation=operation,
        service=service,
        resource=found.resource or _resource(value),
        layer="trust" if is_unsigned else found.layer,
        inferred=found.inferred or is_unsigned,
        code=code or found.code,
        request_id=_word(value, "requestID"),
        event=_event(record),
        context=_context(value),
    )


def _service_event(record: Record, details: Mapping[str, Any]) -> Denial | None:
    """App Mesh records Envoy's connections as events without an errorCode; a lost one has its reason in failureReason."""
    reason = _word(details, "failureReason")
    if _word(details, "eventStatus") != TERMINATED or not reason:
        return None
    said = next(iter(grammar.parse(reason)), None)
    if said is None:
        grpc = envoy.PERMISSION_DENIED if UNAUTHORIZED.search(reason) else envoy.UNAUTHENTICATED
        if not UNAUTHORIZED.search(reason) and not UNAUTHENTICATED.search(reason):
            return None
        said = Denial(form="service-event", action=envoy.ACTION, grpc=grpc, reason=reason)
    node = _word(details, "nodeArn") or _word(details, "gatewayArn")
    completed = _completed(replace(said, form="service-event"), record, None)
    return replace(completed, resource=said.resource or node)


def _error(value: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The error's code and text; some services put them into the response only."""
    code, message = _word(value, "errorCode"), _word(value, "errorMessage")
    if code or message:
        return code, message
    texts = list(_texts(value.get("responseElements"), 0))
    codes = (text for key, text in texts if "code" in key.lower() or key == "__type")
    code = next((text.rpartition("#")[2] for text in codes if wrapping.is_denial(text)), None)
    messages = [text for key, text in texts if "message" in key.lower() or key == "error"]
    return code, next((text for text in messages if code or grammar.parse(text)), None)


def _texts(value: Any, depth: int, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif depth < MAX_DEPTH and isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else ((key, item) for item in value)
        for name, item in items:
            yield from _texts(item, depth + 1, name)


def _principal(value: Mapping[str, Any], said: Principal | None) -> Principal | None:
    identity = _part(value, "userIdentity")
    arn, invoked_by = _word(identity, "arn"), _word(identity, "invokedBy")
    kind = _word(identity, "type")
    issuer = _part(_part(identity, "sessionContext"), "sessionIssuer")
    found: Principal | None
    if arn:
        found = principal(arn)
    elif kind == "AWSService" and invoked_by:
        found = Principal(text=invoked_by, kind="service")
    elif kind in ("WebIdentityUser", "SAMLUser"):
        found = _federated(value, identity, kind)
    else:
        known = _word(identity, "principalId") or _word(identity, "accountId")
        found = said or (Principal(text=known, kind="unknown", account=_word(identity, "accountId")) if known else None)
    if found is None:
        return None
    is_role = _word(issuer, "type") == "Role"
    return replace(
        found,
        account=found.account or _word(identity, "accountId"),
        role_arn=(_word(issuer, "arn") if is_role else None) or found.role_arn,
        source_identity=_word(_part(identity, "sessionContext"), "sourceIdentity"),
        in_scope_of=_word(_part(identity, "inScopeOf"), "sourceArn"),
        invoked_by=invoked_by if found.text != invoked_by else None,
    )


def _federated(value: Mapping[str, Any], identity: Mapping[str, Any], kind: str) -> Principal:
    """Who came through a provider; a SAML provider's ARN is in the request.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
    """
    given = _word(_part(value, "requestParameters"), "principalArn")
    provider = given if kind == "SAMLUser" else _word(identity, "identityProvider")
    text = _word(identity, "userName") or _word(identity, "principalId") or provider or kind
    return Principal(text=text, kind="SAML user" if kind == "SAMLUser" else "web identity", provider=provider)


def _resource(value: Mapping[str, Any]) -> str | None:
    """The role that is assumed, or the one resource of the event."""
    role = _word(_part(value, "requestParameters"), "roleArn")
    listed = value.get("resources")
    arns = [_word(item, "ARN") for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    return role or (arns[0] if len(arns) == 1 else None)


def _context(value: Mapping[str, Any]) -> Context:
    """The condition keys whose values the event shows.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    identity, request = _part(value, "userIdentity"), _part(value, "requestParameters")
    session = _part(identity, "sessionContext")
    issuer = _part(session, "sessionIssuer")
    is_user = _word(identity, "type") in ("IAMUser", "Root")
    found = {
        "aws:PrincipalArn": _word(issuer, "arn") or (_word(identity, "arn") if is_user else None),
        "aws:PrincipalAccount": _word(identity, "accountId"),
        "aws:RequestedRegion": _word(value, "awsRegion"),
        "aws:SourceVpce": _word(value, "vpcEndpointId"),
        "aws:UserAgent": _word(value, "userAgent"),
        "aws:SourceIp": _address(value),
        "aws:SecureTransport": "true" if _part(value, "tlsDetails") else None,
        "aws:SourceIdentity": _word(session, "sourceIdentity"),
        "sts:ExternalId": _word(request, "externalId"),
        "sts:RoleSessionName": _word(request, "roleSessionName"),
        "sts:SourceIdentity": _word(request, "sourceIdentity"),
        **_claims(identity),
        **_request_tags(request),
    }
    tags = tuple(sorted(key.partition("/")[2] for key in _request_tags(request)))
    # The parameters of a call that was refused may be left out; where they are not, they are all there.
    asked = {"aws:TagKeys": tags} if _word(request, "roleArn") else {}
    return tuple(sorted({**{key: (text,) for key, text in found.items() if text}, **asked}.items()))


def _address(value: Mapping[str, Any]) -> str | None:
    """The caller's address; for a call that a service makes, CloudTrail has the service's name here."""
    address = _word(value, "sourceIPAddress") or ""
    return address if re.fullmatch(r"[0-9a-fA-F.:]+", address) else None


def _claims(identity: Mapping[str, Any]) -> dict[str, str | None]:
    """The audience and the subject of an OIDC token: principalId is PROVIDER:AUDIENCE:SUBJECT, userName the subject."""
    provider, subject, whole = (_word(identity, key) or "" for key in ("identityProvider", "userName", "principalId"))
    if _word(identity, "type") != "WebIdentityUser" or not provider or not subject:
        return {}
    url = provider.partition(":oidc-provider/")[2] or provider
    middle = whole.removeprefix(f"{provider}:")
    audience = middle.removesuffix(f":{subject}") if middle != whole and middle.endswith(f":{subject}") else None
    return {f"{url}:sub": subject, f"{url}:aud": audience}


def _request_tags(request: Mapping[str, Any]) -> dict[str, str | None]:
    tags = request.get("tags")
    pairs = {_word(tag, "key"): _word(tag, "value") for tag in tags if isinstance(tag, Mapping)} if isinstance(tags, list) else {}
    given = {key: _word(_part(request, "principalTags"), key) for key in _part(request, "principalTags")}
    return {f"aws:RequestTag/{key}": text for key, text in (pairs | given).items() if key}


def _event(record: Record) -> Event:
    value = record.value
    return Event(
        id=_word(value, "eventID"),
        time=_word(value, "eventTime"),
        source=str(value["eventSource"]),
        name=str(value["eventName"]),
        region=_word(value, "awsRegion"),
        place=record.place,
    )


def _word(value: Mapping[str, Any], key: str) -> str | None:
    text = value.get(key)
    return text if isinstance(text, str) and text else None


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = value.get(key)
    return part if isinstance(part, Mapping) else {}
