"""POST /extranet/bureau/demandes/decisions: a ticked list, summed up, then decided a candidate at a time."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from chalicelib.wings.admission.domain.applications import State
from chalicelib.wings.admission.domain.pools import Offer
from chalicelib.wings.admission.office import applications
from tests.support.applications import NILS, NUMBER
from tests.support.aws import When
from tests.support.desk_work import deliver_all
from tests.support.pools import FIRST, POOL, UNTIL
from tests.support.staff import DESK, READER, enter
from tests.support.stored_applications import (
    PIE,
    PIE_NUMBER,
    application_of,
    open_admission,
    send_again,
    states,
    stores_of,
    withdraw,
)
from tests.support.world import Visitor, World

LIST = f"{DESK}/demandes"
DECISIONS = f"{LIST}/decisions"
TICK = re.compile(r'name="(eleve-\d+)" type="checkbox" value="([^"]*)" aria-label="Cocher ([^"]*)"( checked)?')
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
ALL = ("Alba Geai", "Nils Geai", "Ugo Pie")


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Store two families' applications: three children, one of them with one wish. Enter as a secretary."""
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER, world.now)
    enter(world, visitor)


def form_to(page: str) -> dict[str, str]:
    """Read the hidden fields of the page's last form of decisions."""
    return {name: unescape(value) for name, value in HIDDEN.findall(_form(page))}


def _form(page: str) -> str:
    return page.rpartition(f'action="{DECISIONS}"')[2].partition("</form>")[0]


def tick(visitor: Visitor, *names: str, address: str = LIST) -> dict[str, str]:
    """Fill in the form of the list, with some candidates ticked by name."""
    page = visitor.get(address).text
    return form_to(page) | {field: unescape(value) for field, value, name, _ in TICK.findall(page) if name in names}


def summary(visitor: Visitor, *names: str, verdict: str = "waiting", **values: str) -> TestResponse:
    return visitor.post(DECISIONS, tick(visitor, *names) | {"decision": verdict} | values)


def confirm(visitor: Visitor, page: TestResponse) -> TestResponse:
    return visitor.post(DECISIONS, form_to(page.text) | {"envoyer": "oui"})


def undo(visitor: Visitor, page: TestResponse) -> TestResponse:
    form = page.text.partition(f'action="{DECISIONS}"')[2].partition("</form>")[0]
    fields = {name: unescape(value) for name, value in HIDDEN.findall(form)}
    return visitor.post(DECISIONS, fields | {"action": "annuler"})


def every_state(world: World) -> dict[str, State]:
    return states(world) | states(world, PIE_NUMBER)


def take_piano(world: World) -> None:
    """Count the places of piano, and let Alba's family take one."""
    stores_of(world).pools.change(None, POOL.give(Offer(FIRST, UNTIL), world.now))


def test_the_summary_says_what_would_be_decided_and_decides_nothing(world: World, visitor: Visitor) -> None:
    page = summary(visitor, *ALL, verdict="to_complete", texte="Quel jour ?", echeance="2027-07-20")

    assert page.status_code == 200
    for expected in ("À décider : 3", "Quel jour ?", "Décider de ces 3 élèves", "Alba Geai</a>, Mme Inès Geai : Piano"):
        assert expected in page.text
    assert set(every_state(world).values()) == {"sent"}
    confirm(visitor, page)
    assert set(every_state(world).values()) == {"to_complete"}


def test_each_is_accepted_for_its_wish_and_the_others_are_left_out_with_the_reason(
    world: World, visitor: Visitor
) -> None:
    take_piano(world)

    page = summary(visitor, *ALL, verdict="accepted")

    for expected in (
        "À décider : 2",
        "Alba Geai</a>, Mme Inès Geai : Piano, Débutant, Evry - Xénakis",
        "Nils Geai</a>, Mme Inès Geai : Éveil musical, Evry - Xénakis",
        "Ne seront pas décidés : 1",
        "Ugo Pie a plusieurs vœux, et aucune place n'est à son nom",
        "Une demande acceptée a son compte aussitôt : cela ne s'annule pas.",
    ):
        assert expected in page.text
    assert "Violon" not in page.text

    answer = confirm(visitor, page)
    assert every_state(world) == {"Alba": "accepted", "Nils": "accepted", "Ugo": "sent"}
    assert "Décidés, un mail part vers chaque famille : 2" in answer.text
    assert "Annuler" not in answer.text
    (account,) = world.services.accounts.all()
    assert (account.ref.site, [pupil.name for pupil in account.household.pupils]) == (
        "evry-xenakis",
        ["Alba Geai", "Nils Geai"],
    )
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == ["geai@example.org"] * 2


def test_an_acceptance_holds_for_the_wish_that_the_summary_named(world: World, visitor: Visitor) -> None:
    take_piano(world)
    page = summary(visitor, "Alba Geai", verdict="accepted")
    pool = stores_of(world).pools.find(POOL.ref)
    assert pool
    stores_of(world).pools.change(pool, replace(pool, holders=()))

    answer = confirm(visitor, page)

    assert "Alba Geai n'a pas de place (Piano" in answer.text
    assert every_state(world)["Alba"] == "sent"


def test_a_place_at_a_site_that_the_member_does_not_see_is_left_to_that_site(world: World, visitor: Visitor) -> None:
    take_piano(world)
    enter(world, visitor, "corbeau@example.org", role="secretary", sites=("evry-magnard",))

    page = summary(visitor, "Alba Geai", verdict="accepted")

    assert "Alba Geai a sa place à Evry - Xénakis, que vous ne voyez pas : ce site accepte sa demande." in page.text
    assert "Nils" not in page.text


def test_who_moved_since_the_list_is_told_and_left_and_the_others_are_decided(world: World, visitor: Visitor) -> None:
    form = tick(visitor, *ALL) | {"decision": "waiting"}
    world.wait(timedelta(minutes=1))
    send_again(world)

    page = visitor.post(DECISIONS, form)
    assert "À décider : 1" in page.text
    assert "Ne seront pas décidés : 2" in page.text
    assert "La famille a renvoyé sa demande" in page.text

    confirm(visitor, page)
    assert every_state(world) == {"Alba": "sent", "Nils": "sent", "Ugo": "waiting"}


@pytest.mark.parametrize("verdict", ["accepted", "declined"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("write", [*(("UpdateItem", call) for call in range(6)), ("PutItem", 0)])
def test_a_fault_at_any_write_tells_what_is_done_and_may_be_resent(
    world: World, visitor: Visitor, verdict: str, when: When, write: tuple[str, int]
) -> None:
    operation, call = write
    take_piano(world)
    page = summary(visitor, "Alba Geai", "Nils Geai", verdict=verdict, texte="Complet.")
    with world.aws.failing(operation, when, skips=call):
        answer = confirm(visitor, page)

    assert answer.status_code == 200
    if "À renvoyer" in answer.text:
        assert "À renvoyer" not in confirm(visitor, answer).text
    assert every_state(world) | {"Ugo": ""} == {"Alba": verdict, "Nils": verdict, "Ugo": ""}
    pool = stores_of(world).pools.find(POOL.ref)
    assert pool
    assert len(pool.holders) == (verdict == "accepted")
    accounts = [[pupil.name for pupil in one.household.pupils] for one in world.services.accounts.all()]
    assert accounts == ([["Alba Geai", "Nils Geai"]] if verdict == "accepted" else [])


def test_decisions_made_together_are_taken_back_by_one_click_but_those_that_freed_a_place(
    world: World, visitor: Visitor
) -> None:
    take_piano(world)
    page = confirm(visitor, summary(visitor, *ALL, verdict="declined", texte="Complet."))
    assert "Annuler ces 2 décisions" in page.text
    withdraw(world, NILS.key)

    back = undo(visitor, page)

    assert "Pas annulés" not in back.text
    assert "Annulés, aucun mail ne part : 2" in back.text
    assert every_state(world) == {"Alba": "declined", "Nils": "sent", "Ugo": "sent"}
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == ["geai@example.org"]


def test_what_was_touched_since_is_not_taken_back_nor_is_anything_after_thirty_seconds(
    world: World, visitor: Visitor
) -> None:
    page = confirm(visitor, summary(visitor, "Nils Geai", "Ugo Pie"))
    with world.aws.failing("UpdateItem", "before"):
        fault = undo(visitor, page)
    assert "À renvoyer : 2" in fault.text
    world.wait(timedelta(minutes=1))

    late = undo(visitor, page)

    assert "Pas annulés : 2" in late.text
    assert every_state(world) == {"Alba": "sent", "Nils": "waiting", "Ugo": "waiting"}
    enter(world, visitor, "corbeau@example.org", role="secretary", sites=("evry-magnard",))
    form = dict(HIDDEN.findall(page.text.partition(f'action="{DECISIONS}"')[2].partition("</form>")[0]))
    jeton = form_to(visitor.get(LIST).text)["jeton"]
    away = visitor.post(DECISIONS, form | {"action": "annuler", "jeton": jeton}).text
    assert ("Pas annulés : 2" in away, "Nils" in away) == (True, False)


def test_the_list_comes_back_as_it_was_filled_in(visitor: Visitor) -> None:
    page = summary(
        visitor, "Nils Geai", verdict="to_complete", texte="Quel jour ?", raison="commission", echeance="20/07/2027"
    )

    back = visitor.post(DECISIONS, form_to(page.text) | {"action": "modifier"})

    assert [name for _, _, name, checked in TICK.findall(back.text) if checked] == ["Nils Geai"]
    for expected in ('value="to_complete" checked', "Quel jour ?", 'value="commission"', 'value="2027-07-20"'):
        assert expected in back.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"decision": ""}, "Choisissez une décision."),
        ({"decision": "declined"}, "Écrivez à la famille pourquoi, ou ce qu'elle doit compléter"),
        ({"decision": "to_complete", "texte": "?"}, "jour"),
        ({"decision": "to_complete", "texte": "?", "echeance": "2027-07-01"}, "Ce jour est déjà passé"),
    ],
)
def test_what_lacks_is_told_on_the_list_with_its_ticks(visitor: Visitor, fields: dict[str, str], message: str) -> None:
    answer = visitor.post(DECISIONS, tick(visitor, "Nils Geai") | fields)

    assert answer.status_code == 422
    assert message in answer.text
    assert 'aria-label="Cocher Nils Geai" checked' in answer.text
    assert visitor.post(DECISIONS, tick(visitor) | {"decision": "waiting"}).status_code == 422


def test_a_candidate_of_another_site_ticked_by_hand_is_as_one_that_does_not_exist(
    world: World, visitor: Visitor
) -> None:
    foreign = next(value for _, value, name, _ in TICK.findall(visitor.get(LIST).text) if name == "Nils Geai")
    enter(world, visitor, "corbeau@example.org", role="secretary", sites=("evry-magnard",))

    away = visitor.post(DECISIONS, tick(visitor) | {"eleve-1": foreign, "decision": "waiting", "envoyer": "oui"}).text
    assert ("Un élève d'une demande effacée" in away, "Nils" in away) == (True, False)
    for value in (NUMBER, f"{NUMBER}/x/y", "x/x/x/x"):
        form = tick(visitor, "Ugo Pie") | {"eleve-50": value, "decision": "waiting", "envoyer": "oui"}
        assert visitor.post(DECISIONS, form).status_code == 404
    enter(world, visitor, READER)
    assert TICK.findall(visitor.get(LIST).text) == []
    assert visitor.post(DECISIONS, {}).status_code == 404
    assert set(every_state(world).values()) == {"sent"}


def test_fifty_applications_are_decided_in_five_clicks(world: World, visitor: Visitor) -> None:
    only = replace(PIE, candidates=(replace(PIE.candidates[0], wishes=PIE.candidates[0].wishes[1:]),))
    for number in range(48):
        application_of(world, f"merle{number}@example.org", only, f"P27-{number:04}-2222", world.now)
    take_piano(world)
    page, clicks = visitor.get(DESK).text, 0

    for link in ("Demandes", "Cocher tous les élèves de cette page"):
        address = re.findall(rf'<a href="([^"#]*)[^>]*>{link}</a>', page)[0]
        page, clicks = visitor.get(unescape(address)).text, clicks + 1
    form = form_to(page) | {field: unescape(value) for field, value, _, checked in TICK.findall(page) if checked}
    for choice in ('value="accepted"', "Voir le résumé avant de décider"):
        assert choice in _form(page)
        clicks += 1
    summary_page = visitor.post(DECISIONS, form | {"decision": "accepted"})
    assert "Décider de ces 50 élèves" in summary_page.text
    clicks += 1
    answer = confirm(visitor, summary_page)

    assert "Décidés, un mail part vers chaque famille : 50" in answer.text
    assert clicks == 5
    assert len(list(world.services.accounts.all())) == 49


def test_candidates_of_the_filters_are_summed_up_then_decided_by_a_job(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "AT_ONCE", 1)
    list_page = visitor.get(f"{LIST}?etat=envoyee").text
    assert "Voir le résumé pour les 3 de ces filtres" in list_page
    form = form_to(list_page) | {"decision": "to_complete", "texte": "Quel jour ?", "action": "tous"}
    assert visitor.post(DECISIONS, form).status_code == 422

    job = visitor.post(DECISIONS, form | {"echeance": "20/07/2027"}).headers["Location"]
    deliver_all(world)

    page = visitor.get(job).text
    for expected in ("À décider : 3", "Quel jour ?", "Décider de ces 3 élèves", f'href="{LIST}">Demandes'):
        assert expected in page
    assert set(every_state(world).values()) == {"sent"}
    assert "Décision pour des demandes" in visitor.get(f"{DESK}/fichiers").text
    assert visitor.get(job.replace("demandes", "reinscriptions")).status_code == 404
    enter(world, visitor, "corbeau@example.org", role="secretary", sites=("evry-magnard",))
    assert visitor.get(job).status_code == 404
