"""The environment variables and the CLI configuration that terraform runs with.

https://developer.hashicorp.com/terraform/cli/config/environment-variables
"""

import os
from collections.abc import Mapping
from pathlib import Path

from meshrole.terraform import find

ALWAYS = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
# They change what a command does or prints; our commands say what they want.
NEVER = ("TF_CLI_ARGS", "TF_LOG", "TF_DATA_DIR", "TF_REATTACH_PROVIDERS")
# A run without AWS must not depend on anybody's account, region or proxy certificate.
NEVER_OFFLINE = ("AWS_", "TF_VAR_", "TF_WORKSPACE")
CONFIG = "TF_CLI_CONFIG_FILE"


def prepared(
    *, offline: bool, config: Path | None, base: Mapping[str, str] | None = None, temporary: Path | None = None
) -> dict[str, str]:
    """The variables of a run; `config` is our own CLI configuration, where the user's is not to be used.

    Providers that are killed leave their sockets behind: with `temporary` they lie where we clean up.
    """
    dropped = (*NEVER, *(NEVER_OFFLINE if offline else ()))
    environ = os.environ if base is None else base
    kept = {name: value for name, value in environ.items() if not name.startswith(dropped)}
    if config is not None:
        kept[CONFIG] = str(config)
    elif CONFIG in kept and not Path(kept[CONFIG]).is_file():
        kept[CONFIG] = os.devnull
    if temporary is not None:
        kept["TMPDIR"] = str(temporary)
    return {**kept, **ALWAYS}


def has_config() -> bool:
    """Whether the user has a CLI configuration of their own that exists."""
    named = os.environ.get(CONFIG)
    return Path(named).is_file() if named else (Path.home() / ".terraformrc").is_file()


def write_config(folder: Path, mirror: Path) -> tuple[Path, bool]:
    """A CLI configuration for the mirror, and whether it makes `init` unnecessary.

    An unpacked provider is named directly: no copy, no lock file, no hash of 700 MB at each command.
    """
    provider = find.unpacked_provider(mirror)
    if provider is None:
        return write_mirror(folder, mirror), False
    return _write(folder, f'  dev_overrides {{\n    "hashicorp/aws" = "{provider}"\n  }}\n  direct {{}}\n'), True


def write_mirror(folder: Path, mirror: Path) -> Path:
    """A CLI configuration that takes the AWS provider from the mirror, and any other from where it comes from otherwise."""
    body = f'  filesystem_mirror {{\n    path    = "{mirror}"\n    include = ["{find.PROVIDER}"]\n  }}\n'
    return _write(folder, f'{body}  direct {{\n    exclude = ["{find.PROVIDER}"]\n  }}\n')


def _write(folder: Path, body: str) -> Path:
    path = folder / "meshrole.tfrc"
    path.write_text(f"provider_installation {{\n{body}}}\n", encoding="utf-8")
    return path
