"""`aws eks`, `lambda`, `ec2` and `autoscaling`: pods, functions and instances with the roles that they run under."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from meshrole.importers.aws_calls.answers import SOURCE, Answer
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.reading import at, each, has, text
from meshrole.importers.running import Function, Profile, ServiceAccount
from meshrole.importers.values import unknown

Read = Callable[[Answer, Any], Iterator[Entry]]


def takes(answer: Answer) -> bool:
    """Whether a document is of one of these."""
    return any(True for _ in read([answer]))


def read(answers: Sequence[Answer]) -> Iterator[Entry]:
    """Service accounts of Pod Identity, functions, and profiles that instances use."""
    for answer in answers:
        for keys, reader in READERS:
            for body in each(SOURCE, answer.body, *keys):
                if isinstance(body, dict):
                    yield from reader(answer, body)


def _association(answer: Answer, body: Any) -> Iterator[Entry]:
    name = text(SOURCE, body, "serviceaccount")
    if name is not None and has(SOURCE, body, "clustername"):
        yield ServiceAccount(
            namespace=text(SOURCE, body, "namespace"),
            name=name,
            origin=answer.origin(name, body),
            role=text(SOURCE, body, "rolearn"),
            is_pod_identity=True,
            cluster=text(SOURCE, body, "clustername"),
        )


def _function(answer: Answer, body: Any) -> Iterator[Entry]:
    name, role = text(SOURCE, body, "functionname"), text(SOURCE, body, "role")
    if role is not None and (name is not None or has(SOURCE, body, "handler")):
        yield Function(name or unknown("--function-name", answer.stem), answer.origin(name or "", body), role)


def _group(answer: Answer, body: Any) -> Iterator[Entry]:
    role = text(SOURCE, body, "noderole")
    if role is not None:
        name = text(SOURCE, body, "nodegroupname")
        yield Profile(None, role, answer.origin(name or "", body), f"Nodegroup {name or ''}".rstrip())


def _instances(answer: Answer, body: Any) -> Iterator[Entry]:
    for item in (body, *each(SOURCE, body, "instances")):
        profile = at(SOURCE, item, "launchtemplatedata", "iaminstanceprofile") or at(SOURCE, item, "iaminstanceprofile")
        written = profile if not isinstance(profile, dict) else text(SOURCE, profile, "name") or text(SOURCE, profile, "arn")
        if written is not None:
            keys = ("launchtemplatename", "launchconfigurationname", "instanceid")
            user = next((found for key in keys if (found := text(SOURCE, item, key)) is not None), "")
            yield Profile(written, None, answer.origin(user, item), str(user))


READERS: tuple[tuple[tuple[str, ...], Read], ...] = (
    ((), _association),
    (("association",), _association),
    (("associations",), _association),
    ((), _function),
    (("functions",), _function),
    (("configuration",), _function),
    ((), _group),
    (("nodegroup",), _group),
    (("launchtemplateversions",), _instances),
    (("launchconfigurations",), _instances),
    (("reservations",), _instances),
)
