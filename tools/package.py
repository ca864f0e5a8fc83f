"""`make package`: the SAM template and the zip to deploy, made by Chalice, then made quick and reproducible."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

PROJECT = Path(__file__).parents[1]
STAGE = "prod"
REGION = "eu-west-3"
LAMBDA_PYTHONS = ((3, 11), (3, 12), (3, 13))
TEMPLATE = "sam.yaml"
ZIP = "deployment.zip"

_SOURCES = (".chalice", "app.py", "chalicelib", "requirements.txt", "vendor")
_NO_SOURCE = shutil.ignore_patterns("__pycache__", "*.pyc", ".[!.]*", "deployments", "deployed")
_TASK_ROOT = "/var/task"  # where Lambda unpacks the zip
_OLDEST_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip can say
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


def package(folder: Path) -> None:
    """Write `sam.yaml` and `deployment.zip` into a folder: the same bytes from the same tree and the same Python."""
    check_python(sys.version_info[:2])
    with TemporaryDirectory() as scratch:
        tree, made, task = (Path(scratch) / name for name in ("tree", "made", "task"))
        _copy_sources(tree)
        _run_chalice(tree, made)
        with ZipFile(made / ZIP) as stock:
            stock.extractall(task)
        check_requirements(tree / "requirements.txt", task)
        _drop_bytecode(task)
        _compile(task)
        folder.mkdir(parents=True, exist_ok=True)
        _zip(task, folder / ZIP)
        (folder / TEMPLATE).write_text(_without_aliases((made / TEMPLATE).read_text("utf-8")), "utf-8")


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


def _copy_sources(tree: Path) -> None:
    """Copy what is packaged, so that Chalice meets no package of a former tree: it takes them up by content only."""
    tree.mkdir()
    for name in _SOURCES:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=_NO_SOURCE)
        else:
            shutil.copy(source, tree / name)


def _run_chalice(tree: Path, made: Path) -> None:
    arguments = ["package", "--stage", STAGE, "--merge-template", ".chalice/resources.yaml", str(made)]
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from chalice.cli import main; raise SystemExit(main())", *arguments],
        cwd=tree,
        env=os.environ | {"AWS_DEFAULT_REGION": REGION},
        check=True,
    )


def _drop_bytecode(task: Path) -> None:
    """Drop what Chalice's own import of the app left, and what a wheel may bring."""
    for cache in list(task.rglob("__pycache__")):
        shutil.rmtree(cache)


def _compile(task: Path) -> None:
    """Compile every module for the Python that packages. Lambda could keep nothing it compiled: /var/task is read-only.

    Bytecode that is checked by date is stale in a zip without dates; this one carries its source's hash, which nobody
    reads again: nothing can change under /var/task. A new process with fixed hashes writes the same bytes each time.
    """
    options = ["--invalidation-mode", "unchecked-hash", "-s", str(task), "-p", _TASK_ROOT]
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "compileall", "-q", *options, str(task)],
        env={"PYTHONHASHSEED": "0"},
        check=True,
    )


def _zip(task: Path, file: Path) -> None:
    """Zip a folder in the order of names, without dates or owners."""
    names = sorted(path.relative_to(task).as_posix() for path in task.rglob("*") if path.is_file())
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name in names:
            entry = ZipInfo(name, _OLDEST_DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = _PLAIN_FILE
            entry.create_system = _UNIX
            made.writestr(entry, (task / name).read_bytes())


class _WrittenOut(yaml.SafeDumper):
    """Writes each value where it stands: CloudFormation takes no YAML aliases, and Chalice leaves some."""

    def ignore_aliases(self, data: object) -> bool:
        """Say of each value that it is written out."""
        del data
        return True


def _without_aliases(template: str) -> str:
    return yaml.dump(yaml.safe_load(template), Dumper=_WrittenOut, allow_unicode=True, width=120)


def main() -> None:
    """Package into the folder given."""
    parser = argparse.ArgumentParser(description="Make the SAM template and the zip to deploy.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    package(folder)
    print(f"{folder / TEMPLATE} and {folder / ZIP} ({(folder / ZIP).stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
