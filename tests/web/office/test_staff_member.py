"""/extranet/bureau/personnel/{membre}: a manager changes a member's access, and the first of two at once wins."""

import html
import re
from datetime import timedelta

from tests.support.staff import DESK, MANAGER, PASSWORD, SECRETARY, code, enter, enter_as_manager, member, stores
from tests.support.world import Visitor, World

REASON = {"raison": "téléphone perdu", "mot_de_passe": PASSWORD}


def page_of(world: World, email: str = SECRETARY) -> str:
    return f"{DESK}/personnel/{world.services.record.pseudonyms.of_mailbox(email)}"


def form(visitor: Visitor, path: str, **fields: str) -> dict[str, str]:
    """Fill in the form of a page, with the version that the page showed."""
    (version,) = re.findall(r'name="vu" value="(\w+)"', visitor.get(path).text)
    return REASON | {"vu": version} | fields


def test_a_member_is_given_another_role_and_other_sites(world: World, visitor: Visitor) -> None:
    member(world)
    enter(world, visitor, MANAGER)
    path = page_of(world)

    answer = visitor.post(path, form(visitor, path, role="reader", **{"site-evry-magnard": "oui"}))

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?fait=role")
    page = visitor.get(answer.headers["Location"]).text
    assert "Le rôle et les sites sont enregistrés" in page
    assert "rôle ou sites changés (consultation : Evry - Magnard)" in page
    assert "Odile Fauvette &lt;fauvette@example.org&gt;" in page
    assert "téléphone perdu" in page
    secretary = stores(world).members.find(SECRETARY)
    assert secretary
    assert (secretary.role, secretary.sites) == ("reader", ("evry-magnard",))


def test_each_event_names_the_member_by_the_last_part_of_the_page(world: World, visitor: Visitor) -> None:
    member(world)
    for password in ("ce n'est pas le bon", PASSWORD):
        visitor.post(f"{DESK}/connexion", {"courriel": SECRETARY, "mot_de_passe": password})
    for code_text in ("000000", code(world)):
        visitor.post(f"{DESK}/code", {"code": code_text})
    enter(world, visitor, MANAGER)
    path = page_of(world)
    visitor.post(path, form(visitor, path, role="reader", **{"site-evry-magnard": "oui"}))
    visitor.post(f"{path}/desactiver", form(visitor, f"{path}/desactiver"))
    world.deliver()

    lines = [event for event in world.events() if event["event"].startswith("staff_")]

    assert {event["event"] for event in lines} == {
        *("staff_login_refused", "staff_code_refused", "staff_login_ok"),
        *("staff_role_changed", "staff_disabled", "staff_mailed"),
    }
    assert {event.get("member") for event in lines} == {path.rpartition("/")[2]}


def test_a_manager_who_gives_up_the_role_is_led_to_what_is_left(world: World, visitor: Visitor) -> None:
    member(world, "huppe@example.org", "manager")
    enter_as_manager(world, "huppe@example.org")
    enter(world, visitor, MANAGER)
    path = page_of(world, MANAGER)

    answer = visitor.post(path, form(visitor, path, role="reader", **{"site-evry-magnard": "oui"}))

    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert visitor.get(DESK).status_code == 200
    assert visitor.get(path).status_code == 404


def test_nobody_is_offered_to_reset_their_own_access(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)
    path = page_of(world, MANAGER)

    assert f"{path}/reinitialiser" not in visitor.get(path).text
    answer = visitor.post(f"{path}/reinitialiser", form(visitor, f"{path}/reinitialiser"))

    assert answer.status_code == 422
    assert "Personne ne réinitialise son propre accès" in answer.text


def test_a_member_whom_nobody_knows_is_not_there(world: World, visitor: Visitor) -> None:
    enter(world, visitor, MANAGER)

    assert visitor.get(f"{DESK}/personnel/{'0' * 20}").status_code == 404


def test_what_a_member_did_and_looked_at_in_the_year_is_on_a_page_of_its_own(world: World, visitor: Visitor) -> None:
    world.settle(display_identifier="XEN 1")
    enter(world, visitor)
    visitor.get(f"{DESK}/familles/evry-xenakis/xen1")
    world.wait(timedelta(minutes=1))
    visitor.post(f"{DESK}/familles/evry-xenakis/xen1/mails", {"raison": "boîte réparée"})
    visitor.post(f"{DESK}/familles/evry-xenakis/xen1/mot-de-passe", {"raison": "appel"})
    enter(world, visitor, MANAGER)
    assert f'href="{page_of(world)}/journal"' in visitor.get(page_of(world)).text

    page = html.unescape(visitor.get(f"{page_of(world)}/journal").text)

    assert page.index("mot de passe renvoyé") < page.index("consultation : dossier de la famille")
    assert "XEN 1" in page
    assert "appel" in page
    assert "Rien depuis un an :" in visitor.get(f"{page_of(world, MANAGER)}/journal").text
