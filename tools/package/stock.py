"""The stock package: what `chalice package` makes of a clean copy of the tree, with the Python that runs this."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STAGE = "prod"
REGION = "eu-west-3"

_SOURCES = (".chalice", "app.py", "chalicelib", "requirements.txt", "vendor")
_NO_SOURCE = shutil.ignore_patterns("__pycache__", "*.pyc", ".[!.]*", "deployments", "deployed")


def make_stock(tree: Path, made: Path) -> None:
    """Copy the tree, so that Chalice meets no package of a former one (it takes them up by content), and run it."""
    tree.mkdir()
    for name in _SOURCES:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=_NO_SOURCE)
        else:
            shutil.copy(source, tree / name)
    arguments = ["package", "--stage", STAGE, "--merge-template", ".chalice/resources.yaml", str(made)]
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from chalice.cli import main; raise SystemExit(main())", *arguments],
        cwd=tree,
        env=os.environ | {"AWS_DEFAULT_REGION": REGION},
        check=True,
    )
