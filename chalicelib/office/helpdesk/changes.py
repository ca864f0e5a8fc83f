"""What was changed of families' coordinates and passwords since a day: for the office, which reads who did it."""

from collections.abc import Callable
from datetime import date, datetime, time

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.corrections import Correction, Side
from chalicelib.office.sites import select_sites
from chalicelib.services.family import Services
from chalicelib.values import frozen

Advance = Callable[[], None]


@frozen
class AccountChange:
    """One change, and whose it is."""

    ref: AccountRef
    display_identifier: str
    name: str
    correction: Correction


@frozen
class ChangesQuery:
    """Of which site (None: of all), since which day in Paris (None: all that is kept), by whom (None: by anybody)."""

    site: str | None = None
    since: date | None = None
    by: Side | None = None

    def matches(self, correction: Correction) -> bool:
        """Whether a change is one of them."""
        is_late = self.since is None or correction.at >= datetime.combine(self.since, time(), PARIS)
        return is_late and self.by in {None, correction.actor.side}


def changes(services: Services, query: ChangesQuery, advance: Advance) -> tuple[AccountChange, ...]:
    """List changes, oldest first; every account is read. Raises `OfficeRefusal`."""
    found = []
    for site in select_sites(services.settings.network, query.site):
        for account in services.accounts.all(site.code):
            due = filter(query.matches, trail(account))
            found += [
                AccountChange(account.ref, account.display_identifier, account.name, correction) for correction in due
            ]
            advance()
    return tuple(sorted(found, key=lambda change: change.correction.at))
