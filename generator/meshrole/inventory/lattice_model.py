"""The ids that AWS made up for what is in VPC Lattice, as they are written in an inventory.

https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Types.html
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from meshrole.inventory.types import SERVICE_ID, SERVICE_NETWORK_ID, TARGET_GROUP_ID, Name

NetworkId = Annotated[str, Field(pattern=SERVICE_NETWORK_ID)]
ServiceId = Annotated[str, Field(pattern=SERVICE_ID)]
TargetGroupId = Annotated[str, Field(pattern=TARGET_GROUP_ID)]


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


# One id for every environment, or one for each: what has none there is made there.
NetworkIds = NetworkId | dict[Name, NetworkId]
ServiceIds = ServiceId | dict[Name, ServiceId]
SomeTargetGroups = Annotated[
    list[TargetGroupId], BeforeValidator(_list, json_schema_input_type=TargetGroupId | list[TargetGroupId])
]
TargetGroupIds = Annotated[
    list[TargetGroupId] | dict[Name, SomeTargetGroups],
    BeforeValidator(_list, json_schema_input_type=TargetGroupId | list[TargetGroupId] | dict[Name, SomeTargetGroups]),
]
