"""The page of the code: the same for every address and number, with a way forward in each of its states."""

from datetime import timedelta

import pytest

from tests.support.admission import COOKIE, START, announce, applicant, application_of, ask, mailed_code
from tests.support.function_policy import beyond_the_policy
from tests.support.world import Visitor, World

CODE = f"{START}/code"


@pytest.fixture(autouse=True)
def opened(world: World) -> None:
    announce(world)


def test_without_a_question_it_leads_to_the_start_or_the_open_application(world: World, visitor: Visitor) -> None:
    assert visitor.get(CODE).headers["Location"] == START
    assert visitor.post(CODE, {"code": "123456"}).headers["Location"] == START
    applicant(world, visitor)
    assert visitor.get(CODE).headers["Location"] == f"{START}/demande"


@pytest.mark.parametrize("text", ["", "12345", "1234567", "douze"])
def test_what_is_no_code_costs_no_try(world: World, visitor: Visitor, text: str) -> None:
    ask(world, visitor)
    world.deliver()
    for _ in range(6):
        answer = visitor.post(CODE, {"code": text})
        assert answer.status_code == 422
        assert "six chiffres" in answer.text.partition('id="code-erreur"')[2]

    assert visitor.post(CODE, {"code": mailed_code(world)}).status_code == 303


def test_after_five_tries_the_page_offers_another_code_and_its_form_no_more(world: World, visitor: Visitor) -> None:
    ask(world, visitor)
    answers = [visitor.post(CODE, {"code": "000000"}) for _ in range(6)]

    assert {answer.status_code for answer in answers} == {422}
    assert "il faut en demander un autre" in answers[4].text
    assert 'name="code"' not in answers[5].text
    assert f'href="{START}">recommencez' in answers[5].text


def test_the_cookie_of_the_question_is_replaced_and_opens_nothing_any_more(world: World, visitor: Visitor) -> None:
    ask(world, visitor)
    question = visitor.cookie(COOKIE)
    world.deliver()
    code = mailed_code(world)
    visitor.post(CODE, {"code": code})
    token = visitor.cookie(COOKIE)
    world.wait(timedelta(minutes=2))

    visitor.show(question, COOKIE)
    assert visitor.post(CODE, {"code": code}).status_code == 422
    assert question != token


def test_a_number_s_page_tells_nothing_of_the_address(visitor: Visitor) -> None:
    visitor.post(f"{START}/suivi", {"numero": "P26-K4TN-8WCB"})

    page = visitor.get(CODE).text

    assert "Si le numéro <strong>P26-K4TN-8WCB</strong> est celui d'une demande" in page
    assert f'href="{START}/suivi">recommencez' in page


def test_coming_in_leaving_and_mailing_keep_to_what_each_function_may_do(world: World, visitor: Visitor) -> None:
    world.services.accounts.enter_mailboxes(world.settle())
    world.aws.table_requests.clear()
    ask(world, visitor, "rossignol@example.org")
    ask(world, visitor)
    visitor.post(f"{START}/suivi", {"numero": "P26-K4TN-8WCB"})
    ask(world, visitor)
    requests = list(world.aws.table_requests)
    world.aws.table_requests.clear()
    world.deliver()
    calls = list(world.aws.table_requests)
    world.aws.table_requests.clear()
    assert visitor.post(CODE, {"code": mailed_code(world)}).status_code == 303
    visitor.post(f"{START}/quitter")
    requests += world.aws.table_requests

    assert beyond_the_policy("applicant", requests, world.resources) == set()
    assert beyond_the_policy("post", calls, world.resources) == set()
    assert len({*requests, *calls}) > 8


LEAVE = f"{START}/quitter"


def test_leaving_ends_the_session_once_forgets_the_cookie_and_keeps_the_answers(world: World, visitor: Visitor) -> None:
    before = applicant(world, visitor)
    cookie = visitor.cookie(COOKIE)

    for _ in range(2):
        visitor.show(cookie, COOKIE)
        answer = visitor.post(LEAVE)
        assert (answer.status_code, answer.headers["Location"]) == (303, START)
        assert not visitor.cookie(COOKIE)
    visitor.post(LEAVE)

    assert [
        item for item in world.database.items(world.resources.table("Applicants")) if item["site"] == "@session"
    ] == []
    assert application_of(world) == before


def test_another_site_ends_no_session_and_an_old_browser_shows_its_proof(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)

    assert visitor.post(LEAVE, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    visitor.headers = {}
    assert visitor.post(LEAVE, {"jeton": "x"}).status_code == 403
    assert visitor.cookie(COOKIE)


SUIVI = f"{START}/suivi"


@pytest.mark.parametrize("text", ["P26-K4TN-8WCB", " p26 k4tn 8wcb ", "p26k4tn8wcb"])
def test_a_number_leads_to_the_code_whatever_it_is(world: World, visitor: Visitor, text: str) -> None:
    world.aws.calls.clear()
    answer = visitor.post(SUIVI, {"numero": text})

    assert (answer.status_code, answer.headers["Location"], answer.text) == (303, f"{START}/code", "")
    assert world.aws.calls == ["UpdateItem", "SendMessageBatch"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Saisissez le numéro de votre reçu"),
        ("P26-K4", "Ce numéro n'est pas complet."),
        ("merle@", "n'est pas complète"),
    ],
)
def test_what_is_no_number_is_said_beside_its_field(visitor: Visitor, text: str, message: str) -> None:
    answer = visitor.post(SUIVI, {"numero": text})

    assert answer.status_code == 422
    assert message in answer.text.partition('id="numero-erreur"')[2]
