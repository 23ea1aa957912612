"""Names in a message that a line break may have cut in two: actions, ARNs, resources that are no ARNs."""

import re

from meshrole.access.plain import phrase
from meshrole.iam import actions, arn

# Bounded, so that no text makes the search slow.
NAME = r"\S{1,512}(?:\n\S{1,512}){0,40}?"
# A run of letters and line breaks: lines are stripped, so a run ends where AWS wrote white space.
RUN = re.compile(r"\S+(?:\n\S+)*")
ACTION = re.compile(r"[A-Za-z0-9-]+:[\w*]+")
MAX_PIECES = 40
# Words that go on after a name when a line ends with it.
NEXT = ("on", "because", "with", "transitively", "that", "is")
# What IAM calls a resource that it does not name by an ARN.
KINDS = ("user", "role", "group", "policy", "instance profile", "access key", "mfa device", "server certificate")
SENTENCE_END = ".,;:)'\"`"
KIND = re.compile(rf"(?P<kind>{'|'.join(map(phrase, KINDS))})\s+")
SEARCHED = 1200
MAX_WORDS = 8
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


def arn_at(text: str, position: int) -> tuple[str, int] | None:
    """The ARN at `position`, of which nothing tells where it ends: a break is inside it while it is none without the rest."""
    run = RUN.match(text, position)
    if run is None or not _glued(run.group()).startswith("arn:"):
        return None
    pieces = run.group().split("\n")
    kept = _until_next_word(pieces)
    is_last = len(kept) < len(pieces) or run.end() == len(text)
    count = len(kept) if is_last else next((end for end in range(1, len(kept) + 1) if _is_arn("".join(kept[:end]))), 1)
    name = "\n".join(kept[:count]).rstrip(SENTENCE_END)
    return _glued(name), position + len(name)


def resource_at(text: str, position: int, follows: re.Pattern[str]) -> tuple[str, int] | None:
    """The resource at `position`: quoted, an ARN, `*`, or a kind and a name. `follows` is what AWS says after it."""
    if text.startswith('"', position):
        return _quoted(text, position, follows)
    found = _bounded(text, position, follows) or arn_at(text, position)
    if found is not None:
        return found
    kind = KIND.match(text, position)
    start = kind.end() if kind else position
    run = RUN.match(text, start)
    if run is None:
        return None
    whole = run.group() if run.end() == len(text) else run.group().partition("\n")[0]
    name = re.split(r"[(\"]", whole)[0].rstrip(SENTENCE_END)
    return (_named(kind, name), start + len(name)) if name else None


def _bounded(text: str, position: int, follows: re.Pattern[str]) -> tuple[str, int] | None:
    """Everything up to `follows`: breaks are inside it; spaces only where it is on one line, as alarms' names have them."""
    after = follows.search(text, position, position + SEARCHED)
    name = text[position : after.start()].strip() if after else ""
    if after is None or not name:
        return None
    kind = KIND.match(name)
    rest = name[kind.end() :] if kind else name
    if RUN.fullmatch(rest):
        return _named(kind, rest), after.start()
    is_plain = "\n" not in name and not ENDS_SENTENCE.search(name) and len(name.split()) <= MAX_WORDS
    return (name, after.start()) if is_plain else None


def _named(kind: re.Match[str] | None, name: str) -> str:
    words = next((each for each in KINDS if kind and re.fullmatch(phrase(each), kind["kind"])), "")
    return f"{words} {_glued(name)}".strip()


def _glued(text: str) -> str:
    return text.replace("\n", "")


def _quoted(text: str, position: int, follows: re.Pattern[str]) -> tuple[str, int] | None:
    """S3 puts resources in quotes; a key may hold quotes of its own, so the last that is followed by known words ends it."""
    ends = [match.start() for match in re.finditer('"', text[position + 1 : position + 1 + SEARCHED * 3])]
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
    pieces = pieces[:MAX_PIECES]
    for index, piece in enumerate(pieces):
        if index and piece in NEXT:
            return pieces[:index]
    return pieces


def _is_arn(text: str) -> bool:
    if text.endswith((":", "/")):
        return False
    try:
        return bool(arn.parse(text))
    except ValueError:
        return False
