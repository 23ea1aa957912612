"""AWS's "access denied" messages: one form, optional parts, and the few that are of another form.

    User: PRINCIPAL is not authorized to perform: ACTION [on resource: RESOURCE] [CONTEXT]

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from meshrole.access import envoy, odd_forms, wrapping
from meshrole.access.denial import Denial, Kind, principal
from meshrole.access.layers import LAYERS, named
from meshrole.access.plain import paragraphs, phrase, uncoloured
from meshrole.access.tokens import NAME, action_at, arn_at, resource_at
from meshrole.access.wrapping import Wrapping

LAYER = "|".join(phrase(words) for layer in LAYERS.values() for words in layer.words)
# A layer that AWS adds later still ends in one of these; it is quoted and never taken for another.
OTHER = r"[\w-]+(?:\s+[\w-]+){0,4}?\s+(?:policy|policies|boundary)"
CORE = re.compile(
    rf"(?:\b{phrase('User')}\n?:?\s+(?:(?P<user>{NAME})\s+)?|(?P<bare>arn:{NAME})\s+)"
    rf"{phrase('is not authorized to perform')}\n?:?\s*"
)
ARTICLE = "|".join(map(phrase, ("an", "a", "the")))
ON = re.compile(rf"\s+{phrase('on resource')}\n?:?\s*|\s+{phrase('on')}\s+(?=\"?arn:)")
ON_THIS = re.compile(rf"\s+{phrase('on this resource')}")
IMPLICIT = re.compile(
    rf"\s*{phrase('because')}\s+(?:{phrase('no')}|{phrase('the')})\s+(?P<layer>{LAYER}|{OTHER})\s+{phrase('allows the')}\b"
)
EXPLICIT = re.compile(
    rf"\s*{phrase('with an explicit deny')}\b"
    rf"(?:\s+{phrase('in')}\s+(?:{ARTICLE})\s+(?P<layer>{LAYER}|{OTHER}))?(?P<tail>\n?:\s*)?"
)
THROUGH = re.compile(rf"\s*{phrase('transitively through')}\s+(?:{ARTICLE})\s+(?P<layer>{LAYER}|{OTHER})(?P<tail>\n?:\s*)?")
PUBLIC = re.compile(
    rf"\s*{phrase('because public')}\s+(?P<what>{phrase('ACLs')}|{phrase('policies')})\s+{phrase('are prevented by the')}"
    rf"\s+(?P<setting>\w+(?:\n\w+)?)\s+{phrase('setting in S3 Block Public Access')}"
)
BECAUSE = re.compile(rf"\s*(?P<reason>{phrase('because')}\s+[^.\n]+(?:\n[^.\n]+)*)")
# What stands behind a resource: the reason, or what an SDK adds.
FOLLOWS = re.compile(
    re.sub(r"\?P<\w+>", "?:", f"{IMPLICIT.pattern}|{EXPLICIT.pattern}|{PUBLIC.pattern}")
    + rf"|\s+\({phrase('Service')}\n?:|\s+{phrase('status code')}\n?:"
)
ENCODED = re.compile(rf"{phrase('Encoded authorization failure message')}\n?:\s*(?P<encoded>[\w-]+(?:\n[\w-]+)*)")
AUTHORIZATION = re.compile(rf"{phrase('authorization id')}\n?:\s*(?P<id>[\w-]+)")


class Context(NamedTuple):
    """Why, as the end of a message says it."""

    layer: str | None = None
    kind: Kind | None = None
    policy: str | None = None
    through: str | None = None
    reason: str | None = None


def parse(text: str) -> tuple[Denial, ...]:
    """Every denial that `text` tells of, each once, in their order; none when it has no form that is known."""
    found: dict[tuple[object, ...], Denial] = {}
    for paragraph, code in paragraphs(uncoloured(text)):
        for denial in _paragraph(paragraph, code):
            core = (denial.form, denial.principal, denial.action, denial.resource, denial.layer, denial.kind, denial.grpc)
            found[core] = max(found.get(core, denial), denial, key=_known)
    return tuple(found.values())


def _known(denial: Denial) -> int:
    """How much is known beside what was denied: a log often has a message twice, once without its wrapping."""
    return sum(value is not None for value in (denial.code, denial.operation, denial.service, denial.request_id, denial.policy))


def _paragraph(text: str, code: str | None) -> Iterator[Denial]:
    cores = list(CORE.finditer(text))
    starts = [match.start() for match in cores] + [len(text)]
    before = 0
    is_any = False
    for core, end in zip(cores, starts[1:], strict=True):
        denial = _denial(text[:end], core, wrapping.read(text[before:end], code))
        if denial is not None:
            is_any = True
            yield denial
        before = end
    if not is_any:
        tool = wrapping.read(text, code)
        other = envoy.parse(text) or odd_forms.parse(text, tool)
        if other is not None:
            yield with_tail(other, text)


def _denial(text: str, core: re.Match[str], tool: Wrapping) -> Denial | None:
    found = action_at(text, core.end())
    if found is None:
        return None
    action, end = found
    resource, end = _resource(text, end)
    context = _context(text, end)
    who = core["user"] or core["bare"]
    denial = Denial(
        form="denial",
        principal=principal(who.replace("\n", "").strip("\"'`")) if who else None,
        action=action,
        operation=tool.operation,
        service=tool.service,
        resource=resource,
        layer=context.layer,
        kind=context.kind,
        policy=context.policy,
        through=context.through,
        reason=context.reason,
        code=tool.code,
        request_id=tool.request,
    )
    return with_tail(denial, text[end:])


def with_tail(denial: Denial, text: str) -> Denial:
    """The denial with what may stand at the end of any message: an encoded one, the id of AWS's own explanation."""
    encoded, authorization = ENCODED.search(text), AUTHORIZATION.search(text)
    return replace(
        denial,
        encoded=encoded["encoded"].replace("\n", "") if encoded else denial.encoded,
        authorization_id=authorization["id"] if authorization else denial.authorization_id,
    )


def _resource(text: str, position: int) -> tuple[str | None, int]:
    this = ON_THIS.match(text, position)
    if this:
        return None, this.end()
    on = ON.match(text, position)
    found = resource_at(text, on.end(), FOLLOWS) if on else None
    return found or (None, position)


def _context(text: str, position: int) -> Context:
    """What follows at `position`, and only there: words further on belong to something else."""
    implicit = IMPLICIT.match(text, position)
    if implicit:
        layer = named(implicit["layer"])
        return Context(layer, "implicit", reason=None if layer else _words(implicit.group()))
    explicit = EXPLICIT.match(text, position)
    if explicit:
        return _explicit(text, explicit)
    public = PUBLIC.match(text, position)
    if public:
        what, setting = ("".join(public[name].split()) for name in ("what", "setting"))
        reason = f"because public {what} are prevented by the {setting} setting in S3 Block Public Access"
        return Context("public-access-block", reason=reason)
    because = BECAUSE.match(text, position)
    return Context(reason=_words(because["reason"])) if because else Context()


def _explicit(text: str, match: re.Match[str]) -> Context:
    policy, end = _policy(text, match)
    layer = named(match["layer"]) if match["layer"] else None
    through = THROUGH.match(text, end)
    if through:
        policy = _policy(text, through)[0] or policy
    unknown = match["layer"] and not layer
    return Context(
        layer=layer,
        kind="explicit",
        policy=policy,
        through=named(through["layer"]) if through else None,
        reason=_words(text[match.start() : through.end() if through else match.end()]) if unknown else None,
    )


def _policy(text: str, match: re.Match[str]) -> tuple[str | None, int]:
    """The ARN of the policy, which AWS gives within one account or organization.

    https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns/
    """
    found = arn_at(text, match.end()) if match["tail"] else None
    return found or (None, match.end())


def _words(text: str) -> str:
    return " ".join(text.split())
