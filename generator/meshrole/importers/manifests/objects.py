"""The Kubernetes objects of files: each with its names, labels and place, and the values of its fields.

https://kubernetes.io/docs/concepts/overview/working-with-objects/
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from meshrole.importers.base import SourceFile
from meshrole.importers.found import Miss
from meshrole.importers.manifests.expressions import Known
from meshrole.importers.manifests.template import Template, template
from meshrole.importers.marked import BrokenError, List, Map, documents, line_of
from meshrole.importers.origin import Origin
from meshrole.importers.values import Value, unknown

MAX_BYTES = 50_000_000
EMPTY: Map = Map(0)
KIND = re.compile(r"^[ \t]*[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?([^\s\"',#]+)", re.MULTILINE)
METADATA = re.compile(r"^([ \t]*)[\"']?metadata[\"']?[ \t]*:")
NAME = re.compile(r"^([ \t]+)[\"']?name[\"']?[ \t]*:[ \t]*[\"']?([^\s\"',#]+)")
MANIFEST_NAMES = (".yaml", ".yml", ".json", ".template", ".tpl", ".tmpl", ".j2", ".tftpl")
# Such a file need not say what it is: https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#kustomization
KUSTOMIZATION = ("kustomize.config.k8s.io/v1beta1", "Kustomization")
# A broken text is looked at this far: its head says what it is.
HEAD = 4_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """An object. `namespace` is None where the file does not say it, and for what has none."""

    group: str
    version: str
    kind: str
    name: Value
    namespace: Value | None
    origin: Origin
    body: Map
    template: Template
    labels: Mapping[str, Value] = field(default_factory=dict)
    annotations: Mapping[str, Value] = field(default_factory=dict)

    @property
    def space(self) -> Value:
        """The namespace, or a placeholder for the one that `kubectl` is told."""
        return self.namespace or (RELEASE if self.template.is_go else NOWHERE)

    @property
    def spec(self) -> Map:
        """The wish: `spec`."""
        return mapping(self.body.get("spec"))

    def text(self, raw: Any) -> Value | None:
        """The value of a field; None for one that is not there, is empty, or is no text."""
        if isinstance(raw, bool):
            return Value(("true" if raw else "false",))
        found = self.template.value(raw) if isinstance(raw, str) else None
        return found if found is not None and found.parts else None

    def texts(self, raw: Any) -> dict[str, Value]:
        """The values of labels or annotations, by their names."""
        return {self.written(key): self.text(each) or Value(()) for key, each in mapping(raw).items()}

    def written(self, raw: Any) -> str:
        """A field as a text of an inventory, with placeholders; empty for what is not there."""
        found = self.text(raw)
        return found.text if found is not None else ""

    def at(self, value: Any, key: str | int | None = None, name: str | None = None) -> Origin:
        """The place of something in this object."""
        return Origin(self.origin.file, line_of(value, key, self.origin.line), self.origin.name if name is None else name)

    def miss(self, why: str, value: Any = None) -> Miss:
        """Something of this object that was not understood."""
        return Miss(self.at(value), f"{self.kind} {self.name}", why)


NOWHERE = unknown("metadata.namespace", "namespace")
# What is in a chart without a namespace gets the release's.
RELEASE = unknown("{{ .Release.Namespace }}", "Release_Namespace")


def mapping(raw: Any) -> Map:
    """A mapping, or an empty one for anything else."""
    return raw if isinstance(raw, Map) else EMPTY


def items(raw: Any) -> Sequence[Any]:
    """A list, or an empty one for anything else."""
    return raw if isinstance(raw, List) else ()


def maps(raw: Any) -> list[Map]:
    """The mappings of a list."""
    return [each for each in items(raw) if isinstance(each, Map)]


def child(raw: Any, *path: str) -> Any:
    """What is at the end of a path of keys; None where it is not."""
    for key in path:
        raw = mapping(raw).get(key)
    return raw


def objects(files: Sequence[SourceFile], known: Mapping[str, Known]) -> Iterator[Manifest | Miss]:
    """The objects of the files, those of a `List` one by one, and what could not be read. `known` is by the names of files."""
    for file in files:
        if len(file.content) > MAX_BYTES:
            yield Miss(Origin(file.name), "the file", f"larger than {MAX_BYTES // 1_000_000} MB")
            continue
        text = file.content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        shielded = template(text, known.get(file.name, Known()))
        read = list(documents(shielded.text.encode()))
        found = [each for document in read for each in _read(file.name, document, shielded)]
        yield from found
        if found and not shielded.is_go:  # both branches of a Go template may have the key
            yield from _repeated(file.name, read, shielded)
        if found and shielded.inserted:
            line, first = shielded.inserted[0]
            count = len(shielded.inserted)
            why = f"what a template inserts is not known: {count} line{'s' if count > 1 else ''} like this"
            yield Miss(Origin(file.name, line), " ".join(first.split()), why)


def _repeated(file: str, read: Sequence[Map | List | BrokenError], shielded: Template) -> Iterator[Miss]:
    for document in read:
        for each in document.repeated if isinstance(document, Map | List) else ():
            yield Miss(Origin(file, each.line), shielded.original(each.key), each.why)


def _read(file: str, document: Map | List | BrokenError, shielded: Template) -> Iterator[Manifest | Miss]:
    if isinstance(document, BrokenError):
        yield from _broken(file, document, shielded)
    elif isinstance(document, Map):
        yield from _object(file, document, shielded, KUSTOMIZATION if _is_kustomization(file, document) else ("", ""))
    else:
        for item in maps(document):
            yield from _object(file, item, shielded)


def _is_kustomization(file: str, document: Map) -> bool:
    return PurePosixPath(file).stem.lower() == "kustomization" and "kind" not in document


def _object(file: str, body: Map, shielded: Template, inherited: tuple[str, str] = ("", "")) -> Iterator[Manifest | Miss]:
    kind = body.get("kind") or inherited[1]
    version = body.get("apiVersion") or inherited[0]
    if not isinstance(kind, str) or not isinstance(version, str) or not kind:
        if isinstance(version, str) and "/" in version and ("metadata" in body or "spec" in body):
            yield Miss(Origin(file, line_of(body)), f"an object of {version}", "has no kind")
        return
    if kind.endswith("List") and isinstance(body.get("items"), List):
        api = "" if kind == "List" else version
        for item in maps(body["items"]):
            yield from _object(file, item, shielded, (api, kind.removesuffix("List")))
        return
    made = _manifest(file, body, shielded, version, kind)
    if made is not None:
        yield made


def _manifest(file: str, body: Map, shielded: Template, version: str, kind: str) -> Manifest | None:
    metadata = mapping(body.get("metadata"))
    group, _, number = version.rpartition("/")
    bare = Manifest(group, number, kind, Value(()), None, Origin(file, line_of(body), ""), body, shielded)
    name = bare.text(metadata.get("name")) or bare.text(metadata.get("generateName"))
    if not name and not version:
        return None
    return Manifest(
        group=group,
        version=number,
        kind=kind,
        name=name or unknown("metadata.name", "name"),
        namespace=bare.text(metadata.get("namespace")),
        origin=Origin(file, line_of(body), shielded.original(str(metadata.get("name") or ""))),
        body=body,
        template=shielded,
        labels=bare.texts(metadata.get("labels")),
        annotations=bare.texts(metadata.get("annotations")),
    )


def _broken(file: str, broken: BrokenError, shielded: Template) -> Iterator[Miss]:
    """A document that is not YAML: what it is, as far as its head tells. Of a file of another kind nothing is said."""
    text = shielded.original(broken.text[:HEAD])
    kind, name = KIND.search(text), _name(text.splitlines())
    if kind is None and not file.lower().endswith(MANIFEST_NAMES):
        return
    what = f"{kind[1]} {name}".rstrip() if kind else "a document"
    yield Miss(Origin(file, broken.line, name), what, f"not YAML: {shielded.original(broken.why)}")


def _name(lines: list[str]) -> str:
    """The `name` right below the first `metadata`: the least indented of those that are inside of it."""
    start = next((number for number, line in enumerate(lines) if METADATA.match(line)), len(lines))
    outer = METADATA.match(lines[start]) if start < len(lines) else None
    if outer is None:
        return ""
    inside = itertools.takewhile(lambda line: not line.strip() or _indent(line) > len(outer[1]), lines[start + 1 :])
    names = [match for match in map(NAME.match, inside) if match]
    return min(names, key=lambda match: len(match[1]))[2] if names else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
