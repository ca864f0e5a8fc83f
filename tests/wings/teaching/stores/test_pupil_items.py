"""Items about one pupil: listed by family, and expiring with their last content, also after it was removed."""

from datetime import date

from chalicelib.domain.enrolment.periods import year_ends_at
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence
from chalicelib.wings.teaching.domain.assessments import Assessment, AssessmentRef
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.teaching import MESANGE, SITE, VIOLIN, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

LESSON = ("0123456789abcdef", date(2026, 11, 4))
PUPIL = ref_of(ROSSIGNOL, ZELIE)
REF = AssessmentRef("2026", "semestre-1", course_key(VIOLIN))


def test_a_family_s_absences_are_listed_and_expire_with_the_last_lesson_even_when_withdrawn(world: World) -> None:
    announcements = stores(world).announcements
    announcements.revise_at(SITE, PUPIL, lambda before: before.with_announced(LESSON, AnnouncedAbsence(world.now)))

    assert [absences.pupil for absences in announcements.of_family(SITE, ROSSIGNOL.identifier)] == [PUPIL]
    assert list(announcements.of_family(SITE, MESANGE.identifier)) == []

    announcements.revise_at(SITE, PUPIL, lambda before: before.without(LESSON))
    rest = announcements.find(SITE, PUPIL)
    assert not rest.is_announced(*LESSON)
    assert rest.item["expires"] == int(year_ends_at("2026").timestamp())


def test_assessments_expire_a_year_after_their_school_year_even_when_withdrawn(world: World) -> None:
    assessments, pupil_assessments = stores(world).assessments, stores(world).assessments.find(SITE, PUPIL)
    text = Assessment("Très bien.", "Mme Pinson", world.now, "1er semestre", "Violon", "Mme Pinson")
    assessments.revise(pupil_assessments, lambda before: before.with_text(REF, text))

    _, after = assessments.revise(assessments.find(SITE, PUPIL), lambda before: before.without(REF, world.now))

    assert after.texts == {}
    assert after.item["expires"] == int(year_ends_at("2027").timestamp())
