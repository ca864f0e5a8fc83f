"""News of a course: a lesson cancelled or a message, one write, and one mail to each address of its families."""

import re
from datetime import date, timedelta
from typing import Literal

import pytest

from chalicelib import wiring
from chalicelib.wings.teaching.domain.courses import course_key
from tests.support.cancel_form import READERS, recipients, send
from tests.support.course_messages import TEXT, WORDS, shown_form
from tests.support.course_messages import send as send_message
from tests.support.staff import TEACHER, enter, in_parallel
from tests.support.teaching import CELLO, SITE, VIOLIN, course_address, enter_as_teacher, lend, link, stores, teaching
from tests.support.world import Visitor, World

FORM = course_address(VIOLIN, "annuler")
DAY = "2026-11-18"


@pytest.fixture
def teacher(world: World, visitor: Visitor) -> Visitor:
    """Log in a teacher on a Wednesday, half an hour before the lesson."""
    enter_as_teacher(world, visitor)
    return visitor


def cancelled(world: World) -> dict[date, str]:
    """Read the cancelled lessons of the course, each with its reason."""
    changes = stores(world).changes.find(SITE, course_key(VIOLIN))
    return {day: one.why for day, one in changes.cancelled.items()}


def offered(page: str) -> list[str]:
    """List the days that the form offers."""
    return [*dict.fromkeys(re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', page))]


def test_the_lessons_of_eight_weeks_are_offered_but_no_holiday(teacher: Visitor) -> None:
    days = offered(teacher.get(FORM).text)

    assert days == ["2026-11-04", "2026-11-18", "2026-11-25", "2026-12-02", "2026-12-09", "2026-12-16"]


def test_a_lesson_is_cancelled_and_its_families_are_told(world: World, teacher: Visitor) -> None:
    answer = send(teacher, FORM, why="Le cours sera rattrapé.")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM}?fait=annule")
    assert cancelled(world) == {date(2026, 11, 18): "Le cours sera rattrapé."}
    assert recipients(world) == READERS
    page = teacher.get(f"{FORM}?fait=annule").text
    assert "un seul mail" in page
    assert DAY not in offered(page)
    assert "mercredi 18 novembre 2026" in page.partition("Séance annulée")[2]
    assert "Le 4 novembre 2026 à 14 h 00, par Gaspard Roitelet" in page


def test_what_somebody_else_cancelled_first_stays_and_the_words_come_back(world: World, teacher: Visitor) -> None:
    send(teacher, FORM, why="Le cours sera rattrapé.")

    answer = send(teacher, FORM, why="D'autres mots.")

    assert answer.status_code == 422
    assert "Cette séance est déjà annulée" in answer.text
    assert "D'autres mots." in answer.text
    assert set(cancelled(world).values()) == {"Le cours sera rattrapé."}


def test_two_at_once_tell_each_family_once(world: World, teacher: Visitor) -> None:
    in_parallel(2, lambda number: send(teacher, FORM, why=f"Mot {number}."))

    assert len(cancelled(world)) == 1
    assert recipients(world) == READERS


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"day": ""}, "Choisissez la séance qui n'a pas lieu"),
        ({"day": "2026-11-11"}, "Choisissez la séance qui n'a pas lieu"),  # a holiday
        ({"day": "2026-10-14"}, "Choisissez la séance qui n'a pas lieu"),  # over
        ({"day": "2027-03-31"}, "Choisissez la séance qui n'a pas lieu"),  # too far away
        ({"why": "a" * 301}, "300"),
    ],
)
def test_an_incomplete_form_comes_back(world: World, teacher: Visitor, sent: dict[str, str], says: str) -> None:
    answer = send(teacher, FORM, **{"why": "Le cours sera rattrapé."} | sent)

    assert answer.status_code == 422
    assert says in answer.text
    assert sent.get("why", "Le cours sera rattrapé.") in answer.text
    assert cancelled(world) == {}
    assert recipients(world) == []


def test_a_lesson_of_today_may_be_cancelled_until_it_ends(world: World, teacher: Visitor) -> None:
    world.wait(timedelta(minutes=74))
    enter(world, teacher, TEACHER)
    assert "2026-11-04" in offered(teacher.get(FORM).text)

    world.wait(timedelta(minutes=1))

    assert send(teacher, FORM, day="2026-11-04").status_code == 422
    assert "2026-11-04" not in offered(teacher.get(FORM).text)


def test_a_substitute_cancels_on_its_own_days_only(world: World, teacher: Visitor) -> None:
    lend(world, CELLO, TEACHER, date(2026, 11, 1), date(2026, 11, 20))

    assert offered(teacher.get(course_address(CELLO, "annuler")).text) == ["2026-11-04", "2026-11-18"]
    assert send(teacher, course_address(CELLO, "annuler"), day="2026-11-25").status_code == 422


@pytest.mark.parametrize(
    ("call", "when"), [("SendMessageBatch", "before"), ("UpdateItem", "before"), ("UpdateItem", "after")]
)
def test_a_fault_writes_all_or_nothing_and_the_form_again_tells_each_once(
    world: World, teacher: Visitor, call: str, when: Literal["before", "after"]
) -> None:
    teacher.get(FORM)
    with world.aws.failing(call, when):
        assert send(teacher, FORM).status_code == 503
    assert bool(cancelled(world)) is (when == "after")
    assert when == "before" or recipients(world) == READERS

    assert send(teacher, FORM).status_code == 303
    assert recipients(world) == READERS


def test_words_reach_each_address_of_the_course_once_and_of_no_other(world: World, teacher: Visitor) -> None:
    assert "<strong>2 familles</strong>, 3 adresses en tout" in teacher.get(WORDS).text

    answer = send_message(teacher, shown_form(teacher))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{WORDS}?fait=envoye")
    assert recipients(world) == READERS
    mail = world.mails()[0]
    assert mail.subject == "Violon : un mot de Gaspard Roitelet - Evry - Xénakis"
    assert TEXT in mail.text
    assert "Pour répondre, appelez l'administration" in mail.text
    assert "01 99 00" in mail.text
    page = teacher.get(f"{WORDS}?fait=envoye").text
    assert "il part par mail à chaque adresse" in page
    assert "à partir du jeudi 5 novembre 2026" in page


def test_a_form_sent_twice_is_one_message_even_the_day_after(world: World, teacher: Visitor) -> None:
    form = shown_form(teacher)

    assert [send_message(teacher, form).status_code, send_message(teacher, form).status_code] == [303, 303]
    world.wait(timedelta(days=1))
    enter(world, teacher, "roitelet@example.org")
    assert send_message(teacher, form).status_code == 303
    assert recipients(world) == READERS


def test_a_second_message_of_a_day_is_refused_and_kept_and_taken_tomorrow(world: World, teacher: Visitor) -> None:
    first, second = shown_form(teacher), shown_form(teacher)
    send_message(teacher, first)

    refused = send_message(teacher, second, "Et votre pupitre.")

    assert refused.status_code == 422
    assert "Et votre pupitre." in refused.text
    assert "à partir du jeudi 5 novembre 2026" in refused.text
    world.wait(timedelta(days=1))
    enter(world, teacher, "roitelet@example.org")
    assert send_message(teacher, second, "Et votre pupitre.").status_code == 303


def test_words_that_are_missing_too_long_or_not_read_again_are_shown_again(teacher: Visitor, world: World) -> None:
    form = shown_form(teacher)

    pages = {
        "Écrivez votre mot.": send_message(teacher, form, " "),
        "il faut au plus 1500 caractères": send_message(teacher, form, "a" * 1501),
        "Relisez votre mot, puis cochez la case": send_message(teacher, form, accord=""),
    }

    assert {says: (answer.status_code, says in answer.text) for says, answer in pages.items()} == dict.fromkeys(
        pages, (422, True)
    )
    assert send_message(teacher, "a form of nobody").status_code == 404
    assert recipients(world) == []


def test_html_and_addresses_in_words_stay_words(world: World, teacher: Visitor) -> None:
    send_message(teacher, shown_form(teacher), "<b>Ici</b> : https://example.org/x")

    recipients(world)

    html = world.mails()[0].html
    assert "&lt;b&gt;Ici&lt;/b&gt;" in html
    assert 'href="https://example.org' not in html


def test_where_the_network_does_not_allow_it_there_is_no_such_page(world: World, teacher: Visitor) -> None:
    teaching(world, words=False)

    with wiring.using(world.services):
        assert teacher.get(WORDS).status_code == 404
        assert send_message(teacher, "2026-11-04-0123456789abcdef").status_code == 404


@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem"])
def test_what_fails_sends_nothing_and_the_form_again_sends_it_once(world: World, teacher: Visitor, call: str) -> None:
    form = shown_form(teacher)

    with world.aws.failing(call, "before"):
        assert send_message(teacher, form).status_code == 503

    assert send_message(teacher, form).status_code == 303
    assert recipients(world) == READERS


def test_a_course_whose_families_have_no_address_says_so(world: World, teacher: Visitor) -> None:
    link(world, CELLO.teacher)
    loriot = next(account for account in world.services.accounts.all(SITE) if account.name == "Famille Loriot")
    world.settle(loriot.ref, household=loriot.household, emails=(), name=loriot.name)

    page = teacher.get(course_address(CELLO, "mot")).text

    assert "Aucune famille de ce cours n'a d'adresse e-mail au dossier" in page
    assert stores(world).messages.find(SITE, course_key(CELLO), world.now.date()).messages == ()
