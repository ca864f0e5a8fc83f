"""What `chalice package` makes of a clean copy of the tree: the template, and our code with Chalice's own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from operations.runtime import Architecture

PROJECT = Path(__file__).parents[2]
STAGE = "prod"
REGION = "eu-west-3"

_SOURCES = (".chalice", "app.py", "chalicelib", "vendor")
_NO_SOURCE = shutil.ignore_patterns("__pycache__", "*.pyc", ".[!.]*", "deployments", "deployed")


def make_stock(tree: Path, made: Path, architecture: Architecture) -> None:
    """Copy the tree, so that Chalice meets no package of a former one (it takes them up by content), and run it.

    It sees no requirements: it would bring those of the Python that runs it. `wheels.py` brings Lambda's.
    """
    tree.mkdir()
    for name in _SOURCES:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=_NO_SOURCE)
        else:
            shutil.copy(source, tree / name)
    config = tree / ".chalice" / "config.json"
    settings = json.loads(config.read_text("utf-8")) | {"lambda_architecture": architecture}
    config.write_text(json.dumps(settings), "utf-8")
    arguments = ["package", "--stage", STAGE, "--merge-template", ".chalice/resources.yaml", str(made)]
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from chalice.cli import main; raise SystemExit(main())", *arguments],
        cwd=tree,
        env=os.environ | {"AWS_DEFAULT_REGION": REGION},
        check=True,
    )
