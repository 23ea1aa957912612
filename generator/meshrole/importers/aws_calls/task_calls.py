"""`aws ecs`: task definitions, the services that run them, and what these offer by Service Connect."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from meshrole.importers.aws_calls.answers import SOURCE, Answer, guessed
from meshrole.importers.aws_calls.connect import connected
from meshrole.importers.aws_calls.gathered import Entry
from meshrole.importers.aws_calls.reading import at, each, name_of, text
from meshrole.importers.aws_calls.tasks import task
from meshrole.importers.marked import Map
from meshrole.importers.values import Value

NAMESPACES = ("namespaces", "namespace")


def takes(answer: Answer) -> bool:
    """Whether a document is of ECS, or of Cloud Map's namespaces."""
    return any(True for _ in (*_definitions(answer), *_services(answer), *_clusters(answer), *_namespaces(answer)))


def read(answers: Sequence[Answer]) -> Iterator[Entry]:
    """Task definitions, each with the first service that runs it, and Service Connect's namespaces."""
    services = [(answer, body) for answer in answers for body in _services(answer)]
    runs: dict[str, Any] = {}
    for _, body in services:
        definition = text(SOURCE, body, "taskdefinition")
        if definition is not None:
            runs.setdefault(_family(definition), body)
    for answer in answers:
        for body in _definitions(answer):
            written = text(SOURCE, body, "family")
            family = written or guessed(answer, "--family")
            found, by = task(SOURCE, body, answer.origin(written or "", body), family), runs.get(family.text)
            yield found if by is None else replace(found, service=text(SOURCE, by, "servicename"), cluster=_cluster(by))
    names = {
        text(SOURCE, body, key): text(SOURCE, body, "name") for a in answers for body in _namespaces(a) for key in ("arn", "id")
    }
    defaults = {text(SOURCE, body, "clustername"): _default(body) for answer in answers for body in _clusters(answer)}
    for answer, body in services:
        name = text(SOURCE, body, "servicename")
        origin = answer.origin(name or "", body)
        yield from connected(SOURCE, _connect(body), name, origin, lambda it: names.get(it) or it, defaults.get(_cluster(body)))


def _definitions(answer: Answer) -> Iterator[Any]:
    found = at(SOURCE, answer.body, "taskdefinition")
    if isinstance(found, Map):
        yield found
    elif "containerdefinitions" in answer.keys:
        yield answer.body


def _services(answer: Answer) -> Iterator[Any]:
    keys = answer.keys
    inner = at(SOURCE, answer.body, "service")
    bodies = [inner, *each(SOURCE, answer.body, "services")] if keys & {"service", "services"} else [answer.body]
    for body in bodies:
        if isinstance(body, Map) and text(SOURCE, body, "taskdefinition") is not None:
            yield body


def _clusters(answer: Answer) -> Iterator[Any]:
    inner = at(SOURCE, answer.body, "cluster")
    for body in (inner, *each(SOURCE, answer.body, "clusters")):
        if isinstance(body, Map) and text(SOURCE, body, "clustername") is not None:
            yield body


def _namespaces(answer: Answer) -> Iterator[Any]:
    for body in (item for key in NAMESPACES for item in each(SOURCE, answer.body, key)):
        if (
            isinstance(body, Map)
            and text(SOURCE, body, "name") is not None
            and ":servicediscovery:" in str(text(SOURCE, body, "arn"))
        ):
            yield body


def _connect(body: Any) -> Any:
    """A service's configuration: as it was given, or as its newest deployment has it."""
    for holder in (body, *each(SOURCE, body, "deployments")):
        found = at(SOURCE, holder, "serviceconnectconfiguration")
        if found is not None:
            return found
    return None


def _default(cluster: Any) -> Value | None:
    return text(SOURCE, cluster, "serviceconnectdefaults", "namespace")


def _cluster(body: Any) -> Value | None:
    return name_of(text(SOURCE, body, "cluster") or text(SOURCE, body, "clusterarn"))


def _family(definition: Value) -> str:
    """The family of `family:7` or of the ARN of such a revision."""
    name = (name_of(definition) or definition).text
    family, colon, revision = name.rpartition(":")
    return family if colon and revision.isdigit() else name
