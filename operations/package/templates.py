"""Templates compiled beforehand to Python, as Jinja would on the first page; the Lambda loads no source of them."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from operations.package.interpreter import lambda_python

# Rendered by `make pages`, never by the Lambda: they stay out of the zip.
OF_COMMANDS: Final = frozenset(f"pages/{name}.html" for name in ("closed_door", "doors", "help", "legal"))

SETTER: Final = "chalicelib/typesetting.py"  # sets templates as they are compiled, and has done so

# Run in the unpacked package, with its own Jinja: the code that Jinja writes goes with the Jinja that runs it.
_COMPILE = """
import sys
sys.path.insert(0, sys.argv[1])
from chalicelib.rendering import COMPILED, environment
def is_rendered(name):
    return name.endswith((".html", ".txt")) and name not in sys.argv[2:]
environment().compile_templates(COMPILED, zip=None, ignore_errors=False, filter_func=is_rendered)
"""


def compile_all(task: Path) -> None:
    """Put modules in the place of the templates' sources."""
    subprocess.run(  # noqa: S603 - our own command
        [lambda_python(), "-B", "-c", _COMPILE, str(task), *sorted(OF_COMMANDS)],
        env={"PYTHONHASHSEED": "0"},
        check=True,
    )
    (task / SETTER).unlink()
    for kind in ("letters", "pages"):
        shutil.rmtree(task / "templates" / kind)
