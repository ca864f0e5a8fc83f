"""The purge: families gone for long, and not seen since, are erased as one who asks for it is."""

from collections.abc import Iterator
from datetime import date, datetime, time

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import ErasureHooks, erase_all
from chalicelib.services.family import Services


def due(services: Services, before: date, now: datetime) -> Iterator[Account]:
    """List the accounts gone from the file before a day, and not logged in to since then. Raises `OfficeRefusal`."""
    limit = _midnight(before)
    if limit > now:
        raise OfficeRefusal("purge_in_future")
    return (account for account in services.accounts.all() if _is_due(account, limit))


def purge(services: Services, accounts: tuple[Account, ...], who: str, now: datetime, hooks: ErasureHooks) -> Erasure:
    """Erase these accounts, but those that came back or logged in since they were listed. Raises `OfficeRefusal`."""
    listed = {account.ref: account for account in accounts}
    erasure = Erasure.of(listed, who, "purged", now)
    return erase_all(services, tuple(listed), erasure, lambda found: _is_unchanged(listed[found.ref], found), hooks)


def _is_unchanged(listed: Account, found: Account) -> bool:
    return (found.gone_at, found.last_login) == (listed.gone_at, listed.last_login)


def _is_due(account: Account, limit: datetime) -> bool:
    seen = account.last_login or limit.min.replace(tzinfo=limit.tzinfo)
    return account.gone_at is not None and max(account.gone_at, seen) < limit


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)
