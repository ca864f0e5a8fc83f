"""`make package`: the SAM template and the zip to deploy: Chalice's, then only what is loaded, compiled."""

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from operations.package import bytecode, pruning, templates
from operations.package.archive import TEMPLATE, ZIP, for_lambda, zip_folder
from operations.package.interpreter import PythonMissing, lambda_python
from operations.package.reached import drop_unreached
from operations.package.stock import PROJECT, STAGE, make_stock
from operations.package.wheels import install_wheels
from operations.runtime import Architecture

__all__ = [
    "PROJECT",
    "STAGE",
    "TEMPLATE",
    "ZIP",
    "PythonMissing",
    "lambda_python",
    "package",
]


def package(folder: Path, architecture: Architecture = "x86_64", *, whole: bool = False) -> None:
    """Write `sam.yaml` and `deployment.zip` into a folder: the same bytes from the same tree, whatever Python asks.

    Raises `PythonMissing` where Lambda's is not on this machine, before anything is made.
    `whole` leaves everything that the requirements bring, to see what of it is loaded (`tools.trial.learn`).
    """
    lambda_python()
    with TemporaryDirectory() as scratch:
        tree, made, task = (Path(scratch) / name for name in ("tree", "made", "task"))
        make_stock(tree, made, architecture)
        install_wheels(PROJECT / "requirements.txt", task, architecture)
        with ZipFile(made / ZIP) as stock:
            stock.extractall(task)
        bytecode.drop(task)
        drop_unreached(task)
        if not whole:
            templates.compile_all(task)
            pruning.prune(task)
        bytecode.write(task)
        folder.mkdir(parents=True, exist_ok=True)
        zip_folder(task, folder / ZIP)
        template = (made / TEMPLATE).read_text("utf-8")
        (folder / TEMPLATE).write_text(for_lambda(template), "utf-8")
