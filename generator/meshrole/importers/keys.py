"""Names of ours, made of AWS's: short, in small letters, each once."""

import re
from collections.abc import Iterable, Sequence

OTHERS = re.compile(r"[^a-z0-9]+")
LONGEST = 40
# The folders that an environment has beside its meshes, which no mesh may be called.
NO_MESH = ("people", "pipelines", "modules", "audit")


class Keys:
    """The names given so far, in one place where each must be one."""

    def __init__(self, taken: Iterable[str] = (), longest: int = LONGEST) -> None:
        self.taken, self.longest = set(taken), longest
        self.numbers: dict[str, int] = {}

    def new(self, *wishes: str, under: str = "") -> str:
        """The first of `wishes` that is free, or the last with a number; with `under-` before it, it must be free as well."""
        slugs = [slug(wish, self.longest) for wish in wishes]
        last = slugs[-1]
        for name in slugs:
            if self._takes(name, under):
                return name
        while not self._takes(name := f"{last}-{self._next(last, under)}", under):
            pass
        return name

    def _takes(self, name: str, under: str) -> bool:
        whole = f"{under}-{name}" if under else name
        is_free = whole not in self.taken
        self.taken.add(whole)
        return is_free

    def _next(self, name: str, under: str) -> int:
        key = f"{under}-{name}"
        self.numbers[key] = self.numbers.get(key, 1) + 1
        return self.numbers[key]


def slug(text: str, longest: int = LONGEST) -> str:
    """A name of ours for any text: `{APP_NAMESPACE}` is `app-namespace`."""
    made = OTHERS.sub("-", text.lower()).strip("-")[:longest].strip("-") or "x"
    return made if made[0].isalpha() else f"x-{made}"


def service_wishes(name: str) -> tuple[str, str]:
    """What a virtual service may be called here: its first label where the rest is a private zone, else its whole name."""
    label, _, zone = name.partition(".")
    is_private = not zone or zone.endswith("local") or "{" in zone
    return (label if is_private else name), name


def node_wish(name: str) -> str:
    """What a virtual node is called here: its name without a word that says that it is one."""
    short = re.sub(r"[-_.]?(virtual[-_]?node|vn|node)$", "", name, flags=re.IGNORECASE)
    return short or name


def version_wishes(names: Sequence[str]) -> list[str]:
    """What sets the nodes of one service apart: their names without the words that all of them begin or end with."""
    tokens = [slug(name).split("-") for name in names]
    head = _shared(tokens)
    tails = _shared([part[: head - 1 if head else None : -1] for part in tokens]) if len(tokens) > 1 else 0
    return ["-".join(part[head : len(part) - tails]) or "main" for part in tokens]


def _shared(tokens: Sequence[Sequence[str]]) -> int:
    """How many first words all have in common."""
    count = 0
    for words in zip(*tokens, strict=False):
        if len(set(words)) > 1:
            break
        count += 1
    return count
