"""Proof: no identity can change its own permissions, or reach more by becoming another role."""

from collections.abc import Iterator

from meshrole.access.verify import chains
from meshrole.access.verify.estate import Estate, Subject, tried
from meshrole.access.verify.finding import CounterExample, Finding, Proof, counted
from meshrole.access.verify.reach import reach, requests
from meshrole.iam import actions
from meshrole.iam.escalation_paths import PASS, PATHS, Path
from meshrole.iam.formats import VARIABLE

NAME = "escalation"
CLAIM = "no identity can change its own permissions or reach more by chaining roles"
EVERY = frozenset(name.lower() for path in PATHS for name in path.actions)
# A name that no policy has: what is granted on it is granted on whatever there is.
UNNAMED = "something-that-no-policy-names"
ANY = ("arn:*", "*")


def prove(estate: Estate) -> Proof:
    """Every identity on every path of the table, and the graph of who can become whom."""
    findings: list[Finding] = []
    workloads = frozenset(subject.role.arn for subject in estate.ours if subject.is_workload)
    for subject in estate.ours:
        if subject.may_do_any(EVERY):
            # Who deploys workloads hands each its own role, and runs as it what he deploys: that is his task, and no way up from
            # it. Passing any other role is, and so is a workload that passes one.
            deployed = frozenset[str]() if subject.is_workload else workloads
            findings += tried(subject, _of(subject, deployed))
    graph, unsure = chains.graph(estate.subjects)
    findings += [*chains.findings(graph, estate), *unsure]
    edges = sum(len(each) for each in graph.values())
    over = (
        f"{counted(len(estate.ours), 'identity', 'identities')}, {counted(len(PATHS), 'path')}, {counted(edges, 'edge')} of trust"
    )
    return Proof(NAME, CLAIM, over, tuple(findings))


def _of(subject: Subject, deployed: frozenset[str]) -> Iterator[Finding]:
    for path in PATHS:
        if all(subject.may_do_any(frozenset((name.lower(),))) for name in path.actions):
            examples = [_example(subject, name, path, deployed, index == 0) for index, name in enumerate(path.actions)]
            if all(examples):
                message = f"{subject.name} can escalate by {' and '.join(path.actions)}: {path.gain}"
                help_line = f"see {path.source}"
                yield Finding(message, subject.name, examples[0], subject.path, subject.role.address, help_line)


def _example(subject: Subject, action: str, path: Path, deployed: frozenset[str], first: bool) -> CounterExample | None:
    if path.existing:
        return reach(subject, action, _unnamed(subject, action))
    if path.on == "any" or not first:
        return reach(subject, action, ANY)
    partition = subject.role.partition
    own = (subject.role.arn,) if path.on == "role" and action != "iam:PassRole" else ()
    for within in (*own, f"arn:{partition}:iam::*:{path.on}/*"):
        for example in requests(subject, action, (within,)):
            if action != PASS or example.resource not in deployed:
                return example
    return None


def _unnamed(subject: Subject, action: str) -> tuple[str, ...]:
    known = actions.find(action)
    given = {"Partition": subject.role.partition, "Account": subject.role.account, "Region": "us-east-1"}
    formats = actions.arn_formats(known) if known else ()
    return tuple(VARIABLE.sub(lambda found: given.get(found[0][2:-1], UNNAMED), text) for text in formats) or ("*",)
