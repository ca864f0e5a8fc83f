"""A household in plain French for the office: a guardian on one line, a course on another."""

from chalicelib.domain.family.households import Course, Guardian


def guardian_text(guardian: Guardian) -> str:
    """Name a guardian, with address and telephone."""
    email = f"<{guardian.email}>" if guardian.email else ""
    telephone = f"({guardian.telephone})" if guardian.telephone else ""
    return " ".join(filter(None, (guardian.name, email, telephone)))


def course_text(course: Course) -> str:
    """Describe what is learnt, with whom, when and where."""
    facts = (course.discipline, course.level, course.teacher, course.slot, course.place)
    return ", ".join(filter(None, facts))
