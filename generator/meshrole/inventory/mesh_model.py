"""Meshes, gateways and services as they are written in an inventory."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from meshrole.inventory.lattice_model import NetworkIds, ServiceIds, TargetGroupIds
from meshrole.inventory.leaving_model import EngineName, Leaving
from meshrole.inventory.platform_model import RunsOn, RunsOrNot
from meshrole.inventory.types import (
    HEADER,
    HEADER_VALUE,
    HOST_NAME,
    HTTP_METHOD,
    LABEL_KEY,
    LABEL_TEXT,
    NAMESPACE,
    URL_PATH,
    Name,
    ResourceName,
    RoleName,
    Strict,
    Tags,
    Text,
)

Values = Annotated[
    tuple[str, ...],
    BeforeValidator(
        lambda value: tuple(value) if isinstance(value, list) else (value,),
        json_schema_input_type=str | list[str],
    ),
]
HeaderValues = Annotated[
    tuple[Annotated[str, Field(pattern=HEADER_VALUE)], ...],
    BeforeValidator(
        lambda value: tuple(value) if isinstance(value, list) else (value,),
        json_schema_input_type=str | list[str],
    ),
    Field(min_length=1),
]
Texts = Annotated[tuple[Text, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]
ConditionBlock = dict[str, dict[str, Values]]


class Permission(Strict):
    """What an identity may do: actions, each by its name, on resources, each by its ARN."""

    actions: Annotated[Texts, Field(min_length=1)]
    resources: Annotated[Texts, Field(min_length=1)]
    conditions: ConditionBlock = {}


class RawStatement(Strict):
    """A statement in the words of IAM, for what `permissions` cannot say (a Deny, for example).

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
    """

    Sid: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,64}$")]
    Effect: Literal["Allow", "Deny"]
    Action: Annotated[Values, Field(min_length=1)]
    Resource: Annotated[Values, Field(min_length=1)]
    Condition: ConditionBlock = {}


class FileCertificate(Strict):
    """A certificate that Envoy reads from its file system: no AWS permission."""

    file: Text


class SdsCertificate(Strict):
    """A certificate that Envoy gets from a local secret discovery service: no AWS permission."""

    sds: Text


def _certificate(value: Any) -> Any:
    return {"arn": value} if isinstance(value, str) else value


class AcmCertificate(Strict):
    """A certificate or authority by its ARN; the short form is the ARN alone."""

    arn: Text


def _certificate_kind(value: Any) -> str:
    if isinstance(value, dict):
        return next((kind for kind in ("file", "sds") if kind in value), "arn")
    return "arn"


CertificateForms = str | AcmCertificate | FileCertificate | SdsCertificate
Certificate = Annotated[
    Annotated[AcmCertificate, Tag("arn")] | Annotated[FileCertificate, Tag("file")] | Annotated[SdsCertificate, Tag("sds")],
    Discriminator(_certificate_kind),
    BeforeValidator(_certificate, json_schema_input_type=CertificateForms),
]


class Tls(Strict):
    """A workload's certificate, and the authorities that it trusts.

    https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html
    """

    certificate: Certificate | None = None
    trusts: list[Certificate] = []


class Telemetry(Strict):
    """Grants for what runs beside the application. Nothing is granted that is not asked for."""

    xray: bool = False
    metrics_namespace: Annotated[str, Field(pattern=NAMESPACE)] | None = None


class Naming(Strict):
    """What an identity was called, and the role it takes over."""

    role: RoleName | None = None
    was: Name | None = None
    adopt: RoleName | None = None


# One value for every environment, or one for each.
PerEnvironment = Text | dict[Name, Text]
# An empty selector of Istio's would find every pod of the namespace.
PodLabels = dict[Annotated[str, Field(pattern=LABEL_KEY)], Annotated[str, Field(pattern=LABEL_TEXT)]]
SomeLabels = Annotated[PodLabels, Field(min_length=1)]


class Workload(Naming):
    """What gateways and services have in common."""

    runs_on: RunsOrNot
    moves_from: RunsOn | None = None
    environments: list[Name] | None = None
    tls: Tls | None = None
    telemetry: Telemetry = Telemetry()
    permissions: list[Permission] = []
    statements: list[RawStatement] = []
    tags: Tags = {}
    ecs_service: ResourceName | None = None
    task_family: ResourceName | None = None
    pod_labels: SomeLabels | None = None


class Call(Strict):
    """A service that is called, and with what: everything where nothing is said. Not every engine can hold a caller to it.

    `paths` may end in `*`; `headers` are names with the values that are let through.
    """

    service: Name
    methods: list[Annotated[str, Field(pattern=HTTP_METHOD)]] = []
    paths: list[Annotated[str, Field(pattern=URL_PATH)]] = []
    headers: dict[Annotated[str, Field(pattern=HEADER)], HeaderValues] = {}


CallEntry = Annotated[
    Call,
    BeforeValidator(lambda value: {"service": value} if isinstance(value, str) else value, json_schema_input_type=Name | Call),
]


class Version(Naming):
    """One version of a service; what it does not say it has from the service."""

    runs_on: RunsOn | None = None
    virtual_node: ResourceName | None = None
    calls: list[CallEntry] | None = None
    tls: Tls | None = None
    telemetry: Telemetry | None = None
    target_groups: TargetGroupIds | None = None
    pod_labels: SomeLabels | None = None
    permissions: list[Permission] = []
    statements: list[RawStatement] = []


class Gateway(Workload):
    """A virtual gateway, and the services that it routes to."""

    virtual_gateway: ResourceName | None = None
    routes_to: list[CallEntry] = []


def _versions(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        if len(set(value)) < len(value):
            raise ValueError("a version is given twice")
        return {name: {} for name in value}
    return {key: item or {} for key, item in value.items()} if isinstance(value, dict) else value


VersionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
Versions = Annotated[
    dict[VersionName, Version],
    BeforeValidator(_versions, json_schema_input_type=list[VersionName] | dict[VersionName, Version | None]),
]


class Service(Workload):
    """A service: one virtual node and one role for each of its versions."""

    versions: Versions = {}
    calls: list[CallEntry] = []
    virtual_node: ResourceName | None = None
    virtual_service: Annotated[str, Field(pattern=HOST_NAME)] | Literal[False] | None = None
    router: ResourceName | Literal[False] | None = None
    routes: list[ResourceName] | None = None
    discovery_name: ResourceName | Literal[False] | None = None
    lattice_service: ServiceIds | None = None
    lattice_name: ResourceName | None = None
    target_groups: TargetGroupIds | None = None


class Mesh(Strict):
    """A mesh in each of its environments."""

    engine: EngineName
    leaving: Leaving | None = None
    environments: list[Name] | None = None
    owner: Name | None = None
    mesh_name: ResourceName | None = None
    service_network: NetworkIds | None = None
    tags: Tags = {}
    gateways: dict[Name, Gateway] = {}
    services: dict[Name, Service] = {}
    retired: list[Name] = []
    was: Name | None = None
    cluster: ResourceName | None = None
    namespace: PerEnvironment | None = None
    certificate_authority: PerEnvironment | None = None
    tls_key: PerEnvironment | None = None
    trust_domain: Annotated[str, Field(pattern=HOST_NAME)] | None = None
    deny_by_default: bool = False

    @property
    def engines(self) -> tuple[EngineName, ...]:
        """The engine that it is in, and the one that it is leaving."""
        return (self.engine, *((self.leaving.engine,) if self.leaving else ()))
