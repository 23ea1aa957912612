"""`make fuzz`: plans that are guided by what of the review they reach (https://github.com/google/atheris). It ends at a crash.

The rest of the command line is libFuzzer's (https://llvm.org/docs/LibFuzzer.html#options); a folder keeps what was of interest.
"""

import json
import sys

import atheris

with atheris.instrument_imports(include=["meshrole"]):
    from hostile import VALUES, WORDS, plan, put, reviewed

RAW, MOST = 12, 4


def one(data: bytes) -> None:
    """Review one plan: mostly a real one with anything anywhere, sometimes bytes as they come."""
    given = atheris.FuzzedDataProvider(data)
    if given.ConsumeIntInRange(0, RAW) == 0:
        reviewed(given.ConsumeBytes(given.remaining_bytes()))
        return
    value = plan(given.ConsumeIntListInRange(given.ConsumeIntInRange(1, MOST), 0, 10_000))
    for _ in range(given.ConsumeIntInRange(1, MOST)):
        path = given.ConsumeIntListInRange(given.ConsumeIntInRange(1, RAW), 0, 40)
        put(value, path, _anything(given))
    reviewed(json.dumps(value).encode())


def _anything(given: "atheris.FuzzedDataProvider") -> object:
    kind = given.ConsumeIntInRange(0, 3)
    if kind == 0:
        return given.PickValueInList(list(VALUES))
    if kind == 1:
        return given.ConsumeUnicode(20)
    if kind == 2:
        return [given.PickValueInList(list(VALUES))]
    return json.dumps({"Statement": [{given.PickValueInList(_WORDS): given.PickValueInList(list(VALUES)) for _ in range(3)}]})


_WORDS = [*WORDS, "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition", "Sid"]

if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
