"""The periods, in the office's table: one item for the whole network, so that a page reads it at once."""

from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.enrolment.periods import AnnouncedPeriods, EnrolmentPeriod, Periods, Publication
from chalicelib.domain.refusals import WriteConflict
from chalicelib.stores.dynamo import Database, Lookup, Put
from chalicelib.stores.values import Item, moment

_SITE: Final = "*"  # no site has this code
REENROLMENT: Final = "periods"
_OF_ALL: Final = "*"
FRESH: Final = timedelta(minutes=5)  # as long as the CDN keeps a page


class PeriodStore:
    """Reads and writes what the network announced; a Lambda asks the table every five minutes only.

    `of`: the periods of what: the re-enrolment, or another one's own (`admission_services.py`).
    """

    def __init__(self, database: Database, table: str, of: str = REENROLMENT) -> None:
        self._database = database
        self._table = table
        self._key = {"site": _SITE, "identifier": of}
        self._published_key = {"site": _SITE, "identifier": f"{of}-published"}
        self._asked_at: datetime | None = None
        self.last_known = Periods()  # whenever that was: what a page goes by while the table does not answer

    def recent(self, now: datetime) -> Periods:
        """Read the periods as they were at most five minutes ago.

        Raises `Unavailable`, then gives those last known for five minutes: a table that does not answer is not asked
        more often, for each time costs some family seconds.
        """
        if self._asked_at is None or not now - FRESH < self._asked_at <= now:
            self._asked_at = now
            self.last_known = self.read()
        return self.last_known

    def lookup(self) -> Lookup[Periods]:
        """Look up the periods, together with something else."""
        return Lookup(self._table, self._key, _periods)

    def read(self) -> Periods:
        """Read the periods as they are."""
        return self._database.read(self.lookup())

    def read_announced(self) -> AnnouncedPeriods:
        """Read the periods as they are, and who announced them."""
        return self._database.read(Lookup(self._table, self._key, _announced))

    def write(self, before: Periods, after: Periods, who: str = "", at: datetime | None = None) -> None:
        """Announce others, if nobody else did meanwhile; who does so, where that is known. Raises `WriteConflict`."""
        never = "attribute_not_exists(#periods) OR " if before == Periods() else ""
        try:
            self._database.update(
                self._table,
                self._key,
                "SET #periods = :after, #changed = :changed",
                f"{never}#periods = :before",
                before=_days(before),
                after=_days(after),
                changed={"who": who, "at": at, "version": after.version},
            )
        except WriteConflict as lost:
            if lost.item is None or _periods(lost.item) != after:  # a retry by the SDK finds its own work
                raise

    def note_publication(self, publication: Publication) -> None:
        """Note what the static pages say from now on."""
        item = {"version": publication.version, "at": publication.at}
        self._database.write_together(Put(self._table, self._published_key | item))

    def find_publication(self) -> Publication | None:
        """Find what the static pages say; None where nobody noted it."""
        return self._database.read(Lookup(self._table, self._published_key, _publication))


def _days(periods: Periods) -> dict[str, list[str]]:
    all_of_them = ((_OF_ALL, periods.of_all), *periods.of_sites)
    return {code: [period.opens_on.isoformat(), period.closes_on.isoformat()] for code, period in all_of_them if period}


def _periods(item: Item | None) -> Periods:
    days = (item or {}).get("periods", {})
    kept = {code: EnrolmentPeriod(*map(date.fromisoformat, both)) for code, both in days.items()}
    return Periods(kept.pop(_OF_ALL, None), tuple(sorted(kept.items())))


def _announced(item: Item | None) -> AnnouncedPeriods:
    """Read who announced them; nobody, where a `clef` that notes nobody did since."""
    periods, changed = _periods(item), (item or {}).get("changed", {})
    if changed.get("version") != periods.version or not changed.get("who"):
        return AnnouncedPeriods(periods)
    return AnnouncedPeriods(periods, changed["who"], moment(changed["at"]))


def _publication(item: Item | None) -> Publication | None:
    return Publication(item["version"], moment(item["at"])) if item else None
