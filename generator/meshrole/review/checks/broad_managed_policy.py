"""A policy of AWS's that gives far more than one workload needs.

What: an AWS managed policy of full access, of a power user or administrator, or one such as AWSAppMeshEnvoyAccess that grants on
every resource what a few lines would grant on one.
Why: AWS writes them for everybody, on `*`, and adds to them:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies
Bad: policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
Good: a policy that allows s3:GetObject on one bucket
"""

import re
from collections.abc import Iterator

from meshrole.review.checks.common import holders
from meshrole.review.checks.common.grants import identities
from meshrole.review.checks.common.made import found
from meshrole.review.checks.common.principals import is_service_linked
from meshrole.review.facts import Attached, Facts, Identity, Role
from meshrole.review.model import Confidence, Finding, Severity

FULL = re.compile(r"_?Full_?Access(V\d+)?$")
# Each as AWS describes it: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
POLICIES = {
    "AdministratorAccess": (Severity.critical, "every action on everything"),
    "IAMFullAccess": (Severity.critical, "every change of permissions"),
    "AdministratorAccess-Amplify": (Severity.high, "the deployment of whole applications, roles included"),
    "AdministratorAccess-AWSElasticBeanstalk": (Severity.high, "the deployment of whole applications, roles included"),
    "PowerUserAccess": (Severity.high, "every action of every service but IAM and Organizations"),
    "SystemAdministrator": (Severity.high, "the operation of most services"),
    "NetworkAdministrator": (Severity.high, "every change of the network"),
    "DatabaseAdministrator": (Severity.high, "every database"),
    "DataScientist": (Severity.high, "every data store"),
    "SecretsManagerReadWrite": (Severity.high, "every secret"),
    "AmazonEC2RoleforSSM": (Severity.medium, "every object of every bucket; AmazonSSMManagedInstanceCore replaces it"),
    "AWSAppMeshEnvoyAccess": (Severity.medium, "the configuration of every Envoy of every mesh"),
    "AWSAppMeshPreviewEnvoyAccess": (Severity.medium, "the configuration of every Envoy of every mesh"),
    "ReadOnlyAccess": (Severity.low, "the reading of all data that the account has"),
    "AmazonS3ReadOnlyAccess": (Severity.low, "every object of every bucket"),
    "AmazonDynamoDBReadOnlyAccess": (Severity.low, "every item of every table"),
    "AmazonSSMReadOnlyAccess": (Severity.low, "every parameter"),
}


def check(facts: Facts) -> Iterator[Finding]:
    """A finding for each attachment of such a policy."""
    for identity in identities(facts.after):
        if not (isinstance(identity, Role) and is_service_linked(identity)):
            for attached in identity.attached:
                yield from _of(identity, attached)


def _of(identity: Identity, attached: Attached) -> Iterator[Finding]:
    if not attached.is_aws_managed or not isinstance(attached.arn, str):
        return
    name = attached.arn.rpartition("/")[2]
    severity, what = POLICIES.get(name, (None, ""))
    if severity is None and FULL.search(name):
        severity, what = Severity.high, "every action of a service, on every resource"
    if severity is not None:
        confidence = Confidence.high
        if holders.is_break_glass(identity):
            severity, confidence = Severity.low, Confidence.low
        fix = "write a policy with the actions and the resources that are used"
        yield found(__name__, severity, attached.address, f"{name} allows {what}", fix, confidence)
