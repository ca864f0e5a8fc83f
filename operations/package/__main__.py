"""`python -m operations.package FOLDER`: packages, and holds the sizes against their limits."""

import argparse
import sys
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

from operations.package import TEMPLATE, ZIP, NetworkRefused, PythonMissing, package
from operations.runtime import Architecture

ZIP_BYTES = 8_200_000
UNZIPPED_BYTES = 20 * 2**20


def check_sizes(file: Path) -> bool:
    """Print what a zip weighs; false when that is too much."""
    with ZipFile(file) as packed:
        unzipped = sum(entry.file_size for entry in packed.infolist())
    zipped = file.stat().st_size
    print(f"zip      {zipped / 1e6:5.2f} MB   at most {ZIP_BYTES / 1e6}")
    print(f"unzipped {unzipped / 2**20:5.2f} MiB  at most {UNZIPPED_BYTES / 2**20:.0f}")
    return zipped <= ZIP_BYTES and unzipped <= UNZIPPED_BYTES


def main() -> None:
    """Package into the folder given."""
    parser = argparse.ArgumentParser(description="Make the SAM template and the zip to deploy.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--architecture", choices=get_args(Architecture), default="x86_64", help="what it runs on")
    given = parser.parse_args()
    try:
        package(given.folder, given.architecture)
    except (PythonMissing, NetworkRefused) as refused:
        sys.exit(str(refused))
    print(f"{given.folder / TEMPLATE} and {given.folder / ZIP}")
    if not check_sizes(given.folder / ZIP):
        sys.exit("Too heavy: see docs/performance.md.")


if __name__ == "__main__":
    main()
