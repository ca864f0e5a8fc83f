"""The size of a calendar, which programs read again and again."""

from datetime import date

from chalicelib.domain.teaching.calendars import CalendarCourse, planned_lessons
from chalicelib.presentation.calendar import CalendarLesson, subscribed_calendar
from chalicelib.services.lessons import school_year
from chalicelib.settings.environment import load_network
from tests.support.teaching import WEDNESDAY

MOST = 300_000  # bytes
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
WORDS = ("Formation musicale", "salle Lully, Evry - Xénakis", "Professeur : Mme Pinson")


def test_a_teacher_of_thirty_courses_has_a_calendar_of_less_than_300_kb() -> None:
    year = school_year(load_network(), date(2026, 11, 4))
    slots = [f"{day} {hour} h - {hour + 1} h" for day in DAYS for hour in range(14, 19)]
    courses = [CalendarCourse("evry-xenakis", f"{number:016x}", "", slot, "", "") for number, slot in enumerate(slots)]
    lessons = [
        CalendarLesson(f"{one.course.key}-{one.day:%Y%m%d}-agenda@extranet.example.fr", one.begins, one.ends, *WORDS)
        for one in planned_lessons(year, courses, {})
    ]

    assert len(lessons) > 900
    assert len(subscribed_calendar("Mes cours", lessons, WEDNESDAY).encode()) < MOST
