"""« Mon accès »: one's identity, and each proof renewed after the password is proven again."""

import re
from dataclasses import replace
from datetime import timedelta

from tests.support.french import visible_text
from tests.support.staff import (
    DESK,
    MANAGER,
    PASSWORD,
    SECRETARY,
    TEACHER,
    code_of,
    enter,
    entered,
    half_open,
    is_in,
    read_member,
    stores,
)
from tests.support.world import Visitor, World

OWN = f"{DESK}/mon-acces"
NEW = "quatre hautbois sous la neige"


def test_the_page_says_who_one_is_and_what_opens_the_access(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    page = visitor.get(OWN).text

    for words in ("Basile Troglodyte", SECRETARY, "secrétariat", "Evry - Xénakis", "choisi le 1er septembre 2026"):
        assert words in page
    assert "il n'en reste aucun" in page
    assert "Plus de codes de secours" in page


def test_a_teacher_and_a_manager_have_one_too(world: World, visitor: Visitor) -> None:
    enter(world, visitor, TEACHER)
    assert "enseignement" in visitor.get(OWN).text

    enter(world, visitor, MANAGER)
    page = visitor.get(OWN).text
    assert "responsable du réseau" in page
    assert all(site.name in page for site in world.services.settings.network.sites[:2])


def test_whoever_has_codes_enough_is_not_warned(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    stores(world).members.revise(SECRETARY, lambda one: replace(one, recovery=("a", "b", "c")))
    assert "il en reste 3" in visitor.get(OWN).text
    assert "Bientôt plus" not in visitor.get(OWN).text

    stores(world).members.revise(SECRETARY, lambda one: replace(one, recovery=("a", "b")))
    assert "Bientôt plus" in visitor.get(OWN).text


def test_the_password_is_changed_and_this_browser_stays_in_and_known(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    before = visitor.cookie("clef-bureau")

    answer = visitor.post(f"{OWN}/mot-de-passe", {"actuel": PASSWORD, "nouveau": NEW, "confirmation": NEW})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OWN}?fait=mot-de-passe")
    assert visitor.cookie("clef-bureau") != before
    assert visitor.cookie("clef-bureau-appareil")
    page = visitor.get(f"{OWN}?fait=mot-de-passe")
    assert page.status_code == 200
    assert "Votre mot de passe est modifié." in page.text
    assert "Votre mot de passe du bureau a été modifié" in page.text, "among the last changes"


def test_a_password_that_is_refused_is_told_beside_its_field(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    answer = visitor.post(f"{OWN}/mot-de-passe", {"actuel": "", "nouveau": "court", "confirmation": "autre"})

    assert answer.status_code == 422
    assert [f'id="{name}-erreur"' in answer.text for name in ("actuel", "nouveau", "confirmation")] == [True] * 3
    assert visitor.get(f"{OWN}/mot-de-passe").status_code == 200


def test_codes_for_paper_are_made_anew_with_the_password(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    assert visitor.get(f"{OWN}/codes").status_code == 200
    assert visitor.post(f"{OWN}/codes", {"mot_de_passe": "pas le bon du tout"}).status_code == 422
    assert read_member(world).recovery == ()

    answer = visitor.post(f"{OWN}/codes", {"mot_de_passe": PASSWORD})

    assert answer.status_code == 200
    assert len(set(re.findall(r"<li><code>([0-9a-z-]{19})</code></li>", answer.text))) == 8
    assert len(read_member(world).recovery) == 8


def test_another_application_is_taken_up_with_the_password_and_its_own_code(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    page = visitor.get(f"{OWN}/application").text
    match = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    application = re.search(r'name="application" value="([\w-]+)"', page)
    assert match
    assert application
    form = {"code": code_of(world, match[1]), "application": application[1]}
    assert visitor.post(f"{OWN}/application", form).status_code == 422, "no password"

    assert visitor.post(f"{OWN}/application", form | {"mot_de_passe": PASSWORD, "application": ""}).status_code == 422

    answer = visitor.post(f"{OWN}/application", form | {"mot_de_passe": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{OWN}?fait=application")
    assert "Votre nouvelle application est enregistrée" in visitor.get(f"{OWN}?fait=application").text
    world.deliver()
    assert [mail.to for mail in world.mails()] == [SECRETARY]


def test_what_the_address_says_besides_is_not_repeated(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    assert "Information" not in visitor.get(f"{OWN}?fait=autre-chose").text


def test_other_sessions_are_listed_and_ended_and_none_of_another_member(world: World, visitor: Visitor) -> None:
    member, teacher = entered(world), entered(world, TEACHER)
    world.wait(timedelta(minutes=1))
    half_open(world)
    enter(world, visitor)
    page = visitor.get(f"{OWN}/connexions").text
    (name,) = re.findall(r'name="connexion" value="(\w+)"', page)
    assert "Un autre navigateur, depuis le" in visible_text(page)

    stranger = teacher.session.fingerprint[:16]
    for name_in_form, is_open in ((stranger, True), (name, False)):
        visitor.post(f"{OWN}/connexions", {"connexion": name_in_form, "mot_de_passe": PASSWORD})
        assert is_in(world, member.token) is is_open

    assert is_in(world, teacher.token)
    assert "Aucune autre connexion" in visible_text(visitor.get(f"{OWN}/connexions").text)
