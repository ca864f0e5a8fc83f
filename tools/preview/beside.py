"""The same page of several networks side by side, on a telephone and a computer, in light and dark."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader

_TEMPLATES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
_VIEWS: Final = [(width, *scheme) for width in (360, 1280) for scheme in (("light", "clair"), ("dark", "sombre"))]
_PAGES: Final = {
    "Accueil du site": "[0-9]*-extranet.html",
    "Connexion": "[0-9]*-extranet-usager.html",
    "Compte d'une famille": "[0-9]*-extranet-compte.html",
    "Bureau": "[0-9]*-extranet-bureau.html",
    "Mail": "mail-enrolment_receipt-0.html",
    "Reçu": "[0-9]*-recus-numero-pdf.pdf",
}


def put_side_by_side(folder: Path, files: list[str]) -> str:
    """Render each network into a folder of its own, and a page that shows them together. Return its contents."""
    for number, file in enumerate(files, 1):
        command = [sys.executable, "-m", "tools.preview", str(folder / f"{number}"), file]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 - ourselves: a process has one network
            sys.exit(1)
    write_page(folder, files)
    return f"{len(files)} networks side by side: {folder}/index.html"


def write_page(folder: Path, files: list[str]) -> None:
    """Write the page that shows the previews of networks, whose folders are 1, 2…, side by side."""
    rows = [(title, _same_page(folder, len(files), pattern)) for title, pattern in _PAGES.items()]
    page = _TEMPLATES.get_template("beside.html").render(
        networks=files, views=_VIEWS, rows=[row for row in rows if len(row[1]) == len(files)]
    )
    (folder / "index.html").write_text(page, "utf-8")


def _same_page(folder: Path, count: int, pattern: str) -> list[str]:
    """List the file of a page in each network's folder, less those that have no such page."""
    files = [next((folder / f"{number}").glob(pattern), None) for number in range(1, count + 1)]
    return [str(file.relative_to(folder)) for file in files if file]
