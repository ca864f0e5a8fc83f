"""The static pages that show the re-enrolment period or an incident, rendered for the bucket at each deployment."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.presentation.announcement import announcements
from chalicelib.presentation.rendering import environment
from chalicelib.settings.environment import Network

STATUS_PAGE: Final = "extranet/etat"
# The template of each key.
PERIOD_PAGES: Final = {
    "extranet": "doors",
    "extranet/usager": "login",
    "extranet/usager/mot-de-passe-perdu": "lost_password",
    "extranet/aide": "help",
    STATUS_PAGE: "service_status",
}
_EMPTY_FORM: Final = {"site": "", "identifiant": "", "email": ""}
NOTHING_REFUSED: Final[dict[str, object]] = {"alert": None, "errors": {}}


def period_pages(
    network: Network, periods: Periods, notice: ServiceNotice | None = None
) -> Iterator[tuple[str, bytes]]:
    """Render each page, with its key, in words that stay true. `clef.js` knows the day."""
    facts = {"typed": _EMPTY_FORM, "period": announcements(network, periods), "notice": notice}
    for key, name in PERIOD_PAGES.items():
        yield key, render_page(network, name, **facts)


def render_page(network: Network, name: str, **facts: object) -> bytes:
    """Render `templates/family/NAME.html` as a page that is the same for every visitor."""
    template = environment().get_template(f"family/{name}.html")
    return template.render(facts, network=network, feedback=NOTHING_REFUSED, information=None).encode()
