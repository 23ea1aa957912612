"""Who called whom in VPC Lattice: neither CloudTrail nor AWS Config has it, the access logs of the network do.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html
https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-cloudtrail.html
"""

from collections.abc import Iterable, Iterator

from meshrole.blueprint.audit.values import LatticeLogs, TrailEntry
from meshrole.blueprint.lattice import LatticeParts
from meshrole.blueprint.model import Module
from meshrole.blueprint.naming import joined
from meshrole.inventory.audit_values import Site

# A log group is named after it: the module takes a hundred characters.
MAX_NAME = 100
Resource = tuple[str, str | None, str | None]


def lattice_logs(site: Site, trail: TrailEntry | None, modules: Iterable[Module]) -> Iterator[LatticeLogs]:
    """The logs of every mesh of a root that is in VPC Lattice, kept as long as the trail's are in CloudWatch."""
    environment = site.environment
    for module in modules:
        parts = module.beside.lattice
        resources = tuple(_resources(parts)) if parts else ()
        if resources:
            name = joined(environment.organization, module.name, environment.name, longest=MAX_NAME)
            yield LatticeLogs(module.name, name, resources, trail.cloudwatch_logs_days if trail else None)


def _resources(parts: LatticeParts) -> Iterator[Resource]:
    """The network's log has every request of its services. Where the network is another root's, the services have their own."""
    lattice, arns = parts.lattice, {policy.label: policy.of for policy in parts.policies}
    if lattice.is_kept:
        yield "network", None if lattice.is_made else parts.network_arn, None
        return
    for service in lattice.services:
        yield service.name, None if service.is_made else arns[service.name], service.name
