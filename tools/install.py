"""Install requirements into an environment: by uv, where it obeys the settings of this machine's pip, else by pip.

`python -m tools.install ENVIRONMENT ARGUMENTS…`, the arguments being those of `pip install` that both know.
"""

import os
import subprocess
import sys
from ast import literal_eval
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_UV: Final = Path(sys.prefix) / "bin" / "uv"
_LOCK: Final = "requirements/uv.txt"

# uv's variable of the same meaning, for each setting of pip (PIP_… or pip.conf) that has one.
_VARIABLES: Final[Mapping[str, str]] = {
    "cert": "SSL_CERT_FILE",
    "constraint": "UV_CONSTRAINT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "find-links": "UV_FIND_LINKS",
    "index-url": "UV_DEFAULT_INDEX",
    "timeout": "UV_HTTP_TIMEOUT",
}
# These change nothing of what is installed.
_WITHOUT_EFFECT: Final = {
    *("break-system-packages", "cache-dir", "compile", "disable-pip-version-check", "no-cache-dir", "no-color"),
    *("no-compile", "no-input", "no-python-version-warning", "no-warn-script-location", "progress-bar", "quiet"),
    *("require-virtualenv", "retries", "root-user-action", "verbose"),
}


def settings_for_uv(text: str) -> dict[str, str] | None:
    """Translate the lines of `pip config list` into uv's variables, or None if one has no variable of uv's."""
    settings: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):  # the last one wins
        lines = (line for line in text.splitlines() if line.startswith(section))
        settings |= {name: value for name, _, value in (line.removeprefix(section).partition("=") for line in lines)}
    values = {name: str(literal_eval(settings[name])).split() for name in settings.keys() - _WITHOUT_EFFECT}
    if values.keys() - _VARIABLES:
        return None
    return {_VARIABLES[name]: ("," if name == "find-links" else " ").join(value) for name, value in values.items()}


def main(target: str, *arguments: str) -> None:
    """Install by uv, or by pip where uv has no wheel or fails."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    process = subprocess.run((*pip[:3], "config", "list"), stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    variables = settings_for_uv(process.stdout)
    python = str(Path(target) / "bin" / "python")
    if variables is not None and not _UV.exists():
        wheel = ("install", "--no-compile", "--only-binary", ":all:", "--requirement", _LOCK)
        subprocess.run((*pip, *wheel), stderr=subprocess.DEVNULL, check=False)  # noqa: S603
    if variables is not None and _UV.exists():
        uv = (str(_UV), "pip", "install", "--quiet", "--python", python, *arguments)
        if subprocess.run(uv, env=variables | os.environ, check=False).returncode == 0:  # noqa: S603
            return
        print("uv could not install them (see above): pip tries.", flush=True)
    installation = subprocess.run((*pip, "--python", python, "install", "--no-compile", *arguments), check=False)  # noqa: S603
    if installation.returncode:
        sys.exit("pip could not install them: see above. « No matching distribution » may mean that no index answers.")


if __name__ == "__main__":
    main(*sys.argv[1:])
