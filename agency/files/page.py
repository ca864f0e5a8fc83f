"""A page that a command writes: one file, its style inside, for its owner only."""

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader
from markupsafe import Markup

from agency.console import output
from agency.console.private_file import private_file
from chalicelib.presentation.rendering import environment
from chalicelib.settings.environment import Network

_STYLE: Final = Path(__file__).with_name("page.css")


def render_page(template: Path, network: Network, **content: object) -> str:
    """Render a template. Its style is the look, that of all pages, then its own sheet of the same name, if any."""
    sheets = (_STYLE, template.with_suffix(".css"))
    style = network.look.sheet + "".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.exists())
    templates = environment().overlay(loader=FileSystemLoader(template.parent))
    templates.filters = {**templates.filters, "number": lambda count: f"{count:,}".replace(",", "\u202f")}
    return templates.get_template(template.name).render(
        **content,
        network=network,
        style=Markup(style),  # noqa: S704 - our own files
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def write_page(to: Path, page: str) -> None:
    """Write a page, whole or not at all."""
    with private_file(to) as file:
        file.write(page.encode())
    output.note(f"Écrit : {to}")
