"""Engines: what each kind of mesh needs. One file and one line here for each."""

from meshrole.blueprint.engines import app_mesh, ecs_service_connect, istio, vpc_lattice
from meshrole.blueprint.engines.base import Engine

ENGINES: dict[str, Engine] = {
    "app-mesh": app_mesh,
    "vpc-lattice": vpc_lattice,
    "ecs-service-connect": ecs_service_connect,
    "istio": istio,
}
