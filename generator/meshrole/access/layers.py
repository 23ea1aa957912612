"""The layers at which AWS decides, the words its messages have for them, and what each denial means.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from dataclasses import dataclass

IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
TROUBLESHOOTING = f"{IAM}/troubleshoot_access-denied.html"
EVALUATION = f"{IAM}/reference_policies_evaluation-logic.html"
AUTH_POLICIES = "https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html"


@dataclass(frozen=True, slots=True)
class Layer:
    """A kind of policy: `words` are AWS's for it, `owner` is who can change it, `remedy` what an implicit denial asks for."""

    name: str
    words: tuple[str, ...]
    owner: str
    remedy: str
    page: str

    @property
    def title(self) -> str:
        """The layer in AWS's words."""
        return self.words[0]

    @property
    def a_title(self) -> str:
        """The same with its article."""
        return f"{'an' if self.title[0] in 'aeiou' else 'a'} {self.title}"


_ROWS = (
    Layer(
        "identity",
        ("identity-based policy",),
        "whoever manages the principal's own policies",
        "allow the action on the resource in a policy of the principal",
        f"{IAM}/access_policies_identity-vs-resource.html",
    ),
    Layer(
        "resource",
        ("resource-based policy",),
        "the owner of the resource",
        "let the resource's own policy name the principal and the action; across accounts the principal needs it as well",
        f"{IAM}/access_policies_identity-vs-resource.html",
    ),
    Layer(
        "boundary",
        ("permissions boundary",),
        "whoever sets the boundary of the principal",
        "allow the action in the permissions boundary too: it grants nothing, but nothing passes that it does not allow",
        f"{IAM}/access_policies_boundaries.html",
    ),
    Layer(
        "session",
        ("session policy", "sessions policy"),
        "whoever made the session",
        "make the session with a policy that allows the action, or with none",
        f"{IAM}/access_policies.html#policies_session",
    ),
    Layer(
        "scp",
        ("service control policy",),
        "the administrators of the organization",
        "allow the action in the service control policies at every level above the account",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
    ),
    Layer(
        "rcp",
        ("resource control policy",),
        "the administrators of the organization that owns the resource",
        "allow the action in the resource control policies above the resource's account",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
    ),
    Layer(
        "endpoint",
        ("VPC endpoint policy",),
        "the owner of the VPC endpoint",
        "allow the action in the policy of the endpoint that the call goes through",
        "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    ),
    Layer(
        "trust",
        ("role trust policy",),
        "whoever manages the role",
        "let a statement of the role's trust policy match the principal, the action and every condition",
        f"{IAM}/id_roles_update-role-trust-policy.html",
    ),
    Layer(
        "lattice-network",
        ("network-based policy",),
        "the owner of the VPC Lattice service network",
        "allow the request in the auth policy of the service network",
        AUTH_POLICIES,
    ),
    Layer(
        "lattice-service",
        ("service-based policy",),
        "the owner of the VPC Lattice service",
        "allow the request in the auth policy of the service",
        AUTH_POLICIES,
    ),
    Layer(
        "public-access-block",
        ("S3 Block Public Access",),
        "the owner of the bucket or of its account",
        "do not make it public; the setting that the message names forbids it",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    ),
)
LAYERS = {row.name: row for row in _ROWS}
# AWS's words for a layer, without white space and in lower case, to its name.
NAMES = {"".join(words.lower().split()): row.name for row in _ROWS for words in row.words}


def named(words: str) -> str | None:
    """The layer that AWS calls `words`, wherever white space and line breaks fell into them; None for words of no layer."""
    return NAMES.get("".join(words.lower().split()))
