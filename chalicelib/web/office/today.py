"""GET /extranet/bureau: today's work, site by site. A teacher is redirected to its week."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from chalicelib.domain.enrolment.enrolments import State
from chalicelib.office.today import SiteToday, StuckFamily, today_at
from chalicelib.presentation import texts
from chalicelib.presentation.office.enrolments import STATE_TOKENS
from chalicelib.presentation.texts import day_and_hour, retry_at
from chalicelib.values import frozen
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.edge import DESK, STAFF, WEEK_PAGE, StaffRequest, desk_page, family_path, redirect
from chalicelib.web.responses import Response

routes = FormBlueprint(__name__, STAFF)

_LIST: Final = f"{DESK}/reinscriptions"
# In the order of the office's work: the state, and its words for one pupil and for several.
_STATES: Final[tuple[tuple[State, str, str], ...]] = (
    ("submitted", "réinscription envoyée, à décider", "réinscriptions envoyées, à décider"),
    ("changed", "réinscription modifiée depuis l'envoi", "réinscriptions modifiées depuis l'envoi"),
    ("to_complete", "réinscription à compléter par la famille", "réinscriptions à compléter par les familles"),
    ("draft", "brouillon, pas encore envoyé", "brouillons, pas encore envoyés"),
    ("none", "élève sans réponse", "élèves sans réponse"),
)
_TO_CHECK: Final = (
    "réinscription à décider, avec des pièces à regarder",
    "réinscriptions à décider, avec des pièces à regarder",
)
_TOKENS: Final = {state: token for token, state in STATE_TOKENS.items()}


@frozen
class TodayLine:
    """A count, its words, and the address of its list."""

    count: int
    words: str
    path: str


@routes.get(DESK, right="staff")
def show_today(request: StaffRequest) -> Response:
    """Show today's work."""
    if request.staff.may("teacher"):
        return redirect(request.services, WEEK_PAGE)
    return desk_page(request, "today", "today", **_facts(request))


def _facts(request: StaffRequest) -> dict[str, Any]:
    days = today_at(request.services, request.staff.sites, request.now)
    return {
        "days": days,
        "periods": {day.site.code: texts.period(day.period, request.now) if day.period else "" for day in days},
        "lines": {day.site.code: _lines(day, request.now) for day in days},
        "reason_of": lambda family: _reason(family, request),
        "path_of": family_path,
    }


def _lines(day: SiteToday, now: datetime) -> list[TodayLine]:
    """Count the pupils of each state. Zero is left out, and before the period opens, pupils without answers."""
    site = day.site.code
    is_begun = day.period is not None and day.period.state(now) != "before"
    lines = [(day.counts.get(state, 0), words, {"etat": _TOKENS[state]}) for state, *words in _STATES]
    lines.insert(1, (day.to_check, list(_TO_CHECK), {"etat": _TOKENS["submitted"], "piece": "fournies"}))
    return [
        TodayLine(count, words[count > 1], f"{_LIST}?{urlencode({'site': site} | filters)}")
        for count, words, filters in lines
        if count and (is_begun or filters["etat"] != _TOKENS["none"])
    ]


def _reason(family: StuckFamily, request: StaffRequest) -> str:
    if family.reason == "frozen":
        return f"gelé par la famille le {day_and_hour(family.at)} (« Ce n'est pas moi »)"
    return f"trop d'essais ratés : le prochain à partir de {retry_at(family.at, request.now)}"
