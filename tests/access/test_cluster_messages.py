"""Refusals that come from a cluster: Envoy's words for Istio's policies, and those of Kubernetes' API server."""

import pytest

from meshrole.access import grammar

USER = "arn:aws:sts::777788889999:assumed-role/vandelay-release-managers-prod/jo"
FORBIDDEN = (
    f'virtualservices.networking.istio.io "catalog" is forbidden: User "{USER}" cannot patch resource "virtualservices" '
    'in API group "networking.istio.io" in the namespace "shop"'
)


@pytest.mark.parametrize(
    ("text", "form", "operation", "role"),
    [
        ("RBAC: access denied", "istio", None, None),
        ('{"code": 403, "body": "RBAC:  access\\ndenied"}'.replace("\\n", "\n"), "istio", None, None),
        (f"Error from server (Forbidden): {FORBIDDEN}", "kubernetes", "patch virtualservices", "vandelay-release-managers-prod"),
        (
            f'User "{USER}" cannot list resource "pods" at the cluster scope',
            "kubernetes",
            "list pods",
            "vandelay-release-managers-prod",
        ),
    ],
)
def test_what_a_cluster_refuses_is_told_apart_from_what_aws_does(text, form, operation, role):
    (denial,) = grammar.parse(text)
    assert (denial.form, denial.operation, denial.action) == (form, operation, None)
    assert (denial.principal.role if denial.principal else None) == role


@pytest.mark.parametrize(
    "text",
    [
        "RBAC: access granted",
        "NRBAC: access denied",
        f'User "{USER}" can list resource "pods"',
        'User "jo" cannot list resource "pods"',
    ],
)
def test_other_words_are_none_of_them(text):
    assert list(grammar.parse(text)) == []
