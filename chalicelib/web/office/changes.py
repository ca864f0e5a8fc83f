"""GET /extranet/bureau/changements: the changes of families' coordinates, to copy into the school's software."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.family.corrections import Side
from chalicelib.office.helpdesk.changes import changes
from chalicelib.presentation.office import corrections
from chalicelib.presentation.texts import describe_change
from chalicelib.web.office.acts import ActBlueprint
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import BY_SITE
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.tables import Column, ListChoice, ListTable

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
_EMPTY: Final = "Aucun changement : chaque correction de coordonnées aurait sa ligne ici."


def _columns(request: DeskRequest) -> tuple[Column, ...]:
    names = {site.code: site.name for site in request.staff.sites}
    return (
        Column("Quand", lambda row: row.correction.at, "quand"),
        Column("Site", lambda row: names[row.ref.site], "site"),
        Column("Famille", lambda row: row.name, "famille", path=lambda row: family_path(row.ref)),
        Column("Identifiant", lambda row: row.display_identifier or row.ref.identifier, is_exact=True),
        Column("Quoi", lambda row: corrections.field_name(row.correction), "quoi"),
        Column("Avant", lambda row: describe_change(row.correction)[0]),
        Column("Maintenant", lambda row: describe_change(row.correction)[1]),
        Column("Par", lambda row: corrections.author(row.correction)),
    )


_FILTERS: Final = BY_SITE | {"par": _SIDES.__contains__, "depuis": _PERIODS.__contains__}


@DeskList(CHANGES_PAGE, "secretary", "changes", "find", _FILTERS).serve_table(routes)
def show_changes(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the changes, newest first, of one month unless `?depuis=` names another period."""
    period, side = listing.values["depuis"] or "mois", listing.values["par"]
    length, _ = _PERIODS[period]
    since = request.now - length if length else None
    entries = changes(request.services, listing.codes, since, _SIDES[side][0] if side else None)
    return {
        "choices": [
            ListChoice("par", "Par", {name: words for name, (_, words) in _SIDES.items()}),
            ListChoice(
                "depuis", "Depuis", {name: words for name, (_, words) in _PERIODS.items() if name != "mois"}, "Un mois"
            ),
        ],
        "table": ListTable("Changements", _columns(request), entries, _EMPTY),
    }
