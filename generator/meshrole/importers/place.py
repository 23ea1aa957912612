"""A workload's place: what it runs on, and the role that it has there today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meshrole.importers.running import Role, Task


@dataclass(frozen=True, slots=True)
class Place:
    """`runs_on` as the inventory has it, `role` as it is today, and what a person must know of both.

    `account` is the Kubernetes service account that it has today; `assumed` is what no source says; `cluster` is the EKS
    cluster's name in AWS, `issuer` its OIDC issuer; `tasks` are the task definitions that were found for it, `labels` are those
    of its pods.
    """

    runs_on: Mapping[str, Any]
    role: Role | None = None
    role_key: str | None = None
    account: str | None = None
    assumed: str | None = None
    notes: tuple[str, ...] = ()
    cluster: str | None = None
    issuer: str | None = None
    tasks: tuple[Task, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
