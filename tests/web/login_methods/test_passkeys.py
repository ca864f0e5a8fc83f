"""/extranet/compte/acces/cle and /cles: log in by a passkey, add one, and the pages that offer it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from chalicelib import wiring
from chalicelib.domain.account.login_methods import PASSKEYS_AT_MOST
from chalicelib.domain.account.sessions import PROVEN_FOR
from tests.support.authenticator import FLAG, Authenticator, field
from tests.support.enrolment import IN_JUNE, answer_all, open_season
from tests.support.forms import forms_of
from tests.support.french import plain
from tests.support.passkeys import give, response, telephone
from tests.support.receipts import NUMBER, send_enrolment
from tests.support.world import Visitor, World

HOME = "/extranet/compte"
ENTRY = f"{HOME}/acces/cle"
OWN = f"{HOME}/acces/cles"
ANDROID = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"}
OFFER = 'href="/extranet/compte/acces/cles">Créer une clé'


def challenge_in(page: TestResponse) -> str:
    match = re.search(r'data-challenge="([\w-]+)"', page.text)
    assert match, page.text
    return match[1]


@pytest.fixture
def phone(world: World) -> Authenticator:
    world.settle()
    key = telephone()
    give(world, key)
    return key


def test_the_page_asks_for_any_passkey_of_this_host_and_reads_nothing(world: World, visitor: Visitor) -> None:
    page = visitor.get(ENTRY)

    assert page.status_code == 200
    assert 'data-passkey="get"' in page.text
    assert 'data-known=""' in page.text
    assert "data-waits" not in page.text
    assert challenge_in(page) != challenge_in(visitor.get(ENTRY))
    assert world.aws.calls == []


@pytest.mark.wing("billing")
def test_a_passkey_opens_the_page_of_a_link_and_makes_the_browser_known(visitor: Visitor, phone: Authenticator) -> None:
    visitor.get(f"{HOME}/facturation")

    answer = visitor.post(ENTRY, {"cle": field(phone.use(challenge_in(visitor.get(ENTRY))))})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}/facturation")
    assert visitor.get(HOME).status_code == 200
    assert visitor.cookie("clef-appareil")


def test_a_form_of_an_ended_session_outlives_a_passkey(world: World, visitor: Visitor, phone: Authenticator) -> None:
    visitor.log_in()
    jeton = re.search(r'name="jeton" value="([^"]+)"', visitor.get(f"{HOME}/famille").text)
    assert jeton
    world.wait(timedelta(hours=13))
    answer = visitor.post(f"{HOME}/famille", {"jeton": jeton[1], "telephone": "06 99 00 10 09"})
    fields = dict(re.findall(r'<input type="hidden" name="(repris[^"]*)" value="([^"]*)"', answer.text))
    assert fields

    refusal = visitor.post(ENTRY, {"cle": response(world, phone, flags=FLAG.UP), **fields})
    home = visitor.post(ENTRY, {"cle": response(world, phone), **fields})

    assert refusal.status_code == 401
    assert all("06 99 00 10 09" in page.text for page in (refusal, home))
    assert visitor.get(HOME).status_code == 200


def test_a_passkey_that_opens_nothing_leaves_the_password(world: World, visitor: Visitor, phone: Authenticator) -> None:
    before = world.account()
    world.services.accounts.change(before, before.without_login_method(before.passkeys[0].id))

    page = visitor.post(ENTRY, {"cle": response(world, phone)})

    assert page.status_code == 401
    assert "Cette clé d'accès n'ouvre plus rien ici" in page.text
    assert "connectez-vous avec votre mot de passe" in page.text
    assert "data-waits" in page.text, "the browser asks by the button only: else a refusal would ask for ever"


def test_no_other_site_logs_a_visitor_in(world: World, visitor: Visitor, phone: Authenticator) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://extranet.example.net"}, {}):
        visitor.headers = headers

        assert visitor.post(ENTRY, {"cle": response(world, phone)}).status_code == 403


def test_without_passkeys_there_are_none_of_their_pages(world: World, visitor: Visitor, phone: Authenticator) -> None:
    visitor.log_in()
    settings = world.services.settings
    network = replace(settings.network, passkeys=False)

    with wiring.using(replace(world.services, settings=replace(settings, network=network))):
        answers = [visitor.get(ENTRY), visitor.post(ENTRY, {"cle": response(world, phone)}), visitor.get(OWN)]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_a_passkey_is_named_after_the_browser_and_added_after_a_proof(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()
    page = visitor.get(OWN, headers=ANDROID)
    assert 'data-resident="required"' in page.text
    assert 'value="Chrome sur Android"' in page.text

    answer = visitor.post(OWN, {"nom": "", "cle": field(telephone().make(challenge_in(page)))})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}/acces")
    assert [passkey.name for passkey in world.account().passkeys] == ["Mon appareil"]


def test_a_passkey_s_name_has_forty_letters_or_digits_also_in_the_notice(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()
    names = {
        "Téléphone  d'Aimée n° 2": "Téléphone d Aimée n 2",
        "« https://example.org/x?y » : payez 12,50 € ici, tout de suite": "https example org x y payez 12 50 ici to",
        "!?": "Mon appareil",
    }
    for text, name in names.items():
        phone = telephone(name.encode())
        visitor.post(OWN, {"nom": text, "cle": field(phone.make(challenge_in(visitor.get(OWN))))})
        assert world.account().passkeys[-1].name == name
        world.deliver()
        assert f"La clé d'accès « {name} » est ajoutée" in world.mails()[-1].text


def test_an_older_name_stays_on_its_page_and_is_plain_in_the_notice(world: World, visitor: Visitor) -> None:
    world.settle()
    give(world, telephone(), name="Gagné ! https://example.org")
    visitor.log_in()
    page = visitor.get(f"{HOME}/acces").text
    assert "<dt>Gagné ! https://example.org</dt>" in page
    (removal,) = (form for form in forms_of(page) if "acces" in form.fields)

    visitor.post(f"{HOME}/acces", removal.fields)

    world.deliver()
    assert "« Gagné https example org »" in plain(world.mails()[-1].text)


def test_a_session_without_a_recent_proof_is_asked_for_one(world: World, visitor: Visitor) -> None:
    world.settle()
    visitor.log_in()
    world.wait(PROVEN_FOR)

    assert visitor.get(OWN).headers["Location"] == f"{HOME}/acces/preuve?suite=cles"
    page = visitor.post(OWN, {"nom": "Téléphone d'Aimée", "cle": "~"})
    assert page.status_code == 422
    assert "Cette clé d'accès n'a pas pu être ajoutée" in page.text
    assert 'value="Téléphone d\'Aimée"' in page.text.replace("&#39;", "'")


def test_a_login_with_eight_is_asked_to_remove_one(world: World, visitor: Visitor) -> None:
    world.settle()
    for number in range(PASSKEYS_AT_MOST):
        give(world, telephone(bytes([number + 1])))
    visitor.log_in()

    page = visitor.get(OWN)

    assert "Vous avez déjà huit clés d'accès" in page.text
    assert "data-passkey" not in page.text


def test_a_passkey_is_offered_once_all_is_sent_and_while_the_login_has_none(world: World, visitor: Visitor) -> None:
    open_season(world, IN_JUNE)
    visitor.log_in()
    assert OFFER not in visitor.get(HOME).text

    answer_all(world)
    send_enrolment(world)

    pages = [visitor.get(path) for path in (HOME, f"{HOME}/reinscription/recus/{NUMBER}")]
    assert [page.text.count(OFFER) for page in pages] == [1, 1]
    assert all('hidden data-needs-passkeys="here"' in page.text and "/login_methods." in page.text for page in pages)
    give(world, telephone())
    assert OFFER not in visitor.get(HOME).text
