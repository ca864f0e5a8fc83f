"""/extranet/bureau/absences: pupils absent three times unexcused, one absence excused, rolls never called."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.staff.members import Right
from chalicelib.office.family_file import FamilyFile
from chalicelib.office.today import SiteToday
from chalicelib.presentation import texts
from chalicelib.values import frozen
from chalicelib.web.office.acts import Act, ActBlueprint, ActPage, Outcome, undo_until
from chalicelib.web.office.edge import DESK, DeskRequest, family_path, identifier_from_part, part_of
from chalicelib.web.office.filters import ANY, BY_SITE
from chalicelib.web.office.lists import DeskList, FilteredList
from chalicelib.web.office.parts import FamilyMatter, TodayLine, TodayTask
from chalicelib.web.office.tables import Column, ListChoice, ListTable
from chalicelib.wings.teaching.domain.messages import new_form
from chalicelib.wings.teaching.domain.rolls import RollRef
from chalicelib.wings.teaching.domain.school_years import Slot
from chalicelib.wings.teaching.flows.teacher.cancel import (
    Cancellable,
    LessonMove,
    LessonsInput,
    cancel,
    cancel_lessons,
    change_lesson,
    hold_lessons,
    readers_of,
)
from chalicelib.wings.teaching.office.recall import TeacherMissingRolls, missing_of_week, post_reminder
from chalicelib.wings.teaching.office.unexcused import OFTEN, absent_of_family, excuse, often_absent
from chalicelib.wings.teaching.services.lessons import school_years

ENDING: Final = "annuler"
HOLD: Final = "retablir"  # the form that has cancelled lessons take place after all
CHANGE: Final = "changer"  # the form that moves a lesson, or names its substitute


def _words(file: FamilyFile) -> str:
    count = sum(file.parts["absences"].values())
    return f"{count} absences non excusées" if count >= OFTEN else ""


def _path(ref: AccountRef) -> str:
    return f"{DESK}/absences?site={ref.site}&famille={part_of(ref.identifier)}"


MATTER: Final = FamilyMatter("absences", _words, _path)


@frozen
class CancelForm:
    """The page of a form: its own address, the page to go back to, and its title. `hint`: a teacher's key."""

    path: str
    back: str
    title: str = ""
    hint: str = ""


Find = Callable[[Any], Cancellable]


def cancel_acts(
    path: str, right: Right, tab: str, pages: tuple[Callable[[Any], CancelForm], Find], *, is_days: bool = False
) -> tuple[Act, ...]:
    """Describe a page of lessons to come, and its forms: to cancel some, to have them take place, to move one.

    Of one course, whose lesson is chosen, or of a teacher's days, which are cancelled whole. `pages`: for a request,
    its form and its lessons.
    """
    form, find = pages

    def facts(request: DeskRequest, _subject: None, _outcome: Outcome) -> dict[str, Any]:
        cancellable, page_form = find(request), form(request)
        monday = cancellable.first_on - timedelta(days=cancellable.first_on.weekday())
        return {
            "form": page_form,
            "found": cancellable,
            "week": [monday + timedelta(days=number) for number in range(6)],
            "days_path": page_form.path.rsplit("/", 2)[0],
            "readers": readers_of(request.services, cancellable) if is_days else None,
            "shown": request.field("vu") or new_form(request.now),
            "until_of": lambda until: undo_until(request, until),
        }

    def lessons_input(request: DeskRequest) -> LessonsInput:
        return LessonsInput(request.field("vu"), request.field("annulation"), request.staff.member.known_as)

    def perform(request: DeskRequest, _: None) -> str:
        if is_days:
            cancel_lessons(request, find(request).lessons, lessons_input(request))
        else:
            cancel(request, find(request), lessons_input(request), request.field("jour"))
        return "annule"

    def hold(request: DeskRequest, _: None) -> str:
        is_mailed = hold_lessons(request, find(request), lessons_input(request), request.field("acte"))
        return "lieu_mail" if is_mailed else "lieu"

    def change(request: DeskRequest, _: None) -> str:
        day, hour = day_from(request.field("du")), Slot.parse(request.field("heure").replace(":", " h ")).begins
        errors = {"du": ("day_unreadable",)} if request.field("du") and day is None else {}
        errors |= {"heure": ("hour_missing",)} if request.field("heure") and hour is None else {}
        if errors:
            raise FieldsRefused(errors)
        move = LessonMove(request.field("jour"), day, hour, request.field("nom"))
        change_lesson(request, find(request), lessons_input(request), move)
        return "change"

    page = ActPage(
        "cancel_form",
        tab,
        facts,
        back=lambda request: form(request).path,
        inputs=("jour", "annulation", "du", "heure", "nom"),
        sentences={
            code.removeprefix("lesson_"): texts.sentence(code)
            for code in ("lesson_annule", "lesson_lieu", "lesson_lieu_mail", "lesson_change")
        },
    )
    changes = [] if is_days else [Act(f"{path}/{CHANGE}", right, page, change, form=CHANGE)]
    return Act(path, right, page, perform), Act(f"{path}/{HOLD}", right, page, hold), *changes


routes = ActBlueprint(__name__)

ABSENCES_PAGE: Final = f"{DESK}/absences"
ROLLS_PAGE: Final = f"{ABSENCES_PAGE}/appels"
_DONE: Final = {
    "excusee": "L'absence est excusée : elle ne compte plus.",
    "rien": "Il n'y avait rien à changer : cette absence ne comptait plus.",
    "rappel": "Le rappel part par mail dans la minute, avec tous les appels que cet enseignant peut encore faire.",
    "rappel_fait": "Un rappel du bureau lui est déjà parti aujourd'hui : le prochain pourra partir demain.",
    "rappel_sans": "Aucun rappel n'est parti : plus aucun appel ne manque, ou aucun accès n'est relié à ce nom. Voyez "
    "sa ligne ci-dessous ; un responsable relie un accès à son nom sous « Personnel ».",
}
_LESSON: Final = re.compile(r"([0-9a-f]{16})\.(\d{4}-\d{2}-\d{2})", re.ASCII)


def _family(request: DeskRequest) -> AccountRef | None:
    """Read the family of a form, or the one that the address asks for. None for all."""
    if request.field("eleve"):
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


_COLUMNS: Final = (
    Column("Élève", lambda row: row.name, "eleve", path=lambda row: _path(row.account.ref)),
    Column("Famille", lambda row: row.account.name, "famille", path=lambda row: family_path(row.account.ref)),
    Column("Absences", lambda row: len(row.lessons), "nombre", is_number=True),
    Column("Première", lambda row: row.lessons[-1].day, "premiere"),
    Column("Dernière", lambda row: row.lessons[0].day, "derniere"),
    Column("Disciplines", lambda row: ", ".join(sorted({lesson.discipline for lesson in row.lessons}))),
)


def _facts(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the pupils who are often absent, or the absences of one family, and the teachers with missing rolls."""
    family = _family(request)
    if family and not (request.staff.sees(family.site) and request.services.accounts.find(family)):
        raise NotThere
    often = () if family else often_absent(request.services, listing.codes, request.now)
    names = {site.code: site.name for site in request.staff.sites}
    site = Column("Site", lambda row: names[row.account.ref.site], "site")
    return {
        "family": family,
        "pupils": absent_of_family(request.services, family, request.now) if family else (),
        "teachers": () if family else _by_need(missing_of_week(request.services, listing.codes, today(request.now))),
        "key_of": teacher_key,
        "rolls_path": lambda name: FilteredList(
            ROLLS_PAGE, (), {"site": listing.site, "enseignant": name and teacher_key(name)}
        ).address(),
        "table": ListTable(
            "Élèves",
            (*_COLUMNS, site) if len(listing.codes) > 1 else _COLUMNS,
            often,
            "Personne : un élève paraît ici à sa troisième absence non excusée.",
        ),
        "path": ABSENCES_PAGE,
        "family_path": family_path,
        "family_part": listing.values["famille"],
        "value_of": lambda pupil: f"{part_of(pupil.pupil.identifier)}.{pupil.pupil.key}",
        "lesson_value": lambda lesson: f"{lesson.course}.{lesson.day.isoformat()}",
    }


def _by_need(teachers: Sequence[TeacherMissingRolls]) -> Sequence[TeacherMissingRolls]:
    """Order teachers by the number of their missing rolls."""
    return sorted(teachers, key=lambda teacher: -teacher.count)


ABSENCES: Final = DeskList(ABSENCES_PAGE, "reader", "absences", "teaching", BY_SITE | {"famille": ANY}).serve_table(
    routes, back=lambda _: ABSENCES_PAGE, inputs=("eleve", "jour", "raison"), sentences=_DONE
)(_facts)


ROLLS: Final = DeskList(ROLLS_PAGE, "reader", "rolls", "teaching", BY_SITE | {"enseignant": ANY})


@ROLLS.serve_table(routes)
def show_rolls(request: DeskRequest, listing: FilteredList) -> dict[str, Any]:
    """List the missing rolls of the week, of one teacher or all, the oldest first."""
    names = {site.code: site.name for site in request.staff.sites}
    teachers = missing_of_week(request.services, listing.codes, today(request.now))
    keys = {teacher_key(teacher.name): teacher.name for teacher in teachers}
    key = listing.values["enseignant"]
    columns = (
        Column("Jour", lambda row: row.day, "jour"),
        Column("Heure", lambda row: row.course.slot),
        Column("Cours", lambda row: row.course.discipline or "Cours", "cours"),
        Column("Professeur", lambda row: row.teacher, "professeur"),
        Column("Site", lambda row: names[row.ref.site], "site"),
    )
    rolls = [roll for one in teachers if key in {"", teacher_key(one.name)} for roll in one.rolls]
    empty = "Aucun : chaque appel qui manque aurait sa ligne ici."
    return {
        "choices": [ListChoice("enseignant", "Professeur", keys)],
        "table": ListTable("Appels", columns, sorted(rolls, key=lambda roll: roll.day), empty),
    }


@routes.act(f"{ABSENCES_PAGE}/excuser", "secretary", ABSENCES, has_reason=True)
def excuse_absence(request: DeskRequest, _: FilteredList) -> str:
    """Excuse an absence afterwards."""
    author = request.staff.author(request.field("raison"))
    return "excusee" if excuse(request.services, _roll(request), _pupil(request), author, request.now) else "rien"


@routes.act(f"{ABSENCES_PAGE}/rappeler", "secretary", ABSENCES)
def remind_teacher(request: DeskRequest, _: FilteredList) -> str:
    """Mail a teacher their missing rolls of the week."""
    site = request.field("site")
    if not request.staff.sees(site):
        raise NotThere
    return post_reminder(request.services, site, request.field("enseignant"), request.client.request, request.now)


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
