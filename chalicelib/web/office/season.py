"""GET /extranet/bureau/saison: the periods as announced, and the way to all that is of the season."""

from typing import Final

from chalice.app import Response

from chalicelib.domain.enrolment.periods import AnnouncedPeriods, EnrolmentPeriod
from chalicelib.office.enrolment.period import PeriodOf, announced_periods
from chalicelib.office.jobs.publication import find_publication
from chalicelib.presentation import texts
from chalicelib.presentation.announcement import announcement_for
from chalicelib.values import frozen
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page

routes = DeskBlueprint(__name__)

SEASON_PAGE: Final = f"{DESK}/saison"
# By what an address and a form say: of what the periods are, and their title.
KINDS: Final[dict[str, tuple[PeriodOf, str]]] = {
    "reinscription": ("reenrolment", "Période de réinscription"),
    "demandes": ("new_requests", "Période des nouvelles demandes"),
}
_DONE: Final = {
    "periode": "La période est enregistrée : les comptes des familles et les pages publiques la disent d'ici dix "
    "minutes.",
    "periode-demandes": "La période est enregistrée : « Pré-inscription » la suit d'ici cinq minutes.",
    "publication": "Les pages publiques seront publiées dans un instant.",
}


@frozen
class SitePeriod:
    """The period of one site as a page shows it: its own or that of all, and what families read of it."""

    code: str
    name: str
    period: EnrolmentPeriod | None
    is_own: bool
    sentence: str


@frozen
class PeriodTable:
    """The periods of one kind, site by site, and who changed them last."""

    code: str
    title: str
    announced: AnnouncedPeriods
    rows: tuple[SitePeriod, ...]


@routes.get(SEASON_PAGE, right="reader", filters={})
def show_season(request: StaffRequest) -> Response:
    """Show what is announced, and where to go from there."""
    tables = [period_table(request, code) for code in KINDS]
    publication = find_publication(request.services)
    information = _DONE.get(request.query.get("fait", ""))
    return desk_page(request, "season", "season", tables=tables, publication=publication, information=information)


def period_table(request: StaffRequest, code: str) -> PeriodTable:
    """Read the periods of one kind, of the sites that the member sees."""
    of, title = KINDS[code]
    announced = announced_periods(request.services, of)
    own = dict(announced.periods.of_sites)
    rows = tuple(
        SitePeriod(
            site.code,
            site.name,
            announced.periods.of(site.code),
            site.code in own,
            _sentence(request, of, announced.periods.of(site.code)),
        )
        for site in request.staff.sites
    )
    return PeriodTable(code, title, announced, rows)


def _sentence(request: StaffRequest, of: PeriodOf, period: EnrolmentPeriod | None) -> str:
    """Write what families read of a period at this moment."""
    if of == "new_requests":
        return texts.requests_period(period, request.now)
    (announcement,) = announcement_for(request.services.settings.network, period, request.now)
    return announcement.sentence
