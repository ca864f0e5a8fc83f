"""GET /extranet/bureau/saison: the announced periods, and links to all pages of the season."""

from typing import Any, Final

from chalicelib.domain.enrolment.periods import AnnouncedPeriods, EnrolmentPeriod
from chalicelib.office.account import note_report
from chalicelib.office.enrolment.period import PeriodOf, period_kinds, period_store
from chalicelib.office.enrolment.reenrolments import PupilQuery
from chalicelib.office.enrolment.report import closing_reports
from chalicelib.office.jobs.publication import find_publication
from chalicelib.presentation import texts
from chalicelib.presentation.announcement import announcement_for
from chalicelib.presentation.office import closing_report
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.office.lists import DeskList, FilteredList

routes = ActBlueprint(__name__)

SEASON_PAGE: Final = f"{DESK}/saison"
_KINDS: Final[dict[str, tuple[PeriodOf, str]]] = {
    "reinscription": ("reenrolment", "Période de réinscription"),
    "demandes": ("new_requests", "Période des nouvelles demandes"),
}
# By `?quoi=`: the kind of period, and its title.
KINDS: Final = {code: (of, title) for code, (of, title) in _KINDS.items() if of in period_kinds()}


@frozen
class SitePeriod:
    """The period of a site: its own or the common one, and the sentence that families read."""

    code: str
    name: str
    period: EnrolmentPeriod | None
    is_own: bool
    sentence: str


@frozen
class PeriodTable:
    """The periods of one kind, site by site, and their last author."""

    code: str
    title: str
    periods: AnnouncedPeriods
    rows: tuple[SitePeriod, ...]


def period_table(request: DeskRequest, code: str) -> PeriodTable:
    """Read the periods of one kind, of the sites that the member sees."""
    of, title = KINDS[code]
    periods = period_store(request.services, of).read_announced()
    of_sites = dict(periods.periods.of_sites)
    rows = tuple(
        SitePeriod(
            site.code,
            site.name,
            periods.periods.of(site.code),
            site.code in of_sites,
            _sentence(request, of, periods.periods.of(site.code)),
        )
        for site in request.staff.sites
    )
    return PeriodTable(code, title, periods, rows)


def _sentence(request: DeskRequest, of: PeriodOf, period: EnrolmentPeriod | None) -> str:
    """Write the sentence that families now read on a period."""
    if of == "new_requests":
        return texts.admission_period(period, request.now)
    (announcement,) = announcement_for(request.services.settings.network, period, request.now)
    return announcement.sentence


def _season(request: DeskRequest, _subject: None, _outcome: Outcome) -> dict[str, Any]:
    tables = [period_table(request, code) for code in KINDS]
    return {"tables": tables, "publication": find_publication(request.services)}


SEASON: Final = ActPage(
    "season",
    "season",
    _season,
    sentences={
        "periode": "La période est enregistrée : les comptes des familles et les pages publiques la disent d'ici dix "
        "minutes.",
        "periode-demandes": "La période est enregistrée : « Pré-inscription » la suit d'ici cinq minutes.",
        "publication": "Les pages publiques seront publiées dans un instant.",
    },
)
routes.page(SEASON_PAGE, "reader", SEASON, filters={})
REPORT_PAGE: Final = f"{SEASON_PAGE}/bilan"


@DeskList(REPORT_PAGE, "reader", "report", "season", BY_SITE).serve(routes)
def show_report(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """Make the report of a site, to print. With several sites, the page asks which.

    The consultation is noted first: a reader can take the telephones of a whole site with it.
    """
    query = PupilQuery(listing.codes[0]) if len(listing.sites) == 1 else None
    if query:
        note_report(request.services, listing.codes[0], request.staff.member.known_as, request.now)
    reports = closing_reports(request.services, query, request.now, lambda: None) if query else []
    return {"reports": reports, "words": closing_report, "chosen": listing.site}
