"""The AWS provider as a process of its own, to which every terraform of a test attaches: one start in place of one for each walk.

https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
Such a provider has one configuration at a time. It is for providers that are mocked, which never configure it, and for one
command after the other in roots with a single provider block.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from meshrole.terraform import find
from meshrole.terraform.settings import Settings

ATTACH = "TF_REATTACH_PROVIDERS"


@contextmanager
def attached(variables: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """`variables`, with what makes terraform attach to a provider that has them too; without an unpacked provider, as they are."""
    mirror = find.plugin_dir(Settings())
    folder = mirror and find.unpacked_provider(mirror)
    if folder is None:
        yield dict(variables)
        return
    command = [str(next(folder.glob("terraform-provider-aws_*"))), "-debug"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provider:
        try:
            told = next((found for line in provider.stdout or () if (found := re.search(f"{ATTACH}='(.+)'", line))), None)
            assert told, "the provider ended before it said how to attach to it"
            yield {**variables, ATTACH: told[1]}
        finally:
            provider.terminate()
