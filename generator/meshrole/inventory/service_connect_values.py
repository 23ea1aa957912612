"""A mesh as ECS Service Connect has it, resolved for one environment. All frozen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceConnect:
    """A cluster, and a Cloud Map namespace by its ARN (None where it is not known yet).

    With `authority`, the ARN of a private CA, its services speak TLS; `key` is the KMS key of their secrets, or AWS's own.
    """

    cluster: str
    namespace: str | None
    authority: str | None
    key: str | None
