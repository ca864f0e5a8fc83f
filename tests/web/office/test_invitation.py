"""The page of an invitation: opened as often as one likes, accepted once."""

import re
from datetime import timedelta

from tests.support.staff import DESK, MANAGER, SECRETARY, code_of, invite, read_member
from tests.support.world import Visitor, World

CHOSEN = "quatre hautbois sous la neige"


def key_on(page: str) -> str:
    match = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert match
    return match[1]


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([0-9a-z-]{19})</code></li>", page)


def sealed_on(page: str) -> str:
    match = re.search(r'name="application" value="([\w-]+)"', page)
    return match[1] if match else ""


def form_on(world: World, page: str, password: str = CHOSEN) -> dict[str, str]:
    """Fill in the form of a page, with the code of an authenticator that has its key."""
    fields = {"nouveau": password, "confirmation": password, "code": code_of(world, key_on(page))}
    return fields | {"application": sealed_on(page)}


def form_for(world: World, visitor: Visitor, link: str, password: str = CHOSEN) -> dict[str, str]:
    return form_on(world, visitor.get(f"{DESK}/invitation/{link}").text, password)


def test_the_page_says_who_is_invited_and_draws_a_key_for_each_view(world: World, visitor: Visitor) -> None:
    link = invite(world)
    before = world.aws.everything(world.resources)

    page, again = (visitor.get(f"{DESK}/invitation/{link}").text for _ in range(2))

    assert "Basile Troglodyte" in page
    assert SECRETARY in page
    assert "secrétariat" in page
    assert "Evry - Xénakis" in page
    assert key_on(page) != key_on(again)
    assert key_on(page).replace(" ", "") not in page.partition('name="application"')[2].partition(">")[0]
    assert f"secret={key_on(page).replace(' ', '')}" in page
    assert re.search(r'<svg class="qr"[^>]*><title id="carre">', page)
    assert world.aws.everything(world.resources) == before


def test_a_look_at_the_link_gives_no_key_that_counts(world: World, visitor: Visitor) -> None:
    """Otherwise one look at a mailbox would give the second factor for good."""
    link = invite(world)
    page = visitor.get(f"{DESK}/invitation/{link}").text
    visitor.post(f"{DESK}/invitation/{link}", form_for(world, visitor, link))
    world.wait(timedelta(minutes=5))

    visitor.post(f"{DESK}/deconnexion")
    visitor.post(f"{DESK}/connexion", {"courriel": SECRETARY, "mot_de_passe": CHOSEN})

    assert visitor.post(f"{DESK}/code", {"code": code_of(world, key_on(page))}).status_code == 422


def test_a_form_that_is_refused_keeps_the_key_that_the_application_took(world: World, visitor: Visitor) -> None:
    link = invite(world)
    form = form_for(world, visitor, link)

    page = visitor.post(f"{DESK}/invitation/{link}", form | {"confirmation": "autre"}).text

    assert page.count(form["application"]) == 1
    assert visitor.post(f"{DESK}/invitation/{link}", form_on(world, page)).status_code == 200


def test_a_code_of_a_key_that_this_page_did_not_draw_opens_nothing(world: World, visitor: Visitor) -> None:
    link, second = invite(world), invite(world, MANAGER)
    form, elsewhere = form_for(world, visitor, link), form_for(world, visitor, second)
    before = read_member(world)

    answers = [
        visitor.post(f"{DESK}/invitation/{link}", form | {"application": token, "code": elsewhere["code"]})
        for token in ("", "a" * 80, "é", elsewhere["application"], form["application"][:-2] + "AA")
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert all("Ajoutez à l'application la clé que montre maintenant la page" in answer.text for answer in answers)
    assert read_member(world) == before


def test_who_accepts_is_in_and_reads_eight_codes_once(world: World, visitor: Visitor) -> None:
    link = invite(world)

    answer = visitor.post(f"{DESK}/invitation/{link}", form_for(world, visitor, link))

    assert answer.status_code == 200
    codes = codes_on(answer.text)
    assert len(set(codes)) == 8
    assert "Bonjour Basile Troglodyte." in visitor.get(DESK).text
    assert not any(code in world.aws.everything(world.resources) for code in codes)
    world.deliver()
    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (SECRETARY, "Votre accès au bureau est ouvert - Evry - Xénakis")
    response = visitor.get(f"{DESK}/invitation/{link}")
    assert response.status_code == 410
    assert f'href="{DESK}/connexion"' in response.text


def test_what_is_refused_is_told_together_and_nothing_is_opened(world: World, visitor: Visitor) -> None:
    link = invite(world, MANAGER)
    before = read_member(world, MANAGER)

    answer = visitor.post(f"{DESK}/invitation/{link}", {"nouveau": "court", "confirmation": "autre", "code": "000"})

    assert answer.status_code == 422
    for name in ("nouveau", "confirmation", "code"):
        assert f'id="{name}-erreur"' in answer.text
    assert "Sites</dt><dd>tous" in answer.text
    assert read_member(world, MANAGER) == before


def test_a_link_of_nobody_and_one_too_old_say_the_same(world: World, visitor: Visitor) -> None:
    link = invite(world)
    world.wait(timedelta(hours=24))

    old, nobody = (visitor.get(f"{DESK}/invitation/{each}") for each in (link, "a" * 64))

    assert (old.status_code, nobody.status_code) == (410, 410)
    assert old.data == nobody.data


def test_a_link_that_was_accepted_shows_its_form_no_more_whatever_is_sent(world: World, visitor: Visitor) -> None:
    link = invite(world)
    form = form_for(world, visitor, link)
    visitor.post(f"{DESK}/invitation/{link}", form)

    slip, wrong_code, too_long = (
        visitor.post(f"{DESK}/invitation/{link}", form | fields)
        for fields in ({"confirmation": "autre"}, {"code": "000000"}, {"nouveau": "a" * 5_000})
    )

    assert [answer.status_code for answer in (slip, wrong_code, too_long)] == [410, 410, 410]
