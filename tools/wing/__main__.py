"""`make wing NAME=loans TITLE="Prêts"`: writes the folder of a wing, the folder of its tests, and its one line."""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.text import fold
from operations.package.template_files import read_template

_ROOT: Final = Path(__file__).parents[2]
_FILES: Final = Path(__file__).with_name("files")
_NAME: Final = re.compile(r"[a-z]{3,20}")
_TITLE: Final = re.compile(r"\w[\w' -]{1,30}")
_LIST: Final = Path("chalicelib/wings/__init__.py")  # of all wings
_LAST: Final = "\n    )\n"  # after the last name of the tuple


class WingRefused(Exception):
    """The wing cannot be written, for the reason of the message."""


def write(name: str, title: str, root: Path = _ROOT) -> list[Path]:
    """Write the folders of a wing and of its tests, and its line in the tuple of wings. Raises `WingRefused`."""
    folders = {"wing": root / "chalicelib/wings" / name, "tests": root / "tests/wings" / name}
    if not _NAME.fullmatch(name) or name.capitalize() in read_template()["Resources"]:
        raise WingRefused(f"« {name} » is no name for a wing: take another word of 3 to 20 letters from a to z.")
    if not _TITLE.fullmatch(title):
        raise WingRefused(f"« {title} » is no title: take up to 30 letters, with blanks and apostrophes.")
    if there := [str(folder) for folder in folders.values() if folder.exists()]:
        raise WingRefused(f"{' and '.join(there)} exists: take another name, or delete it.")
    jinja = Environment(  # noqa: S701 - of sources, in delimiters that neither Python nor our templates have
        loader=FileSystemLoader(_FILES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    facts = {"name": name, "Name": name.capitalize(), "NAME": name.upper(), "title": title}
    facts["path"] = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    paths = []
    for source in jinja.list_templates():
        kind, _, place = source.removesuffix(".jinja").replace("NAME", name).partition("/")
        paths.append(folders[kind] / place)
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        paths[-1].write_text(jinja.get_template(source).render(facts), "utf-8")
    wings = root / _LIST
    wings.write_text(wings.read_text("utf-8").replace(_LAST, f'\n        "{name}",{_LAST}', 1), "utf-8")
    for command in (["check", "--fix-only"], ["format"]):  # the order of imports and the breaks of lines
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", *map(str, folders.values())]
        subprocess.run(ruff, cwd=root, check=True)  # noqa: S603 - our own command
    return paths


def main() -> None:
    """Write a wing, and print the next commands."""
    parser = argparse.ArgumentParser(prog="make wing")
    parser.add_argument("name", help="one English word, for the code")
    parser.add_argument("title", nargs="?", default="", help="the French words of its tabs")
    arguments = parser.parse_args()
    try:
        paths = write(arguments.name, arguments.title or arguments.name.capitalize())
    except WingRefused as refusal:
        sys.exit(str(refusal))
    print(f"{len(paths)} files, and a line of {_LIST}. Look: make run. Test: make test WING={arguments.name}.")


if __name__ == "__main__":
    main()
