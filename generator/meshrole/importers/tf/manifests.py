"""Kubernetes manifests inside of Terraform, as files for the reader of manifests.

https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs/resources/manifest
"""

from collections.abc import Iterable, Iterator

from meshrole.importers.base import SourceFile
from meshrole.importers.tf.attributes import blocks
from meshrole.importers.tf.data import as_text, json_text
from meshrole.importers.tf.resource import Resource

# Type: the attribute with the manifest, an object or a text of YAML.
HOLDERS = {
    "kubernetes_manifest": "manifest",
    "kubernetes_manifest_v1": "manifest",
    "kubectl_manifest": "yaml_body",
    "k8s_manifest": "content",
}
TYPES = tuple(HOLDERS)


def files(resources: Iterable[Resource]) -> Iterator[SourceFile]:
    """Each manifest as a file of its own, called as its resource is."""
    for resource in resources:
        if resource.type in HOLDERS:
            found = resource.attributes.get(HOLDERS[resource.type])
            nested = blocks(resource.attributes, HOLDERS[resource.type])
            text = json_text(nested[0]) if nested else as_text(found)
            if text is not None and not all(not isinstance(part, str) for part in text.parts):
                yield SourceFile(f"{resource.origin.file} {resource.address}", text.text.encode())
