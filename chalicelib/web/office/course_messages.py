"""GET /extranet/bureau/mots: what teachers wrote to families, a month at a time, the newest first."""

import re
from typing import Final

from chalice.app import Response

from chalicelib.domain.teaching.school_years import today
from chalicelib.office.teaching.course_messages import words_of_month
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page
from chalicelib.web.office.filters import BY_SITE, chosen_sites

routes = DeskBlueprint(__name__)

WORDS_PAGE: Final = f"{DESK}/mots"
_MONTH: Final = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)


@routes.get(WORDS_PAGE, right="reader", filters=BY_SITE | {"mois": _MONTH.fullmatch})
def show_words(request: StaffRequest) -> Response:
    """Show what was written in a month, this one unless `?mois=` names another."""
    sites, site = chosen_sites(request)
    month = request.query.get("mois") or f"{today(request.now):%Y-%m}"
    found = words_of_month(request.services, [site.code for site in sites], month, request.now)
    return desk_page(request, "course_messages", "teaching", found=found, site=site, path=WORDS_PAGE)
