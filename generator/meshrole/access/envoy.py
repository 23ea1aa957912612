"""App Mesh's proxy: Envoy's log says with which gRPC status the mesh's management service closed the connection.

https://docs.aws.amazon.com/app-mesh/latest/userguide/troubleshooting-setup.html#ts-setup-grpc-error-codes
"""

import re

from meshrole.access.denial import Denial

ACTION = "appmesh:StreamAggregatedResources"
CLOSED = re.compile(
    r"gRPC\s+config\s+stream\s+(?:to\s+(?P<host>\S{1,300})\s+)?closed(?:\s+since\s+\d+s\s+ago)?:\s*(?P<status>\d{1,3})\b"
    r"(?:,[^\S\n]*(?P<message>[^\n]*))?"
)
HOST = re.compile(r"appmesh(?:-preview)?-envoy-management\.[\w.-]+")
PERMISSION_DENIED, UNAUTHENTICATED = 7, 16
# The statuses on AWS's page; of any other it says nothing.
STATUSES = (0, 3, PERMISSION_DENIED, 8, UNAUTHENTICATED)


def parse(text: str) -> Denial | None:
    """The last close that AWS's page explains; None for one of another control plane's, or of another status."""
    for match in reversed(list(CLOSED.finditer(text))):
        host, status = match["host"], int(match["status"])
        if status in STATUSES and (host is None or HOST.match(host)):
            return Denial(
                form="envoy",
                denied=status in (PERMISSION_DENIED, UNAUTHENTICATED),
                action=ACTION,
                service="appmesh",
                grpc=status,
                reason=(match["message"] or "").strip() or None,
            )
    return None
