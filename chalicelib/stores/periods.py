"""The periods, in the office's table: one item for the whole network, read at once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from chalicelib.domain.enrolment.periods import PERIODS_AGE, AnnouncedPeriods, EnrolmentPeriod, Periods, Publication
from chalicelib.domain.refusals import WriteConflict
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.infra.dynamo.database import Database, Lookup, Put
from chalicelib.infra.dynamo.values import Item, moment
from chalicelib.stores.documents import translate_s3_errors

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


HTML: Final = "text/html; charset=utf-8"
FIVE_MINUTES: Final = "public, max-age=300"


class PublicPages:
    """Stores pages by key, with the headers that they are served with. Raises `Unavailable`."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, body: bytes, kind: str = HTML) -> None:
        """Store or overwrite a page (PutObject)."""
        with translate_s3_errors():
            self._client().put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=kind, CacheControl=FIVE_MINUTES
            )


_SITE: Final = "*"  # no site has this code
REENROLMENT: Final = "periods"
_OF_ALL: Final = "*"
_PUBLICATION: Final = Codec(Publication)
FRESH: Final = timedelta(minutes=5)  # equal to the CDN's caching time


class PeriodStore:
    """Reads and writes the announced periods, which a warm Lambda reads once in ten seconds (decision 141).

    Announcements may be as old as the CDN's pages. `of`: the re-enrolment's, or others' (`admission_stores.py`).
    """

    def __init__(self, database: Database, table: str, of: str = REENROLMENT) -> None:
        self._database = database
        self._table = table
        self._key = {"site": _SITE, "identifier": of}
        self._published_key = {"site": _SITE, "identifier": f"{of}-published"}
        self._asked_at: datetime | None = None
        self._read_at: datetime | None = None
        self.last_known = Periods()  # of any age, for pages while the table does not answer

    def recent(self, now: datetime) -> Periods:
        """Read the periods, at most five minutes old.

        Raises `Unavailable`, then returns the last known ones for five minutes: a failing table is not read more often,
        since each try costs a family some seconds.
        """
        if not _is_within(FRESH, self._asked_at, now):
            self._asked_at = now
            self.current(now)
        return self.last_known

    def lookups(self, now: datetime) -> tuple[Lookup[Periods], ...]:
        """Look up the periods with other items, unless read ten seconds ago or less: `last_known` then has them."""
        return () if _is_within(PERIODS_AGE, self._read_at, now) else (self._lookup(partial(self._remember, now)),)

    def current(self, now: datetime, since: datetime | None = None) -> Periods:
        """Read the periods, at most ten seconds old, and not before `since`, when a job was posted."""
        if since and self._read_at and self._read_at < since:
            self.forget()
        for lookup in self.lookups(now):
            self._database.read(lookup)
        return self.last_known

    def forget(self) -> None:
        """Forget when the periods were read: they have changed."""
        self._asked_at = self._read_at = None

    def _remember(self, now: datetime, item: Item | None) -> Periods:
        self._read_at, self.last_known = now, _periods(item)
        return self.last_known

    def _lookup(self, parse: Callable[[Item | None], Periods]) -> Lookup[Periods]:
        return Lookup(self._table, self._key, parse)

    def read(self) -> Periods:
        """Read the periods as they are now."""
        return self._database.read(self._lookup(_periods))

    def read_announced(self) -> AnnouncedPeriods:
        """Read the current periods, and the author of their last change."""
        return self._database.read(Lookup(self._table, self._key, _announced))

    def write(self, before: Periods, after: Periods, author: str = "", at: datetime | None = None) -> None:
        """Announce periods if unchanged since read, with the author if known. Raises `WriteConflict`."""
        self.forget()
        never = "attribute_not_exists(#periods) OR " if before == Periods() else ""
        try:
            self._database.update(
                self._table,
                self._key,
                "SET #periods = :after, #changed = :changed",
                f"{never}#periods = :before",
                before=_days(before),
                after=_days(after),
                changed={"who": author, "at": at, "version": after.version},
            )
        except WriteConflict as clash:
            if clash.item is None or _periods(clash.item) != after:  # an SDK retry recognises its own write
                raise

    def note_publication(self, publication: Publication) -> None:
        """Record the publication of the static pages."""
        item = self._published_key | _PUBLICATION.encode(publication)
        self._database.write_together(Put(self._table, item))

    def find_publication(self) -> Publication | None:
        """Find the last publication of the static pages. None if none was recorded."""
        item = self._database.read(Lookup(self._table, self._published_key, lambda item: item))
        return _PUBLICATION.decode(item) if item else None


def _is_within(age: timedelta, before: datetime | None, now: datetime) -> bool:
    return before is not None and now - age < before <= now


def _days(periods: Periods) -> dict[str, list[str]]:
    all_of_them = ((_OF_ALL, periods.of_all), *periods.of_sites)
    return {code: [period.opens_on.isoformat(), period.closes_on.isoformat()] for code, period in all_of_them if period}


def _periods(item: Item | None) -> Periods:
    days = (item or {}).get("periods", {})
    periods = {code: EnrolmentPeriod(*map(date.fromisoformat, both)) for code, both in days.items()}
    return Periods(periods.pop(_OF_ALL, None), tuple(sorted(periods.items())))


def _announced(item: Item | None) -> AnnouncedPeriods:
    """Decode the author of the periods. Empty if an older `clef` has changed them since."""
    periods, change = _periods(item), (item or {}).get("changed", {})
    if change.get("version") != periods.version or not change.get("who"):
        return AnnouncedPeriods(periods)
    return AnnouncedPeriods(periods, change["who"], moment(change["at"]))
