"""Pages seen by tests, kept in CLEF_PAGES for the Nu validator (`make nu`): one for each skeleton."""

import hashlib
import os
import re
from pathlib import Path

_FOLDER = os.environ.get("CLEF_PAGES")
_WORDS = re.compile(r'(?<==)"[^"]*"|>[^<]+<')


def keep_page(page: str) -> None:
    """Keep a page unless one with the same elements and attributes is kept. Does nothing without CLEF_PAGES."""
    if not _FOLDER or not page:
        return
    name = hashlib.blake2b(_WORDS.sub("><", page).encode(), digest_size=8).hexdigest()
    file = Path(_FOLDER) / f"{name}.html"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
