"""The engine that a mesh comes from, as it is written in an inventory."""

from typing import Annotated, Literal

from pydantic import Field

from meshrole.inventory.types import DAY, Strict

EngineName = Literal["app-mesh", "vpc-lattice", "ecs-service-connect", "istio"]


class Leaving(Strict):
    """The engine that a mesh comes from: its workloads keep what they need there until a day, and no longer."""

    engine: EngineName
    until: Annotated[str, Field(pattern=DAY)]
