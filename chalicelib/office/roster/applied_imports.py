"""Applied yearly files, their authors and counts, from `clef` and from the desk's job, kept for a year."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.infra.batches import batches
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.settings.wings import has
from chalicelib.values import frozen


def refresh_summaries(services: Services, now: datetime) -> int:
    """Write each outdated summary, and count them. It may be stopped and run again at any time.

    Accounts changed concurrently are skipped: that write updated its summary. Raises `Unavailable`.
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
    for application in services.admission.applications.every() if has("admission") else ():
        with suppress(WriteConflict):
            yield services.admission.applications.write_summary(application)


_AT_ONCE = 100  # accounts


@frozen
class IndexResult:
    """The number of accounts read, and of their addresses."""

    accounts: int
    addresses: int


def index_mailboxes(services: Services) -> IndexResult:
    """Index the addresses of all accounts and guardians' own logins.

    It may be stopped and run again at any time. Raises `Unavailable`.
    """
    accounts = addresses = 0
    for group in batches(services.accounts.every(), _AT_ONCE):
        services.accounts.enter_all_mailboxes(group)
        accounts += len(group)
        addresses += sum(len(account.emails) for account in group)
    return IndexResult(accounts, addresses)


def digest_of(path: Path) -> str:
    """Compute a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def begin_import(services: Services, new: AppliedImport) -> AppliedImport:
    """Note an import before it writes anything. Raises `Unavailable`.

    After an interruption, the same command continues the entry of its first run. A job does the same.
    """
    store = services.staff.imports
    newest = next(iter(store.all(new.begun_at)), None)
    if newest and new.continues(newest):
        return newest
    with suppress(WriteConflict):  # a job that begins again
        store.change(None, new)
    return new


def finish_import(services: Services, new: AppliedImport, counts: Mapping[str, int], now: datetime) -> None:
    """Note that an import is complete, and its counts. Idempotent. Raises `Unavailable`."""
    store = services.staff.imports
    before = store.find(new.id)
    if before and before.done_at:
        return
    non_zero = {kind: count for kind, count in counts.items() if count}
    with suppress(WriteConflict):  # a concurrent run of the same file has finished it
        store.change(before, replace(before or new, counts=non_zero, done_at=now))


def list_imports(services: Services, now: datetime) -> tuple[AppliedImport, ...]:
    """List the imports of a year, the newest first."""
    return services.staff.imports.all(now)


def find_former(
    services: Services, sha256: str, now: datetime
) -> tuple[AppliedImport, tuple[AppliedImport, ...]] | None:
    """Find the last complete import of a file, with those that followed it. None if there is none."""
    imports = list_imports(services, now)
    former = next((imported for imported in imports if imported.sha256 == sha256 and imported.done_at), None)
    if former is None or former.done_at is None:
        return None
    later = [other for other in imports if other.sha256 != sha256 and other.begun_at > former.done_at]
    return (former, tuple(later)) if later else None
