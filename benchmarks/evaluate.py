"""Decisions in a second of CPU, in one process: of requests that are new each time, against policies that come again."""

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from differential import iam_simulate, moto_iam
from differential.case import Case
from differential.case import ours as own_answer
from differential.documented import agreement, documented
from evaluate_cases import KINDS, cases
from measure import MESHROLE, cost, interleaved, scratch

from meshrole.iam import PolicySet, Request, evaluate

REQUESTS = 2_000
# It takes half a millisecond for each.
OF_IAM_SIMULATE = 500
ROUNDS = 5
WANTED = 100_000
# A request as plain JSON values, its policies as such, both made ready.
Row = tuple[dict, dict, Request, PolicySet]
Step = Callable[[Sequence[Row]], object]


def build(rows: Sequence[Row]) -> None:
    """A `Request` from plain JSON values, checked."""
    for request, _, _, _ in rows:
        Request.of(request)


def decide(rows: Sequence[Row]) -> None:
    """The decision about a `Request` that is there; its policies were read before."""
    for _, _, request, policies in rows:
        evaluate(request, policies)


def both(rows: Sequence[Row]) -> None:
    """From plain JSON values to the decision; the policies were read before."""
    for request, _, _, policies in rows:
        evaluate(Request.of(request), policies)


def anew(rows: Sequence[Row]) -> None:
    """From plain JSON values to the decision, the policies of each request being plain JSON values too."""
    for request, documents, _, _ in rows:
        evaluate(Request.of(request), PolicySet.of(documents))


STEPS: Mapping[str, Step] = {"request": build, "decision": decide, "both": both, "and policies": anew}


def rows(given: Sequence[Case]) -> list[Row]:
    """Cases with what is made of them, the policies once for all that have the same."""
    sets: dict[str, PolicySet] = {}
    every = [sets.setdefault(json.dumps(case.policies), PolicySet.of(case.policies)) for case in given]
    found = [(case.request, case.policies, Request.of(case.request), each) for case, each in zip(given, every, strict=True)]
    decide(found)
    return found


def clock(run: Callable[[], object]) -> float:
    """CPU seconds."""
    start = time.process_time()
    run()
    return time.process_time() - start


def rates(kinds: Sequence[str]) -> dict[str, float]:
    """How many requests of these kinds in turn each step does in a second: the median of several rounds of all steps."""
    seconds: dict[str, list[float]] = {name: [] for name in STEPS}
    for _ in range(ROUNDS):
        for name, step in STEPS.items():
            fresh = rows(cases(kinds, REQUESTS // len(kinds)))
            seconds[name].append(clock(lambda step=step, fresh=fresh: step(fresh)) / len(fresh))
    return {name: 1 / statistics.median(found) for name, found in seconds.items()}


def own() -> None:
    """Print a row for each kind of case, and one for all of them in turn."""
    print(f"\nevaluate, in a second of CPU in one process, {REQUESTS:,} new requests each\n{'':<42}", end="")
    print("".join(f"{name:>14}" for name in STEPS))
    found = {kind: rates([kind]) for kind in KINDS} | {"all of them in turn": rates(list(KINDS))}
    for kind, steps in found.items():
        print(f"{kind:<42}" + "".join(f"{rate:>12,.0f}/s" for rate in steps.values()))
    for name, step in STEPS.items():
        print(f"  {name:<14}{step.__doc__}")
    rate = found["all of them in turn"]["both"]
    print(f"from plain JSON values to the decision, all of them in turn: {'over' if rate >= WANTED else 'UNDER'} {WANTED:,}/s")


def command() -> None:
    """Print how many lines `meshrole simulate` reads, decides and writes, as a process of its own."""
    given = cases(list(KINDS), REQUESTS)
    with scratch() as folder:
        every, one = Path(folder, "cases.jsonl"), Path(folder, "one.jsonl")
        lines = [json.dumps({"id": case.id, "request": case.request, "policies": case.policies}) for case in given]
        every.write_text("\n".join(lines))
        one.write_text(lines[0])
        tasks = {path.stem: lambda path=path: cost([*MESHROLE, "simulate", path]) for path in (every, one)}
        costs = interleaved(ROUNDS, **tasks)
    whole, start = costs["cases"].cpu, costs["one"].cpu
    print(f"\nmeshrole simulate, {len(given):,} lines: {whole:.2f} CPU s, of which {start:.2f} before the first is read")
    print(f"  {len(given) / whole:,.0f} lines a second in all, {len(given) / (whole - start):,.0f} once it has started")


def moto(given: Sequence[Case]) -> Callable[[], object]:
    """moto's decisions about cases that are in its own form already, with policies as JSON text, which it reads for each."""
    asked = [(moto_iam.request(case), case.request["resource"]) for case in given]
    return lambda: [moto_iam.permits(request, resource) for request, resource in asked]


def in_node(given: Sequence[Case], *, unchecked: bool) -> float:
    """CPU seconds of iam-simulate for simulations that are in its own form already, with policies that it has checked."""
    return iam_simulate.run(given, 1, unchecked=unchecked).seconds[0]


def compare(name: str, given: Sequence[Case], theirs: Callable[[], float]) -> None:
    """Print a peer's rate and ours on the same cases, measured in turn."""
    fresh = rows(given)
    seconds: dict[str, list[float]] = {name: [], **{step: [] for step in STEPS}}
    for _ in range(ROUNDS):
        seconds[name].append(theirs())
        for step, run in STEPS.items():
            seconds[step].append(clock(lambda run=run: run(fresh)))
    medians = {each: statistics.median(found) for each, found in seconds.items()}
    print(f"{name:<24}{len(given):>8,} cases{len(given) / medians[name]:>12,.0f}/s   meshrole:", end="")
    for step in list(STEPS)[1:]:
        print(f"{len(given) / medians[step]:>12,.0f}/s {step} ({medians[name] / medians[step]:.1f} times)", end="")
    print()


def peers() -> None:
    """Print how others do on those of the same cases that they read, and how often each answers as AWS documents."""
    every = cases(list(KINDS), REQUESTS)
    tables = documented()
    print("\nthe same cases, in a second of CPU, by turns; what the others are given is in their own form before")
    print("moto reads the policies of each case from text, iam-simulate has all of them read and checked before")
    print(f"meshrole: {agreement(tables, list(map(own_answer, tables)))}")
    print(f"moto: {agreement(tables, list(map(moto_iam.answer, tables)))}")
    read = [case for case in every if moto_iam.readable(case)]
    run = moto(read)
    compare("moto", read, lambda: clock(run))
    problem = iam_simulate.install()
    if problem:
        print(f"iam-simulate: not measured, {problem}")
        return
    print(f"iam-simulate: {agreement(tables, iam_simulate.run(tables).answers)}")
    every = every[: OF_IAM_SIMULATE * len(KINDS)]
    for name, unchecked in (("iam-simulate", False), ("iam-simulate, unchecked", True)):
        said = iam_simulate.run(every, unchecked=unchecked).answers
        taken = [case for case, each in zip(every, said, strict=True) if each.answer not in ("unread", "crash")]
        compare(name, taken, lambda taken=taken, unchecked=unchecked: in_node(taken, unchecked=unchecked))


def main() -> None:
    """Print what each step of a decision costs, the command that does them all, and the others on the same cases."""
    own()
    command()
    peers()


if __name__ == "__main__":
    main()
