"""/extranet/bureau/saison/places: the places of a season as a picture, and the offers planned by a job."""

from typing import Any, Final

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.jobs import OFFERS, start
from chalicelib.web.office.acts import ActBlueprint
from chalicelib.web.office.edge import DeskRequest, redirect
from chalicelib.web.office.files import job_path
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.season import SEASON_PAGE
from chalicelib.web.responses import Response
from chalicelib.wings.admission.office.places import places_overview
from chalicelib.wings.admission.presentation.office.places import bar_of, place_label

routes = ActBlueprint(__name__)

PLACES_PAGE: Final = f"{SEASON_PAGE}/places"


def _facts(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    overview = places_overview(request.services, listing.codes, request.now)
    scale = max((row.pool.capacity + row.waiting for row in overview.pools), default=0) or 1
    by_site = [(site, [row for row in overview.pools if row.pool.ref.site == site.code]) for site in listing.sites]
    return {"season": overview.season, "by_site": by_site, "label": place_label, "bar": lambda row: bar_of(row, scale)}


PLACES: Final = DeskList(PLACES_PAGE, "reader", "places", "season", BY_SITE).page(_facts)
routes.page(PLACES_PAGE, "reader", PLACES, filters=BY_SITE)


@routes.act(f"{PLACES_PAGE}/propositions", "manager", PLACES)
def plan_offers(request: DeskRequest, _: FilteredList) -> Response:
    """Start a job that plans the offers of free places: they are made once a manager has read and confirmed them."""
    job = start(request.services, DeskJob.ask(OFFERS, request.staff.member.known_as, request.now))
    return redirect(request.services, job_path(job.id))
