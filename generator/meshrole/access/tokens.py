"""Names in a message that a line break may have cut in two: actions, ARNs, resources that are no ARNs."""

import re

from meshrole.access.plain import phrase
from meshrole.iam import actions, arn

# Bounded, so that no text makes the search slow.
NAME = r"\S{1,2048}(?:\n\S{1,2048}){0,40}?"
# A run of letters and line breaks: lines are stripped, so a run ends where AWS wrote white space.
RUN = re.compile(r"\S+(?:\n\S+)*")
ACTION = re.compile(r"[A-Za-z0-9-]+:[\w*]+")
# Words that go on after a name when a line ends with it.
NEXT = ("on", "because", "with", "transitively", "that", "is")
# What IAM calls a resource that it does not name by an ARN.
KINDS = ("user", "role", "group", "policy", "instance profile", "access key", "mfa device", "server certificate")
SENTENCE_END = ".,;:)'\"`"
SEARCHED = 300
ENDS_SENTENCE = re.compile(r"[.;({\"]")


def action_at(text: str, position: int) -> tuple[str, int] | None:
    """The action that begins at `position` and where it ends; None when there is none."""
    run = RUN.match(text, position)
    if run is None:
        return None
    pieces = _until_next_word(run.group().split("\n"))
    candidates = ["".join(pieces[:count]).rstrip(SENTENCE_END) for count in range(1, len(pieces) + 1)]
    shaped = [(count, name) for count, name in enumerate(candidates, 1) if ACTION.fullmatch(name)]
    if not shaped:
        return None
    known = [item for item in shaped if actions.find(item[1])]
    count, name = (known or shaped[:1])[-1]
    return name, position + len("\n".join(pieces[:count]).rstrip(SENTENCE_END))


def arn_at(text: str, position: int, *, is_bounded: bool) -> tuple[str, int] | None:
    """The ARN at `position`; where it `is_bounded`, known words follow it and every break up to them is inside it."""
    run = RUN.match(text, position)
    if run is None or not run.group().startswith("arn:"):
        return None
    pieces = run.group().split("\n")
    kept = _until_next_word(pieces)
    whole = is_bounded or len(kept) < len(pieces) or run.end() == len(text)
    count = len(kept) if whole else next((end for end in range(1, len(kept) + 1) if _is_arn("".join(kept[:end]))), 1)
    name = "\n".join(kept[:count]).rstrip(SENTENCE_END)
    return name.replace("\n", ""), position + len(name)


def resource_at(text: str, position: int, follows: re.Pattern[str]) -> tuple[str, int] | None:
    """The resource at `position`: quoted, an ARN, `*`, or a kind and a name. `follows` is what AWS says after it."""
    if position < len(text) and text[position] == '"':
        return _quoted(text, position, follows)
    bounded = _bounded(text, position, follows)
    if bounded is not None:
        return bounded
    found = arn_at(text, position, is_bounded=False)
    if found is not None:
        return found
    kinds = "|".join(map(phrase, KINDS))
    match = re.compile(rf"(?:(?:{kinds})\s+)?[^\s(\"]+").match(text, position)
    if match is None:
        return None
    name = match.group().rstrip(SENTENCE_END)
    return (" ".join(name.split()), position + len(name)) if name else None


def _bounded(text: str, position: int, follows: re.Pattern[str]) -> tuple[str, int] | None:
    """Everything up to `follows`, unless a sentence ends before it: alarm names have spaces in them."""
    after = follows.search(text, position, position + SEARCHED * 4)
    if after is None:
        return None
    name = text[position : after.start()].strip()
    if not name or len(name) > SEARCHED * 4 or (" " in name and ENDS_SENTENCE.search(name)):
        return None
    joined = name.replace("\n", "") if name.startswith("arn:") or " " not in name else " ".join(name.split())
    return (joined, after.start()) if len(joined.split()) <= len(KINDS) else None


def _quoted(text: str, position: int, follows: re.Pattern[str]) -> tuple[str, int] | None:
    """S3 puts resources in quotes; a key may hold quotes of its own, so the last that is followed by known words ends it."""
    ends = [match.start() for match in re.finditer('"', text[position + 1 : position + 1 + SEARCHED * 10])]
    if not ends:
        return None
    known = [end for end in ends if follows.match(text, _blank(text, position + end + 2))]
    end = position + 1 + (known or ends)[0]
    return text[position + 1 : end].replace("\n", ""), end + 1


def _blank(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _until_next_word(pieces: list[str]) -> list[str]:
    for index, piece in enumerate(pieces):
        if index and piece in NEXT:
            return pieces[:index]
    return pieces


def _is_arn(text: str) -> bool:
    try:
        return bool(arn.parse(text))
    except ValueError:
        return False
