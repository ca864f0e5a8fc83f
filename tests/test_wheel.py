"""The wheel, installed with only its declared requirements, shows its version and each command's help."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from tests.support.service import Running

ROOT = Path(__file__).parents[1]
WHOLE = ("agency", "chalicelib", "operations", "templates")  # the packages of a wheel, complete
NO_SOURCE = shutil.ignore_patterns("__pycache__", ".venv*")

# Prints the help of each command in turn, as typed, then makes the pages that `clef period` publishes.
EVERY_HELP = """
from agency.cli import command_line
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.environment import load_network
from operations.pages.build import build

def walk(command, *words):
    print("HELP", *words)
    command_line()([*words, "--help"], prog_name="clef", standalone_mode=False)
    for name, below in getattr(command, "commands", {}).items():
        walk(below, *words, name)

walk(command_line())
print("PAGES", len(list(build(load_network(), Periods()))))
"""


@dataclass(frozen=True)
class Installed:
    """A wheel in its own environment, and an empty working folder."""

    wheel: Path
    bin: Path
    empty: Path

    def run(self, command: str, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.empty), "COLUMNS": "120", **more}
        return subprocess.run(
            [self.bin / command, *words], cwd=self.empty, env=environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"  # a copy: a build leaves folders behind, and reuses a former one's
    for name in WHOLE:
        shutil.copytree(ROOT / name, tree / name, ignore=NO_SOURCE)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder), str(tree)]
    subprocess.run(build, check=True)
    (wheel,) = folder.glob("*.whl")
    place = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = place / "bin" / "python"
    (site,) = place.glob("lib/python*/site-packages")
    _lend(_requirements(wheel), site)
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], check=True)
    empty = folder / "empty"
    empty.mkdir()
    return Installed(wheel, place / "bin", empty)


def _requirements(wheel: Path) -> list[Distribution]:
    """Find a wheel's requirements, and theirs, among the installed distributions: nothing is downloaded."""
    with ZipFile(wheel) as archive:
        (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith("METADATA"))
    requirements = re.findall(r"^Requires-Dist: (.+)$", metadata, re.MULTILINE)
    distributions: dict[str, Distribution] = {}
    while requirements:
        requirement = Requirement(requirements.pop())
        if requirement.name not in distributions and (
            not requirement.marker or requirement.marker.evaluate({"extra": ""})
        ):
            distributions[requirement.name] = distribution(requirement.name)
            requirements += distributions[requirement.name].requires or []
    return list(distributions.values())


def _lend(distributions: list[Distribution], site: Path) -> None:
    for package in distributions:
        for top in {file.parts[0] for file in package.files or () if file.parts[0] not in {"..", "__pycache__"}}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(package.locate_file(top))))


def test_its_version_is_told_anywhere(package: Installed) -> None:
    process = package.run("clef", "--version")

    assert (process.returncode, process.stdout, process.stderr) == (0, f"clef {distribution('clef').version}\n", "")


def test_the_help_of_each_command_is_shown_and_pages_can_be_made(package: Installed) -> None:
    process = package.run("python", "-c", EVERY_HELP)

    assert (process.returncode, process.stderr) == (0, "")
    commands = set(re.findall(r"^HELP (\w+)", process.stdout, re.MULTILINE))
    assert {"period", "families", "campaign", "enrolments", "invoices", "staff", "progress", "remind"} <= commands
    assert int(process.stdout.rpartition("PAGES ")[2]) > 0


def test_it_holds_every_file_that_clef_reads_and_none_that_was_compiled(package: Installed) -> None:
    with ZipFile(package.wheel) as archive:
        names = set(archive.namelist())

    files = {path.relative_to(ROOT) for folder in WHOLE for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert {str(file) for file in files if "__pycache__" not in file.parts} - names == set()
    assert [name for name in names if name.endswith(".pyc")] == []
    assert [name for name in names if name.startswith(("app.py", "tests/", "tools/"))] == []


def test_alone_it_reaches_a_service_of_this_machine(package: Installed, running: Running) -> None:
    process = package.run("clef", "status", CLEF_LOCAL=running.url)

    assert (process.returncode, process.stderr) == (
        0,
        f"Déploiement : local, Réseau des conservatoires 91, {running.public_url}\n",
    )


def test_alone_it_says_which_deployments_it_cannot_reach(package: Installed) -> None:
    on_aws = package.run("clef", "period", "show", "--stage", "prod")
    deploying = package.run("python", "-m", "operations.deploy", "prod")

    assert (on_aws.returncode, on_aws.stdout) == (1, "")
    assert on_aws.stderr.startswith("Cette commande est installée seule, sans le dossier du projet")
    assert "Traceback" not in on_aws.stderr + deploying.stderr
    assert deploying.returncode == 2
    assert deploying.stdout.startswith("Missing: stages.toml cannot be read (No such file or directory)")
