"""The page of the code that proves a login: alike for known and unknown, and nothing opens by its cookies."""

import re
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest

from chalicelib.domain.account.login_codes import LoginCodeRequest, Purpose
from chalicelib.flows.login_methods.code import ask_code
from tests.support.admission import mailbox_of, mailed_code
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World
from tools.local.cdn import LocalCdn

ACCESS = "/extranet/compte/acces"
FORM = {"site": ROSSIGNOL.site, "identifiant": ROSSIGNOL.identifier, "email": EMAIL}


def ask(visitor: Visitor, **fields: str) -> None:
    answer = visitor.post(f"{ACCESS}/premiere-connexion", FORM | fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ACCESS}/code")


@pytest.mark.parametrize(
    "fields", [{"identifiant": "nobody"}, {"email": "autre@example.org"}, {"site": "villabe-yves-henry"}]
)
def test_known_and_unknown_look_alike_to_the_last_try(world: World, visitor: Visitor, fields: dict[str, str]) -> None:
    world.settle(disabled="site" in fields)
    statuses = []
    for form in ({}, fields):
        ask(visitor, **form)
        world.deliver()
        pages = [visitor.get(f"{ACCESS}/code")] + [visitor.post(f"{ACCESS}/code", {"code": "000000"}) for _ in range(6)]
        email = form.get("email", EMAIL)
        statuses.append([(page.status_code, page.text.replace(email, "…")) for page in pages])

    assert statuses[0] == statuses[1]
    assert "recommencez" in statuses[0][-1][1]
    assert 'name="code"' not in statuses[0][-1][1]


def test_neither_the_code_s_cookie_nor_the_proof_s_opens_a_page_or_the_other_s(world: World, visitor: Visitor) -> None:
    world.settle()
    ask(visitor)
    question = visitor.cookie("clef-acces")
    assert 'name="nouveau"' not in visitor.get(f"{ACCESS}/choix").text
    world.deliver()
    answer = visitor.post(f"{ACCESS}/code", {"code": mailed_code(world)})
    assert answer.headers["Location"] == f"{ACCESS}/choix"
    proof = visitor.cookie("clef-acces")
    assert "aucun code n'est attendu" in visitor.get(f"{ACCESS}/code").text

    for cookie in (question, proof):
        visitor.show(cookie)
        assert visitor.get("/extranet/compte").headers["Location"] == "/extranet/usager"


@pytest.mark.parametrize(("purpose", "email"), [("first", EMAIL), ("link", EMAIL), ("link", ""), ("prove", "")])
def test_the_page_promises_as_many_codes_as_come(world: World, visitor: Visitor, purpose: Purpose, email: str) -> None:
    world.settle()
    mailbox = mailbox_of(world, email) if email else ""
    for _ in range(4):
        request = LoginCodeRequest(purpose, ROSSIGNOL.site, ROSSIGNOL.identifier, mailbox, "a subject", world.now)
        visitor.show(ask_code(world.visit(), request), "clef-acces")
        page = visitor.get(f"{ACCESS}/code").text
        world.deliver()
        limits = re.search(r"(\d) codes au plus partent en une heure à une même adresse, et (\d) en un jour", page)
    assert limits
    assert int(limits[1]) == len(world.mails()) < int(limits[2])


def test_another_browser_says_where_the_code_is_typed(world: World, visitor: Visitor, front: LocalCdn) -> None:
    world.settle()
    ask(visitor)
    world.deliver()
    browser, code = Visitor(front, world=world), mailed_code(world)

    for answer in (browser.get(f"{ACCESS}/code"), browser.post(f"{ACCESS}/code", {"code": code})):
        assert answer.status_code == 200
        assert "Ce code se saisit dans le navigateur où vous l'avez demandé" in answer.text
        assert 'name="code"' not in answer.text
        for path in ("/extranet/usager/premiere-connexion", "/extranet/usager/mot-de-passe-perdu"):
            assert f'href="{path}"' in answer.text
    for choice in (browser.get(f"{ACCESS}/choix"), browser.post(f"{ACCESS}/choix", {"nouveau": "Bruant4Zizi"})):
        assert "recommencez" in choice.text
        assert 'name="nouveau"' not in choice.text
    assert visitor.post(f"{ACCESS}/code", {"code": code}).headers["Location"] == f"{ACCESS}/choix"


def test_the_page_has_the_address_as_typed_and_neither_queue_nor_cookie(world: World, visitor: Visitor) -> None:
    world.settle()
    for email in (EMAIL.upper(), "autre&co@example.org"):
        ask(visitor, email=f" {email}")
        page = visitor.get(f"{ACCESS}/code").text
        assert email.replace("&", "&amp;") in page
        assert EMAIL not in page
        question, token, _ = (visitor.cookie("clef-acces") or "").split("~")
        parts = [urlsafe_b64decode(f"{text}===") for text in (question.partition(".")[0], token)]
        assert email.encode() not in b"".join([*parts, world.aws.queue_bodies().encode()])
        world.wait(timedelta(minutes=10))
        assert "@" not in visitor.get(f"{ACCESS}/code").text.partition("<main")[2].partition("<section")[0]
