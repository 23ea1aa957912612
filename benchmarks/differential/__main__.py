"""`make differential`: put all cases to every evaluator, group the disagreements and hold them against the page that lists them.

It ends with 1 where a kind of disagreement is not on the page, or where we disagree with the documentation.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence

from differential import iam_simulate, moto_iam, page
from differential.case import Case, Said, agree, comparable, ours
from differential.documented import agreement, documented
from differential.generated import SEED, generated
from differential.kinds import IAM_SIMULATE, MOTO, Kind, explain

Disagreement = tuple[Case, Said, Said]


def main() -> int:
    """Print a table for each peer; the exit code."""
    cases = [*documented(), *generated()]
    own = [ours(case) for case in cases]
    peers = {"moto": ([moto_iam.answer(case) for case in cases], MOTO)}
    problem = iam_simulate.install()
    if problem:
        print(f"without {iam_simulate.PACKAGE}: {problem}")
    else:
        peers["iam-simulate"] = (iam_simulate.run(cases).answers, IAM_SIMULATE)
    print(
        f"{len(cases):,} cases: {sum(case.page is not None for case in cases):,} of the documentation, the others of seed {SEED}"
    )
    documented_and_ours = agreement(cases, own)
    print(f"meshrole: {documented_and_ours}")
    text = page.PAGE.read_text("utf-8")
    unlisted = [report(peer, cases, own, said, kinds, text) for peer, (said, kinds) in peers.items()]
    return 1 if documented_and_ours.right < documented_and_ours.all or any(unlisted) else 0


def report(
    peer: str, cases: Sequence[Case], own: Sequence[Said], said: Sequence[Said], kinds: Sequence[Kind], text: str
) -> list[str]:
    """Print a peer's disagreements by kind; the kinds that the page does not list."""
    print(f"\n{peer}: {agreement(cases, said)}")
    compared = [each for each in zip(cases, own, said, strict=True) if comparable(each[1].answer, each[2].answer)]
    found = grouped(compared, kinds)
    count = len({case.id for disagreements in found.values() for case, _, _ in disagreements})
    print(f"{peer} and we: {len(compared):,} cases read by both, {count:,} disagreements")
    for kind, disagreements in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"{len(disagreements):>6}  {kind}")
    unlisted = page.missing(text, peer, found)
    for kind in unlisted:
        case, one, other = found[kind][0]
        print(f"\nnot in {page.PAGE.name}: {kind}\nwe say {one.answer}, {peer} says {other.answer}: {json.dumps(case)}")
    for kind in sorted(page.listed(text).get(peer, set()) - set(found)):
        print(f"in {page.PAGE.name}, but not seen: {kind}")
    return unlisted


def grouped(compared: Sequence[Disagreement], kinds: Sequence[Kind]) -> dict[str, list[Disagreement]]:
    """The disagreements by kind; one that takes several kinds to explain is in each of them."""
    found: dict[str, list[Disagreement]] = defaultdict(list)
    for case, one, other in compared:
        if not agree(one.answer, other.answer):
            for kind in explain(case, other, one, kinds):
                found[kind].append((case, one, other))
    return found


if __name__ == "__main__":
    sys.exit(main())
