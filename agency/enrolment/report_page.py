"""The closing report as one page to print, that stands alone: no script, nothing from elsewhere. It names families."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader
from markupsafe import Markup

from chalicelib.office import report_text as words
from chalicelib.presentation.rendering import environment
from chalicelib.settings.environment import Network

_FOLDER: Final = Path(__file__).parent
_STYLES: Final = (_FOLDER.parent / "campaign" / "progress.css", _FOLDER / "report.css")


def page_of(
    reports: Sequence[object], network: Network, now: datetime, words: object = words, of: str = "la réinscription"
) -> str:
    """Render the page of what reports say in `words`: `sentences` and `tables` of each; of what they are."""
    style = "".join(path.read_text(encoding="utf-8") for path in _STYLES)
    templates = environment().overlay(loader=FileSystemLoader(_FOLDER))
    return templates.get_template("report.html").render(
        reports=reports,
        network=network,
        now=now,
        words=words,
        of=of,
        style=Markup(style),  # noqa: S704 - our own files
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )
