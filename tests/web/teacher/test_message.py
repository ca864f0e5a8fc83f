"""A teacher writes to the families of a course: one mail to each address, and the same form twice is one mail."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.teaching.courses import course_key
from tests.support.course_messages import TEXT, WORDS, send, shown_form
from tests.support.staff import enter
from tests.support.teaching import CELLO, SITE, course_address, enter_as_teacher, link, stores, teaching
from tests.support.world import Visitor, World

RECIPIENTS = ["autre.rossignol@example.org", "rossignol@example.org", "xen2@example.org"]


@pytest.fixture
def teacher(world: World, visitor: Visitor) -> Visitor:
    """Enter as the teacher of the violin course."""
    enter_as_teacher(world, visitor)
    return visitor


def recipients(world: World) -> list[str]:
    world.wait(timedelta(seconds=5))
    for _ in range(3):
        world.deliver()
    return sorted(mail.to for mail in world.mails())


def test_words_reach_each_address_of_the_course_once_and_of_no_other(world: World, teacher: Visitor) -> None:
    page = teacher.get(WORDS).text
    assert "<strong>2 familles</strong>, 3 adresses en tout" in page

    answer = send(teacher, shown_form(teacher))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{WORDS}?fait=envoye")
    assert recipients(world) == RECIPIENTS
    mail = world.mails()[0]
    assert mail.subject == "Violon : un mot de Gaspard Roitelet - Evry - Xénakis"
    assert TEXT in mail.text
    assert "Pour répondre, appelez l'administration" in mail.text
    assert "01 99 00" in mail.text
    sent = teacher.get(f"{WORDS}?fait=envoye").text
    assert "il part par mail à chaque adresse" in sent
    assert "à partir du jeudi 5 novembre 2026" in sent


def test_a_form_sent_twice_is_one_message_even_the_day_after(world: World, teacher: Visitor) -> None:
    form = shown_form(teacher)

    assert [send(teacher, form).status_code, send(teacher, form).status_code] == [303, 303]
    world.wait(timedelta(days=1))
    enter(world, teacher, "roitelet@example.org")
    assert send(teacher, form).status_code == 303
    assert recipients(world) == RECIPIENTS


def test_a_second_message_of_a_day_is_refused_with_its_text_kept_and_taken_tomorrow(
    world: World, teacher: Visitor
) -> None:
    first, second = shown_form(teacher), shown_form(teacher)
    send(teacher, first)

    refused = send(teacher, second, "Et votre pupitre.")

    assert refused.status_code == 422
    assert "Et votre pupitre." in refused.text
    assert "à partir du jeudi 5 novembre 2026" in refused.text
    world.wait(timedelta(days=1))
    enter(world, teacher, "roitelet@example.org")
    assert send(teacher, second, "Et votre pupitre.").status_code == 303


def test_words_that_are_missing_too_long_or_not_read_again_are_shown_again(teacher: Visitor, world: World) -> None:
    form = shown_form(teacher)

    refused = {
        "Écrivez votre mot.": send(teacher, form, " "),
        "il faut au plus 1500 caractères": send(teacher, form, "a" * 1501),
        "Relisez votre mot, puis cochez la case": send(teacher, form, accord=""),
    }

    assert {says: (answer.status_code, says in answer.text) for says, answer in refused.items()} == dict.fromkeys(
        refused, (422, True)
    )
    assert send(teacher, "a form of nobody").status_code == 404
    assert recipients(world) == []


def test_html_and_addresses_in_words_stay_words(world: World, teacher: Visitor) -> None:
    send(teacher, shown_form(teacher), "<b>Ici</b> : https://example.org/x")

    recipients(world)

    html = world.mails()[0].html
    assert "&lt;b&gt;Ici&lt;/b&gt;" in html
    assert 'href="https://example.org' not in html


def test_where_the_network_does_not_allow_it_there_is_no_such_page(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    teaching(world, words=False)

    with wiring.using(world.services):
        assert visitor.get(WORDS).status_code == 404
        assert send(visitor, "2026-11-04-0123456789abcdef").status_code == 404


@pytest.mark.parametrize("call", ["SendMessageBatch", "UpdateItem"])
def test_what_fails_sends_nothing_and_the_same_form_again_sends_it_once(
    world: World, teacher: Visitor, call: str
) -> None:
    form = shown_form(teacher)

    with world.aws.failing(call, "before"):
        assert send(teacher, form).status_code == 503

    assert send(teacher, form).status_code == 303
    assert recipients(world) == RECIPIENTS


def test_a_course_whose_families_have_no_address_says_so(world: World, visitor: Visitor) -> None:
    enter_as_teacher(world, visitor)
    link(world, CELLO.teacher)
    loriot = next(account for account in world.services.accounts.all(SITE) if account.name == "Famille Loriot")
    world.settle(loriot.ref, household=loriot.household, emails=(), name=loriot.name)

    page = visitor.get(course_address(CELLO, "mot")).text

    assert "Aucune famille de ce cours n'a d'adresse e-mail au dossier" in page
    assert stores(world).messages.find(SITE, course_key(CELLO), world.now.date()).messages == ()
