"""Proof: each workload has a role of its own, and nobody but the declared principal can take it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from meshrole.access.verify import cells, trust, trust_alone
from meshrole.access.verify.compare import Side
from meshrole.access.verify.declared import Declared
from meshrole.access.verify.estate import Estate, Subject, rejected, side, unreadable
from meshrole.access.verify.finding import Finding, Proof, counted
from meshrole.errors import InputError
from meshrole.inventory.values import PodIdentity, Workload

NAME = "isolation"
CLAIM = "no two workloads share a role, and only the declared principal can assume it"


def prove(estate: Estate) -> Proof:
    """Roles that are shared, missing or nobody's, and trust policies that let in others than they should."""
    findings = [
        *_same_names(estate.subjects),
        *(each for subject in estate.ours for each in _handed_out(subject)),
        *map(_missing, estate.missing),
        *(each for subject in estate.subjects if estate.has_inventory for each in _undeclared(subject, estate)),
        *(each for subject, declared in estate.declared for each in _trust(subject, declared)),
        *trust_alone.findings([subject for subject in estate.ours if subject.declared is None]),
    ]
    statements = sum(len(subject.role.trust.text or "") > 0 for subject in estate.ours)
    over = f"{counted(len(estate.ours), 'identity', 'identities')}, {counted(statements, 'trust policy', 'trust policies')}"
    return Proof(NAME, CLAIM, over, tuple(findings))


def _same_names(subjects: Iterable[Subject]) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names are unique in any case of letters)"""
    alike: dict[tuple[str, str], list[Subject]] = defaultdict(list)
    for subject in subjects:
        alike[subject.role.account, subject.name.lower()].append(subject)
    for same in alike.values():
        if len(same) > 1:
            addresses = " and ".join(each.role.address for each in same)
            yield Finding(
                f"{same[0].name} is one role for {addresses}", same[0].name, path=same[0].path, address=same[1].role.address
            )


def _handed_out(subject: Subject) -> Iterator[Finding]:
    """A role that several things of one kind hand out, or one that hands it to another than the declared workload."""
    by_kind: dict[str, dict[str, str]] = defaultdict(dict)
    for user in subject.role.users:
        by_kind[user.kind].setdefault(user.who, user.address)
    for kind, who in by_kind.items():
        if len(who) > 1:
            message = f"{subject.name} is shared by {' and '.join(sorted(who))} ({kind})"
            yield Finding(message, subject.name, path=subject.path, address=max(who.values()))
    origin = subject.declared.found.origin if subject.declared else None
    place = origin.platform if isinstance(origin, Workload) else None
    if isinstance(place, PodIdentity):
        own = f"{place.cluster}/{place.namespace}/{place.service_account}"
        for user in subject.role.users:
            if user.kind.startswith("aws_eks_pod_identity_association") and user.who != own:
                message = f"{subject.name} is handed to {user.who}; the inventory declares {own}"
                yield Finding(message, subject.name, path=subject.path, address=user.address)


def _missing(declared: Declared) -> Finding:
    message = f"{declared.name} is declared in the inventory and not there: its workload has no role of its own"
    return Finding(message, declared.name, path=declared.source)


def _undeclared(subject: Subject, estate: Estate) -> Iterator[Finding]:
    """Roles that stand in a generated module, or say that they are identities, and are not in the inventory."""
    module = subject.role.address.partition(".aws_iam_role.")[0]
    if subject.declared is None and (subject.is_ours or module in estate.modules):
        message = f"{subject.name} stands among the identities, and the inventory has no such role"
        yield Finding(message, subject.name, address=subject.role.address)


def _trust(subject: Subject, declared: Declared) -> Iterator[Finding]:
    role, wanted = subject.role, declared.found.role
    if role.arn != wanted.arn:
        message = f"{subject.name} is {role.arn}; the inventory declares {wanted.arn}"
        yield Finding(message, subject.name, path=declared.source, address=role.address)
    problems = unreadable(subject, (role.trust,))
    if problems:
        yield from problems
        return
    expected = Side(cells.of_value(declared.trust), (declared.trust,))
    try:
        for example in trust.differences(side((role.trust,)), expected, wanted.arn):
            does = "lets in" if example.is_allowed else "keeps out"
            message = f"the trust policy of {subject.name} {does} {example.principal}, unlike the inventory"
            yield Finding(message, subject.name, example, declared.source, role.trust.source)
    except InputError as error:
        yield rejected(subject, error)
    except ValueError as error:
        yield Finding(f"{subject.name}: {error}", subject.name, path=declared.source, address=role.address, kind="unknown")
