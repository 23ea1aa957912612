"""From what was read to what is proved: plans or rendered files, an inventory, a table of expectations, and AWS where asked."""

from collections.abc import Mapping, Sequence

from meshrole.access.verify import expect, expectations
from meshrole.access.verify.estate import Estate
from meshrole.access.verify.finding import Proof
from meshrole.access.verify.prove import estate, prove
from meshrole.access.verify.report import Verified
from meshrole.blueprint.model import Blueprint
from meshrole.errors import InputError, Problem
from meshrole.inventory.document import collector_off
from meshrole.inventory.load import Loaded
from meshrole.inventory.values import Inventory
from meshrole.plans import manifests, read, rendered, roles
from meshrole.plans.facts import Facts
from meshrole.plans.lattice import with_stand_ins

Named = tuple[str, bytes]
Sound = tuple[Blueprint, Inventory, Loaded]


def verify(
    sound: Sound | None, plans: Sequence[Named], files: Mapping[str, bytes], table: Named | None, *, live: bool = False
) -> Verified:
    """Every proof, of the plans or else of the files that were rendered. Raises PlanError and InputError."""
    blueprint, inventory, loaded = sound or (None, None, None)
    with collector_off():
        facts = [roles.facts(read.parse(content, name)) for name, content in plans]
        facts = [with_stand_ins(each) for each in facts] if sound else facts
        written = loaded.written if loaded else None
        beside = None if plans else _manifests(files, blueprint)
        subject = estate(facts if plans else _rendered(files, blueprint), blueprint, inventory, written, beside)
        rows = expectations.read(table[1], table[0]) if table else None
        more = (expect.prove(subject, rows),) if rows else ()
        proofs = (*prove(subject), *more, *(_live(subject) if live else ()))
    return Verified(proofs, loaded.document.place if loaded else lambda _: None)


def _rendered(files: Mapping[str, bytes], blueprint: Blueprint | None) -> list[Facts]:
    """What the files of each root say, read back from them."""
    return [
        rendered.facts(files, place.name, tuple(module.name for module in root.modules), (place.partition, place.account))
        for root in (blueprint.roots if blueprint else ())
        for place in [root.environment]
    ]


def _manifests(files: Mapping[str, bytes], blueprint: Blueprint | None) -> list[manifests.Manifest]:
    return [
        item
        for root in (blueprint.roots if blueprint else ())
        for item in manifests.manifests(files, root.environment.name, [module.name for module in root.modules])
    ]


def _live(subject: Estate) -> tuple[Proof, ...]:
    try:
        from meshrole.access import live
    except ModuleNotFoundError:
        raise InputError(Problem("--live needs boto3, which is not installed", help='pip install "meshrole[live]"')) from None
    return live.prove(subject)
