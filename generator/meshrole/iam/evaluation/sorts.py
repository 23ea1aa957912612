"""The sorts of policies, and what AWS takes in each."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of policy: its layer, and whether its statements must, may or must not name principals and resources.

    `federated` is whether its principals may be identity providers'. `old_versions` is whether it may be of an older version of
    the policy language, or say none. `only_denies` is for resource control policies, which have
    `*` as their principal and a shorter grammar.
    """

    layer: str
    principal: Literal["required", "forbidden"]
    resource: Literal["required", "optional", "forbidden"] = "required"
    has_id: bool = True
    not_principal: bool = True
    old_versions: bool = True
    only_denies: bool = False
    federated: bool = False


IDENTITY = Sort("identity", "forbidden", has_id=False)
BOUNDARY = Sort("boundary", "forbidden", has_id=False)
SESSION = Sort("session", "forbidden", has_id=False)
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
SCP = Sort("scp", "forbidden", has_id=False, old_versions=False)
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
RCP = Sort("rcp", "required", has_id=False, not_principal=False, old_versions=False, only_denies=True)
ENDPOINT = Sort("endpoint", "required", "optional")
RESOURCE = Sort("resource", "required", "optional")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
TRUST = Sort("resource", "required", "forbidden", not_principal=False, federated=True)
