"""GET /extranet/bureau/cours: the courses of each teacher's name in the yearly file, and who has access to them."""

from typing import Final

from chalice.app import Response

from chalicelib.office.teaching.courses import site_courses
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page
from chalicelib.web.office.filters import BY_SITE, chosen_sites

routes = DeskBlueprint(__name__)

COURSES_PAGE: Final = f"{DESK}/cours"


@routes.get(COURSES_PAGE, right="reader", filters=BY_SITE)
def show_courses(request: StaffRequest) -> Response:
    """Show the courses of a site, or of all that the member sees."""
    sites, chosen = chosen_sites(request)
    found = site_courses(request.services, sites)
    return desk_page(request, "courses", "teaching", found=found, site=chosen, path=COURSES_PAGE)
