"""IAM's wildcards: `*` is any run of characters, `?` exactly one, everything else stands for itself.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from functools import lru_cache

CACHE = 65_536


def has_wildcard(text: str) -> bool:
    """Whether `text` is a pattern rather than a name."""
    return "*" in text or "?" in text


@lru_cache(CACHE)
def matches(pattern: str, text: str) -> bool:
    """Whether `pattern` matches `text`, in which no character is special."""
    position, index, star, resume = 0, 0, -1, 0
    while index < len(text):
        if position < len(pattern) and pattern[position] == "*":
            star, resume = position, index
            position += 1
        elif position < len(pattern) and pattern[position] in ("?", text[index]):
            position, index = position + 1, index + 1
        elif star >= 0:
            resume += 1
            position, index = star + 1, resume
        else:
            return False
    return all(character == "*" for character in pattern[position:])


@lru_cache(CACHE)
def overlaps(one: str, other: str) -> bool:
    """Whether some text is matched by both patterns."""
    reached = _skip_stars(one, {0})
    states = {(position, end) for position in reached for end in _skip_stars(other, {0})}
    seen = set(states)
    while states:
        if (len(one), len(other)) in states:
            return True
        states = {
            (a, b)
            for position, end in states
            if position < len(one) and end < len(other) and _meet(one[position], other[end])
            for a in _skip_stars(one, {position if one[position] == "*" else position + 1})
            for b in _skip_stars(other, {end if other[end] == "*" else end + 1})
        } - seen
        seen |= states
    return False


@lru_cache(CACHE)
def covers(wide: str, narrow: str) -> bool:
    """Whether `wide` matches every text that `narrow` matches: an exact inclusion of two languages."""
    if wide in ("*", narrow):
        return True
    if not has_wildcard(narrow):
        return matches(wide, narrow)
    letters = [*dict.fromkeys(wide + narrow), "\0"]
    start = (frozenset(_skip_stars(narrow, {0})), frozenset(_skip_stars(wide, {0})))
    waiting, seen = [start], {start}
    while waiting:
        inner, outer = waiting.pop()
        if len(narrow) in inner and len(wide) not in outer:
            return False
        for letter in letters:
            step = (_step(narrow, inner, letter), _step(wide, outer, letter))
            if step[0] and step not in seen:
                seen.add(step)
                waiting.append(step)
    return True


def _meet(one: str, other: str) -> bool:
    return one in "*?" or other in "*?" or one == other


def _skip_stars(pattern: str, positions: set[int]) -> set[int]:
    """`positions` and those that are reached from them without a character: `*` may match nothing."""
    reached = set(positions)
    for position in positions:
        while position < len(pattern) and pattern[position] == "*":
            position += 1
            reached.add(position)
    return reached


def _step(pattern: str, positions: frozenset[int], letter: str) -> frozenset[int]:
    after = set()
    for position in positions:
        if position < len(pattern):
            if pattern[position] == "*":
                after.add(position)
            elif pattern[position] in ("?", letter) and not (letter in "*?" and pattern[position] == letter == "*"):
                after.add(position + 1)
    return frozenset(_skip_stars(pattern, after))
