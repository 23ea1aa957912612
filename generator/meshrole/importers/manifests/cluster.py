"""All objects of the given files together: what they are called in AWS, and which mesh and gateway takes them.

Names: https://github.com/aws/aws-app-mesh-controller-for-k8s/tree/master/webhooks/appmesh (`defaultingAWSName`); for v1beta1
https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/v0.5.0/pkg/controller/controller_util.go (`namespacedResourceName`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from meshrole.importers.manifests.objects import Manifest, child, mapping
from meshrole.importers.manifests.selectors import Index, Selectable, matches
from meshrole.importers.values import Value, value

APP_MESH = "appmesh.k8s.aws"
OLD_VERSIONS = ("v1alpha1", "v1beta1")
Key = tuple[str, Value | None, Value]


@dataclass(frozen=True)
class Cluster:
    """The objects of one import. Whatever refers to each other in them is looked up here."""

    manifests: tuple[Manifest, ...]

    @cached_property
    def by_kind(self) -> Mapping[tuple[str, str], tuple[Manifest, ...]]:
        """The objects by their group and kind."""
        found: dict[tuple[str, str], list[Manifest]] = {}
        for manifest in self.manifests:
            found.setdefault((manifest.group, manifest.kind), []).append(manifest)
        return {key: tuple(each) for key, each in found.items()}

    def of(self, group: str, *kinds: str) -> list[Manifest]:
        """The objects of some kinds."""
        return [manifest for kind in kinds for manifest in self.by_kind.get((group, kind), ())]

    @cached_property
    def _app_mesh(self) -> Mapping[Key, Manifest]:
        return {(m.kind, m.space, m.name): m for m in self.manifests if m.group == APP_MESH}

    def find(self, kind: str, space: Value, name: Value) -> Manifest | None:
        """The App Mesh resource of a name in a namespace."""
        return self._app_mesh.get((kind, space, name))

    def name_of(self, kind: str, space: Value, name: Value) -> Value:
        """What AWS calls the App Mesh resource of a name: as it says itself, or as the controller names it."""
        found = self.find(kind, space, name)
        return aws_name(found) if found is not None else default_name(kind, space, name)

    @cached_property
    def old_nodes(self) -> Mapping[Value, Value]:
        """The names of v1beta1's nodes by what its controller called them in AWS, which is how pods and routes say them."""
        old = [each for each in self.of(APP_MESH, "VirtualNode") if is_old(each)]
        return {old_name(each.name, each.space): each.name for each in old}

    @cached_property
    def _services(self) -> Mapping[Value, tuple[Value, ...]]:
        found: dict[Value, list[Value]] = {}
        for each in self.of(APP_MESH, "VirtualService"):
            found.setdefault(each.space, []).append(aws_name(each))
        return {space: tuple(names) for space, names in found.items()}

    def services_in(self, space: Value) -> tuple[Value, ...]:
        """What AWS calls the virtual services of a namespace."""
        return self._services.get(space, ())

    @cached_property
    def namespaces(self) -> Mapping[Value, Manifest]:
        """The namespaces that the files declare."""
        return {each.name: each for each in self.of("", "Namespace")}

    @cached_property
    def kubernetes_services(self) -> Mapping[tuple[Value, Value], Manifest]:
        """Kubernetes' own services, by namespace and name."""
        return {(each.space, each.name): each for each in self.of("", "Service")}

    @cached_property
    def _meshes(self) -> Index[Manifest]:
        meshes = [each for each in self.of(APP_MESH, "Mesh") if not is_old(each)]
        return Index([Selectable(each, each, each.spec.get("namespaceSelector")) for each in meshes])

    @cached_property
    def _mesh_names(self) -> Mapping[Value, Value]:
        return {each.name: aws_name(each) for each in self.of(APP_MESH, "Mesh")}

    @cached_property
    def _by_namespace(self) -> dict[Value, tuple[Manifest, ...]]:
        return {}

    def meshes_of(self, space: Value) -> tuple[Manifest, ...]:
        """The meshes whose selectors take a namespace. One that the files do not declare has labels that nobody knows."""
        if space not in self._by_namespace:
            declared = self.namespaces.get(space)
            labels = declared.labels if declared else {}
            taking = tuple(self._meshes.matching(labels))
            self._by_namespace[space] = taking if declared else tuple(each for each in taking if takes_all(each))
        return self._by_namespace[space]

    def mesh_of(self, manifest: Manifest) -> Value | None:
        """The mesh of an App Mesh resource: as the cluster recorded it, or as the meshes' selectors decide it."""
        if is_old(manifest):
            name = manifest.text(manifest.spec.get("meshName"))
            return self._mesh_names.get(name, name) if name else None
        recorded = _recorded_mesh(manifest)
        if recorded is not None:
            return recorded
        referenced = manifest.text(child(manifest.spec, "meshRef", "name"))
        if referenced is not None:
            return self._mesh_names.get(referenced, referenced)
        taking = self.meshes_of(manifest.space)
        return aws_name(taking[0]) if len(taking) == 1 else None

    @cached_property
    def gateways(self) -> Index[Manifest]:
        """The virtual gateways by the namespaces whose routes they take."""
        gateways = self.of(APP_MESH, "VirtualGateway")
        return Index([Selectable(each, each, each.spec.get("namespaceSelector")) for each in gateways])

    def gateways_of(self, route: Manifest) -> list[Manifest]:
        """The virtual gateways that take a gateway route."""
        declared = self.namespaces.get(route.space)
        taking = self.gateways.matching(declared.labels if declared else {})
        known = [each for each in taking if declared or takes_all(each)]
        return [each for each in known if _takes_route(each, route)]


def is_old(manifest: Manifest) -> bool:
    """Whether a resource is of the first controller's API, which names the mesh in each resource."""
    return manifest.version in OLD_VERSIONS


def takes_all(owner: Manifest) -> bool:
    """Whether a namespace selector is empty, and so takes even a namespace that nothing is known of."""
    return not mapping(owner.spec.get("namespaceSelector"))


def _takes_route(gateway: Manifest, route: Manifest) -> bool:
    selector = gateway.spec.get("gatewayRouteSelector")
    return selector is None or matches(gateway, selector, route.labels)


def _recorded_mesh(manifest: Manifest) -> Value | None:
    """The mesh in the ARN that a live resource has in its status."""
    for name, raw in mapping(manifest.body.get("status")).items():
        arn = raw if isinstance(raw, str) and name.lower() == f"{manifest.kind}ARN".lower() else ""
        _, _, rest = arn.partition(":mesh/")
        if rest:
            return manifest.text(rest.split("/")[0])
    return None


def aws_name(manifest: Manifest) -> Value:
    """What AWS calls an App Mesh resource."""
    given = manifest.text(manifest.spec.get("awsName"))
    if given is not None and not is_old(manifest):
        return given
    return manifest.name if is_old(manifest) else default_name(manifest.kind, manifest.space, manifest.name)


def default_name(kind: str, space: Value, name: Value) -> Value:
    """What the controller calls a resource (v1beta2) that does not say it: its name and its namespace."""
    return name if kind == "Mesh" else value(name, "." if kind == "VirtualService" else "_", space)


def old_name(name: Value, space: Value) -> Value:
    """What v1beta1's controller called a node in AWS: a name with dots is taken to have its namespace in it.

    That controller ended in 2020, and App Mesh with it in 2026: things keep the names of their manifests, which the mesh takes on
    to its next engine. https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/v0.5.0/pkg/controller/controller_util.go
    """
    if any("." in part for part in name.parts if isinstance(part, str)):
        return Value(tuple(part.replace(".", "-") if isinstance(part, str) else part for part in name.parts))
    return value(name, "-", space)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of one App Mesh resource to another one, by name and namespace or by ARN."""

    kind: str
    name: Value | None
    space: Value
    arn: Value | None = None


def reference(manifest: Manifest, holder: object, key: str) -> Reference | None:
    """What `holder` refers to by `<key>Ref` or `<key>ARN`, such as `virtualNode`; the namespace is the owner's own by default."""
    kind = key[0].upper() + key[1:]
    found = mapping(mapping(holder).get(f"{key}Ref"))
    name = manifest.text(found.get("name"))
    arn = manifest.text(mapping(holder).get(f"{key}ARN"))
    if name is None and arn is None:
        return None
    return Reference(kind, name, manifest.text(found.get("namespace")) or manifest.space, arn)


def resolved(cluster: Cluster, wanted: Reference) -> Value:
    """What AWS calls what is referred to: of an ARN, its last part."""
    if wanted.name is not None:
        return cluster.name_of(wanted.kind, wanted.space, wanted.name)
    return last_part(wanted.arn) if wanted.arn is not None else Value(())


def last_part(arn: Value) -> Value:
    """The name at the end of an ARN; all of it where the ARN is not known."""
    for number in range(len(arn.parts) - 1, -1, -1):
        part = arn.parts[number]
        if isinstance(part, str) and "/" in part:
            return value(part.rpartition("/")[2], *arn.parts[number + 1 :])
    return arn
