"""Real templates and inputs of the AWS CLI, against what another parser found in them: `oracle.json`."""

import pytest

from importers.oracle_of_aws import ABSENT, CORPUS, ORACLE, cases, differences
from meshrole.importers import aws_json, cloudformation
from meshrole.importers.base import Options, SourceFile

pytestmark = pytest.mark.skipif(not ORACLE.exists(), reason=ABSENT)
READERS = {"cfn-yaml": cloudformation, "cli-json": aws_json}
CASES = [(kind, path) for kind in READERS for path in cases(kind)] or [("cfn-yaml", "no corpus")]


@pytest.mark.parametrize(("kind", "path"), CASES)
def test_a_real_file_holds_what_another_parser_found(kind, path):
    found = READERS[kind].read([SourceFile(path, (CORPUS / path).read_bytes())], Options())
    wrong, count = differences(cases(kind)[path], found)
    assert wrong == []
    assert count > 0
    assert [str(miss) for miss in found.misses] == []
