"""What was changed of families' coordinates and passwords since a day: for the office, which reads who did it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.corrections import Correction, Side
from chalicelib.office.sites import sites_asked
from chalicelib.services import Services

Advance = Callable[[], None]


@dataclass(frozen=True)
class Changed:
    """One change, and whose it is."""

    ref: AccountRef
    written: str
    name: str
    correction: Correction


@dataclass(frozen=True)
class Asked:
    """Of which site (None: of all), since which day in Paris (None: all that is kept), by whom (None: by anybody)."""

    site: str | None = None
    since: date | None = None
    by: Side | None = None

    def is_due(self, correction: Correction) -> bool:
        """Tell whether a change is asked for."""
        is_late = self.since is None or correction.at >= datetime.combine(self.since, time(), PARIS)
        return is_late and self.by in {None, correction.hand.side}


def changes(services: Services, asked: Asked, advance: Advance) -> tuple[Changed, ...]:
    """List changes, oldest first; every account is read. Raises `Refused`."""
    found = []
    for site in sites_asked(services.settings.network, asked.site):
        for account in services.accounts.all(site.code):
            due = filter(asked.is_due, trail(account))
            found += [Changed(account.ref, account.written, account.name, each) for each in due]
            advance()
    return tuple(sorted(found, key=lambda each: each.correction.at))
