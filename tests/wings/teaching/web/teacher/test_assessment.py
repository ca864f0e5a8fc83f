"""A teacher's page with the assessment that a pupil's family will read."""

import html
from dataclasses import replace

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Course, Pupil, pupil_key
from chalicelib.wings.teaching.domain.assessments import Assessment, AssessmentRef
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.assessments import PERIOD, PUBLISHED, WORDS, write
from tests.support.forms import forms_of
from tests.support.staff import TEACHER, enter
from tests.support.teaching import (
    BASILE,
    CELLO,
    LORIOT,
    MESANGE,
    ODETTE,
    PINSON,
    SITE,
    VIOLIN,
    ZELIE,
    course_address,
    enter_as_teacher,
    lend,
    pupil_address,
    ref_of,
    stores,
)
from tests.support.world import ROSSIGNOL, Visitor, World

PAGE = pupil_address(ROSSIGNOL, ZELIE, "appreciations", PERIOD)
REF = AssessmentRef("2026", PERIOD, course_key(VIOLIN))


@pytest.fixture(autouse=True)
def inside(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)


def form(visitor: Visitor, page: str = PAGE) -> dict[str, str]:
    assessment_form = next(form for form in forms_of(visitor.get(page).text) if "appreciation" in form.kinds)
    return dict(assessment_form.fields)


def kept(world: World, ref: AccountRef = ROSSIGNOL, pupil: Pupil = ZELIE) -> dict[AssessmentRef, Assessment]:
    return dict(stores(world).assessments.find(SITE, ref_of(ref, pupil)).texts)


def test_a_teacher_writes_of_a_pupil_and_stays_or_goes_on_to_the_next_one(world: World, visitor: Visitor) -> None:
    """Basile comes before Zélie in the course."""
    first = pupil_address(MESANGE, BASILE, "appreciations", PERIOD)

    answer = visitor.post(first, form(visitor, first) | {"appreciation": WORDS, "action": "suivant"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    answer = visitor.post(PAGE, form(visitor) | {"appreciation": "Bien.", "action": "suivant"})
    assert answer.headers["Location"] == course_address()
    answer = visitor.post(PAGE, form(visitor) | {"appreciation": "Très bien."})
    assert answer.headers["Location"] == f"{PAGE}?fait=enregistree"

    assert "L'appréciation est enregistrée." in html.unescape(visitor.get(answer.headers["Location"]).text)
    assert kept(world, MESANGE, BASILE)[REF].text == WORDS
    (item,) = kept(world).values()
    assert (item.text, item.teacher, item.discipline, item.title) == ("Très bien.", PINSON, "Violon", "1er semestre")
    assert item.by == "Gaspard Roitelet <roitelet@example.org>"


def test_it_is_told_from_when_on_the_family_reads_it(world: World, visitor: Visitor) -> None:
    assert "La famille la lira le 15 février 2027." in html.unescape(visitor.get(PAGE).text)
    world.now = PUBLISHED
    enter(world, visitor, TEACHER)

    page = html.unescape(visitor.get(PAGE).text)

    assert "Publiée depuis le 15 février 2027" in page
    assert "2e semestre" in page
    assert visitor.post(PAGE, form(visitor) | {"appreciation": "En retard."}).status_code == 303


@pytest.mark.parametrize("period", ["semestre-2", "semestre-3", "Semestre-1"])
def test_a_period_that_has_not_begun_or_is_none_is_not_there(visitor: Visitor, period: str) -> None:
    assert visitor.get(pupil_address(ROSSIGNOL, ZELIE, "appreciations", period)).status_code == 404


def test_a_substitute_signs_with_the_own_name(world: World, visitor: Visitor) -> None:
    day = world.now.date()
    lend(world, CELLO, TEACHER, day, day)
    page = pupil_address(LORIOT, ODETTE, "appreciations", PERIOD, course=CELLO)

    visitor.post(page, form(visitor, page) | {"appreciation": WORDS})

    (assessment,) = kept(world, LORIOT, ODETTE).values()
    assert assessment.teacher == "Gaspard Roitelet"


def test_of_two_who_write_at_once_one_reads_the_other_and_keeps_the_own_words(world: World, visitor: Visitor) -> None:
    sent = form(visitor) | {"appreciation": "Les miens."}
    write(world, "Ceux d'un autre.")

    answer = visitor.post(PAGE, sent)

    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "Ceux d'un autre." in page
    assert "Les miens.</textarea>" in page
    assert kept(world)[REF].text == "Ceux d'un autre."
    again = next(form for form in forms_of(answer.text) if "appreciation" in form.kinds)
    assert visitor.post(PAGE, dict(again.fields)).status_code == 303
    assert kept(world)[REF].text == "Les miens."


def test_a_form_sent_twice_is_as_one(world: World, visitor: Visitor) -> None:
    fields = form(visitor) | {"appreciation": WORDS}
    for _ in range(2):
        assert visitor.post(PAGE, fields).status_code == 303
    taken_back = form(visitor) | {"appreciation": ""}
    for _ in range(2):
        assert visitor.post(PAGE, taken_back).headers["Location"] == f"{PAGE}?fait=retiree"

    assert kept(world) == {}


@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_fault_the_same_form_ends_it(world: World, visitor: Visitor, when: str) -> None:
    fields = form(visitor) | {"appreciation": WORDS}
    with world.aws.failing("UpdateItem", when, times=1):  # type: ignore[arg-type]  # a literal
        answer = visitor.post(PAGE, fields)

    assert answer.status_code == 503
    assert WORDS.replace("\n", "<br>") in html.unescape(answer.text)
    assert [event["event"] for event in world.events()].count("unavailable") == 1
    assert visitor.post(PAGE, fields).status_code == 303
    assert kept(world)[REF].text == WORDS


def test_nothing_and_too_much_are_refused_and_what_was_typed_stays(world: World, visitor: Visitor) -> None:
    fields, long = form(visitor), "é" * 2001

    assert "Écrivez l'appréciation" in html.unescape(visitor.post(PAGE, fields).text)
    answer = visitor.post(PAGE, fields | {"appreciation": long})

    assert answer.status_code == 422
    assert long in answer.text
    assert visitor.post(PAGE, fields | {"appreciation": long[1:]}).status_code == 303
    assert len(kept(world)[REF].text) == 2000


def test_what_was_written_of_the_pupil_in_the_discipline_before_is_beside(world: World, visitor: Visitor) -> None:
    write(world, "De l'an dernier, autre heure.", course=replace(VIOLIN, slot="lundi 17 h"), year="2025")
    write(world, "D'un autre instrument.", course=Course("Flûte", "", "M. Bruant", "lundi 18 h"))

    page = html.unescape(visitor.get(PAGE).text)

    assert "De l'an dernier, autre heure." in page
    assert "D'un autre instrument." not in page
    assert pupil_key(ZELIE) in page


def test_the_pupil_s_page_leads_to_it_and_says_whether_it_is_written(world: World, visitor: Visitor) -> None:
    page = pupil_address(ROSSIGNOL, ZELIE)
    assert "1er semestre : pas encore écrite." in visitor.get(page).text
    write(world)

    page_text = visitor.get(page).text

    assert "1er semestre : écrite le 4 novembre 2026." in page_text
    assert f'href="{PAGE}"' in page_text
