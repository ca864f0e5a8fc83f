"""The summaries of all accounts and re-enrolments put right: for what was written before there were any (record 69)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from chalicelib.domain.enrolment.seasons import seasons_kept
from chalicelib.domain.refusals import WriteConflict
from chalicelib.services.family import Services


def refresh_summaries(services: Services, now: datetime) -> int:
    """Write each summary that is not what it should be, and count them; may be stopped and run again, at will.

    What is changed meanwhile is left: that write brought its own. Raises `Unavailable`.
    """
    return sum(_written(services, now))


def _written(services: Services, now: datetime) -> Iterator[bool]:
    for account in services.accounts.every():
        with suppress(WriteConflict):
            yield services.accounts.write_summary(account)
    for site in services.settings.network.sites:
        for season in seasons_kept(now):
            for enrolment in services.enrolments.all(season, site.code):
                with suppress(WriteConflict):
                    yield services.enrolments.write_summary(enrolment)
