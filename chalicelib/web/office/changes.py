"""GET /extranet/bureau/changements: the changes of families' coordinates, to copy into the school's software."""

from datetime import timedelta
from typing import Final

from chalice.app import Response

from chalicelib.domain.family.corrections import Side
from chalicelib.office.helpdesk.changes import changes
from chalicelib.presentation.office import corrections
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, family_path
from chalicelib.web.office.filters import BY_SITE, chosen_sites

routes = DeskBlueprint(__name__)

CHANGES_PAGE: Final = f"{DESK}/changements"
_SIDES: Final[dict[str, tuple[Side, str]]] = {
    "familles": ("family", "Les familles"),
    "administration": ("office", "L'administration"),
    "fichier": ("file", "Le fichier annuel"),
}
_PERIODS: Final[dict[str, tuple[timedelta | None, str]]] = {
    "semaine": (timedelta(days=7), "Une semaine"),
    "mois": (timedelta(days=31), "Un mois"),
    "annee": (timedelta(days=366), "Un an"),
    "tout": (None, "Tout ce qui est gardé"),
}
_AT_MOST: Final = 200


@routes.get(
    CHANGES_PAGE,
    right="secretary",
    filters=BY_SITE | {"par": _SIDES.__contains__, "depuis": _PERIODS.__contains__},
)
def show_changes(request: StaffRequest) -> Response:
    """Show the newest changes, of one month unless `?depuis=` says otherwise."""
    sites, site = chosen_sites(request)
    period, side = request.query.get("depuis") or "mois", request.query.get("par", "")
    length, _ = _PERIODS[period]
    changed = changes(
        request.services,
        [one.code for one in sites],
        request.now - length if length else None,
        _SIDES[side][0] if side else None,
    )
    return desk_page(
        request,
        "changes",
        "find",
        changes=changed[:_AT_MOST],
        at_most=_AT_MOST if len(changed) > _AT_MOST else 0,
        site=site,
        side=side,
        sides=_SIDES,
        period=period,
        periods=_PERIODS,
        corrections=corrections,
        site_names={one.code: one.name for one in sites},
        path=CHANGES_PAGE,
        path_of=family_path,
    )
