"""JSON of the AWS CLI and SDKs: what calls printed, and what they are to be given."""

from collections.abc import Iterator, Sequence

from meshrole.importers.aws_calls import lattice_calls, mesh_calls, role_calls, running_calls, task_calls
from meshrole.importers.aws_calls.answers import Answer, answers
from meshrole.importers.aws_calls.gathered import Entry, gathered
from meshrole.importers.base import Options, SourceFile
from meshrole.importers.found import Found, Miss

READERS = (mesh_calls, task_calls, role_calls, lattice_calls, running_calls)


def read(files: Sequence[SourceFile], _options: Options) -> Found:
    """Everything of a mesh and its identities in such JSON; what is only on a command line stays a placeholder."""
    found, misses = answers(files)
    return gathered([*_entries(found), *misses])


def _entries(left: list[Answer]) -> Iterator[Entry]:
    """Each document goes to the first reader that takes it."""
    for reader in READERS:
        taken = [answer for answer in left if reader.takes(answer)]
        yield from reader.read(taken)
        ids = {id(answer) for answer in taken}
        left = [answer for answer in left if id(answer) not in ids]
    yield from (Miss(answer.origin(), "a document", _why(answer)) for answer in left)


def _why(answer: Answer) -> str:
    keys = sorted(key for key in answer.body)[:5]
    if "eventsource" in answer.keys:
        return "an event of CloudTrail that makes nothing"
    if "apiversion" in answer.keys:
        return "a Kubernetes manifest: `meshrole import kubernetes` reads it"
    if "resources" in answer.keys:
        return "a CloudFormation template: `meshrole import cloudformation` reads it"
    return f"nothing that is read of App Mesh, ECS, IAM, Lattice, EKS, Lambda or EC2: {', '.join(keys) or 'empty'}"
