"""GET /extranet/bureau/changements: the changes of families' coordinates, to copy into the school's software."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.family.corrections import Side
from chalicelib.office.helpdesk.changes import changes
from chalicelib.presentation.office import corrections
from chalicelib.web.office.acts import ActBlueprint
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.office.lists import FilteredList, serve_list

routes = ActBlueprint(__name__)

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


@serve_list(
    routes,
    CHANGES_PAGE,
    "secretary",
    "changes",
    "find",
    BY_SITE | {"par": _SIDES.__contains__, "depuis": _PERIODS.__contains__},
)
def show_changes(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the newest changes, of one month unless `?depuis=` names another period."""
    period, side = listing.values["depuis"] or "mois", listing.values["par"]
    length, _ = _PERIODS[period]
    since = request.now - length if length else None
    entries = changes(request.services, listing.codes, since, _SIDES[side][0] if side else None)
    return {
        "changes": entries[:_AT_MOST],
        "at_most": _AT_MOST if len(entries) > _AT_MOST else 0,
        "side": side,
        "sides": _SIDES,
        "period": period,
        "periods": _PERIODS,
        "corrections": corrections,
        "path_of": family_path,
    }
