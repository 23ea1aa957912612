"""CloudFormation templates, YAML and JSON, to what they say of a mesh and of the identities that it uses."""

from collections.abc import Iterator, Sequence

from meshrole.importers.aws_calls.gathered import Entry, gathered
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.cfn import containers, identities, lattice, mesh, workloads
from meshrole.importers.cfn.index import Index, index
from meshrole.importers.cfn.scope import Resource
from meshrole.importers.cfn.stacks import Stacks
from meshrole.importers.cfn.template import templates
from meshrole.importers.cfn.undecided import is_read, undecided
from meshrole.importers.found import Found

# Types of which it is said what conditions leave open.
TOLD = ("AWS::AppMesh::", "AWS::ECS::", "AWS::IAM::", "AWS::VpcLattice::")
LAMBDA = ("AWS::Lambda::Function", "AWS::Serverless::Function")


class _Stage:
    """What one resource says of another, gathered before any is read."""

    def __init__(self, resources: list[Resource], known: Index) -> None:
        self.index = known
        self.attached = identities.attached(resources, known)
        self.services = containers.running(resources)
        self.users = workloads.used(resources, known)
        self.networks = lattice.networks(resources, known)


def read(files: Sequence[SourceFile], options: Options) -> Found:
    """Everything of a mesh and its identities in templates. What they do not hold stays in the values, as it is written."""
    given, misses = templates(files)
    stacks = Stacks(given, options)
    return gathered([*_entries(stacks), *misses, *stacks.misses])


def _entries(stacks: Stacks) -> Iterator[Entry]:
    resources: list[Resource] = []
    for resource in (item for scope in stacks.scopes for item in scope.resources()):
        if is_read(resource):
            resources.append(resource)
        if resource.type.startswith(TOLD):
            yield from undecided(resource)
    stage = _Stage(resources, index(stacks.scopes))
    for resource in resources:
        yield from _entry(resource, stage)
    yield from identities.elsewhere(stage.attached)
    yield from identities.loose(resources, stage.index)
    yield from workloads.elsewhere(resources, stage.users, stage.index)
    yield from lattice.elsewhere(resources, stage.index)


def _entry(resource: Resource, stage: _Stage) -> Iterator[Entry]:
    """What one resource says."""
    kind = resource.type
    if kind.startswith("AWS::AppMesh::"):
        yield from mesh.read(resource)
    elif kind.startswith("AWS::VpcLattice::"):
        yield from lattice.read(resource, stage.index, stage.networks)
    elif kind == "AWS::ECS::TaskDefinition":
        yield from containers.tasks(resource, stage.index, stage.services)
    elif kind == "AWS::ECS::Service":
        yield from containers.service(resource, stage.index)
    elif kind == "AWS::IAM::Role":
        yield from identities.roles(resource, stage.index, stage.attached)
    elif kind == "AWS::IAM::InstanceProfile":
        yield from workloads.profile(resource, stage.users)
    elif kind in workloads.NODES:
        yield from workloads.nodes(resource)
    elif kind == "AWS::EKS::PodIdentityAssociation":
        yield from workloads.association(resource)
    elif kind in LAMBDA:
        yield from workloads.function(resource)
