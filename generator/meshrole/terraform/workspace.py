"""Roots, and throw-away copies of them: terraform leaves its files there and not in the user's folder."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from meshrole.errors import InputError, Problem
from meshrole.terraform import hcl

MARKS = ("terraform.tf", "main.tf")
NOT_COPIED = (".terraform", ".terraform.lock.hcl", ".meshrole")
OVERRIDE = "zz_meshrole_override.tf"
PROVIDER = re.compile(r'^\s*provider\s+"?aws"?\s*\{', re.MULTILINE)
STATE = re.compile(r'^[ \t]*(?:backend\s+"[^"]*"|cloud)\s*\{', re.MULTILINE)
ALIAS = re.compile(r'^\s*alias\s*=\s*"([^"]+)"', re.MULTILINE)
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference
OFFLINE = """\
provider "aws" {{{alias}
  access_key                  = "offline"
  secret_key                  = "offline"
  allowed_account_ids         = []
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}}
"""


def roots(folder: Path) -> tuple[Path, ...]:
    """The roots of a generated folder, or the folder itself if it is one. Raises InputError when there is none."""
    if not folder.is_dir():
        raise InputError(Problem(f"no folder {folder}", help="run `meshrole generate INVENTORY --out DIR` first"))
    if _is_root(folder):
        return (folder,)
    found = tuple(sorted(path for path in folder.iterdir() if path.is_dir() and _is_root(path)))
    if not found:
        raise InputError(Problem(f"no Terraform root in {folder}", help="run `meshrole generate INVENTORY --out DIR` first"))
    return found


def _is_root(folder: Path) -> bool:
    return all((folder / name).is_file() for name in MARKS)


def copy(root: Path, scratch: Path, *, offline: bool) -> Path:
    """A copy of `root` in `scratch` that can be run without touching it.

    The root's own files are copied, the modules that it calls are linked. Backends are left out; with `offline`, an override
    file gives each AWS provider throw-away credentials.
    """
    target = scratch / root.name
    target.mkdir()
    for path in root.iterdir():
        if path.is_file() and path.name not in NOT_COPIED and not path.name.endswith((".tfstate", ".tfplan", ".backup")):
            _copy_file(path, target)
    _link_modules(root, target, scratch)
    if offline:
        text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(root.glob("*.tf")))
        (target / OVERRIDE).write_text("\n".join(_overrides(text)), encoding="utf-8")
    return target


def _copy_file(path: Path, target: Path) -> None:
    if path.suffix != ".tf":
        shutil.copyfile(path, target / path.name)
        return
    text = path.read_text(encoding="utf-8")
    for start, end in reversed(list(_spans(STATE, text))):
        text = text[:start] + text[end:]
    (target / path.name).write_text(text, encoding="utf-8")


def _link_modules(root: Path, target: Path, scratch: Path) -> None:
    """Links to what the module calls name; to every folder beside them when a file is not literal HCL."""
    sources = hcl.local_modules(root)
    if sources is None:
        inside = [path.name for path in root.iterdir() if path.is_dir() and path.name not in NOT_COPIED]
        beside = [path.name for path in root.parent.iterdir() if path.is_dir() and path.name not in (root.name, *NOT_COPIED)]
        sources = (*(f"./{name}" for name in inside), *(f"../{name}" for name in beside))
    for source in sources:
        first = source.split("/")[1]
        link, real = (scratch / first, root.parent / first) if source.startswith("../") else (target / first, root / first)
        if real.exists() and not link.exists():
            link.symlink_to(real.resolve(), target_is_directory=True)


def _overrides(text: str) -> Iterator[str]:
    for start, end in _spans(PROVIDER, text):
        alias = ALIAS.search(text[start:end])
        yield OFFLINE.format(alias=f'\n  alias = "{alias.group(1)}"' if alias else "")


def _spans(opening: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where each block that begins with `opening` begins and ends; braces in strings and comments do not count."""
    for match in opening.finditer(text):
        depth = 1
        for token in re.finditer(r'"(?:\\.|[^"\\])*"|#[^\n]*|//[^\n]*|/\*.*?\*/|[{}]', text[match.end() :], re.DOTALL):
            depth += {"{": 1, "}": -1}.get(token.group(), 0)
            if depth == 0:
                yield match.start(), match.end() + token.end()
                break
