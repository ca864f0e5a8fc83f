"""GET and POST /extranet/bureau/saison/periode: a manager announces a period, or withdraws it."""

from contextlib import suppress
from datetime import date
from typing import Any, Final

from chalicelib.domain.family.birth_dates import birth_date_from as day_from  # any day is typed as one's birth is
from chalicelib.domain.refusals import FieldsRefused, NotThere, Unavailable
from chalicelib.office.enrolment.period import PeriodDoubted, PeriodEditor, clear_period, set_period
from chalicelib.office.jobs.publication import publish_soon
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.office.acts import YES, ActBlueprint, ActPage, Outcome, parameter, typed_days
from chalicelib.web.office.edge import DeskRequest, redirect
from chalicelib.web.office.season import KINDS, SEASON_PAGE, period_table
from chalicelib.web.responses import FormFeedback, Response

routes = ActBlueprint(__name__)

PERIOD_PAGE: Final = f"{SEASON_PAGE}/periode"
ALL_SITES: Final = "tous"
_DAYS: Final = ("ouvre", "ferme")


def _kind(request: DeskRequest) -> str:
    """Read the kind of period of a form, or of an address. Raises `NotThere`."""
    kind = parameter(request, "quoi") or "reinscription"
    if kind not in KINDS:
        raise NotThere
    return kind


def _site(request: DeskRequest) -> str | None:
    """Read the chosen site. None for all of them. Raises `FieldsRefused`."""
    site = request.field("site")
    if site == ALL_SITES:
        return None
    if not request.staff.sees(site):
        raise FieldsRefused({"site": ("desk_site_missing",)})
    return site


def _days(request: DeskRequest) -> tuple[date, date]:
    """Read both days. Raises `FieldsRefused`."""
    days = {name: day_from(request.field(name)) for name in _DAYS}
    opens_on, closes_on = days.values()
    if opens_on is None or closes_on is None:
        raise FieldsRefused({name: ("day_unreadable",) for name, day in days.items() if day is None})
    return opens_on, closes_on


def _editor(request: DeskRequest) -> PeriodEditor:
    editor = request.staff.member.known_as
    return PeriodEditor(editor, request.now, request.field("vu"), is_sure=request.field("accord") == YES)


def _facts(request: DeskRequest, kind: str, _outcome: Outcome) -> dict[str, Any]:
    fields, is_day = typed_days(request, _DAYS)
    fields |= {"site": request.field("site"), "accord": request.field("accord")}
    return {"table": period_table(request, kind), "typed": fields, "is_day": is_day, "all_sites": ALL_SITES}


def _feedback(request: DeskRequest, refusal: OfficeRefusal) -> FormFeedback:
    """Describe a refusal, beside the box to tick if it may be intended."""
    if isinstance(refusal, PeriodDoubted):
        doubts = [sentence_of(OfficeRefusal(code), request.staff.network) for code in refusal.doubts]
        return FormFeedback(422, "Rien n'est encore enregistré.", {"accord": doubts})
    return FormFeedback(422, sentence_of(refusal, request.staff.network))


PERIOD: Final = ActPage("periods", "season", _facts, _kind, back=lambda _: SEASON_PAGE, feedback=_feedback)
routes.page(PERIOD_PAGE, "manager", PERIOD, filters={"quoi": KINDS.__contains__})


@routes.act(PERIOD_PAGE, "manager", PERIOD)
def announce(request: DeskRequest, kind: str) -> str:
    """Announce a period."""
    site, opens_on, closes_on = _site(request), *_days(request)
    set_period(request.services, site, opens_on, closes_on, request.now, of=KINDS[kind][0], editor=_editor(request))
    return _published(request, kind)


@routes.act(f"{PERIOD_PAGE}/retirer", "manager", PERIOD)
def take_back(request: DeskRequest, kind: str) -> str:
    """Withdraw the period of a site, or of all."""
    clear_period(request.services, _site(request), request.now, of=KINDS[kind][0], editor=_editor(request))
    return _published(request, kind)


def _published(request: DeskRequest, kind: str) -> str:
    """Publish the public pages too. If that fails, the period stays announced, and the page shows the delay."""
    if kind != "reinscription":
        return "periode-demandes"
    with suppress(Unavailable):
        publish_soon(request.services, request.staff.member.known_as, request.now)
    return "periode"


@routes.post(f"{SEASON_PAGE}/publier", right="manager")
def publish_again(request: DeskRequest) -> Response:
    """Publish the public pages again, after a fault or without an earlier publication."""
    publish_soon(request.services, request.staff.member.known_as, request.now)
    return redirect(request.services, f"{SEASON_PAGE}?fait=publication")
