"""Render the static pages, assets and root files as bucket objects: key, content, type, cache rule."""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.presentation.public_pages import PERIOD_PAGES, period_pages, render_page
from chalicelib.presentation.rendering import ASSETS, ICON, LOGO, SHEETS, asset_bytes, asset_path
from chalicelib.presentation.texts import ERRORS
from chalicelib.settings.environment import Network, load_network
from chalicelib.settings.wings import has
from chalicelib.web.responses import HTML
from chalicelib.wings.admission.presentation.draw_pages import PREFIX, draw_pages
from operations.pages.bucket import FIVE_MINUTES, FOR_EVER, NOT_KEPT, TEXT, StoredObject

OLD_ICON = Path(__file__).with_name("favicon.ico")  # `templates/assets/icon.svg`, for browsers without SVG icons
SCRIPT = Path(__file__).with_name("tirage.py")  # recomputes the order of a draw

SECURITY_KEY = ".well-known/security.txt"
_ROBOTS = "User-agent: *\nDisallow: /extranet/compte\n"  # public pages that are not to be indexed say so themselves
_SECURITY = (
    "Contact: {contact}\nExpires: {expires:%Y-%m-%d}T00:00:00Z\nPreferred-Languages: fr\nCanonical: {canonical}\n"
)
_MONTHS_GOOD = 11
# In the place of a stage's address, and of the day of publication, in pages that are stored for any stage.
_ADDRESS: Final = "https://stage.invalid"
_DAY: Final = date(9000, 1, 1)

_PAGES = {
    "extranet/usager/identifiant-perdu": "lost_identifier",
    "extranet/usager/premiere-connexion": "login_methods/first_login",
    "extranet/aide/langues": "languages",
    "extranet/mentions-legales": "legal",
    "extranet/plan": "site_map",
}


def build(
    network: Network, periods: Periods, today: date | None = None, notice: ServiceNotice | None = None
) -> Iterator[StoredObject]:
    """Render every static page but those of draws, the error pages (`extranet/erreurs/STATUS`), assets and the root."""
    for key, body in period_pages(network, periods, notice):
        yield StoredObject(key, body, HTML, FIVE_MINUTES)
    for key, name in _PAGES.items():
        yield _page(network, key, name, typed={"site": "", "identifiant": "", "email": ""})
    if has("admission"):
        for key, body, kind in draw_pages(network, ()):
            yield StoredObject(key, body, kind, FIVE_MINUTES)
        yield StoredObject(f"{PREFIX}/tirage.py", SCRIPT.read_bytes(), TEXT, FIVE_MINUTES)
    for status, (title, advice) in ERRORS.items():
        page = _page(network, f"extranet/erreurs/{status}", "error", title=title, advice=advice, status=status)
        yield replace(page, cache_control=NOT_KEPT)
    logo = [LOGO] if network.look.logo else []
    for name in sorted([*SHEETS, *(file.name for file in ASSETS.iterdir()), *logo]):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        yield StoredObject(
            asset_path(name, network.look).removeprefix("/"), asset_bytes(name, network.look), kind + charset, FOR_EVER
        )
    yield StoredObject("robots.txt", _ROBOTS.encode(), TEXT, FIVE_MINUTES)
    icon = (asset_bytes(ICON, network.look), "image/svg+xml") if logo else (OLD_ICON.read_bytes(), "image/x-icon")
    yield StoredObject("favicon.ico", *icon, FIVE_MINUTES)
    yield StoredObject(SECURITY_KEY, _security(network, today or datetime.now(UTC).date()), TEXT, FIVE_MINUTES)


def build_for_any_stage() -> list[StoredObject]:
    """Render the objects that are equal in every stage. Pages of the periods and the draws have no body."""
    rendered_there = {*PERIOD_PAGES, PREFIX}
    files = build(load_network({"public_url": _ADDRESS}), Periods(), _DAY)
    return [replace(stored, body=b"") if stored.key in rendered_there else stored for stored in files]


def for_stage(objects: Sequence[StoredObject], url: str, today: date) -> list[StoredObject]:
    """Write a stage's address, and an expiry as of a day, into stored pages."""
    there, day, until = _ADDRESS.encode(), str(good_until(_DAY)).encode(), str(good_until(today)).encode()
    return [replace(page, body=page.body.replace(there, url.encode()).replace(day, until)) for page in objects]


def good_until(today: date) -> date:
    """Compute the expiry of `security.txt` (RFC 9116: within a year): the first day of a month, to change monthly."""
    years, month = divmod(today.month - 1 + _MONTHS_GOOD, 12)
    return date(today.year + years, month + 1, 1)


def _security(network: Network, today: date) -> bytes:
    fields = {"contact": network.security_address, "canonical": network.url(f"/{SECURITY_KEY}")}
    return _SECURITY.format(expires=good_until(today), **fields).encode()


def _page(network: Network, key: str, name: str, **facts: object) -> StoredObject:
    return StoredObject(key, render_page(network, name, **facts), HTML, FIVE_MINUTES)
