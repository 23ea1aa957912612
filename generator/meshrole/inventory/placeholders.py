"""The words that an inventory defines itself: what each stands for in an environment, and which ones nobody has said yet."""

from collections.abc import Mapping

from meshrole.errors import Problem
from meshrole.inventory.model import InventoryFile, Placeholder
from meshrole.inventory.names import names_of, report_unknown
from meshrole.inventory.scope import Report, Scope

# Words that the place itself fills in: no inventory can give them another meaning.
OWN_WORDS = ("partition", "region", "account", "environment", "organization", "mesh", "service", "version")


def words_of(file: InventoryFile, environment: str) -> dict[str, str]:
    """Each word with its value in an environment; a word without one stands for itself, so that it stays visible."""
    return {word: _value(entry, environment) or f"{{{word}}}" for word, entry in file.placeholders.items()}


def open_words(file: InventoryFile) -> tuple[str, ...]:
    """The words that lack a value somewhere, in braces: what is wrong with a text that has one in it is not known yet."""
    return tuple(
        f"{{{word}}}"
        for word, entry in file.placeholders.items()
        if any(_value(entry, environment) is None for environment in file.environments)
    )


def report_open(file: InventoryFile, scopes: Mapping[str, Scope], report: Report) -> None:
    """Report each word that lacks a value, once, and words and environments that cannot be."""
    for word, entry in file.placeholders.items():
        path = ("placeholders", word)
        if word in OWN_WORDS:
            report(Problem(f"{{{word}}} has a meaning of its own everywhere", path=path, help="take another word"))
        missing = [name for name in scopes if _value(entry, name) is None]
        if missing:
            where = f" in {', '.join(missing)}" if isinstance(entry.value, dict) else ""
            source = f" ({entry.at})" if entry.at else ""
            report(
                Problem(
                    f"{{{word}}} has no value{where}",
                    path=(*path, "value"),
                    found=f"{entry.expression}{source}" if entry.expression else None,
                    help=f"give its value: placeholders.{word}.value",
                )
            )
        for name in entry.value if isinstance(entry.value, dict) else ():
            if name not in scopes:
                known = names_of({"environments": file.environments}, "environments")
                report_unknown(report, (*path, "value", name), "environment", name, known)


def _value(entry: Placeholder, environment: str) -> str | None:
    return entry.value.get(environment) if isinstance(entry.value, dict) else entry.value
