"""The Python that a package is made with: it writes bytecode that Lambda's reads."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from operations.runtime import VERSION

FIND: Final = Path(__file__).parents[1] / "find-python"

_WANTED = ".".join(map(str, VERSION))
_MISSING = (
    f"Lambda runs Clef in Python {_WANTED}, and none is on this machine that can make environments, so nothing is "
    f"packaged. Install one: on Debian, apt-get install python{_WANTED}-venv; elsewhere, pyenv install {_WANTED} or "
    f"https://www.python.org/downloads/."
)


class PythonMissing(Exception):
    """No Python of this machine can make a package; its words say what to install."""


def lambda_python(running: tuple[int, int] = sys.version_info[:2], find: Path = FIND) -> str:
    """Find it: the one that runs this, or another of this machine. Raises `PythonMissing`."""
    if running == VERSION:
        return sys.executable
    found = subprocess.run([find, _WANTED], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if found.returncode:
        raise PythonMissing(_MISSING)
    return found.stdout.strip()
