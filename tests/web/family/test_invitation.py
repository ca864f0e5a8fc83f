"""The page « Un accès pour chaque responsable »: the first login invites, and each login's pages are its own."""

import html
import re

from tests.support.function_policy import held_to_the_policy
from tests.support.two_logins import COME, COMES, COMES_PASSWORD, settle_family, settle_two_logins
from tests.support.world import PASSWORD, Visitor, World

FAMILY = "/extranet/compte/famille"
PAGE = f"{FAMILY}/acces"
SAID = "son accès sera prêt dès sa première connexion"


def test_the_first_login_invites_the_other_guardian(world: World, visitor: Visitor) -> None:
    settle_family(world)
    visitor.log_in()
    assert PAGE in visitor.get(FAMILY).text
    assert html.unescape(visitor.get(PAGE).text).count(COME) > 1

    with held_to_the_policy("family", world.aws, world.resources):
        answer = visitor.post(PAGE, {"responsable": "2", "actuel": PASSWORD, "par": "1"})

    assert (answer.status_code, answer.headers["Location"]) == (303, FAMILY)
    assert "a son propre accès" in visitor.get(FAMILY).text
    assert SAID in html.unescape(visitor.get(FAMILY).text)
    world.deliver()
    mails = {mail.to: mail.text for mail in world.mails()}
    assert len(mails) == 2
    invitation = next(text for text in mails.values() if "vous invite" in text)
    (password,) = re.findall(r"Mot de passe\s*: (\S+)", invitation)
    visitor.log_in(COMES, password)
    assert SAID not in html.unescape(visitor.get(FAMILY).text), "it is said to who invited"


def test_a_refusal_stands_beside_its_field_and_the_choice_stays(world: World, visitor: Visitor) -> None:
    settle_family(world)
    visitor.log_in()

    answer = visitor.post(PAGE, {"responsable": "2", "actuel": "Faux1234", "par": "1"})

    assert answer.status_code == 422
    assert "Ce n'est pas votre mot de passe actuel" in html.unescape(answer.text)
    assert 'value="2" checked' in answer.text


def test_a_guardian_s_own_login_is_asked_for_no_name_and_invites_nobody(world: World, visitor: Visitor) -> None:
    settle_two_logins(world)
    visitor.log_in(COMES, COMES_PASSWORD)

    page = visitor.get(FAMILY).text

    assert "Vous êtes" not in page
    assert PAGE not in page
    assert (visitor.get(PAGE).status_code, visitor.post(PAGE, {"responsable": "1"}).status_code) == (404, 404)


def test_a_form_of_one_login_s_page_is_not_taken_from_the_other(world: World, visitor: Visitor) -> None:
    settle_two_logins(world)
    visitor.log_in()
    proof = visitor.get(FAMILY).text.split('name="jeton" value="')[1].split('"')[0]
    visitor.log_in(COMES, COMES_PASSWORD)

    answer = visitor.post(FAMILY, {"jeton": proof, "quoi": "payeur", "payeur": "Mme Houx"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/extranet/compte")
    assert world.account().household.payer == ""


def test_what_each_saves_names_who(world: World, visitor: Visitor) -> None:
    settle_two_logins(world)
    visitor.log_in(COMES, COMES_PASSWORD)
    version = visitor.get(FAMILY).text.split('name="quoi" value="payeur"')[0].rpartition('name="vu" value="')[2]

    visitor.post(FAMILY, {"quoi": "payeur", "payeur": "Mme Houx", "vu": version.split('"')[0]})

    assert world.account().household.payer == "Mme Houx"
    assert world.account().corrections[-1].actor.who == COME
