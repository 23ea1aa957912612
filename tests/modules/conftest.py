"""The provider that the tests of the modules share."""

from collections.abc import Iterator

import pytest

from attached import attached
from modules.terraform_cli import variables


@pytest.fixture(scope="session")
def attaching(tmp_path_factory) -> Iterator[dict[str, str]]:
    """The variables of every terraform here: it attaches to one provider. Each root has one provider block, or mocks it."""
    with attached(variables(tmp_path_factory.mktemp("provider"))) as found:
        yield found
