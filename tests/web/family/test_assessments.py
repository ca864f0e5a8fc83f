"""GET /extranet/compte/eleves/{eleve}/appreciations: the assessments that a family reads, and from which day."""

import html
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.family.households import pupil_key
from tests.support.assessments import BEFORE, PUBLISHED, write
from tests.support.teaching import ENSEMBLE, VIOLIN, ZELIE, settle_pupil, teaching
from tests.support.two_logins import COMES, COMES_PASSWORD, settle_two_logins
from tests.support.world import PASSWORD, ROSSIGNOL, Visitor, World

PAGE = f"/extranet/compte/eleves/{pupil_key(ZELIE)}/appreciations"


@pytest.fixture(autouse=True)
def family(world: World) -> None:
    world.now = BEFORE
    settle_pupil(world, ROSSIGNOL, ZELIE)


def shown(visitor: Visitor, page: str = PAGE) -> str:
    answer = visitor.get(page)
    assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.mark.wing("teaching")
def test_before_its_day_no_page_of_the_family_shows_it_though_the_table_has_it(world: World, visitor: Visitor) -> None:
    write(world)
    visitor.log_in()

    pages = [shown(visitor), shown(visitor, "/extranet/compte/eleves"), shown(visitor, "/extranet/compte")]

    assert "Un beau son" in world.aws.everything(world.resources)
    assert [page for page in pages if "beau son" in page or "1er semestre" in page] == []
    assert "Aucune appréciation n'est publiée" in pages[0]


@pytest.mark.wing("teaching")
def test_from_that_day_on_each_teacher_s_words_are_read_with_the_day(world: World, visitor: Visitor) -> None:
    write(world)
    write(world, "Attentive.", course=ENSEMBLE)
    world.now = PUBLISHED
    visitor.log_in()

    page = shown(visitor)

    assert "1er semestre 2026-2027" in page
    assert "Violon, Mme Pinson" in page
    assert "Un beau son, très juste.<br>Le rythme est à travailler." in page
    assert "Écrite le 14 février 2027" in page
    assert page.index("Ensemble à cordes") < page.index("Violon")


@pytest.mark.wing("teaching")
def test_the_newest_period_comes_first_and_last_year_s_stays(world: World, visitor: Visitor) -> None:
    write(world, year="2024")  # the table has not forgotten it yet
    write(world, "Du second.", period="semestre-2")
    write(world, "Du premier.")
    write(world, "De l'an dernier.", course=replace(VIOLIN, teacher="M. Bruant", slot="lundi 18 h"), year="2025")
    world.now = datetime(2027, 6, 20, tzinfo=UTC)
    visitor.log_in()

    page = shown(visitor)

    places = [page.index(words) for words in ("Du second.", "Du premier.", "De l'an dernier.")]
    assert places == sorted(places)
    assert "1er semestre 2025-2026" in page
    assert "beau son" not in page


@pytest.mark.wing("teaching")
def test_of_a_former_period_it_is_read_in_the_next_year_by_its_title_of_then(world: World, visitor: Visitor) -> None:
    write(world, period="trimestre-1")
    teaching(world, assessments=())
    world.now = PUBLISHED
    visitor.log_in()
    assert "beau son" not in shown(visitor)

    world.now = datetime(2027, 9, 1, tzinfo=UTC)
    visitor.log_in()
    assert "1er semestre 2026-2027" in shown(visitor)


@pytest.mark.wing("teaching")
@pytest.mark.parametrize("is_separated", [False, True])
def test_both_guardians_read_the_same_separated_or_not(world: World, visitor: Visitor, *, is_separated: bool) -> None:
    world.now = PUBLISHED
    pupil = settle_two_logins(world, separated_at=world.now if is_separated else None).household.pupils[0]
    write(world, pupil=pupil)
    page = f"/extranet/compte/eleves/{pupil_key(pupil)}/appreciations"
    world.now = PUBLISHED

    for login, password in ((ROSSIGNOL, PASSWORD), (COMES, COMES_PASSWORD)):
        visitor.log_in(login, password)
        assert "Un beau son" in shown(visitor, page)
