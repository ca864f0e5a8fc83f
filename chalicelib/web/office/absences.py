"""/extranet/bureau/absences: pupils absent three times unexcused, one absence excused, rolls never called."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.members import Right
from chalicelib.domain.teaching.rolls import RollRef
from chalicelib.flows.teacher.cancel import Cancellable, CancellationInput, cancel
from chalicelib.office.family_file import FamilyFile
from chalicelib.office.teaching.recall import missing_of_week
from chalicelib.office.teaching.unexcused import OFTEN, absent_of_family, excuse, often_absent
from chalicelib.office.today import SiteToday
from chalicelib.presentation import texts
from chalicelib.services.lessons import school_years
from chalicelib.values import frozen
from chalicelib.web.office.acts import Act, ActBlueprint, ActPage, Outcome
from chalicelib.web.office.edge import DESK, DeskRequest, family_path, identifier_from_part, part_of
from chalicelib.web.office.filters import ANY, BY_SITE
from chalicelib.web.office.lists import read_listing
from chalicelib.web.office.parts import FamilyMatter, TodayLine, TodayTask

ENDING: Final = "annuler"


def _words(file: FamilyFile) -> str:
    count = sum(file.parts["absences"].values())
    return f"{count} absences non excusées" if count >= OFTEN else ""


def _path(ref: AccountRef) -> str:
    return f"{DESK}/absences?site={ref.site}&famille={part_of(ref.identifier)}"


MATTER: Final = FamilyMatter("absences", _words, _path)


@frozen
class CancelForm:
    """The page of a form: its own address, the course's page to go back to. `hint`: a teacher's key."""

    path: str
    back: str
    hint: str = ""


def cancel_act(
    path: str, right: Right, tab: str, form: Callable[[Any], CancelForm], find: Callable[[Any], Cancellable]
) -> Act:
    """Describe the page of a course's lessons to come, and the form that cancels one, of the office or a teacher."""

    def facts(request: DeskRequest, _subject: None, _outcome: Outcome) -> dict[str, Any]:
        return {"form": form(request), "found": find(request)}

    def perform(request: DeskRequest, _: None) -> str:
        member = request.staff.member
        cancellation = CancellationInput(
            request.field("jour"), request.field("annulation"), bool(request.field("accord")), member.known_as
        )
        cancel(request, find(request), cancellation)
        return "annule"

    page = ActPage(
        "cancel_form",
        tab,
        facts,
        back=lambda request: form(request).path,
        inputs=("jour", "annulation", "accord"),
        sentences={"annule": texts.sentence("lesson_cancelled")},
    )
    return Act(path, right, page, perform)


routes = ActBlueprint(__name__)

ABSENCES_PAGE: Final = f"{DESK}/absences"
_DONE: Final = {
    "excusee": "L'absence est excusée : elle ne compte plus.",
    "rien": "Il n'y avait rien à changer : cette absence ne comptait plus.",
}
_LESSON: Final = re.compile(r"([0-9a-f]{16})\.(\d{4}-\d{2}-\d{2})", re.ASCII)


def _family(request: DeskRequest) -> AccountRef | None:
    """Read the family of a form, or the one that the address asks for. None for all."""
    if request.is_unsafe:
        return AccountRef(_roll(request).site, _pupil(request).identifier)
    site, part = request.query.get("site", ""), request.query.get("famille", "")
    return AccountRef(site, identifier_from_part(part)) if part else None


def _roll(request: DeskRequest) -> RollRef:
    """Read the lesson of a form, at a site of the member's. Raises `NotThere`."""
    site, match = request.field("site"), _LESSON.fullmatch(request.field("jour"))
    if match is None or not request.staff.sees(site):
        raise NotThere
    try:
        return RollRef(site, match[1], date.fromisoformat(match[2]))
    except ValueError:
        raise NotThere from None


def _pupil(request: DeskRequest) -> PupilRef:
    """Read the pupil of a form. Raises `NotThere`."""
    part, _, key = request.field("eleve").partition(".")
    return PupilRef(identifier_from_part(part), key)


def _facts(request: DeskRequest, family: AccountRef | None, _outcome: Outcome) -> dict[str, Any]:
    listing = read_listing(request, ABSENCES_PAGE, BY_SITE)
    if family and not (request.staff.sees(family.site) and request.services.accounts.find(family)):
        raise NotThere
    return {
        "family": family,
        "pupils": absent_of_family(request.services, family, request.now)
        if family
        else often_absent(request.services, listing.codes, request.now),
        "teachers": () if family else missing_of_week(request.services, listing.codes, today(request.now)),
        "site": listing.site,
        "path": ABSENCES_PAGE,
        "family_path": family_path,
        "value_of": lambda pupil: f"{part_of(pupil.pupil.identifier)}.{pupil.pupil.key}",
        "lesson_value": lambda lesson: f"{lesson.course}.{lesson.day.isoformat()}",
    }


ABSENCES: Final = ActPage(
    "absences",
    "teaching",
    _facts,
    _family,
    back=lambda _: ABSENCES_PAGE,
    inputs=("eleve", "jour", "raison"),
    sentences=_DONE,
)
routes.page(ABSENCES_PAGE, "reader", ABSENCES, filters=BY_SITE | {"famille": ANY})


@routes.act(f"{ABSENCES_PAGE}/excuser", "secretary", ABSENCES, has_reason=True)
def excuse_absence(request: DeskRequest, _: AccountRef) -> str:
    """Excuse an absence afterwards."""
    author = request.staff.author(request.field("raison"))
    return "excusee" if excuse(request.services, _roll(request), _pupil(request), author, request.now) else "rien"


def _today(_request: DeskRequest, days: Sequence[SiteToday]) -> list[TodayLine]:
    words = ("élève avec trois absences non excusées", "élèves avec trois absences non excusées")
    lines = []
    for site_day in days:
        count, since = site_day.parts["absences"]
        oldest = f"la plus ancienne depuis le {texts.day(since)}" if since else ""
        name = site_day.site.name if len(days) > 1 else ""
        lines.append(TodayLine(count, words[count > 1], f"{ABSENCES_PAGE}?site={site_day.site.code}", name, oldest))
    return lines


def _warning(request: DeskRequest) -> str:
    unset = school_years(request.staff.network).not_configured(today(request.now))
    return texts.sentence("school_year_not_configured", school_year=texts.school_year(unset)) if unset else ""


TODAY: Final = TodayTask("Absences", _today, _warning)
