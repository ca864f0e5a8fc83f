"""Two accounts of one family at a site, merged by a manager: a look at both, then a job (`office/rights/merge_job.py`).

Both are marked first, in one transaction. Until the job is done the family reads « Accueil » alone, and no other act
changes who belongs to the accounts.
"""

from contextlib import suppress
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.mergers import Merger
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.jobs.jobs import find_job, forget, start
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services

KIND: Final = "merge"
_IMPORTS: Final = frozenset({"families", "invoices"})  # of rows for the identifiers that they found at their start


def find_merger(services: Services, stays: AccountRef, stops: str) -> Merger:
    """Find both accounts, the second as typed. Raises `OfficeRefusal`."""
    return Merger(
        find_account(services, stays.identifier, stays.site), find_account(services, stops.strip(), stays.site)
    )


def job_name(services: Services, stays: AccountRef, stops: str) -> str:
    """Name the job of a merge: the same for both its forms, and without an identifier."""
    return services.record.pseudonyms.of("job of a merge", stays.site, stays.identifier, stops)


def imports_at_work(services: Services) -> bool:
    """Whether a file is being studied or applied, which may have rows for either identifier."""
    return any(job.is_at_work and job.kind in _IMPORTS for job in services.staff.jobs.all())


def check(services: Services, merger: Merger) -> None:
    """Refuse two accounts that must stay two. Raises `OfficeRefusal`."""
    if code := merger.obstacle or ("merge_import" if imports_at_work(services) and not merger.is_begun else ""):
        raise OfficeRefusal(code)


def begin_merge(services: Services, case: HelpdeskCase, stops: str, version: str, now: datetime) -> DeskJob:
    """Mark both accounts as shown, and start the job, or wake it. Idempotent. Raises `OfficeRefusal`."""
    by = check_author(case.author)
    for _ in range(RACES):
        merger = find_merger(services, AccountRef(case.site or "", case.identifier), stops)
        check(services, merger)
        if merger.is_begun:
            break
        if merger.version != version:
            raise OfficeRefusal("merge_moved")
        marked_pair = merger.begin()
        for ref in (merger.stays.ref, merger.stops.ref):
            audit(services, ref, "merged", by, now)
        with suppress(WriteConflict):  # perhaps of a login alone: then the look still holds
            services.database.swap(
                services.accounts.swap(merger.stays, marked_pair.stays),
                services.accounts.swap(merger.stops, marked_pair.stops),
            )
            break
    else:
        raise OfficeRefusal("merge_moved")
    stays = merger.stays.ref
    name = job_name(services, stays, merger.stopping)
    former = find_job(services, name)
    if former and former.is_over:
        forget(services, former)
    return start(services, DeskJob.ask(KIND, by.who, now, {"sites": [stays.site]}, name))
