"""`make package`: the SAM template, two zips and a layer to deploy, byte for byte the same from the same tree."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from chalicelib.presentation.rendering import COMPILED, environment
from operations.package import botocore_data, network, parts, template_files
from operations.package.files import TEMPLATE, for_lambda, zip_folder
from operations.package.interpreter import lambda_python
from operations.package.wheels import install_wheels
from operations.runtime import Architecture

PROJECT = Path(__file__).parents[2]
STAGE = "prod"
REGION = "eu-west-3"

CHALICE_TEMPLATE, CHALICE_ZIP = "sam.yaml", "deployment.zip"  # the names that `chalice package` gives

LIBRARIES = PROJECT / "build" / "libraries"  # ready to be copied into the next package
_REQUIREMENTS = (PROJECT / "requirements.txt", PROJECT / "requirements" / "office.txt")
_OURS = ("app.py", "chalicelib")
BYTECODE = Path(__file__).with_name("bytecode.py")
_TASK_ROOT, _LAYER_ROOT = "/var/task", "/opt"  # where Lambda unpacks the zip, and layers
_NO_SOURCE = shutil.ignore_patterns("__pycache__", ".*", "deployments", "deployed")
_OF_WINGS = shutil.ignore_patterns(
    "__pycache__", "templates", "README.md", template_files.PART
)  # which no function reads


def package(folder: Path, architecture: Architecture = "x86_64") -> None:
    """Write `sam.json`, `family.zip`, `office.zip`, and `network.zip` of this process's network into a folder.

    Raises `PackageRefused` if Lambda's Python is not on this machine, or if the network's file or one of `.chalice`
    is not valid, before anything is made.
    """
    python = lambda_python()
    network.check()
    template_files.check()
    with TemporaryDirectory() as scratch:
        tree, build, task = (Path(scratch) / name for name in ("tree", "made", "task"))
        copy_tree(tree, architecture)
        run_chalice(tree, build)
        office_libraries = copy_libraries(task, architecture, python)
        botocore_data.trim(task / "botocore" / "data", tree / ".chalice")
        with ZipFile(build / CHALICE_ZIP) as zip_file:
            zip_file.extractall(task)
        leave_pillow_out(task)
        # Prepared so that no cold start has to do it: files written into `task`, then the bytecode of all.
        network.leave_out(task)
        compile_templates(task)
        compile_modules(task, python)
        compile_libraries(task, python, botocore_data.trim_docs(task / "botocore" / "docs"))
        folder.mkdir(parents=True, exist_ok=True)
        zip_folder(task, list_files(task), folder / parts.OFFICE)
        zip_folder(task, parts.of_family(list_files(task), office_libraries), folder / parts.FAMILY)
        (folder / TEMPLATE).write_text(for_lambda((build / CHALICE_TEMPLATE).read_text("utf-8")), "utf-8")
    package_network(folder)


def package_network(folder: Path) -> None:
    """Write the layer of this process's network, `network.zip`, into a folder. Raises `PackageRefused`."""
    result, python = network.check(), lambda_python()
    with TemporaryDirectory() as scratch:
        layer = Path(scratch)
        network.write_module(result, layer)
        _compile(layer, python, [layer], "-b", root=_LAYER_ROOT)
        zip_folder(layer, [name for name in list_files(layer) if name.endswith(".pyc")], folder / parts.NETWORK)


def copy_libraries(task: Path, architecture: Architecture, python: str) -> set[str]:
    """Copy the libraries of every function, then the office's own. Returns the names of the latter.

    They are installed and compiled once for the same pins, processor, code and Python: half of a package.
    """
    digest = hashlib.sha256(f"{architecture} {sys.version}".encode())
    for source in (*_REQUIREMENTS, BYTECODE, BYTECODE.with_name("wheels.py")):
        digest.update(source.read_bytes())
    ready = LIBRARIES / digest.hexdigest()[:16]
    if not ready.exists():
        LIBRARIES.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=LIBRARIES) as scratch:
            build = Path(scratch) / "made"
            install_libraries(build, architecture)
            for folder in build.iterdir():
                compile_libraries(folder, python, list(folder.iterdir()))
            try:
                build.rename(ready)
            except OSError:
                if not ready.exists():  # else another packaging was first
                    raise
    for name in ("shared", "office"):
        shutil.copytree(ready / name, task, dirs_exist_ok=True)
    return parts.top_names(ready / "office")


def install_libraries(build: Path, architecture: Architecture) -> None:
    """Install the libraries of every function in `shared`, and those that only the office has in `office`."""
    lambda_lines, office = (file.read_text("utf-8").splitlines() for file in _REQUIREMENTS)
    for name, pins in (("shared", lambda_lines), ("office", [pin for pin in office if pin not in lambda_lines])):
        install_wheels(pins, build / name, architecture)


def copy_tree(tree: Path, architecture: Architecture) -> None:
    """Copy the files that Chalice reads, so that it finds no package of a former run (it picks them up by content).

    The requirements are left out: Chalice would install them for the Python that runs it.
    """
    for name, ignore in ((".chalice", _NO_SOURCE), ("chalicelib", _OF_WINGS), ("vendor", _NO_SOURCE)):
        shutil.copytree(PROJECT / name, tree / name, ignore=ignore)
    shutil.copy(PROJECT / "app.py", tree)
    template_files.add_parts(tree / ".chalice")
    config = tree / ".chalice" / "config.json"
    settings = json.loads(config.read_text("utf-8")) | {"lambda_architecture": architecture}
    config.write_text(json.dumps(settings), "utf-8")


def run_chalice(tree: Path, build: Path) -> None:
    """Have Chalice write the template, and a zip of our code with Chalice's own two modules."""
    arguments = ["package", "--stage", STAGE, "--merge-template", ".chalice/resources.yaml", str(build)]
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from chalice.cli import main; raise SystemExit(main())", *arguments],
        cwd=tree,
        env=os.environ | {"AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )


def leave_pillow_out(task: Path) -> None:
    """Replace Pillow by empty modules that ReportLab 5 can import: no print has a picture, and Pillow weighs 22 MiB."""
    (task / "PIL").mkdir()
    for name in ("__init__.py", "Image.py"):
        (task / "PIL" / name).touch()


def list_files(task: Path) -> list[str]:
    """List the files below a folder, sorted."""
    return sorted(path.relative_to(task).as_posix() for path in task.rglob("*") if path.is_file())


def compile_templates(task: Path) -> None:
    """Replace the templates' sources by compiled modules, as Jinja would make them on the first page."""
    environment().compile_templates(task / COMPILED.name, ["html", "txt"], zip=None, ignore_errors=False)
    for folder in ("letters", "family", "office"):
        shutil.rmtree(task / "templates" / folder)


def compile_modules(task: Path, python: str) -> None:
    """Compile every module for Lambda's Python. Lambda could not cache bytecode: /var/task is read-only.

    No file changes there, so the bytecode is never compared with a source (`bytecode.py`). It records lines but no
    columns, to be smaller. Our sources stay beside it, for the lines of tracebacks. Those of libraries and templates
    are replaced by their bytecode (docs/decisions/0059).
    """
    _compile(task, python, [task / name for name in _OURS])
    compile_libraries(task, python, [path for path in task.iterdir() if path.name not in _OURS])


def compile_libraries(task: Path, python: str, paths: list[Path]) -> None:
    """Replace sources by their bytecode. A file of another kind stays."""
    paths = [path for path in paths if path.is_dir() or path.suffix == ".py"]
    _compile(task, python, paths, "-b")
    for source in [path for part in paths for path in ([part] if part.is_file() else part.rglob("*.py"))]:
        source.unlink()


def _compile(task: Path, python: str, paths: list[Path], *options: str, root: str = _TASK_ROOT) -> None:
    command = [python, "-X", "no_debug_ranges", BYTECODE, *options, task, root, *paths]
    subprocess.run(list(map(str, command)), env={"PYTHONHASHSEED": "0"}, check=True)  # noqa: S603 - our own command
