"""The next lessons of a family's pupil, the announced absences, and the assessments."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from chalicelib.domain.account.coordinates import speaker
from chalicelib.domain.account.sessions import NEWS
from chalicelib.domain.family.households import Pupil, PupilRef
from chalicelib.domain.family.redaction import hide
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.text import fold
from chalicelib.flows.family.visit import Visitor, enter_with
from chalicelib.services.family import FamilyServices as Services
from chalicelib.services.family import Visit
from chalicelib.settings.environment import Network
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence, PupilAbsences
from chalicelib.wings.teaching.domain.assessments import Assessment, Period, PupilAssessments, is_readable
from chalicelib.wings.teaching.domain.coming_lessons import ComingLesson, coming_lessons
from chalicelib.wings.teaching.domain.courses import courses_of
from chalicelib.wings.teaching.services.lessons import assessment_periods, school_years


@frozen
class LessonsContext:
    """A visitor, one of their pupils by key, the pupil's announced absences, and their next lessons."""

    visitor: Visitor
    key: str
    pupil: Pupil
    absences: PupilAbsences
    lessons: tuple[ComingLesson, ...]
    now: datetime

    @property
    def may_miss(self) -> tuple[ComingLesson, ...]:
        """List the lessons for which an absence may be announced."""
        return tuple(lesson for lesson in self.lessons if not (lesson.cancelled or lesson.announced))

    @property
    def has_just_announced(self) -> bool:
        """Whether an absence was announced a moment ago."""
        return any(lesson.announced and self.now - lesson.announced.at < NEWS for lesson in self.lessons)

    def read(self, words: str) -> str:
        """Return a message about a lesson, as this login may see it."""
        view = self.visitor.account.view
        text: str = hide(words, view.secrets if view else ())
        return text


def enter(visit: Visit[Services], key: str) -> LessonsContext:
    """Find the visitor and a pupil's next lessons: three reads. Raises as `visit.enter` does, and `NotThere`."""
    stores = visit.services.lessons
    visitor, (absences,) = enter_with(
        visit, lambda ref: (stores.announcements.lookup(ref.site, PupilRef(ref.identifier, key)),)
    )
    pupil = visitor.account.household.pupils_by_key.get(key)
    if pupil is None:
        raise NotThere
    site, courses = visitor.account.ref.site, courses_of(visitor.account, key)
    lookups = [stores.changes.lookup(site, course) for course in courses]
    changes = visit.services.database.read_together(*lookups) if lookups else ()
    years = school_years(visit.services.settings.network)
    lessons = coming_lessons(years, courses, changes, absences, visit.now)
    return LessonsContext(visitor, key, pupil, absences, lessons, visit.now)


def announce(visit: Visit[Services], context: LessonsContext, name: str, why: str) -> None:
    """Announce that the pupil will miss a lesson: one write. An earlier announcement is kept.

    Raises `FieldsRefused` for a lesson that is over, cancelled, or not the pupil's.
    """
    lesson = _find((lesson for lesson in context.lessons if not lesson.cancelled), name)
    by = speaker(context.visitor.account, "") or context.visitor.session.speaker
    absence = AnnouncedAbsence(context.now, by, why)
    if _revise(visit.services, context, lambda absences: absences.with_announced(lesson.key, absence)):
        visit.record("absence_announced", account=context.visitor.account.ref)


def take_back(visit: Visit[Services], context: LessonsContext, name: str) -> None:
    """Withdraw an announced absence: the pupil comes. Raises as `announce` does."""
    lesson = _find(context.lessons, name)
    if _revise(visit.services, context, lambda absences: absences.without(lesson.key)):
        visit.record("absence_taken_back", account=context.visitor.account.ref)


def _find(lessons: Iterable[ComingLesson], name: str) -> ComingLesson:
    match = next((lesson for lesson in lessons if lesson.name == name), None)
    if match is None:
        raise FieldsRefused({"seance": ("lesson_gone" if name else "lesson_missing",)})
    return match


def _revise(services: Services, context: LessonsContext, decide: Callable[[PupilAbsences], PupilAbsences]) -> bool:
    """Change the pupil's absences. Returns whether anything changed."""
    absences = context.absences
    before, after = services.lessons.announcements.revise(absences, decide)
    return after is not before


@frozen
class PeriodView:
    """A period as a family reads it: the name of its school year, its title, and each teacher's assessment."""

    year: str
    title: str
    assessments: tuple[Assessment, ...]


@frozen
class AssessmentsView:
    """A pupil of the family, and their published periods, newest first."""

    pupil: Pupil
    periods: tuple[PeriodView, ...]


def enter_assessments(visit: Visit[Services], key: str) -> tuple[Visitor, AssessmentsView]:
    """Find the visitor of a token, and the published assessments of their pupil, in two reads.

    Raises `NotThere` for any other pupil, and as `visit.enter` does.
    """
    assessments = visit.services.lessons.assessments
    visitor, (pupil_assessments,) = enter_with(
        visit, lambda ref: (assessments.lookup(ref.site, PupilRef(ref.identifier, key)),)
    )
    pupil = visitor.account.household.pupils_by_key.get(key)
    if pupil is None:
        raise NotThere
    view = visitor.account.view
    views = tuple(_published(visit.services.settings.network, pupil_assessments, visit.now))
    periods = hide(views, view.secrets if view else ())
    return visitor, AssessmentsView(pupil, periods)


def _published(network: Network, assessments: PupilAssessments, now: datetime) -> Iterator[PeriodView]:
    for year in sorted({ref.year for ref in assessments.texts}, reverse=True):
        periods = assessment_periods(network, year)
        period_of = {period.code: period for period in sorted(periods, key=lambda one: one.published_on, reverse=True)}
        texts_of = {
            ref: text for ref, text in assessments.texts.items() if ref.year == year and is_readable(ref, periods, now)
        }
        codes = sorted({ref.period for ref in texts_of}, key=lambda code: (*period_of, code).index(code))
        for code in codes:
            texts = [one for ref, one in texts_of.items() if ref.period == code]
            yield _period_view(year, period_of.get(code), texts)


def _period_view(year: str, period: Period | None, texts: list[Assessment]) -> PeriodView:
    """Build a period with its current title, or the stored one if the network no longer has the period."""
    in_order = sorted(texts, key=lambda one: (fold(one.discipline), fold(one.teacher)))
    return PeriodView(year, period.title if period else in_order[0].title, tuple(in_order))
