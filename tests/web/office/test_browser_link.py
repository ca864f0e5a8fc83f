"""The way out of a slowed-down login: a link by mail makes this browser known, and is no factor."""

import re
from datetime import timedelta

from chalicelib.domain.identity.seals import Seal
from tests.support.staff import DESK, PASSWORD, SECRETARY, TEACHER, log_in, member, read_member, stores
from tests.support.world import Visitor, World

DOOR = f"{DESK}/connexion"
ASKED = f"{DESK}/navigateur"
WRONG = {"courriel": SECRETARY, "mot_de_passe": "pas le bon du tout"}


def link_in_mail(world: World) -> str:
    world.deliver()
    match = re.search(r"(/extranet/bureau/navigateur/\S+)$", world.mails()[-1].text, re.MULTILINE)
    assert match
    return match[1]


def link_for(world: World, visitor: Visitor, email: str = SECRETARY) -> str:
    assert visitor.post(ASKED, {"courriel": email}).status_code == 200
    return link_in_mail(world)


def test_a_stranger_who_keeps_guessing_keeps_no_member_out(world: World, visitor: Visitor) -> None:
    member(world)
    refusal = [visitor.post(DOOR, WRONG) for _ in range(6)][-1]
    assert refusal.status_code == 429
    assert f'action="{ASKED}"' in refusal.text
    assert f'type="hidden" name="courriel" value="{SECRETARY}"' in refusal.text

    path = link_for(world, visitor)
    page = visitor.get(path)
    answer = visitor.post(path)

    assert "Faire reconnaître ce navigateur" in page.text
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{DOOR}?fait=navigateur")
    assert "Ce navigateur est reconnu" in visitor.get(f"{DOOR}?fait=navigateur").text
    assert visitor.get(DESK).status_code == 303, "it opens nothing by itself"
    log_in(world, visitor)


def test_known_and_unknown_addresses_are_answered_alike(world: World, visitor: Visitor) -> None:
    member(world)

    first, unknown = (visitor.post(ASKED, {"courriel": email}) for email in (SECRETARY, "corneille@example.org"))

    assert first.text.replace(SECRETARY, "corneille@example.org") == unknown.text
    assert "Si cette adresse a un accès" in first.text
    world.deliver()
    assert [mail.to for mail in world.mails()] == [SECRETARY]


def test_looking_at_the_link_changes_nothing_and_it_serves_once(world: World, visitor: Visitor) -> None:
    member(world)
    path, before = link_for(world, visitor), world.aws.everything(world.resources)

    assert [visitor.get(path).status_code for _ in range(2)] == [200, 200]
    assert world.aws.everything(world.resources) == before
    cookie = visitor.cookie("clef-bureau-appareil")
    assert visitor.post(DOOR, WRONG).status_code == 401
    assert [visitor.post(path).status_code for _ in range(2)] == [303, 303], "a double click"

    visitor.show("", "clef-bureau-appareil")
    answer = visitor.post(path)
    assert (answer.status_code, visitor.get(path).status_code) == (410, 410), "another browser"
    assert not visitor.cookie("clef-bureau-appareil")
    assert f'href="{ASKED}"' in answer.text
    visitor.show(cookie, "clef-bureau-appareil")
    world.wait(timedelta(minutes=1))
    assert visitor.post(path).status_code == 410
    assert visitor.get(f"{ASKED}/{'a' * 64}").data == visitor.get(path).data


def test_a_link_of_a_newer_version_is_over(world: World, visitor: Visitor) -> None:
    path = link_for(world, visitor, member(world).email)
    seal = Seal(world.services.settings.key_ring("staff-links"), "known browser")
    words = seal.open_text(path.removeprefix(f"{ASKED}/")) or ()
    newer = f"{ASKED}/{seal.seal_text(*words, 'a word that a newer version adds')}"

    assert visitor.get(path).status_code == 200
    assert (visitor.get(newer).status_code, visitor.post(newer).status_code) == (410, 410)
    assert visitor.get(newer).data == visitor.get(f"{ASKED}/{'a' * 64}").data


def test_a_browser_that_keeps_no_cookie_uses_no_link_up(world: World, visitor: Visitor) -> None:
    member(world)
    path = link_for(world, visitor)

    answer = visitor.post(path)

    assert answer.status_code == 422
    assert "Autorisez les cookies" in answer.text
    assert visitor.post(path).status_code == 303, "that page gave the cookie"


def test_a_session_of_the_browser_goes_on(world: World, visitor: Visitor) -> None:
    member(world)
    log_in(world, visitor)
    session = visitor.cookie("clef-bureau")

    path = link_for(world, visitor)
    visitor.get(path)

    assert visitor.post(path).status_code == 303
    assert visitor.cookie("clef-bureau") == session


def test_the_door_always_offers_it_and_says_what_is_missing(visitor: Visitor) -> None:
    assert f'href="{ASKED}"' in visitor.get(DOOR).text
    assert visitor.get(ASKED).status_code == 200

    answer = visitor.post(ASKED, {"courriel": " "})

    assert answer.status_code == 422
    assert 'id="courriel-erreur"' in answer.text


def test_a_teacher_has_the_same_way_and_the_letter_asks_for_no_secret(world: World, visitor: Visitor) -> None:
    member(world, TEACHER)

    link_for(world, visitor, TEACHER)

    mail = world.mails()[-1]
    assert (mail.to, mail.subject) == (TEACHER, "Faire reconnaître votre navigateur au bureau - Evry - Xénakis")
    assert "15 minutes" in mail.text
    assert "le mot de passe et le second facteur restent demandés" in mail.text.lower()
    assert read_member(world, TEACHER).browser_links.links[0].used_at is None
    assert PASSWORD not in mail.text
    assert stores(world).members.find(TEACHER)
