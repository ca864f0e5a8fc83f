"""The changes of families' coordinates and passwords since a moment, newest first."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.family.corrections import Correction, Side
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class AccountChange:
    """One change, and its family."""

    ref: AccountRef
    display_identifier: str
    name: str
    correction: Correction


def changes(
    services: Services, sites: Iterable[str], since: datetime | None, by: Side | None
) -> tuple[AccountChange, ...]:
    """List the changes at some sites, newest first. Reads every account. `by`: the side of their author, if given."""
    lines = [
        AccountChange(account.ref, account.display_identifier, account.name, correction)
        for site in sites
        for account in services.accounts.all(site)
        for correction in trail(account)
        if (since is None or correction.at >= since) and by in {None, correction.actor.side}
    ]
    return tuple(sorted(lines, key=lambda change: change.correction.at, reverse=True))
