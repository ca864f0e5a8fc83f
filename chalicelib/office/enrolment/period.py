"""The periods of re-enrolment and of applications: announced for one site or all, shown and withdrawn."""

from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.audit import AuditAction, AuditEntry, Author
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.refusals import WriteConflict
from chalicelib.office.account import select_sites
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.settings.wings import has
from chalicelib.stores.periods import PeriodStore
from chalicelib.values import frozen

PeriodOf = Literal["reenrolment", "new_requests"]

SEASON_TRAIL: Final = "season"  # in the audit trail, in place of an account's pseudonym
NO_SITE: Final = "*"  # no site has this code
_TAKEN_BACK: Final = "retirée"
_FAR: Final = timedelta(days=366)
_LONG: Final = timedelta(days=183)


class PeriodDoubted(OfficeRefusal):
    """The days may have a wrong year. An editor who is sure may insist."""

    def __init__(self, doubts: tuple[str, ...]) -> None:
        super().__init__(doubts[0])
        self.doubts = doubts


@frozen
class PeriodChange:
    """The periods before and after a change."""

    before: Periods
    after: Periods
    warnings: tuple[OfficeRefusal, ...] = ()  # a slip of the year, an open period that closes


def period_kinds() -> tuple[PeriodOf, ...]:
    """List the kinds of periods that the network has."""
    return ("reenrolment", "new_requests") if has("admission") else ("reenrolment",)


def period_store(services: Services, of: PeriodOf) -> PeriodStore:
    """Find the store of the periods of the re-enrolment, or of applications."""
    return services.periods if of == "reenrolment" else services.admission.periods


@frozen
class PeriodEditor:
    """The author of a change of periods, and its moment: a proven member, or none for `clef`.

    `version`: that of the periods on the page. `is_sure`: doubts are confirmed. `apply`: write the change.
    """

    by: str = field(default="", repr=False)
    at: datetime | None = None
    version: str | None = None
    is_sure: bool = True
    apply: bool = True


_CLEF: Final = PeriodEditor()


def set_period(  # noqa: PLR0913 - the period, its kind, its author
    services: Services,
    site: str | None,
    opens_on: date,
    closes_on: date,
    now: datetime,
    *,
    of: PeriodOf = "reenrolment",
    editor: PeriodEditor = _CLEF,
) -> PeriodChange:
    """Announce a period for a site, which takes precedence, or for all. Raises `OfficeRefusal`.

    A possibly wrong year raises `PeriodDoubted` before any write, unless the editor is sure.
    """
    select_sites(services.settings.network, site)
    try:
        period = EnrolmentPeriod(opens_on, closes_on)
    except ValueError:
        raise OfficeRefusal("period_backwards") from None
    if of == "new_requests":
        _check_not_drawn(services, site, period, now)
    doubts = _doubts(period, now)
    if doubts and editor.apply and not editor.is_sure:
        raise PeriodDoubted(doubts)
    change = _write(services, of, site, period, editor)
    return replace(change, warnings=(*map(OfficeRefusal, doubts), *_closings(services, change, now)))


def clear_period(
    services: Services, site: str | None, now: datetime, *, of: PeriodOf = "reenrolment", editor: PeriodEditor = _CLEF
) -> PeriodChange:
    """Withdraw the announcement for a site, or for all. Raises `OfficeRefusal`."""
    select_sites(services.settings.network, site)
    change = _write(services, of, site, None, editor)
    return replace(change, warnings=_closings(services, change, now))


def _check_not_drawn(services: Services, site: str | None, period: EnrolmentPeriod, now: datetime) -> None:
    """Check that no draw's list is frozen where applications would open again. Raises `OfficeRefusal`."""
    by_site = dict(services.admission.periods.read().of_sites) if site is None else {}
    for place in select_sites(services.settings.network, site):
        is_concerned = place.code not in by_site and period.state(now) != "after"
        if is_concerned and services.admission.draws.find(place.code, period.season):
            raise OfficeRefusal("period_drawn", site=place.name)


def _doubts(period: EnrolmentPeriod, now: datetime) -> tuple[str, ...]:
    """Find the signs of a wrong year, as the codes of their sentences."""
    signs = {
        "period_over": period.state(now) == "after",
        "period_far": period.state(now + _FAR) == "before",
        "period_long": period.closes_on - period.opens_on > _LONG,
    }
    return tuple(code for code, is_seen in signs.items() if is_seen)


def _closings(services: Services, change: PeriodChange, now: datetime) -> tuple[OfficeRefusal, ...]:
    """Name the sites whose period is open, and closes by this change."""

    def is_open(periods: Periods, site: str) -> bool:
        period = periods.of(site)
        return period is not None and period.state(now) == "during"

    closing = tuple(
        site.name
        for site in services.settings.network.sites
        if is_open(change.before, site.code) and not is_open(change.after, site.code)
    )
    return (OfficeRefusal("period_closes", sites=closing),) if closing else ()


def _write(
    services: Services, of: PeriodOf, site: str | None, period: EnrolmentPeriod | None, editor: PeriodEditor
) -> PeriodChange:
    store = period_store(services, of)
    before = store.read()
    after = _with(before, site, period)
    if after == before or not editor.apply:
        return PeriodChange(before, after)
    if editor.version is not None and editor.version != before.version:
        raise _moved(store)
    if editor.at:
        days = f"{period.opens_on.isoformat()} - {period.closes_on.isoformat()}" if period else _TAKEN_BACK
        kind: AuditAction = "period_set" if of == "reenrolment" else "new_period_set"
        author = Author(editor.by, days)
        services.audit_trail.add(AuditEntry(kind, site or NO_SITE, SEASON_TRAIL, author, editor.at))
    try:
        store.write(before, after, editor.by, editor.at)
    except WriteConflict:
        raise _moved(store) from None
    return PeriodChange(before, after)


def _with(periods: Periods, site: str | None, period: EnrolmentPeriod | None) -> Periods:
    if site is None:
        return replace(periods, of_all=period)
    by_site = {code: of_site for code, of_site in periods.of_sites if code != site} | ({site: period} if period else {})
    return replace(periods, of_sites=tuple(sorted(by_site.items())))


def _moved(store: PeriodStore) -> OfficeRefusal:
    """Make the refusal of an overtaken change, with the other author and the moment if known."""
    notice = store.read_announced()
    if notice.at is None:
        return OfficeRefusal("period_moved")
    return OfficeRefusal("period_moved_by", who=notice.name, when=notice.at)
