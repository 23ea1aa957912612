"""The certificates of a workload: what ACM and ACM PCA must hand out, where the certificates are theirs.

https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html
"""

from typing import Any, NamedTuple

from meshrole.inventory.grants import check_arn
from meshrole.inventory.mesh_model import Tls
from meshrole.inventory.scope import Scope


class Certificates(NamedTuple):
    """ARNs only: a certificate from a file or from SDS needs no permission and leaves nothing here."""

    certificate: str | None
    trusts: tuple[str, ...]


def resolve_tls(tls: Tls | None, scope: Scope) -> Certificates:
    """The ARNs of a workload's certificate and of the authorities that it trusts."""
    if tls is None:
        return Certificates(None, ())
    certificate = _arn(tls.certificate, "acm", "certificate/", scope.at("certificate"))
    trusts = [
        _arn(authority, "acm-pca", "certificate-authority/", scope.at("trusts", index))
        for index, authority in enumerate(tls.trusts)
    ]
    return Certificates(certificate, tuple(text for text in dict.fromkeys(trusts) if text))


def _arn(certificate: Any, service: str, kind: str, scope: Scope) -> str | None:
    text = getattr(certificate, "arn", None)
    if text is None:
        return None
    text = scope.fill(text)
    parsed = check_arn(text, scope, service, kind)
    environment = scope.environment
    if parsed and "*" in text:
        scope.problem("name one certificate, without wildcards", found=text)
    elif parsed and parsed.region != environment.region:
        scope.problem(
            f'the certificate must be in the region of the Envoy: {environment.region} in environment "{environment.name}"',
            found=text,
        )
    elif parsed and service == "acm" and parsed.account != environment.account:
        scope.problem(
            f'the certificate must be in the account of the Envoy: {environment.account} in environment "{environment.name}"',
            found=text,
        )
    return text
