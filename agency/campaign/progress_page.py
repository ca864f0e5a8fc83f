"""The funnel as one page that stands alone: no name of a family, no script, nothing from elsewhere."""

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader
from markupsafe import Markup

from chalicelib.office.campaign import progress_tables as words
from chalicelib.office.campaign.progress import ProgressReport
from chalicelib.presentation.rendering import environment
from chalicelib.settings.environment import Network

_FOLDER: Final = Path(__file__).parent


def page_of(report: ProgressReport, network: Network) -> str:
    """Render the page."""
    style = (_FOLDER / "progress.css").read_text(encoding="utf-8")
    templates = environment().overlay(loader=FileSystemLoader(_FOLDER))
    templates.filters = {**templates.filters, "number": _number}
    return templates.get_template("progress.html").render(
        share=words.share,
        width=words.width,
        report=report,
        network=network,
        columns=words,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")
