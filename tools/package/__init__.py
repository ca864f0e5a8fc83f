"""`make package`: the SAM template and the zip to deploy: Chalice's, then only what is loaded, compiled."""

import re
import sys
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from tools.package import bytecode, pruning, templates
from tools.package.archive import TEMPLATE, ZIP, with_values_written_out, zip_folder
from tools.package.reached import drop_unreached
from tools.package.stock import PROJECT, STAGE, Architecture, make_stock

__all__ = [
    "LAMBDA_PYTHONS",
    "PROJECT",
    "STAGE",
    "TEMPLATE",
    "ZIP",
    "Architecture",
    "check_python",
    "check_requirements",
    "package",
]

LAMBDA_PYTHONS = ((3, 11), (3, 12), (3, 13))


def package(folder: Path, architecture: Architecture = "x86_64", *, whole: bool = False) -> None:
    """Write `sam.yaml` and `deployment.zip` into a folder: the same bytes from the same tree and the same Python.

    `whole` leaves everything that the requirements bring, to see what of it is loaded (`tools.package.learn`).
    """
    check_python(sys.version_info[:2])
    with TemporaryDirectory() as scratch:
        tree, made, task = (Path(scratch) / name for name in ("tree", "made", "task"))
        make_stock(tree, made, architecture)
        with ZipFile(made / ZIP) as stock:
            stock.extractall(task)
        check_requirements(tree / "requirements.txt", task)
        bytecode.drop(task)
        drop_unreached(task)
        if not whole:
            templates.compile_all(task)
            pruning.prune(task)
        bytecode.write(task)
        folder.mkdir(parents=True, exist_ok=True)
        zip_folder(task, folder / ZIP)
        template = (made / TEMPLATE).read_text("utf-8")
        (folder / TEMPLATE).write_text(with_values_written_out(template), "utf-8")


def check_python(version: tuple[int, int]) -> None:
    """Refuse a Python that Lambda does not offer: Chalice packages for the one it runs in."""
    if version not in LAMBDA_PYTHONS:
        offered = ", ".join(f"{major}.{minor}" for major, minor in LAMBDA_PYTHONS)
        sys.exit(f"Lambda does not run Python {version[0]}.{version[1]}: package with one of {offered}.")


def check_requirements(pinned: Path, task: Path) -> None:
    """Refuse a zip that lacks a pinned requirement: Chalice only prints that it found no wheel, and goes on."""
    wanted = {_one_spelling(line) for line in pinned.read_text("utf-8").splitlines() if "==" in line}
    there = {_one_spelling(f"{found.name}=={found.version}") for found in distributions(path=[str(task)])}
    if missing := sorted(wanted - there):
        sys.exit(f"Not in the package (no wheel for Lambda?): {', '.join(missing)}")


def _one_spelling(requirement: str) -> str:
    name, _, version = requirement.strip().partition("==")
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"
