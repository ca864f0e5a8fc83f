"""`python -m operations.package FOLDER`: packages; `--report` tells the sizes of a package against their targets."""

import argparse
import sys
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

from operations.package import TEMPLATE, ZIP, PythonMissing, package
from operations.runtime import Architecture

ZIP_BYTES = 6_500_000
UNZIPPED_BYTES = 17 * 2**20


def report(folder: Path) -> bool:
    """Print what a package weighs, and tell whether that is within the targets."""
    file = folder / ZIP
    with ZipFile(file) as packed:
        unzipped = sum(entry.file_size for entry in packed.infolist())
        count = len(packed.infolist())
    zipped = file.stat().st_size
    print(f"zip      {zipped / 1e6:5.2f} MB   target {ZIP_BYTES / 1e6} MB")
    print(f"unzipped {unzipped / 2**20:5.2f} MiB  target {UNZIPPED_BYTES / 2**20:.0f} MiB, {count} files")
    return zipped <= ZIP_BYTES and unzipped <= UNZIPPED_BYTES


def main() -> None:
    """Package into the folder given, or report on what is there."""
    parser = argparse.ArgumentParser(description="Make the SAM template and the zip to deploy.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--architecture", choices=get_args(Architecture), default="x86_64", help="what it runs on")
    parser.add_argument("--report", action="store_true", help="only tell the sizes of the package that is there")
    asked = parser.parse_args()
    if not asked.report:
        try:
            package(asked.folder, asked.architecture)
        except PythonMissing as missing:
            sys.exit(str(missing))
        print(f"{asked.folder / TEMPLATE} and {asked.folder / ZIP}")
    if not report(asked.folder):
        sys.exit("Too heavy: see docs/performance.md.")


if __name__ == "__main__":
    main()
