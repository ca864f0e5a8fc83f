"""The Python that makes a package: its bytecode must suit Lambda's."""

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


class PackageRefused(Exception):
    """A reason not to package: the message gives it, with the next step."""


def lambda_python(running: tuple[int, int] = sys.version_info[:2], find: Path = FIND) -> str:
    """Find the running Python or another one on this machine. Raises `PackageRefused`."""
    if running == VERSION:
        return sys.executable
    process = subprocess.run([find, _WANTED], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if process.returncode:
        raise PackageRefused(_MISSING)
    return process.stdout.strip()
