"""The rows of applications for the school's software."""

from dataclasses import replace

from chalicelib.wings.admission.office.applications import ApplicationQuery
from chalicelib.wings.admission.office.export import exported_wishes
from chalicelib.wings.admission.presentation.office.applications_export import HEADINGS, row_of
from tests.support.applications import WHOLE
from tests.support.stored_applications import application_of, open_admission
from tests.support.world import World

ALL = ApplicationQuery()


def table(world: World, query: ApplicationQuery = ALL) -> list[dict[str, object]]:
    return [
        dict(zip(HEADINGS, row_of(wish), strict=True)) for wish in exported_wishes(world.services, query, world.now)
    ]


def test_a_foreign_address_is_whole_under_its_heading(world: World) -> None:
    open_admission(world)
    application_of(world, answers=replace(WHOLE, address=("1 rue du Pré", "4000 Liège", "Belgique")))

    assert {(row["Adresse"], row["Code postal"], row["Ville"]) for row in table(world)} == {
        ("1 rue du Pré\n4000 Liège\nBelgique", "", "")
    }


def test_only_the_wishes_asked_about_have_a_row_under_their_own_rank(world: World) -> None:
    open_admission(world)
    application_of(world)

    assert [(row["Rang du vœu"], row["Discipline"]) for row in table(world, ApplicationQuery("evry-magnard"))] == [
        (2, "Violon")
    ]
    assert [row["Discipline"] for row in table(world, ApplicationQuery(discipline="piano"))] == ["Piano"]
