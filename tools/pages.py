"""`make pages`: the static pages as files of a folder, to look at."""

import argparse
from pathlib import Path

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.settings.environment import load_network
from operations.pages.build import build


def main() -> None:
    """Write the pages under a folder, one file per object. A page that is also a folder is its `index.html`."""
    parser = argparse.ArgumentParser(description="Render the static pages into a folder.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    objects = list(build(load_network(), Periods()))
    keys = {stored.key for stored in objects}
    for page in objects:
        is_folder = any(key.startswith(f"{page.key}/") for key in keys)
        file = folder / page.key / "index.html" if is_folder else folder / page.key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(page.body)
    print(f"{len(objects)} pages and assets in {folder}")


if __name__ == "__main__":
    main()
