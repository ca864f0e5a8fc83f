"""Announced absences: stored by pupil, withdrawn, listed by family."""

from datetime import date

from chalicelib.domain.teaching.announcements import AnnouncedAbsence
from chalicelib.domain.teaching.school_years import year_ends_at
from tests.support.teaching import MESANGE, SITE, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

LESSON = ("0123456789abcdef", date(2026, 11, 4))


def test_an_absence_is_announced_and_taken_back(world: World) -> None:
    announcements, pupil = stores(world).announcements, ref_of(ROSSIGNOL, ZELIE)
    absence = AnnouncedAbsence(world.now, "Mme Rossignol", "Rendez-vous médical")
    announcements.revise_at(SITE, pupil, lambda before: before.with_announced(LESSON, absence))

    assert announcements.find(SITE, pupil).announced == {LESSON: absence}
    assert [one.pupil for one in announcements.of_family(SITE, ROSSIGNOL.identifier)] == [pupil]
    assert list(announcements.of_family(SITE, MESANGE.identifier)) == []

    announcements.revise_at(SITE, pupil, lambda before: before.without(LESSON))
    left = announcements.find(SITE, pupil)
    assert not left.is_announced(*LESSON)
    assert left.item["expires"] == int(year_ends_at("2026").timestamp())
