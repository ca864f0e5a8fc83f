"""GET /extranet/bureau/saison/avancement: how far families have come, as a picture and in numbers."""

from typing import Final

from chalice.app import Response

from chalicelib.office.campaign import progress_tables
from chalicelib.office.campaign.progress import progress_report
from chalicelib.office.campaign.season import find_season
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page
from chalicelib.web.office.filters import BY_SITE, chosen_sites
from chalicelib.web.office.season import SEASON_PAGE

routes = DeskBlueprint(__name__)

FUNNEL_PAGE: Final = f"{SEASON_PAGE}/avancement"


@routes.get(FUNNEL_PAGE, right="reader", filters=BY_SITE)
def show_funnel(request: StaffRequest) -> Response:
    """Count the families of one site, or of all that the member sees."""
    sites, chosen = chosen_sites(request)
    season = find_season(request.services)
    report = progress_report(request.services, season, sites, request.now, lambda: None, with_former_sites=False)
    return desk_page(request, "funnel", "season", report=report, words=progress_tables, chosen=chosen)
