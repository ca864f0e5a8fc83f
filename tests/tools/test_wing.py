"""`make wing` writes a wing whose own tests pass, and one line outside its folders."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tools.wing.__main__ import WingRefused, write

ROOT = Path(__file__).parents[2]
TREE = (*("agency", "app.py", "chalicelib", "conftest.py", ".chalice", "operations", "pyproject.toml"), "templates")
TESTS = ("data", "support", "wings", "conftest.py")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy the parts of the tree that the tests of a wing need."""
    for name in (*TREE, *(f"tests/{name}" for name in TESTS), "tools", "vendor"):
        if (ROOT / name).is_dir():
            copytree(ROOT / name, tmp_path / name, ignore=ignore_patterns("__pycache__"))
        else:
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def run(tree: Path, *arguments: str) -> str:
    """Run a module in a tree. Return its output if it fails."""
    environment = os.environ | {"PYTHONPATH": str(tree), "CLEF_NETWORK_OF_TESTS": ""}
    answer = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    return answer.stdout + answer.stderr if answer.returncode else ""


def test_a_wing_is_its_folders_and_one_line_and_its_tests_pass(tree: Path) -> None:
    names = tree / "chalicelib/wings/__init__.py"
    before = names.read_text().splitlines()

    paths = write("kites", "Prêts d'été", tree)

    folders = [str(tree / folder / "kites") for folder in ("chalicelib/wings", "tests/wings")]
    assert all(str(path).startswith(tuple(folders)) for path in paths)
    assert [line for line in names.read_text().splitlines() if line not in before] == ['        "kites",']
    assert run(tree, "ruff", "check", *folders) == ""
    assert run(tree, "tools.dialect", *(folder.removeprefix(f"{tree}/") for folder in folders)) == ""
    assert run(tree, "pytest", "--no-cov", "-q", "tests/wings/kites", "tests/wings/test_wings.py") == ""


@pytest.mark.parametrize("name", ["Kites", "k", "billing", "staff"])
def test_a_name_that_is_taken_or_no_word_is_refused(name: str) -> None:
    with pytest.raises(WingRefused):
        write(name, "Cerfs-volants")
