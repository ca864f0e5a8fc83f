"""New requests are open from the start, so that a stranger can ask for a place: days are told from today's."""

from datetime import timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.enrolment.period import set_period
from chalicelib.services import Services

# A site of each order takes requests, from one day to another; one will soon.
PERIODS: Final = {
    "bondoufle-gounod": (-1, 20),
    "evry-magnard": (-1, 20),
    "evry-xenakis": (-1, 20),
    "villabe-yves-henry": (-1, 20),
    "ris-orangis-messiaen": (14, 28),
}


def open_requests(services: Services) -> None:
    """Announce the periods of new requests."""
    now = services.clock()
    today = now.astimezone(PARIS).date()
    for site, (opens, closes) in PERIODS.items():
        days = (today + timedelta(days=opens), today + timedelta(days=closes))
        set_period(services, site, *days, now, of="new_requests")
