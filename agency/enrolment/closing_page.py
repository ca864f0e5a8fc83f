"""The closing report as one page to print, that stands alone: no script, nothing from elsewhere. It names families."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader
from markupsafe import Markup

from agency.enrolment import closing_words as words
from chalicelib.office.enrolment.report import Closing
from chalicelib.rendering import environment
from chalicelib.settings import Network

_FOLDER: Final = Path(__file__).parent
_STYLES: Final = (_FOLDER.with_name("campaign") / "progress.css", _FOLDER / "closing.css")


def page_of(closings: Sequence[Closing], network: Network, now: datetime) -> str:
    """Render the page."""
    style = "".join(path.read_text(encoding="utf-8") for path in _STYLES)
    templates = environment().overlay(loader=FileSystemLoader(_FOLDER))
    return templates.get_template("closing.html").render(
        closings=closings,
        network=network,
        now=now,
        words=words,
        style=Markup(style),  # noqa: S704 - our own files
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
