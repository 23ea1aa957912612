"""The ids that AWS made up for what is in VPC Lattice, as they are written in an inventory.

One id is for every environment; a mapping has those of each, and what has none in an environment is made there.
https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Types.html
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from meshrole.inventory.types import SERVICE_ID, SERVICE_NETWORK_ID, TARGET_GROUP_ID, Name

NetworkId = Annotated[str, Field(pattern=SERVICE_NETWORK_ID)]
ServiceId = Annotated[str, Field(pattern=SERVICE_ID)]
TargetGroupId = Annotated[str, Field(pattern=TARGET_GROUP_ID)]


def _form(value: Any) -> str:
    return "each" if isinstance(value, dict) else "all"


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


FORM = Discriminator(_form)
NetworkIds = Annotated[Annotated[NetworkId, Tag("all")] | Annotated[dict[Name, NetworkId], Tag("each")], FORM]
ServiceIds = Annotated[Annotated[ServiceId, Tag("all")] | Annotated[dict[Name, ServiceId], Tag("each")], FORM]
TargetGroups = Annotated[list[TargetGroupId], BeforeValidator(_list, json_schema_input_type=TargetGroupId | list[TargetGroupId])]
TargetGroupIds = Annotated[Annotated[TargetGroups, Tag("all")] | Annotated[dict[Name, TargetGroups], Tag("each")], FORM]
