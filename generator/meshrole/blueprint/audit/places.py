"""Which root records what: a trail once in an account, a recorder once in an account and region, records in one bucket."""

from collections.abc import Iterator
from dataclasses import dataclass

from meshrole.blueprint.naming import joined
from meshrole.inventory.audit_values import WITHOUT_IAM, Audit, Site
from meshrole.inventory.values import Environment

# Where IAM's events arrive, and where IAM is recorded, in each partition:
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
GLOBAL_REGION = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
# The recorder's module adds -config-aggregator to it, and a role's name has 64 characters:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_RECORDER_NAME = 45


@dataclass(frozen=True, slots=True)
class Places:
    """Every site of the audit: the environments in their order, then the audit account's own root."""

    audit: Audit

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites of all roots."""
        return (*self.audit.sites, *([self.audit.home] if self.audit.home else ()))

    def archive_of(self, site: Site) -> Site:
        """Where the records of a site lie: in the audit account, or in the first environment of its own account."""
        return self.audit.home or self.first_of_account(site)

    def first_of_account(self, site: Site) -> Site:
        """The first site of the same account."""
        return next(item for item in self.sites if item.environment.account == site.environment.account)

    def keeps_archive(self, site: Site) -> bool:
        """Whether the bucket is made in this root."""
        return self.archive_of(site) is site

    def makes_trail(self, site: Site) -> bool:
        """Whether a trail is made in this root: each name once in an account, or one for the organization."""
        if self.audit.entry.trail is None:
            return False
        if self.audit.is_of_organization:
            return site is self.audit.home
        same = (item for item in self._of_account(site) if item.trail == site.trail)
        return next(same) is site

    def makes_recorder(self, site: Site) -> bool:
        """Whether AWS Config is set up in this root: once in an account and region."""
        if self.audit.entry.config is None:
            return False
        here = (item for item in self._of_account(site) if item.environment.region == site.environment.region)
        return next(here) is site

    def is_first_of_account(self, site: Site) -> bool:
        """Whether global things, such as IAM's, are recorded and watched in this root."""
        return self.first_of_account(site) is site

    def records_iam(self, site: Site) -> bool:
        """Whether AWS Config records the account's roles in this root: once, where it can."""
        can = (item for item in self._of_account(site) if item.environment.region not in WITHOUT_IAM)
        return self.makes_recorder(site) and next(can, None) is site

    def is_first_of_region(self, site: Site) -> bool:
        """Whether this root is the first of its account and region."""
        here = (item for item in self._of_account(site) if item.environment.region == site.environment.region)
        return next(here) is site

    def environments_like(self, site: Site) -> tuple[Environment, ...]:
        """The environments in a site's account."""
        return tuple(item.environment for item in self.audit.sites if item.environment.account == site.environment.account)

    def trail_arns(self, archive: Site) -> Iterator[str]:
        """The ARNs of the trails that deliver to an archive."""
        for site in self.sites:
            if self.makes_trail(site) and self.archive_of(site) is archive:
                yield trail_arn(site, self.audit)

    def accounts(self, archive: Site) -> tuple[str, ...]:
        """The accounts whose records lie in an archive."""
        return tuple(dict.fromkeys(site.environment.account for site in self.sites if self.archive_of(site) is archive))

    def recorder_name(self, site: Site) -> str:
        """What the recorder's rules and its role are called: a role is one in all regions of an account."""
        region = () if self.is_first_of_account(site) else (site.environment.region,)
        return joined(archive_name(site.environment), *region, longest=MAX_RECORDER_NAME)

    def recorder_roles(self, archive: Site) -> tuple[str, ...]:
        """The ARNs of the roles with which recorders of other accounts look at the bucket of an archive."""
        config = self.audit.entry.config
        if config is None or config.service_linked_role:
            return ()
        others = (site for site in self.sites if site.environment.account != archive.environment.account)
        return tuple(
            f"arn:{site.environment.partition}:iam::{site.environment.account}:role/{self.recorder_name(site)}-config"
            for site in others
            if self.makes_recorder(site) and site.recorder and self.archive_of(site) is archive
        )

    def _of_account(self, site: Site) -> Iterator[Site]:
        return (item for item in self.sites if item.environment.account == site.environment.account)


def trail_arn(site: Site, audit: Audit) -> str:
    """A trail's ARN; an organization's trail is always its management account's, whoever makes it.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
    """
    environment = site.environment
    account = (audit.management_account if audit.is_of_organization else None) or environment.account
    return f"arn:{environment.partition}:cloudtrail:{environment.region}:{account}:trail/{site.trail}"


def archive_name(environment: Environment) -> str:
    """The name of an archive; its key's alias is alias/<name>."""
    return f"{environment.organization}-audit"


def config_archive_name(environment: Environment) -> str:
    """The name of AWS Config's own archive."""
    return f"{environment.organization}-config"


def has_config_archive(site: Site, places: Places) -> bool:
    """Whether AWS Config delivers to a bucket of its own in this root."""
    return site.config_bucket != site.bucket and places.audit.entry.config is not None and places.keeps_archive(site)


def key_alias_arn(site: Site) -> str:
    """The ARN of the alias of an archive's key, known before the key exists."""
    environment = site.environment
    alias = archive_name(environment)
    return f"arn:{environment.partition}:kms:{environment.region}:{environment.account}:alias/{alias}"
