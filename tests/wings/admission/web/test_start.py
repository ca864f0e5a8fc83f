"""« Pré-inscription »: its text in each state, and the same answer for every address and sender."""

import html
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from tests.support.admission import (
    ADMISSION,
    COOKIE,
    MERLE,
    START,
    announce,
    applicant,
    application_of,
    ask,
    mailed_code,
    stamp_of,
    walk_in,
)
from tests.support.french import plain
from tests.support.world import PUBLIC_URL, Visitor, World

LATER = EnrolmentPeriod(date(2026, 10, 1), date(2026, 10, 15))
OVER = EnrolmentPeriod(date(2026, 6, 1), date(2026, 6, 15))


def page(visitor: Visitor, site: str = "") -> str:
    return plain(html.unescape(visitor.get(f"{START}/conservatoires/{site}" if site else START).text))


def send(visitor: Visitor, world: World, **fields: str) -> Any:
    stamp = stamp_of(visitor.get(START).text)
    world.wait(timedelta(seconds=3))
    return visitor.post(START, {"email": MERLE, "site_web": "", "depuis": stamp} | fields)


def test_before_after_and_unannounced_it_says_when_and_whom_to_call(world: World, visitor: Visitor) -> None:
    pages: dict[EnrolmentPeriod | None, str] = {None: page(visitor)}
    for period in (LATER, OVER):
        announce(world, period)
        pages[period] = page(visitor)

    assert pages[None].count("Les dates des nouvelles demandes ne sont pas encore annoncées.") == 1
    assert "ouvriront le 1er octobre 2026 et seront prises jusqu'au 15 octobre 2026 inclus" in pages[LATER]
    assert "closes depuis le 15 juin 2026" in pages[OVER]
    for words in pages.values():
        assert 'name="email"' not in words
        assert "01 99 00 10 03" in words
        assert 'href="/extranet/pre-inscription/suivi"' in words
        assert "Uniquement pour les nouvelles demandes : ne concerne pas les élèves déjà inscrits." in words


def test_while_requests_are_taken_each_site_s_page_says_truly_what_counts_there(world: World, visitor: Visitor) -> None:
    announce(world, ADMISSION, {"evry-magnard": LATER, "ris-orangis-messiaen": OVER})

    text = page(visitor)
    pages = {site.code: page(visitor, site.code) for site in world.services.settings.network.sites}

    assert [f"{START}/conservatoires/{site}" in text for site in pages] == [True] * len(pages)
    assert "(à partir du 1er octobre 2026)" in text
    assert "(clos depuis le 15 juin 2026)" in text
    assert "Arrivée." in pages["villabe-yves-henry"]
    assert "Priorité." in pages["bondoufle-gounod"]
    assert "Nous habitons dans l'agglomération." in pages["bondoufle-gounod"]
    assert "Tirage." in pages["evry-xenakis"]
    assert "ouvriront le 1er octobre" in pages["evry-magnard"]
    assert "closes depuis le 15 juin" in pages["ris-orangis-messiaen"]
    assert "Tirage." not in pages["ris-orangis-messiaen"]
    assert "l'âge qui compte est celui de l'élève au 31 décembre 2026" in pages["evry-xenakis"]
    asks = {site for site, words in pages.items() if 'name="email"' in words}
    assert asks == {"bondoufle-gounod", "evry-xenakis", "villabe-yves-henry"}
    assert {site: words.count('href="tel:') for site, words in pages.items()} == dict.fromkeys(pages, 1)
    for expected in ("« Connexion »", "Où en est ma demande", "30 jours", "180 jours", "/extranet/mentions-legales"):
        assert expected in text
    assert visitor.get(f"{START}/conservatoires/ailleurs").status_code == 404


def test_the_site_that_was_chosen_is_the_one_to_call_afterwards(world: World, visitor: Visitor) -> None:
    announce(world)
    stamp = stamp_of(visitor.get(f"{START}/conservatoires/evry-xenakis").text)
    world.wait(timedelta(seconds=3))
    form = {"email": "merle", "site": "evry-xenakis", "site_web": "", "depuis": stamp}

    refusal = visitor.post(START, form)
    visitor.post(START, form | {"email": MERLE})
    code = f"{START}/code"
    code_page = visitor.get(code, headers={"Referer": f"{PUBLIC_URL}{START}/conservatoires/evry-xenakis"}).text

    assert "Tirage." in refusal.text
    for text in (refusal.text, code_page, visitor.post(code, {"code": "x", "site": "evry-xenakis"}).text):
        assert (text.count('href="tel:'), "xenakis@extranet.example.fr" in text) == (1, True)
    for text in (visitor.get(code).text, visitor.post(code, {"code": "x", "site": "ailleurs"}).text):
        assert (text.count('href="tel:'), text.count("mailto:")) == (5, 0)


def test_an_address_leads_to_the_code_s_page_and_the_code_to_the_application(world: World, visitor: Visitor) -> None:
    announce(world)

    answer = ask(world, visitor)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{START}/code")
    world.deliver()
    response = visitor.post(f"{START}/code", {"code": mailed_code(world)})

    assert (response.status_code, response.headers["Location"]) == (303, f"{START}/demande")
    assert application_of(world).email == MERLE
    assert (visitor.cookie(COOKIE) or "").startswith("demande.")


def test_the_cookie_is_out_of_reach_and_tells_nothing(world: World, visitor: Visitor) -> None:
    announce(world)

    cookie = ask(world, visitor).headers["Set-Cookie"]

    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax")
    assert "merle" not in cookie
    assert len(cookie) < 400


def test_a_machine_that_fills_the_hidden_field_gets_a_success_and_nothing_else(world: World, visitor: Visitor) -> None:
    announce(world)
    honest = ask(world, visitor)
    world.aws.calls.clear()

    answer = visitor.post(START, {"email": "x", "site_web": "https://example.org"})

    assert (answer.status_code, answer.headers["Location"]) == (honest.status_code, honest.headers["Location"])
    assert visitor.get(f"{START}/code").status_code == 200
    assert world.aws.calls == []
    assert [event["event"] for event in world.events()][-1] == "admission_trapped"


@pytest.mark.parametrize("seconds", [0, 2, 7201])
def test_a_form_too_soon_or_too_old_comes_back_and_is_taken_then(world: World, visitor: Visitor, seconds: int) -> None:
    announce(world)
    stamp = stamp_of(visitor.get(START).text)
    world.wait(timedelta(seconds=seconds))

    answer = visitor.post(START, {"email": MERLE, "site_web": "", "depuis": stamp})

    assert answer.status_code == 422
    assert "rien n'est encore parti" in answer.text
    assert f'value="{MERLE}"' in answer.text
    world.wait(timedelta(seconds=3))
    again = visitor.post(START, {"email": MERLE, "site_web": "", "depuis": stamp_of(answer.text)})
    assert again.status_code == 303


def test_whoever_mends_an_address_need_not_wait_again(world: World, visitor: Visitor) -> None:
    announce(world)
    refusal = send(visitor, world, email="merle")

    again = visitor.post(START, {"email": MERLE, "site_web": "", "depuis": stamp_of(refusal.text)})

    assert again.status_code == 303


@pytest.mark.parametrize("made_up", ["", "0", "1788246000", "1788246000.0123456789abcdef0123456789abcdef", "é" * 50])
def test_a_stamp_that_is_made_up_is_none(world: World, visitor: Visitor, made_up: str) -> None:
    announce(world)

    assert send(visitor, world, depuis=made_up).status_code == 422
    assert world.aws.queue_bodies() == ""


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Saisissez votre adresse e-mail."),
        ("merle", "Cette adresse e-mail n'est pas complète."),
        ("merle@example.org\r\nBcc: autre@example.org", "Cette adresse e-mail n'est pas complète."),
        ("merle@example.org,autre@example.org", "Cette adresse e-mail n'est pas complète."),
        ('"merle"@example.org', "Cette adresse e-mail n'est pas complète."),
        ("mérle@example.org", "Cette adresse contient un accent"),
        ("merle@exampleﬀ.org", "Cette adresse contient un accent"),
        ("a" * 250 + "@example.org", "il faut au plus 254 caractères"),
    ],
)
def test_what_is_no_address_is_said_and_mails_nobody(world: World, visitor: Visitor, typed: str, message: str) -> None:
    announce(world)

    answer = send(visitor, world, email=typed)

    assert answer.status_code == 422
    assert message in answer.text.partition('id="email-erreur"')[2]
    assert world.aws.queue_bodies() == ""


def test_thirty_forms_of_a_client_in_ten_minutes_are_taken_of_any_address(world: World, visitor: Visitor) -> None:
    announce(world)
    stamp = stamp_of(visitor.get(START).text)
    world.wait(timedelta(seconds=3))
    answers = [
        visitor.post(START, {"email": f"oiseau{number}@example.org", "site_web": "", "depuis": stamp})
        for number in range(31)
    ]

    assert [answer.status_code for answer in answers] == [303] * 30 + [429]
    assert "Vous pourrez réessayer à partir de" in answers[-1].text
    assert 'value="oiseau30@example.org"' in answers[-1].text
    world.wait(timedelta(minutes=10))
    assert ask(world, visitor).status_code == 303


def test_a_form_that_comes_once_requests_are_closed_is_told_so_and_mails_nobody(world: World, visitor: Visitor) -> None:
    announce(world)
    stamp = stamp_of(visitor.get(START).text)
    announce(world, OVER)
    world.wait(timedelta(seconds=3))

    answer = visitor.post(START, {"email": MERLE, "site_web": "", "depuis": stamp})

    assert answer.status_code == 422
    assert "aucun code n'est parti" in answer.text
    assert "closes depuis le 15 juin 2026" in answer.text
    assert world.aws.queue_bodies() == ""


def test_whoever_is_in_and_begins_anew_is_asked_for_a_code_again(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)

    ask(world, visitor, "autre@example.org")

    assert visitor.get(f"{START}/code").status_code == 200
    assert walk_in(world, visitor, "autre@example.org").status_code == 303


def test_whoever_is_in_already_is_led_back_to_its_application(world: World, visitor: Visitor) -> None:
    announce(world)
    assert "continuer ma demande" not in page(visitor)
    applicant(world, visitor)

    assert "continuer ma demande" in page(visitor)


def test_the_page_is_read_at_each_period_in_one_call(world: World, visitor: Visitor) -> None:
    announce(world)
    world.aws.calls.clear()

    visitor.get(START)

    assert world.aws.calls == ["GetItem"]
