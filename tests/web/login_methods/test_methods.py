"""/extranet/compte/acces: a login's methods, each removed after a recent proof, and listed on « Famille »."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from chalicelib import wiring
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.flows.login_methods.methods import method_name
from operations.pages.build import build
from tests.support.forms import forms_of
from tests.support.french import plain, visible_text
from tests.support.login_methods import COMPUTER, LINK, TELEPHONE
from tests.support.two_logins import COMES, COMES_PASSWORD, put, settle_two_logins
from tests.support.walk import Walk
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World

PAGE: Final = "/extranet/compte/acces"
PROOF: Final = f"{PAGE}/preuve"


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    """Log in a family with two passkeys and FranceConnect."""
    world.settle(passkeys=(replace(TELEPHONE, used_at=LINK.linked_at), COMPUTER), links=(LINK,))
    visitor.log_in()
    return visitor


def test_each_is_named_with_its_dates_and_removed_alone(world: World, inside: Visitor) -> None:
    page = visible_text(inside.get(PAGE).text)
    assert "Mot de passe Choisi le" in page
    assert "Téléphone d'Aiméeajoutée le 20 août 2026 à 11 h 00, dernière utilisation le 20 août 2026" in page
    assert "Ordinateurajoutée le 20 août 2026 à 11 h 00, pas encore utilisée" in page
    assert "Relié le 20 août 2026 à 11 h 00, par Mme Aimée Rossignol, pas encore utilisé, preuve non notée." in page

    answer = inside.post(PAGE, {"acces": method_name(COMPUTER.id)})

    assert (answer.status_code, answer.headers["Location"].endswith(PAGE)) == (303, True)
    assert "Cet accès n'ouvre plus rien ici" in inside.get(PAGE).text
    assert [passkey.name for passkey in world.account().passkeys] == [TELEPHONE.name]
    assert inside.post(PAGE, {"acces": method_name(COMPUTER.id)}).status_code == 303, "sent twice"
    assert inside.get("/extranet/compte").status_code == 200


@pytest.mark.parametrize(("way", "is_news"), [("passkey:Téléphone", True), ("franceconnect_used", False)])
def test_an_added_one_is_confirmed_a_first_use_not(world: World, visitor: Visitor, way: str, *, is_news: bool) -> None:
    world.settle(access_corrections=(Correction("sign_in", (), (way,), Actor("family"), world.now, "decision"),))
    visitor.log_in()

    assert ("Cet accès est ajouté." in visitor.get(PAGE).text) == is_news
    world.wait(timedelta(minutes=3))
    assert "Cet accès est ajouté." not in visitor.get(PAGE).text


def test_without_a_recent_proof_it_is_asked_for_first(world: World, inside: Visitor) -> None:
    world.wait(timedelta(minutes=11))
    page = inside.get(PAGE).text
    answer = inside.post(PAGE, {"acces": method_name(LINK.subject)})

    assert (f'href="{PROOF}"' in page, 'name="acces"' in page) == (True, False)
    assert (answer.status_code, answer.headers["Location"].endswith(PROOF)) == (303, True)
    assert world.account().links == (LINK,)


def test_the_last_one_says_how_to_come_back_before_and_after(world: World, inside: Visitor) -> None:
    put(world, replace(world.account(), password=None, passkeys=()))

    before = visible_text(inside.get(PAGE).text)
    inside.post(PAGE, {"acces": method_name(LINK.subject)})
    after = visible_text(inside.get(PAGE).text)

    assert "C'est ici le dernier : ensuite, « Mot de passe perdu » vous enverra de quoi entrer" in before
    assert "Vous n'avez plus de moyen de vous connecter." in after
    assert world.account().has_login_methods is False


@pytest.mark.parametrize("is_separated", [False, True])
def test_no_login_sees_the_methods_of_another(world: World, visitor: Visitor, *, is_separated: bool) -> None:
    separated_at = world.now if is_separated else None
    settle_two_logins(world, passkeys=(TELEPHONE,), links=(LINK,), separated_at=separated_at)
    put(world, replace(world.account(COMES), passkeys=(COMPUTER,)))
    pages = {}
    for ref, password in ((ROSSIGNOL, {}), (COMES, {"password": COMES_PASSWORD})):
        visitor.log_in(ref, **password)
        pages[ref] = visible_text(visitor.get(PAGE).text) + visible_text(visitor.get("/extranet/compte/famille").text)

    assert (TELEPHONE.name in pages[ROSSIGNOL], COMPUTER.name in pages[ROSSIGNOL]) == (True, False)
    assert (TELEPHONE.name in pages[COMES], COMPUTER.name in pages[COMES]) == (False, True)
    assert "FranceConnectrelié" in pages[ROSSIGNOL]
    assert not re.search(r"FranceConnectrelié|, par Mme Aimée Rossignol", pages[COMES].replace(EMAIL, ""))


def test_the_file_lists_them_and_reads_nothing_more(world: World, inside: Visitor) -> None:
    world.aws.calls.clear()

    page = inside.get("/extranet/compte/famille").text

    assert world.aws.calls == ["GetItem", "GetItem"]
    assert "Clé d'accès « Téléphone d'Aimée »ajoutée le 20 août 2026" in visible_text(page)
    assert f'href="{PAGE}"' in page
    assert f'href="{PAGE}"' in inside.get("/extranet/compte/mot-de-passe").text
    assert not [form for form in forms_of(page) if form.path == PAGE]


def test_a_network_without_login_methods_shows_nothing_of_them(world: World, visitor: Visitor) -> None:
    settings = world.services.settings
    network = replace(settings.network, passkeys=False, franceconnect=None)
    world.services = replace(world.services, settings=replace(settings, network=network))
    words = r"[Cc]lés? d'accès|FranceConnect|[Ss]ans mot de passe"
    world.settle()
    with wiring.using(world.services):
        visitor.log_in()
        walk = Walk(world, visitor, [words])
        walk.faults_from("/extranet/compte")

    assert walk.pages > 20
    assert [fault for fault in walk.faults if fault.startswith("/extranet/compte")] == []
    pages = {file.key: plain(file.body.decode(errors="ignore")) for file in build(network, Periods())}
    assert [key for key, page in pages.items() if "/assets/" not in key and re.search(words, page)] == []
