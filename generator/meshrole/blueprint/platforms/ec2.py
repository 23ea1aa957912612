"""EC2: a role in an instance profile.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
"""

from meshrole.blueprint.platforms.base import Needs, service_trust
from meshrole.inventory.values import Ec2Instance, Environment

PRINCIPALS = {"aws-cn": "ec2.amazonaws.com.cn"}


def design(place: Ec2Instance, environment: Environment, role_name: str) -> Needs:  # noqa: ARG001
    """EC2 sends no source account or ARN when it assumes a role, so the trust policy can ask for none."""
    principal = PRINCIPALS.get(environment.partition, "ec2.amazonaws.com")
    return Needs(platform="ec2", trust=(service_trust(principal),), has_instance_profile=True)
