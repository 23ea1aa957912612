"""A configuration (`*.tf`, `*.tf.json`, `*.tfvars`) as resources.

Folders that no other one calls are roots; the others are read as they are called. https://developer.hashicorp.com/terraform/language/modules
"""

import json
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence

from meshrole.importers.base import SourceFile
from meshrole.importers.found import Miss
from meshrole.importers.origin import Origin
from meshrole.importers.tf.config import Config
from meshrole.importers.tf.data import TooMuchError, known
from meshrole.importers.tf.evaluate import evaluate
from meshrole.importers.tf.expansion import written
from meshrole.importers.tf.json_config import json_blocks, json_expression
from meshrole.importers.tf.module import Argument, Module
from meshrole.importers.tf.resource import Resource
from meshrole.importers.tf.syntax import Block, BrokenSyntaxError, Expression, Literal
from meshrole.importers.tf.templates import Parse
from meshrole.importers.tf.world import World

Blocks = Callable[[str], tuple[Block, list[BrokenSyntaxError]]]
Wanted = Callable[[str, str], bool]
CONFIGURED = (".tf", ".tofu", ".tf.json")


def resources(
    files: Sequence[SourceFile], parameters: Mapping[str, str], is_wanted: Wanted, blocks: Blocks, parse: Parse
) -> tuple[list[Resource], list[Miss]]:
    """The resources that are wanted, and what could not be read. `blocks` and `parse` read Terraform's language."""
    misses: list[Miss] = []
    contents = {posixpath.normpath(file.name): file.content for file in files}
    configs, values = _read(files, blocks, parse, misses)
    world = World(contents, configs, parse)
    given = {name: Argument(_parameter(text, parse)) for name, text in parameters.items()}
    found: list[Resource] = []
    for module in _modules(world, values, given, misses):
        found += _of_module(module, is_wanted, misses)
    return found, misses


def _read(
    files: Sequence[SourceFile], blocks: Blocks, parse: Parse, misses: list[Miss]
) -> tuple[dict[str, Config], dict[str, dict[str, Expression]]]:
    """The folders, and the values of each file of variables."""
    configs: dict[str, Config] = {}
    values: dict[str, dict[str, Expression]] = {}
    for file in files:
        folder, text = posixpath.dirname(posixpath.normpath(file.name)), file.content.decode("utf-8-sig", errors="replace")
        problems: list[BrokenSyntaxError] = []
        try:
            if file.name.endswith(".tfvars"):
                top, problems = blocks(text)
                values[file.name] = {name: each.expression for name, each in top.attributes.items()}
            elif file.name.endswith(".tfvars.json"):
                values[file.name] = _json_values(text, parse)
            elif file.name.endswith(CONFIGURED):
                top, problems = (json_blocks(text, parse), []) if file.name.endswith(".json") else blocks(text)
                configs.setdefault(folder, Config(folder)).add(file.name, top)
        except BrokenSyntaxError as broken:
            problems = [broken]
        misses += [Miss(Origin(file.name, each.line), "a block, or the file", each.why) for each in problems]
    return configs, values


def _json_values(text: str, parse: Parse) -> dict[str, Expression]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenSyntaxError(1, f"not JSON: {error}") from None
    return {name: json_expression(value, parse) for name, value in data.items()} if isinstance(data, dict) else {}


def _parameter(text: str, parse: Parse) -> Expression:
    """A value as `-var` takes it: a text, or a list or map in Terraform's language."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return parse(text)
        except BrokenSyntaxError:
            pass
    return Literal(text)


def _modules(
    world: World, values: Mapping[str, Mapping[str, Expression]], given: Mapping[str, Argument], misses: list[Miss]
) -> Iterator[Module]:
    """Every root and, below it, every module that it calls; then the folders that call each other in a circle."""
    sources = {
        found.folder
        for config in world.configs.values()
        for name in config.calls
        if (found := world.folder(config.folder, Module(world, config, {}).source(name) or "")) and found is not config
    }
    roots = [config for folder, config in world.configs.items() if folder not in sources]
    world.roots = [Module(world, config, {**_variables(config, roots, values, misses), **given}) for config in roots]
    for root in world.roots:
        yield from _below(root, misses)
    for config in world.configs.values():
        if config not in roots and config.folder not in world.called:
            world.called.add(config.folder)
            yield from _below(Module(world, config, {**_variables(config, roots, values, misses), **given}), misses)


def _variables(
    config: Config, roots: Sequence[Config], values: Mapping[str, Mapping[str, Expression]], misses: list[Miss]
) -> dict[str, Argument]:
    """The values in files of variables: those that Terraform loads by itself, or else the one that there is.

    https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files
    """
    own = {name: each for name, each in values.items() if posixpath.dirname(posixpath.normpath(name)) == config.folder}
    loaded = [name for name in sorted(own) if _is_automatic(name)]
    others = [name for name in values if not _is_automatic(name)]
    if len(others) == 1 and (others[0] in own or config in roots):
        loaded += others
    elif others and config is roots[0] and len(others) > 1:
        why = f"several files of variables ({len(others)}), and which of them is meant is not said: give its values as parameters"
        misses.append(Miss(Origin(others[0]), "its values", why))
    return {name: Argument(each) for file in loaded for name, each in values[file].items()}


def _is_automatic(name: str) -> bool:
    base = posixpath.basename(name).removesuffix(".json")
    return base == "terraform.tfvars" or base.endswith(".auto.tfvars")


def _below(module: Module, misses: list[Miss]) -> Iterator[Module]:
    yield module
    for name, placed in module.config.calls.items():
        origin = Origin(placed.file, placed.block.line, f"{module.address}.module.{name}".lstrip("."))
        try:
            called = module.called(name)
            source = module.source(name)
        except (TooMuchError, RecursionError) as error:
            misses.append(Miss(origin, "the module", str(error)))
            continue
        if called is None:
            why = f"its source {source} is not among the given files" if source else "its source is not known"
            misses.append(Miss(origin, "the module", why))
        for _, child in called or ():
            yield from _below(child, misses)


def _of_module(module: Module, is_wanted: Wanted, misses: list[Miss]) -> Iterator[Resource]:
    account, region = _provider(module)
    placed = [(key, each) for key, each in module.config.resources.items() if is_wanted(*key[:2])]
    for key, each in (*placed, *((key, each) for key, each in module.config.twice if is_wanted(*key[:2]))):
        mode, kind, name = key
        try:
            again = module.config.resources[key] is not each
            expanded = module.expanded(each, key) if again else module.resource(key)
            for _, instance in expanded.pairs if expanded else ():
                origin = Origin(each.file, each.block.line, instance.address)
                attributes = instance.whole()
                notes = [*instance.notes, *([expanded.note] if expanded and expanded.note else [])]
                texts = {name: written(attribute.expression, "") for name, attribute in each.block.attributes.items()}
                yield Resource(kind, instance.address, attributes, origin, mode, tuple(notes), account, region, texts)
        except (TooMuchError, RecursionError) as error:
            misses.append(Miss(Origin(each.file, each.block.line, f"{kind}.{name}"), "the resource", str(error) or "too deep"))


def _provider(module: Module) -> tuple[str | None, str | None]:
    """The account and region that the provider is told, where it is."""
    placed = module.config.provider
    attributes = placed.block.attributes if placed else {}
    region = known(evaluate(attributes["region"].expression, module.scope)) if "region" in attributes else None
    allowed = evaluate(attributes["allowed_account_ids"].expression, module.scope) if "allowed_account_ids" in attributes else []
    account = known(allowed[0]) if isinstance(allowed, list) and len(allowed) == 1 else None
    return account, region
