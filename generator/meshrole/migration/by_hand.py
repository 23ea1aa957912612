"""What nobody but a person can do, in the order in which it is done."""

from collections.abc import Iterator

from meshrole.migration.platforms import ANY_CLUSTER
from meshrole.migration.wish import Moved, Note, Step, Wish

CONNECT_BLOG = "https://aws.amazon.com/blogs/containers/migrating-from-aws-app-mesh-to-amazon-ecs-service-connect"
LATTICE_BLOG = "https://aws.amazon.com/blogs/containers/migrating-from-aws-app-mesh-to-amazon-vpc-lattice"
SIGNED = "https://docs.aws.amazon.com/vpc-lattice/latest/ug/sigv4-authenticated-requests.html"
INJECTION = "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"
PEER = "https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/"
ENGINES: dict[str, tuple[str, ...]] = {
    "vpc-lattice": (
        f"associate the VPCs of all callers with the service network ({LATTICE_BLOG})",
        "make listeners, rules and target groups, and register what answers",
        f"let every caller sign its requests for vpc-lattice-svcs, or put a proxy that does beside it ({SIGNED})",
        "let callers use the new names, one after the other, and take Envoy out of each that needs it no more",
    ),
    "ecs-service-connect": (
        "make the Cloud Map namespace, and put its id into the inventory as `namespace`",
        (
            "make each ECS service anew beside the one that is there: a service cannot be in a mesh of App Mesh and in a "
            f"namespace of Service Connect at once ({CONNECT_BLOG})"
        ),
        "shift traffic to the new services: weights in Route 53 or of a load balancer's target groups",
        "delete the old ECS services",
    ),
    "istio": (
        (
            "install Istio in the cluster, and let it inject its proxy into the pods of these namespaces "
            f"({INJECTION}); take App Mesh's injector away from them"
        ),
        f"begin with mutual TLS PERMISSIVE, and apply the generated policies when every caller has a proxy ({PEER})",
        "shift traffic to the pods of the mesh, one service after the other",
    ),
    "app-mesh": ("put Envoy beside each workload again",),
}


def by_hand(moves: tuple[Moved, ...], notes: tuple[Note, ...], wish: Wish, *, is_assumed: bool = False) -> Iterator[str]:
    """The steps around what the inventory and Terraform do, the first one first; `is_assumed`: nobody named the cluster."""
    moved_on = any(note.text.startswith("runs_on ") for note in notes)
    if is_assumed and moved_on:
        yield f'name the EKS cluster: it is taken to be called "{ANY_CLUSTER}" (--cluster NAME)'
    if wish.step is Step.finish:
        yield "see in CloudTrail that nothing uses the former engine any more"
        yield from _end(moves)
        return
    yield "read and merge the new inventory; `meshrole generate`, plan, `meshrole review`, apply"
    if moved_on:
        yield "say of what moved to another platform what it needs there: images, secrets and a log group on ECS"
    for new in dict.fromkeys(moved.new for moved in moves):
        yield from ENGINES[new]
    if wish.step is Step.both:
        yield f"by {wish.until}: `meshrole migrate --finish`, and the same way again; `check` fails from the day after"
    else:
        yield from _end(moves)


def _end(moves: tuple[Moved, ...]) -> Iterator[str]:
    yield "`meshrole generate`, plan, `meshrole review`, apply: what only the former engine needed goes"
    if any(moved.old == "app-mesh" for moved in moves):
        yield (
            "delete the meshes themselves; `meshrole import aws` or `import terraform` finds what is left of App Mesh: roles, "
            "grants and policies that no inventory has. A boundary of your own that allows appmesh:* can do without"
        )
