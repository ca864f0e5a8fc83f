"""`python -m operations.package FOLDER`: package, and check the sizes against their limits."""

import argparse
import sys
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

from operations.package import package
from operations.package.files import TEMPLATE
from operations.package.interpreter import PackageRefused
from operations.package.parts import FAMILY, NETWORK, OFFICE
from operations.runtime import Architecture

# Bytes, zipped and unzipped: our own limits for the families' zip, AWS's for the office's, since a start reads a part.
# Ours again for a network.
LIMITS = {FAMILY: (4_000_000, 10 * 2**20), OFFICE: (50_000_000, 250 * 2**20), NETWORK: (100_000, 2**20)}


def check_sizes(file: Path) -> bool:
    """Print the size of a zip. Returns False if it is over its limit."""
    with ZipFile(file) as archive:
        unzipped_size = sum(entry.file_size for entry in archive.infolist())
    zipped_size, (limit, most_unzipped) = file.stat().st_size, LIMITS[file.name]
    print(f"{file.name:10} {zipped_size / 1e6:5.2f} MB, at most {limit / 1e6}")
    print(f"{'unzipped':10} {unzipped_size / 2**20:5.2f} MiB, at most {most_unzipped / 2**20:.0f}")
    return zipped_size <= limit and unzipped_size <= most_unzipped


def main() -> None:
    """Package into the given folder."""
    parser = argparse.ArgumentParser(description="Make the SAM template and the zips to deploy.")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--architecture", choices=get_args(Architecture), default="x86_64", help="the processor of the functions"
    )
    arguments = parser.parse_args()
    try:
        package(arguments.folder, arguments.architecture)
    except PackageRefused as error:
        sys.exit(str(error))
    print(f"{arguments.folder / TEMPLATE}, {', '.join(LIMITS)}")
    are_light = [check_sizes(arguments.folder / name) for name in LIMITS]
    if not all(are_light):
        sys.exit("Too heavy: see docs/performance.md.")


if __name__ == "__main__":
    main()
