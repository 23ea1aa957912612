"""Who can become whom: the graph of roles that policies and trust policies make together, and what is reached through it.

A trust policy names whom it lets in, so the edges are found from there: a role that it names, or, where it names an account,
those of the account's roles that may call sts:AssumeRole. No pair of roles is compared that does not meet in one of these.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from meshrole.access.verify.cells import ACCOUNT, EVERYBODY, Except
from meshrole.access.verify.compare import Requests
from meshrole.access.verify.estate import Estate, Subject, side
from meshrole.access.verify.finding import CounterExample, Finding
from meshrole.access.verify.reach import fixed, speaking
from meshrole.errors import InputError
from meshrole.iam.evaluation import PolicySet, evaluate

ASSUME = "sts:AssumeRole"
LOWER = frozenset((ASSUME.lower(),))
Graph = Mapping[str, Mapping[str, CounterExample]]


def graph(subjects: Sequence[Subject]) -> tuple[Graph, list[Finding]]:
    """Each role's ARN with those that it can become and the request by which, and a finding for each that is not decided."""
    unsure: list[Finding] = []
    by_arn = {subject.role.arn: subject for subject in subjects}
    callers: dict[str, list[Subject]] = defaultdict(list)
    for subject in subjects:
        if subject.may_do_any(LOWER):
            callers[subject.role.account].append(subject)
    found: dict[str, dict[str, CounterExample]] = defaultdict(dict)
    for target in subjects:
        for source in _candidates(target, by_arn, callers):
            for example in _edge(source, target, unsure) if source is not target else ():
                found[source.role.arn][target.role.arn] = example
    return found, unsure


def findings(edges: Graph, estate: Estate) -> Iterator[Finding]:
    """One for each identity that can become another role, with the way to the furthest that it reaches."""
    by_arn = {subject.role.arn: subject for subject in estate.subjects}
    for subject in estate.ours:
        ways = _ways(subject.role.arn, edges)
        if ways:
            furthest = max(ways.values(), key=len)
            steps = " → ".join(by_arn[arn].name for arn in furthest)
            reached = f"{len(ways)} roles, as in " if len(ways) > 1 else ""
            message = f"{subject.name} can become {reached}{steps}"
            example = edges[furthest[0]][furthest[1]]
            yield Finding(message, subject.name, example, subject.path, subject.role.address)


def _ways(start: str, edges: Graph) -> dict[str, tuple[str, ...]]:
    """The shortest way to each role that can be reached."""
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for target in edges.get(here, {}):
            if target not in ways:
                ways[target] = (*ways[here], target)
                waiting.append(target)
    del ways[start]
    return ways


def _candidates(target: Subject, by_arn: Mapping[str, Subject], callers: Mapping[str, Sequence[Subject]]) -> Iterator[Subject]:
    """Roles that the trust policy may mean; where it names everybody, those that may call are enough to show it."""
    seen: set[str] = set()
    for cell in sorted(speaking(side((target.role.trust,)).cells, ASSUME), key=str):
        if cell.effect != "Allow":
            continue
        kind, name = EVERYBODY if isinstance(cell.principal, Except) else cell.principal
        if kind != "AWS":
            continue
        every = callers.values() if name == "*" else [callers.get(name, ())] if ACCOUNT.fullmatch(name) else []
        named = [by_arn[name]] if name in by_arn else []
        for source in (*named, *(each for some in every for each in some)):
            if source.role.arn not in seen:
                seen.add(source.role.arn)
                yield source


def _edge(source: Subject, target: Subject, unsure: list[Finding]) -> Iterator[CounterExample]:
    """The request by which one role becomes the other, if there is one."""
    trust = side((target.role.trust,))
    limits = speaking(source.limits.cells, ASSUME) if source.limits else frozenset()
    own = speaking(source.policies.cells, ASSUME) | limits
    about = own | frozenset(cell._replace(resource="*") for cell in speaking(trust.cells, ASSUME))
    asked = Requests(about, ASSUME, source.role.arn, (target.role.arn,), dict(fixed(source)))
    policies = PolicySet(
        identity=source.policies.documents,
        resource=trust.documents[0],
        boundary=list(source.limits.documents) if source.limits else None,
    )
    for resource, context in asked:
        if resource == target.role.arn:
            try:
                allowed = evaluate(asked.request(resource, context), policies).is_allowed
            except InputError:
                return  # a policy that AWS rejects lets nobody in, and is another proof's finding
            if allowed:
                yield CounterExample(source.role.arn, ASSUME, resource, asked.shown(context), True)
                return
    if not asked.complete:
        message = f"whether {source.name} can become {target.name} has more cases than are tried"
        unsure.append(Finding(message, source.name, path=source.path, address=target.role.address, kind="unknown"))
