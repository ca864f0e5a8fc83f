"""/extranet/bureau/cours/{site}/{cours}: its pupils and lessons, and its loan to a substitute, raced."""

import re
from datetime import date, timedelta

import pytest

from chalicelib.wings.teaching.domain.announcements import LessonCancellation
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.desk_courses import COURSE, SUBSTITUTE, loan
from tests.support.staff import MANAGER, READER, SECRETARY, TEACHER, enter, member
from tests.support.staff import stores as staff_stores
from tests.support.teaching import (
    DOOR,
    ENSEMBLE,
    PINSON,
    SITE,
    VIOLIN,
    WEDNESDAY,
    ZELIE,
    lend,
    link,
    settle_courses,
    stores,
)
from tests.support.world import Visitor, World


@pytest.fixture(autouse=True)
def _course(world: World) -> None:
    settle_courses(world, WEDNESDAY)
    member(world, TEACHER)
    member(world, SUBSTITUTE, "teacher")
    link(world)


def said(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page).replace("\u00a0", " ")


def lent(world: World) -> list[tuple[date, date]]:
    return [(share.first_on, share.last_on) for share in stores(world).teachers.find(SUBSTITUTE).shares]


def test_a_reader_sees_pupils_lessons_and_who_has_the_course_and_no_form(world: World, visitor: Visitor) -> None:
    why = LessonCancellation("Gaspard Roitelet", world.now, "concert à l'auditorium")
    stores(world).changes.revise_at(
        SITE, course_key(VIOLIN), lambda changes: changes.with_cancelled(date(2026, 11, 11 + 7), why)
    )
    enter(world, visitor, READER)

    page = visitor.get(COURSE).text

    assert f'<a href="/extranet/bureau/familles/{SITE}/xen1">{ZELIE.name}</a>' in page.replace("\u00a0", " ")
    assert "18 novembre 2026 : annulée (concert à l'auditorium)" in said(page)
    assert "11 novembre 2026" not in said(page)
    assert f"Gaspard Roitelet <{TEACHER}>" in said(page).replace("&lt;", "<").replace("&gt;", ">")
    assert 'action="/extranet/bureau/cours' not in page
    assert visitor.post(f"{COURSE}/remplacement", {}).status_code == 404


def test_a_course_is_lent_seen_by_the_substitute_and_noted(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)

    answer = visitor.post(f"{COURSE}/remplacement", loan(world, visitor))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{COURSE}?fait=remplacement")
    text = said(visitor.get(answer.headers["Location"]).text)
    assert "Gaspard Roitelet a ce cours du 4 novembre 2026 au 11 novembre 2026 (confié par Basile Troglodyte" in text
    (act,) = staff_stores(world).acts.all(world.now)
    assert (act.kind, act.author.why) == ("course_lent", "congé")
    assert act.about.startswith(f"Violon, {VIOLIN.slot}, {PINSON}, {SITE}, du 4")
    enter(world, visitor, SUBSTITUTE)
    assert "Violon" in visitor.get(f"{DOOR}/semaine").text


def test_sent_twice_it_is_lent_once_and_lent_anew_it_is_for_the_new_days(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)
    form = loan(world, visitor)
    visitor.post(f"{COURSE}/remplacement", form)

    assert visitor.post(f"{COURSE}/remplacement", form).headers["Location"] == f"{COURSE}?fait=rien"
    visitor.post(f"{COURSE}/remplacement", loan(world, visitor, du="12/11/2026", au="18/11/2026"))

    assert lent(world) == [(date(2026, 11, 12), date(2026, 11, 18))]


def test_all_that_is_missing_is_said_at_once(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)

    answer = visitor.post(f"{COURSE}/remplacement", {})

    assert answer.status_code == 422
    assert re.findall(r'<a href="#(\w+)">', answer.text) == ["remplacant", "du", "au", "raison"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"remplacant": ""}, "Choisissez qui remplace."),
        ({"raison": ""}, "Dites pourquoi"),
        ({"du": "31/11/2026"}, "Ce jour n'existe pas"),
        ({"au": ""}, "Ce jour n'existe pas"),
        ({"du": "12/11/2026"}, "Le dernier jour est avant le premier"),
        ({"du": "01/10/2026", "au": "01/11/2026"}, "déjà terminé"),
        ({"au": "01/09/2027"}, "au plus tard le 31 août"),
        ({"du": "01/12/2027", "au": "02/12/2027"}, "au plus tard le 31 août"),
    ],
)
def test_what_cannot_be_lent_is_said_in_words(world: World, visitor: Visitor, typed: dict[str, str], says: str) -> None:
    enter(world, visitor, SECRETARY)
    form = (
        loan(world, visitor, raison="congé maladie", **typed) if "raison" not in typed else loan(world, visitor) | typed
    )

    answer = visitor.post(f"{COURSE}/remplacement", form)

    assert answer.status_code == 422
    assert says in said(answer.text)
    assert lent(world) == []
    assert list(staff_stores(world).acts.all(world.now)) == []
    for value in {"31/11/2026", "congé maladie", form["remplacant"]} & set(form.values()):
        assert f'value="{value}"' in answer.text


def test_who_gives_the_course_is_nobody_s_substitute_nor_is_who_is_closed(world: World, visitor: Visitor) -> None:
    member = staff_stores(world).members.find(SUBSTITUTE)
    assert member
    staff_stores(world).members.change(member, member.with_disabled(is_disabled=True))
    enter(world, visitor, MANAGER)

    assert "Personne d'autre" in said(visitor.get(COURSE).text)


def test_a_loan_that_is_over_is_shown_no_more_and_forgotten_with_the_next(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)
    visitor.post(f"{COURSE}/remplacement", loan(world, visitor))
    lend(world, ENSEMBLE, SUBSTITUTE, date(2026, 11, 6), date(2026, 11, 6))
    world.wait(timedelta(days=14))
    enter(world, visitor, SECRETARY)

    assert "confié à personne d'autre" in said(visitor.get(COURSE).text)
    visitor.post(f"{COURSE}/remplacement", loan(world, visitor, du="18/11/2026", au="25/11/2026"))
    assert lent(world) == [(date(2026, 11, 18), date(2026, 11, 25))]


def test_a_course_that_is_no_more_is_not_there(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)
    path = COURSE[:-16] + "0" * 16

    assert visitor.get(path).status_code == 404
    assert visitor.post(f"{path}/remplacement", {}).status_code == 404
