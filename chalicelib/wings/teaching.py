"""The wing of teaching: lessons, rolls, messages, assessments and calendars, for teachers, families and the desk."""

from typing import Final

from chalicelib.wings.wing import Wing

_OFFICE: Final = "chalicelib.office.teaching"
_JOBS: Final = "chalicelib.mail.lesson_jobs"

TEACHING: Final = Wing(
    "teaching",
    modules=(
        *("teaching", "absence_counts", "absences", "flows.**.calendar", "web.**.calendar", "calendars", "course"),
        *("course_changes", "lesson_calendar", "lesson_jobs", "lesson_stores", "lessons", "messages", "pupil_items"),
        *("rolls", "staff_names", "teacher", "teachers", "teaching_stores", "timetables"),
    ),
    tables={
        "Lessons": r"(?:absences|assessments|calendar)\t([^\t]+)\t.*",
        "Teaching": r"(?:taught\t|unexcused\t)?([^\t]+)\t.*",
    },
    routes={
        "family": ("chalicelib.web.family.lessons:routes", "chalicelib.web.family.calendar:routes"),
        "desk": (
            *(f"chalicelib.web.office.{page}:routes" for page in ("absences", "course", "staff_names")),
            *(f"chalicelib.web.teacher.{page}:routes" for page in ("assessment", "courses", "pupil", "roll")),
        ),
    },
    parts={
        "DescribedMail": tuple(f"{_OFFICE}.{name}:MAIL" for name in ("absences", "course_mails", "recall")),
        "TodayPart": (f"{_OFFICE}.unexcused:TODAY_PART",),
        "TodayTask": ("chalicelib.web.office.absences:TODAY",),
        "FamilyPart": (f"{_OFFICE}.unexcused:FAMILY_PART",),
        "FamilyMatter": ("chalicelib.web.office.absences:MATTER",),
        "FilePart": (f"{_OFFICE}.file_names:FILE_PART",),
        "MemberPart": ("chalicelib.web.office.staff_names:MEMBER_PART",),
    },
    writers={
        f"{_JOBS}:AbsencesDue": f"{_OFFICE}.absences:finalise_absences",
        f"{_JOBS}:LessonCancelled": f"{_OFFICE}.course_mails:post_cancellation",
        f"{_JOBS}:CourseMessagePosted": f"{_OFFICE}.course_mails:post_message",
        f"{_JOBS}:SiteMorning": f"{_OFFICE}.recall:start_site",
    },
)
