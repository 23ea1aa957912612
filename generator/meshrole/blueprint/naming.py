"""Names in AWS: ASCII, deterministic, short enough. A name that is too long keeps its beginning and ends in a hash."""

import hashlib

from meshrole.inventory.values import Environment

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_ROLE_NAME = 64
MAX_POLICY_NAME = 128
HASH_LENGTH = 8


def joined(*words: str, longest: int = MAX_ROLE_NAME) -> str:
    """The words with dashes between them, at most `longest` characters."""
    name = "-".join(words)
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
    return f"{name[: longest - HASH_LENGTH - 1].rstrip('-')}-{digest}"


def workload_role(environment: Environment, mesh: str, workload: str) -> str:
    """`<organization>-<mesh>-<workload>[-<version>]-<environment>`."""
    return joined(environment.organization, mesh, workload, environment.name)


def federated_role(environment: Environment, name: str) -> str:
    """`<organization>-<people or pipeline>-<environment>`."""
    return joined(environment.organization, name, environment.name)


def helper_role(role: str, purpose: str) -> str:
    """The name of a role that helps another, such as `<role>-execution`."""
    return joined(role, purpose)


def iam_arn(environment: Environment, kind: str, name: str, path: str = "/") -> str:
    """The ARN of something in IAM: `kind` is role, policy, saml-provider, oidc-provider."""
    return f"arn:{environment.partition}:iam::{environment.account}:{kind}{path}{name}"
