"""Pages seen by tests, kept in CLEF_PAGES for the Nu validator (`make nu`): one for each skeleton."""

import hashlib
import os
import re
from base64 import b64encode
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


def assert_standing_alone(page: str) -> None:
    """Check that a page has its style inside, allows no other, and runs and loads nothing."""
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert not re.search(r"(?i)<script|<link|<img|<iframe|\sstyle=|\son\w+=|url\(|@import|https?:", page)
    assert '<html lang="fr">' in page
