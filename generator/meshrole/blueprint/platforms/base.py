"""What a platform says about a workload."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from meshrole.iam.policy import Document, Statement
from meshrole.inventory.values import Environment, PodIdentity

Place = TypeVar("Place", contravariant=True)


@dataclass(frozen=True, slots=True)
class Helper:
    """A role beside the workload's own, used by the platform for it: `purpose` ends its name."""

    purpose: str
    trust: Document
    policy: Document


@dataclass(frozen=True, slots=True)
class Needs:
    """The trust policy of the workload's role and what else must exist; `platform` is the inventory's word.

    `own` is what the workload's own role must be allowed because of where it runs.
    """

    platform: str
    trust: Document
    helpers: tuple[Helper, ...] = ()
    has_instance_profile: bool = False
    association: PodIdentity | None = None
    own: tuple[Statement, ...] = ()


class PlatformDesign(Protocol[Place]):
    """A function from a place to run in to what it needs; `role_name` is the workload's role."""

    def __call__(self, place: Place, environment: Environment, role_name: str) -> Needs: ...


def service_trust(service: str, **rest: object) -> Statement:
    """A statement that lets one AWS service assume the role."""
    return Statement(
        sid="Assume",
        actions=("sts:AssumeRole",),
        principals=(("Service", (service,)),),
        **rest,  # type: ignore[arg-type]
    )
