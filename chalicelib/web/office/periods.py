"""GET and POST /extranet/bureau/saison/periode: a manager announces a period, or withdraws it."""

from contextlib import suppress
from datetime import date
from typing import Final

from chalice.app import Response

from chalicelib.domain.family.birth_dates import birth_date_from as day_from  # any day is typed as one's birth is
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere, Unavailable
from chalicelib.office.enrolment.period import PeriodDoubted, PeriodEditor, clear_period, set_period
from chalicelib.office.jobs.publication import publish_soon
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, desk_page, redirect
from chalicelib.web.office.season import KINDS, SEASON_PAGE, period_table
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

routes = DeskBlueprint(__name__)

PERIOD_PAGE: Final = f"{SEASON_PAGE}/periode"
ALL_SITES: Final = "tous"
_FIELDS: Final = ("site", "ouvre", "ferme", "accord")


@routes.get(PERIOD_PAGE, right="manager", filters={"quoi": KINDS.__contains__})
def show_form(request: StaffRequest) -> Response:
    """Show the form of one kind of period."""
    return _page(request, _kind(request.query.get("quoi", "")))


@routes.post(PERIOD_PAGE, right="manager")
def announce(request: StaffRequest) -> Response:
    """Announce a period, or show the form again as filled in."""
    kind = _kind(request.field("quoi"))
    try:
        request.check_lengths()
        site, opens_on, closes_on = _site(request), *_days(request)
        set_period(request.services, site, opens_on, closes_on, request.now, of=KINDS[kind][0], editor=_editor(request))
    except FormRefusal as refusal:
        return _page(request, kind, feedback_on(refusal, request))
    except OfficeRefusal as refusal:
        return _page(request, kind, _feedback(request, refusal))
    return _done(request, kind)


@routes.post(f"{PERIOD_PAGE}/retirer", right="manager")
def take_back(request: StaffRequest) -> Response:
    """Withdraw the period of a site, or of all."""
    kind = _kind(request.field("quoi"))
    try:
        clear_period(request.services, _site(request), request.now, of=KINDS[kind][0], editor=_editor(request))
    except FormRefusal as refusal:
        return _page(request, kind, feedback_on(refusal, request))
    except OfficeRefusal as refusal:
        return _page(request, kind, _feedback(request, refusal))
    return _done(request, kind)


def _kind(typed: str) -> str:
    kind = typed or "reinscription"
    if kind not in KINDS:
        raise NotThere
    return kind


def _site(request: StaffRequest) -> str | None:
    """Read the chosen site. None for all of them. Raises `FieldsRefused`."""
    typed = request.field("site")
    if typed == ALL_SITES:
        return None
    if not request.staff.sees(typed):
        raise FieldsRefused({"site": ("desk_site_missing",)})
    return typed


def _days(request: StaffRequest) -> tuple[date, date]:
    """Read both days. Raises `FieldsRefused`."""
    read = {name: day_from(request.field(name)) for name in ("ouvre", "ferme")}
    opens_on, closes_on = read.values()
    if opens_on is None or closes_on is None:
        raise FieldsRefused({name: ("day_unreadable",) for name, day in read.items() if day is None})
    return opens_on, closes_on


def _editor(request: StaffRequest) -> PeriodEditor:
    who = request.staff.member.known_as
    return PeriodEditor(who, request.now, request.field("vu"), is_sure=request.field("accord") == "oui")


def _feedback(request: StaffRequest, refusal: OfficeRefusal) -> FormFeedback:
    """Describe a refusal, beside the box to tick if it may be intended."""
    if isinstance(refusal, PeriodDoubted):
        doubts = [sentence_of(OfficeRefusal(code), request.staff.network) for code in refusal.doubts]
        return FormFeedback(422, "Rien n'est encore enregistré.", {"accord": doubts})
    return FormFeedback(422, sentence_of(refusal, request.staff.network))


@routes.post(f"{SEASON_PAGE}/publier", right="manager")
def publish_again(request: StaffRequest) -> Response:
    """Publish the public pages again, after a fault or without an earlier publication."""
    publish_soon(request.services, request.staff.member.known_as, request.now)
    return redirect(request.services, f"{SEASON_PAGE}?fait=publication")


def _done(request: StaffRequest, kind: str) -> Response:
    """Publish the public pages too. If that fails, the period stays announced, and the page shows the delay."""
    if kind != "reinscription":
        return redirect(request.services, f"{SEASON_PAGE}?fait=periode-demandes")
    with suppress(Unavailable):
        publish_soon(request.services, request.staff.member.known_as, request.now)
    return redirect(request.services, f"{SEASON_PAGE}?fait=periode")


def _page(request: StaffRequest, kind: str, feedback: FormFeedback = NO_FEEDBACK) -> Response:
    table = period_table(request, kind)
    typed = {name: request.field(name) for name in _FIELDS}
    # A browser shows an invalid day as an empty date field. It is shown again in a text field.
    is_day = {name: not typed[name] or day_from(typed[name]) is not None for name in ("ouvre", "ferme")}
    typed |= {name: day.isoformat() for name in is_day if (day := day_from(typed[name]))}
    return desk_page(
        request, "periods", "season", feedback=feedback, table=table, typed=typed, is_day=is_day, all_sites=ALL_SITES
    )
