"""Assessments: stored by pupil, written by two teachers concurrently, expiring with the last one."""

from datetime import UTC, datetime

from chalicelib.domain.teaching.assessments import Assessment, AssessmentRef, PupilAssessments
from chalicelib.domain.teaching.courses import course_key
from chalicelib.infra.dynamo.values import encode_item
from tests.support import items
from tests.support.teaching import ENSEMBLE, MESANGE, SITE, VIOLIN, ZELIE, ref_of, stores
from tests.support.world import ROSSIGNOL, World

PUPIL = ref_of(ROSSIGNOL, ZELIE)
REF = AssessmentRef("2026", "semestre-1", course_key(VIOLIN))
OTHER = AssessmentRef("2026", "semestre-1", course_key(ENSEMBLE))


def written(world: World, discipline: str = "Violon") -> Assessment:
    return Assessment("Très bien.\nÀ suivre.", "Mme Pinson", world.now, "1er semestre", discipline, "Mme Pinson")


def test_two_teachers_write_of_one_pupil_at_once_and_both_stand(world: World) -> None:
    assessments = stores(world).assessments
    known = assessments.find(SITE, PUPIL)

    assessments.revise(known, lambda before: before.with_text(REF, written(world)))
    assessments.revise(known, lambda before: before.with_text(OTHER, written(world, "Ensemble")))

    assessed = assessments.find(SITE, PUPIL)
    assert assessed.texts == {REF: written(world), OTHER: written(world, "Ensemble")}
    assert list(assessments.of_family(SITE, ROSSIGNOL.identifier)) == [assessed]
    assert list(assessments.of_family(SITE, MESANGE.identifier)) == []


def test_the_table_forgets_it_a_year_after_its_school_year_even_when_it_was_taken_back(world: World) -> None:
    assessments = stores(world).assessments
    known = assessments.find(SITE, PUPIL)
    expires = datetime(2028, 8, 31, 22, tzinfo=UTC)
    assert assessments.encode(PupilAssessments(SITE, PUPIL, {REF: written(world)}))["expires"] == expires

    assessments.revise(known, lambda before: before.with_text(REF, written(world)))
    assessments.revise(assessments.find(SITE, PUPIL), lambda before: before.without(REF, world.now))

    assessed = assessments.find(SITE, PUPIL)
    assert assessed.texts == {}
    assert assessed.item["expires"] == int(expires.timestamp())


def test_what_a_later_version_adds_stays(world: World) -> None:
    item = stores(world).assessments.encode(PupilAssessments(SITE, PUPIL, {REF: written(world)}))
    items.put(world, "lessons", items.with_later({"M": encode_item(item)})["M"])
    assessments = stores(world).assessments

    assessments.revise(assessments.find(SITE, PUPIL), lambda before: before.with_text(OTHER, written(world, "Chœur")))

    stored = {"M": items.stored(world, "lessons", encode_item(item))}
    assert list(items.places_of_later(stored)) == ["", f"/texts/{REF.name}"]
