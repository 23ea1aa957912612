"""Proof: in Istio, each service takes exactly the calls that the inventory declares, from whom it declares them.

Every policy is evaluated on calls that stand for all: a name, method, path or header that no policy and no declaration mentions
is as good as any other such, so one of each kind is tried, and each that is mentioned.
https://istio.io/latest/docs/concepts/security/#authorization-policies
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from meshrole.access.verify.authorization import Call, UnknownError, admits, of_principal, selects, takes_plain_text
from meshrole.access.verify.declared_edges import DeclaredPods
from meshrole.access.verify.estate import Estate
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.inventory.values import Call as Declared
from meshrole.plans.manifests import Manifest

NAME = "edges"
CLAIM = "in Istio, each service takes exactly the declared calls of its declared callers, over mutual TLS"
SKIPPED = "a plan has no manifests of Istio's: prove the inventory alone"
AUTHORIZATION, AUTHENTICATION = "AuthorizationPolicy", "PeerAuthentication"
GROUP = "security.istio.io/"
# Whom and what nobody mentions.
ANY, ANY_PATH = "any-other", "/any-other"
STRANGERS = ("{}/ns/any-other/sa/any-other", "any-other.example/ns/any-other/sa/any-other")
PLAIN_TEXT = "a caller in plain text"
MOST_CALLS = 50_000
Shape = tuple[str, str, dict[str, str]]
Label = tuple[str, str]
Index = Mapping[tuple[str, str, Label | None], Sequence[Manifest]]


def prove(estate: Estate) -> Proof:
    """Every pod that is declared, and every policy that is there."""
    if estate.manifests is None:
        return Proof(NAME, CLAIM, "", (), SKIPPED)
    policies = [
        item
        for item in estate.manifests
        if item.kind in (AUTHORIZATION, AUTHENTICATION) and str(item.value.get("apiVersion")).startswith(GROUP)
    ]
    index = _indexed(policies)
    candidates = [(pods, _candidates(pods, index)) for pods in estate.declared_pods]
    findings = [each for pods, here in candidates for each in _tried(pods, here)]
    met = {id(item) for pods, here in candidates for item in here if _selects(_spec(item), pods.labels)}
    findings += map(_stray, (item for item in policies if id(item) not in met))
    over = f"{counted(len(estate.declared_pods), 'kind')} of pods, {counted(len(policies), 'policy', 'policies')}"
    return Proof(NAME, CLAIM, over, tuple(findings))


def _indexed(policies: Iterable[Manifest]) -> Index:
    """Policies by place and by the first label that they ask for; those without any by None."""
    index: dict[tuple[str, str, Label | None], list[Manifest]] = {}
    for item in policies:
        labels = (_spec(item).get("selector") or {}).get("matchLabels") or {}
        index.setdefault((item.cluster, item.namespace, min(labels.items(), default=None)), []).append(item)
    return index


def _candidates(pods: DeclaredPods, index: Index) -> list[Manifest]:
    """The policies that may be about these pods."""
    keys: list[Label | None] = [None, *pods.labels.items()]
    return [item for key in keys for item in index.get((pods.cluster, pods.namespace, key), ())]


def _tried(pods: DeclaredPods, here: Sequence[Manifest]) -> Iterator[Finding]:
    try:
        yield from _of(pods, here)
    except UnknownError as error:
        message = f"{pods.title}: what its policies mean by {error} is not worked out, so nothing is proved about it"
        yield Finding(message, None, path=pods.path, kind="unknown")


def _of(pods: DeclaredPods, here: Sequence[Manifest]) -> Iterator[Finding]:
    """Plain text where there must be none, and what is not decided as it is declared of each caller."""
    specs = {kind: [_spec(item) for item in here if item.kind == kind] for kind in (AUTHORIZATION, AUTHENTICATION)}
    own = [spec for spec in specs[AUTHORIZATION] if selects(spec, pods.labels)]
    files = sorted({item.file for item in here if _spec(item) in own})
    is_plain = takes_plain_text(specs[AUTHENTICATION], pods.labels)
    if is_plain and pods.callers is not None and pods.labels:
        yield Finding(f"{pods.title} takes calls in plain text, in which nobody proves who he is", None, path=pods.path)
    for principal in _principals(own, pods):
        yield from _of_principal(principal, [of_principal(spec, principal) for spec in own], pods, files, is_plain=is_plain)


def _of_principal(
    principal: str | None, own: Sequence[Mapping[str, Any]], pods: DeclaredPods, files: Sequence[str], *, is_plain: bool
) -> Iterator[Finding]:
    """The first call of a caller that is not decided as it is declared."""
    calls = _calls(own, [each.call for each in pods.callers or () if each.principal == principal])
    if calls is None:
        message = f"{pods.title}: there are more kinds of calls than are tried, so not everything is proved about it"
        yield Finding(message, None, path=pods.path, kind="unknown")
    for method, path, headers in calls or ():
        call = Call(principal, method, path, headers)
        found = (principal is not None or is_plain) and admits(own, call)
        if found is not pods.may(call):
            yield _finding(pods, call, files, is_allowed=found)
            return


def _finding(pods: DeclaredPods, call: Call, files: Sequence[str], *, is_allowed: bool) -> Finding:
    who = f"spiffe://{call.principal}" if call.principal else PLAIN_TEXT
    context = {f"header {name}": value for name, value in call.headers.items()}
    example = CounterExample(who, call.method, f"{call.path} ({pods.title})", context, is_allowed)
    verb = "lets in" if is_allowed else "does not let in"
    because = "which the inventory does not declare" if is_allowed else "though the inventory declares the call"
    message = f"{pods.title} {verb} {call.principal or PLAIN_TEXT}, {because}"
    return Finding(message, None, example, pods.path, ", ".join(files) or None)


def _stray(item: Manifest) -> Finding:
    """A policy about no pods that are declared; one without a selector is about whatever is in its namespace."""
    title = f"the {item.kind} {item.namespace or '?'}/{item.name} in {item.cluster}"
    return Finding(f"{title} is about no pods of the inventory", None, address=item.file)


def _selects(spec: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    try:
        return selects(spec, labels)
    except UnknownError:
        return True


def _spec(item: Manifest) -> Mapping[str, Any]:
    spec = item.value.get("spec")
    return spec if isinstance(spec, Mapping) else {}


def _principals(own: Sequence[Mapping[str, Any]], pods: DeclaredPods) -> list[str | None]:
    """Whoever is declared or mentioned, whoever a pattern stands for, strangers, and a caller in plain text."""
    declared = [caller.principal for caller in pods.callers or ()]
    namespaces = [text.strip("*") for text in _mentioned(own, ("namespaces", "notNamespaces"))]
    domains = sorted({name.partition("/")[0] for name in declared}) or ["cluster.local"]
    strangers = [text.format(domain) for domain in domains for text in STRANGERS]
    # A stranger beside each caller and in each namespace that is mentioned: a pattern may be for the whole of it.
    strangers += [f"{name.rpartition('/')[0]}/{ANY}" for name in declared]
    strangers += [f"{domain}/ns/{name}/sa/{ANY}" for domain in domains for name in (*namespaces, pods.namespace)]
    return [*_shapes([*declared, *_mentioned(own, ("principals", "notPrincipals"))], ANY), *dict.fromkeys(strangers), None]


def _calls(own: Sequence[Mapping[str, Any]], declared: Sequence[Declared]) -> Iterator[Shape] | None:
    """Every kind of method, path and headers; None where there are too many kinds."""
    methods = _shapes([*_mentioned(own, ("methods", "notMethods")), *(text for each in declared for text in each.methods)], ANY)
    paths = _shapes([*_mentioned(own, ("paths", "notPaths")), *(text for each in declared for text in each.paths)], ANY_PATH)
    headers: dict[str, list[str]] = {}
    for name, values in (*_headers(own), *(pair for each in declared for pair in each.headers)):
        headers.setdefault(name, []).extend(values)
    choices: list[list[str | None]] = [[None, *_shapes(values, ANY)] for values in headers.values()]
    if len(methods) * len(paths) * prod(map(len, choices)) > MOST_CALLS:
        return None
    return (
        (method, path, {name: value for name, value in zip(headers, chosen, strict=True) if value is not None})
        for method, path in product(methods, paths)
        for chosen in product(*choices)
    )


def _shapes(patterns: Iterable[str], other: str) -> list[str]:
    """What is mentioned, what a pattern stands for, and something `other` that is not mentioned."""
    found: dict[str, None] = {}
    every = list(dict.fromkeys(patterns))
    beginnings = [text[:-1] for text in every if text.endswith("*")]
    for text in every:
        if text.endswith("*"):
            found |= dict.fromkeys((text[:-1], text[:-1] + ANY))
        elif text.startswith("*"):
            found |= dict.fromkeys(beginning + ANY + text[1:] for beginning in ("", *beginnings))
        else:
            found[text] = None
    return [text for text in found if text] + [other]


def _mentioned(own: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    """The values of such fields, wherever they are in the rules."""
    found: list[str] = []
    for spec in own:
        for rule in spec.get("rules") or ():
            parts = [(each or {}).get("source") for each in (rule or {}).get("from") or ()]
            parts += [(each or {}).get("operation") for each in (rule or {}).get("to") or ()]
            found += [str(value) for part in parts for name in names for value in (part or {}).get(name) or ()]
    return found


def _headers(own: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for spec in own:
        for rule in spec.get("rules") or ():
            for when in (rule or {}).get("when") or ():
                name = str(when.get("key")).partition("[")[2].rstrip("]").lower()
                if name:
                    yield name, [str(value) for key in ("values", "notValues") for value in when.get(key) or ()]
