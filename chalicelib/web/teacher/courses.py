"""The pages of a teacher: the week, the pupils, a course, and the telephones of a family."""

from itertools import groupby
from typing import Final

from chalice.app import Response

from chalicelib.domain.teaching.school_years import WEEKDAYS
from chalicelib.flows.teacher.courses import day_from, find_family, read_course, read_own_pupils, read_week
from chalicelib.office.account import note_consultation
from chalicelib.web.office.edge import WEEK_PAGE
from chalicelib.web.teacher.edge import (
    COURSE_PATH,
    PUPIL_PATH,
    PUPILS_PAGE,
    TeacherBlueprint,
    TeacherRequest,
    teacher_page,
)

routes = TeacherBlueprint(__name__)
_PATH: Final = f"{PUPIL_PATH}/telephones"


@routes.get(_PATH, right="teacher")
def show_telephones(request: TeacherRequest) -> Response:
    """Show the guardians' names and telephones, and nothing else of the family."""
    account = find_family(request.services, request.course, request.pupil)
    note_consultation(request.services, account.ref, "telephones_read", request.staff.member.known_as, request.now)
    guardians = account.household.guardians
    return teacher_page(
        request, "telephones", "own_pupils", own=request.course, pupil=request.pupil, guardians=guardians
    )


@routes.get(COURSE_PATH, right="teacher")
def show_course(request: TeacherRequest) -> Response:
    """Show a course, with the links to its pages."""
    course_file = read_course(request.services, request.teacher, request.course, request.now)
    return teacher_page(request, "course", "own_pupils", own=request.course, found=course_file)


_UNPLACED: Final = "sans jour connu"


@routes.get(PUPILS_PAGE, right="teacher")
def show_own_pupils(request: TeacherRequest) -> Response:
    """Show the teacher's pupils, each in each of its courses."""
    courses = read_own_pupils(request.services, request.teacher, request.now)
    by_day = groupby(courses, key=lambda listed: listed.own.slot.weekday)
    days = [(_UNPLACED if day is None else WEEKDAYS[day], list(some)) for day, some in by_day]
    count = len({(one.own.site.code, listed.pupil.ref) for one in courses for listed in one.pupils})
    return teacher_page(request, "own_pupils", "own_pupils", days=days, count=count)


@routes.get(WEEK_PAGE, right="teacher")
def show_week(request: TeacherRequest) -> Response:
    """Show the week of a day (`?jour=`), or this one."""
    teacher = request.teacher
    week = read_week(request.services, teacher, day_from(request.query.get("jour", ""), teacher.day), request.now)
    return teacher_page(request, "week", "week", week=week, path=WEEK_PAGE, weekdays=WEEKDAYS)
