"""The wing of teaching: lessons, rolls, messages, assessments and calendars, for teachers, families and the desk."""

from typing import Final

from chalicelib.wings.wing import Wing

_OFFICE: Final = f"{__name__}.office"
_JOBS: Final = f"{__name__}.mail"

TEACHING: Final = Wing(
    "teaching",
    tables={
        "Lessons": r"(?:absences|assessments|calendar)\t([^\t]+)\t.*",
        "Teaching": r"(?:taught\t|unexcused\t)?([^\t]+)\t.*",
    },
    functions={"calendars": f"{__name__}.web.functions:declaration", "rolls": f"{__name__}.work:jobs"},
    stores={"family": ("lessons",), "desk": ("teaching",)},
    routes={
        "family": (f"{__name__}.web.family.lessons:routes", f"{__name__}.web.family.calendar:routes"),
        "desk": (
            *(f"{__name__}.web.office.{page}:routes" for page in ("absences", "course", "staff_names")),
            *(f"{__name__}.web.teacher.{page}:routes" for page in ("assessment", "courses", "pupil", "roll")),
        ),
    },
    parts={
        "DescribedMail": tuple(f"{_OFFICE}.{name}:MAIL" for name in ("absences", "course_mails", "recall")),
        "TodayPart": (f"{_OFFICE}.unexcused:TODAY_PART",),
        "TodayTask": (f"{__name__}.web.office.absences:TODAY",),
        "FamilyPart": (f"{_OFFICE}.unexcused:FAMILY_PART",),
        "FamilyMatter": (f"{__name__}.web.office.absences:MATTER",),
        "FilePart": (f"{_OFFICE}.file_names:FILE_PART",),
        "DeclaredData": (f"{_OFFICE}.rights:DATA",),
        "MemberPart": (f"{__name__}.web.office.staff_names:MEMBER_PART",),
    },
    writers={
        f"{_JOBS}:AbsencesDue": f"{_OFFICE}.absences:finalise_absences",
        f"{_JOBS}:LessonsChanged": f"{_OFFICE}.course_mails:post_lessons",
        f"{_JOBS}:CourseMessagePosted": f"{_OFFICE}.course_mails:post_message",
        f"{_JOBS}:SiteMorning": f"{_OFFICE}.recall:start_site",
    },
    links={
        "doors:": (("/extranet/enseignant", "Accès enseignant", "Pour les professeurs des conservatoires."),),
        "site_map:/usager/identifiant-perdu": (("/enseignant", "Accès enseignant"),),
        "desk:": (
            ("week", "Ma semaine", "/extranet/enseignant/semaine", "teacher", "1"),
            ("own_pupils", "Mes élèves", "/extranet/enseignant/eleves", "teacher", "2"),
            ("calendar", "Mon agenda", "/extranet/enseignant/agenda", "teacher", "3"),
        ),
        "desk:season": (("teaching", "Cours", "/extranet/bureau/cours", "reader", "0"),),
    },
    roles=("teacher",),
)
