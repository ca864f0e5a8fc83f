"""/extranet/bureau/personnel/{membre}/relier and /detacher: a manager links names of the yearly file to a member."""

import re
from datetime import date

import pytest

from chalicelib.domain.family.teacher_keys import teacher_key
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, TEACHER, enter, member
from tests.support.staff import stores as staff_stores
from tests.support.teaching import OTHER, PINSON, SITE, VIOLIN, lend, link, settle_courses, stores
from tests.support.world import Visitor, World

CHOSEN = f"{SITE} {teacher_key(PINSON)}"


@pytest.fixture
def page(world: World, visitor: Visitor) -> str:
    settle_courses(world)
    member(world, TEACHER)
    enter(world, visitor, MANAGER)
    return f"{DESK}/personnel/{world.services.record.pseudonyms.of_mailbox(TEACHER)}"


def form(visitor: Visitor, path: str, **fields: str) -> dict[str, str]:
    """Fill in the form of a page, with the version that the page showed."""
    (version,) = re.findall(r'name="vu" value="(\w*)"', visitor.get(path).text)
    return {"vu": version, "enseignant": CHOSEN, "raison": "rentrée", "mot_de_passe": PASSWORD} | fields


def names(world: World) -> list[str]:
    return [own.name for own in stores(world).teachers.find(TEACHER).links]


def test_a_name_is_linked_and_taken_away_and_the_page_says_so(world: World, visitor: Visitor, page: str) -> None:
    assert "il n'ouvre aucun cours" in visitor.get(page).text

    answer = visitor.post(f"{page}/relier", form(visitor, f"{page}/relier"))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}?fait=relier")
    text = visitor.get(answer.headers["Location"]).text
    assert "Le nom est relié" in text
    assert f"<li>{PINSON}, Evry - Xénakis</li>" in text.replace("\u00a0", " ")
    assert "nom du fichier annuel relié" in text
    assert names(world) == [PINSON]
    again = visitor.post(f"{page}/relier", {"enseignant": CHOSEN, "raison": "rentrée", "mot_de_passe": PASSWORD})
    assert again.headers["Location"] == f"{page}?fait=rien"
    assert 'value="' + CHOSEN not in visitor.get(f"{page}/relier").text

    visitor.post(f"{page}/detacher", form(visitor, f"{page}/detacher"))

    assert names(world) == []
    acts = sorted((act.kind, act.author.who) for act in staff_stores(world).acts.all(world.now))
    assert acts == [
        ("staff_linked", "Odile Fauvette <fauvette@example.org>"),
        ("staff_unlinked", "Odile Fauvette <fauvette@example.org>"),
    ]


def test_a_name_that_somebody_has_is_offered_last_and_says_so(world: World, visitor: Visitor, page: str) -> None:
    link(world, OTHER, "choucas@example.org")

    options = re.findall(r"<option[^>]*>([^<]+)<", visitor.get(f"{page}/relier").text)

    labels = [option.replace("\u00a0", " ") for option in options]
    assert labels == ["Choisissez", f"{PINSON} - Evry - Xénakis", f"{OTHER} - Evry - Xénakis (déjà relié à quelqu'un)"]


def test_what_is_lent_to_somebody_is_shown_until_it_is_over(world: World, visitor: Visitor, page: str) -> None:
    lend(world, VIOLIN, TEACHER, date(2026, 8, 1), date(2026, 8, 31))
    assert "en remplacement" not in visitor.get(page).text

    lend(world, VIOLIN, TEACHER, date(2026, 8, 1), date(2026, 9, 1))

    assert f'/extranet/bureau/cours/{SITE}/{course_key(VIOLIN)}">' in visitor.get(page).text


def test_who_is_no_teacher_has_no_names_nor_useless_links(world: World, visitor: Visitor, page: str) -> None:
    link(world)
    teacher = staff_stores(world).members.find(TEACHER)
    assert teacher
    staff_stores(world).members.change(teacher, teacher.with_role("reader", (SITE,)))

    assert "Au fichier annuel" not in visitor.get(page).text
    assert visitor.get(f"{page}/relier").status_code == 404
    assert visitor.post(f"{page}/detacher", {"enseignant": CHOSEN}).status_code == 404
    member(world, SECRETARY)
    assert names(world) == [PINSON]


def test_where_no_file_was_imported_there_is_no_name_and_that_is_said(world: World, visitor: Visitor) -> None:
    member(world, TEACHER)
    enter(world, visitor, MANAGER)

    page = f"{DESK}/personnel/{world.services.record.pseudonyms.of_mailbox(TEACHER)}/relier"

    assert "Il n'y a aucun nom à choisir" in visitor.get(page).text.replace("\u00a0", " ")
