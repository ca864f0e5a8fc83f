"""The libraries of a package: wheels for Lambda's platform and Python, on whichever machine packages them."""

import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

from operations.runtime import VERSION, Architecture

_MACHINES: Final = {"x86_64": "x86_64", "arm64": "aarch64"}
_LAMBDA_GLIBC: Final = 34  # Amazon Linux 2023 has 2.34
_OLDEST_GLIBC: Final = 17  # the oldest: manylinux2014
# Commands, pip's notes, C binding generators. Time zones of other continents and a second copy, models of another
# pydantic, a mypy plugin. ReportLab's readers of pictures and other charsets, its fonts, charts and layout. What fido2
# needs to speak to a security key, and attestations.
_UNREAD: Final = (
    *("bin", "*.dist-info", "cffi", "pycparser", "dateutil/zoneinfo", "pydantic/v1", "pydantic/mypy.py"),
    *("PIL", "pillow.libs", "charset_normalizer", "*__mypyc.*.so", "segno/cli.py", "share"),
    *("cryptography/**/*.pyi", "tzdata/zoneinfo/[!E_]*"),
    *("reportlab/fonts", "reportlab/graphics", "reportlab/platypus"),
    *("fido2/attestation", "fido2/client", "fido2/ctap*", "fido2/hid", "fido2/mds3.py", "fido2/payment.py"),
    *("fido2/pcsc.py", "fido2/public_suffix_list.dat", "fido2/rpid.py", "fido2/server.py"),
)


def install_wheels(pins: Collection[str], task: Path, architecture: Architecture) -> None:
    """Unpack each pinned requirement into a folder, without unused files. Exits if Lambda has no wheel of one.

    pip resolves no dependencies, as all are pinned, and builds nothing, as this machine is not Lambda's.
    """
    major, minor = VERSION
    arguments = [
        *("--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", f"{major}.{minor}", "--abi", f"cp{major}{minor}"),
        *_platforms(_MACHINES[architecture]),
        *("--target", str(task), *pins),
    ]
    process = subprocess.run([sys.executable, "-m", "pip", "install", *arguments], check=False)  # noqa: S603 - our own command
    if process.returncode:
        sys.exit(
            f"pip could not get every requirement's wheel for Python {major}.{minor} on {architecture}: see above."
        )
    for unread in [path for pattern in _UNREAD for path in task.glob(pattern)]:
        shutil.rmtree(unread) if unread.is_dir() else unread.unlink()


def _platforms(machine: str) -> list[str]:
    """List the systems whose wheels run in Lambda: pip takes each name literally, and derives no older one from it."""
    names = [f"manylinux_2_{glibc}_{machine}" for glibc in range(_LAMBDA_GLIBC, _OLDEST_GLIBC - 1, -1)]
    return [word for name in (*names, f"manylinux2014_{machine}") for word in ("--platform", name)]
