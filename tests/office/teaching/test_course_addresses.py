"""The recipients of a course's news: a job for each address, without any in clear."""

from chalicelib.domain.family.households import Pupil
from chalicelib.domain.teaching.courses import course_key, teacher_key
from chalicelib.office.teaching.course_addresses import CourseNews, course_mails
from chalicelib.office.teaching.timetables import rebuild
from tests.support.teaching import PINSON, SITE, VIOLIN, ZELIE, settle_courses, settle_pupil, stores
from tests.support.world import ROSSIGNOL, World


def test_a_family_of_two_pupils_of_the_course_gets_one_mail_an_address(world: World) -> None:
    settle_courses(world)
    settle_pupil(world, ROSSIGNOL, ZELIE, Pupil("Léo Rossignol", None, (VIOLIN,)), emails=("rossignol@example.org",))
    rebuild(world.services, (SITE,), world.now)
    timetable = stores(world).timetables.find(SITE, teacher_key(PINSON))
    course = timetable and timetable.course(course_key(VIOLIN))
    assert course
    assert len(course.pupils) == 3

    jobs = course_mails(world.services, CourseNews(SITE, course, "words", "a message", "request-1"), world.now)

    assert sorted(job.identifier for job in jobs) == ["xen1", "xen2"]
    assert "example.org" not in "".join(job.to_json() for job in jobs)
