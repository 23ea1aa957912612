"""Values of condition keys that tell conditions apart: for every way in which tests on a key can come out, a value.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, pairwise, product
from typing import NamedTuple

from meshrole.access.verify.cells import Condition
from meshrole.access.verify.language import classes, shape
from meshrole.iam import condition
from meshrole.iam.evaluation import operators, pattern
from meshrole.iam.evaluation.matcher import Plain
from meshrole.iam.evaluation.pattern import Variable

# A value of the request: None is a key that the request does not have.
Value = str | tuple[str, ...] | None
FRESH = "something-else"
MAX_TOGETHER = 3
MAX_VALUES = 24
MAX_LETTERS = 5
TEXT, TEXTS = "String", ("String", "ARN")


class Choices(NamedTuple):
    """The values to try for each key. Not `complete`: there are more ways than were tried."""

    values: Mapping[str, tuple[Value, ...]]
    complete: bool


def choices(conditions: Iterable[Condition]) -> Choices:
    """The values to try for every key that the conditions test, or take a variable from."""
    tests: dict[str, list[Condition]] = defaultdict(list)
    for each in conditions:
        tests[each[1]].append(each)
        for name in variables(each[2]):
            tests.setdefault(name, [])
    found = {key: _of_key(each) for key, each in sorted(tests.items())}
    return Choices({key: values for key, (values, _) in found.items()}, all(complete for _, complete in found.values()))


def plain(text: str, *, wildcards: bool = True) -> Plain:
    """A policy's text with a value in the place of each variable."""
    pieces = pattern.read(text, wildcards=wildcards, variables=True)
    return tuple(FRESH if isinstance(piece, Variable) else piece for piece in pieces)


def variables(texts: Iterable[str]) -> Iterator[str]:
    """The keys that texts take variables from, in lower case."""
    for text in texts:
        for piece in pattern.read(text, wildcards=False, variables=True):
            if isinstance(piece, Variable):
                yield piece.key


def _of_key(tests: Sequence[Condition]) -> tuple[tuple[Value, ...], bool]:
    by_kind: dict[str, list[Condition]] = defaultdict(list)
    for each in tests:
        kind = condition.OPERATORS.get(condition.base(each[0]), TEXT)
        by_kind[TEXT if kind in TEXTS else kind].append(each)
    found: dict[str, None] = {}
    # Tests of two kinds on one key may hold together in more ways than each kind's own values show.
    complete = len(by_kind.keys() - {"Null"}) <= 1
    for kind, alike in by_kind.items():
        texts, is_all = _texts(kind, alike)
        found |= dict.fromkeys(texts)
        complete = complete and is_all
    found[FRESH] = None
    single: list[Value] = [None, *found]
    if any(each[0].startswith(condition.SETS) for each in tests):
        several, is_all = _several(list(found), len(tests))
        return (*single, *several), complete and is_all
    return tuple(single), complete


def _several(texts: Sequence[str], tests: int) -> tuple[list[Value], bool]:
    """Several values at once: one that fails and one that holds for each test is as many as can make a difference."""
    together = min(tests + 1, MAX_TOGETHER)
    some = texts[:MAX_VALUES]
    found = [each for size in range(2, together + 1) for each in combinations(some, size)]
    return list(found), len(some) == len(texts) and tests < MAX_TOGETHER


def _texts(kind: str, tests: Sequence[Condition]) -> tuple[list[str], bool]:
    values = sorted({value for each in tests for value in each[2]})
    match kind:
        case "Numeric":
            return _numbers(values), True
        case "Date":
            return _dates(values), True
        case "Bool":
            return ["true", "false"], True
        case "IPAddress":
            return list(_addresses(values)), True
        case "Binary":
            return [*values, "AAAA"], True
        case "Null":
            return [], True
    return _strings(tests)


def _strings(tests: Sequence[Condition]) -> tuple[list[str], bool]:
    pieces: dict[tuple[Plain, bool], None] = {}
    wanted: list[str] = []
    complete = True
    for operator, _, values in tests:
        base = condition.base(operator)
        of_arn = condition.OPERATORS[base] == "ARN"
        for value in sorted(values):
            read = plain(value, wildcards=of_arn or "Like" in base)
            pieces[read, of_arn] = None
            text = "".join(piece if isinstance(piece, str) else "x" for piece in read)
            wanted.append(text)
            if "IgnoreCase" in base:
                wanted += _cases(text)
                complete = complete and (len(text) <= MAX_LETTERS or len(tests) == 1)
    found = classes([shape(read, of_arn=of_arn) for read, of_arn in pieces], [*wanted, FRESH])
    return list(dict.fromkeys([*(text for text in found.texts.values() if text), *wanted])), found.complete and complete


def _cases(text: str) -> list[str]:
    """The text in other capital letters: in all of them where it is short."""
    if len(text) > MAX_LETTERS:
        return [text.lower(), text.upper(), text.swapcase()]
    return ["".join(letters) for letters in product(*({letter.lower(), letter.upper()} for letter in text))]


def _numbers(values: Sequence[str]) -> list[str]:
    known = sorted(number for value in values if (number := operators.number(value)) is not None)
    between = [(one + other) / 2 for one, other in pairwise(known)]
    around = [known[0] - 1, known[-1] + 1] if known else [Decimal(0)]
    return [str(number) for number in (*known, *between, *around)]


def _dates(values: Sequence[str]) -> list[str]:
    known = sorted(moment for value in values if (moment := operators.moment(value)) is not None)
    around = [moment + step for moment in known for step in (-1, 0, 1) if moment + step >= 0]
    return [str(int(moment)) for moment in around] or ["0"]


def _addresses(values: Sequence[str]) -> Iterator[str]:
    for value in values:
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            continue
        first, last = network.network_address, network.broadcast_address
        yield str(first)
        yield str(last)
        if int(first):
            yield str(first - 1)
        if int(last) < 2**network.max_prefixlen - 1:
            yield str(last + 1)
