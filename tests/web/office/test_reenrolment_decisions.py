"""POST /extranet/bureau/reinscriptions/decisions: a ticked list, summed up, then decided a family at a time."""

import pytest
from werkzeug.test import TestResponse

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.office.enrolment import reenrolments
from tests.support.aws import When
from tests.support.desk_list import LIST, form_to, tick, ticks
from tests.support.desk_work import deliver_all
from tests.support.enrolled_families import (
    CANARI,
    CHANGES,
    MERLE,
    SEASON,
    draft_again,
    keep,
    key_of,
    open_for_rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import LEO, enrolment
from tests.support.staff import DESK, MANAGER, enter
from tests.support.world import ROSSIGNOL, Visitor, World

DECISIONS = f"{LIST}/decisions"
ALL = ("Zélie Rossignol", "Léo Rossignol", "Tom Merle")


@pytest.fixture(autouse=True)
def season(world: World, visitor: Visitor) -> None:
    """Store two families of a site that wait, one with two pupils, and log in a secretary."""
    open_for_rossignol(world, days=1, is_all_sent=True)
    submitted_alone(world, MERLE, "Famille Merle", "Tom Merle", "R27-MMMM-4444")
    enter(world, visitor)


def states(world: World, *refs: AccountRef) -> dict[str, State]:
    enrolments = (world.services.enrolments.find(EnrolmentRef(ref, SEASON)) for ref in refs or (ROSSIGNOL, MERLE))
    return {pupil.name.split()[0]: pupil.state for one in enrolments for pupil in one.pupils}


def summary(visitor: Visitor, *names: str, verdict: str = "accepted", **values: str) -> TestResponse:
    return visitor.post(DECISIONS, tick(visitor, *names) | {"decision": verdict} | values)


def confirm(visitor: Visitor, page: TestResponse) -> TestResponse:
    return visitor.post(DECISIONS, form_to(page.text, "decisions") | {"envoyer": "oui"})


def test_the_summary_says_what_would_be_decided_and_decides_nothing(world: World, visitor: Visitor) -> None:
    page = summary(visitor, *ALL, verdict="to_complete", texte="Quel jour ?")

    assert page.status_code == 200
    assert "À décider : 3" in page.text
    assert "Quel jour ?" in page.text
    assert "Décider de ces 3 élèves" in page.text
    assert set(states(world).values()) == {"submitted", "leaving"}


def test_once_confirmed_each_family_is_decided_by_one_write_and_told(world: World, visitor: Visitor) -> None:
    page = summary(visitor, *ALL)
    world.aws.calls.clear()

    done = confirm(visitor, page)

    assert world.aws.calls.count("UpdateItem") == 2
    assert states(world) == {"Zélie": "accepted", "Léo": "accepted", "Ève": "leaving", "Tom": "accepted"}
    assert "Décidés, un mail part vers chaque famille : 3" in done.text
    assert f'<a href="{LIST}/evry-xenakis/xen2">Tom Merle</a>, Famille Merle' in done.text
    world.deliver_patiently()
    assert {mail.to for mail in world.mails()} == {"rossignol@example.org", "come@example.org", "xen2@example.org"}


def test_who_moved_since_the_list_is_told_and_left_and_the_others_are_decided(world: World, visitor: Visitor) -> None:
    form = tick(visitor, *ALL) | {"decision": "accepted"}
    anew = draft_again(enrolment(world), key_of(LEO), CHANGES)
    keep(world, send_pupils(anew, "R27-XXXX-7777", key_of(LEO), at=world.now))

    page = visitor.post(DECISIONS, form)
    assert "À décider : 1" in page.text
    assert "Ne seront pas décidés : 2" in page.text
    assert "La famille vient de renvoyer sa demande pour Léo Rossignol (reçu R27-XXXX-7777" in page.text

    confirm(visitor, page)
    assert states(world) == {"Zélie": "submitted", "Léo": "submitted", "Ève": "leaving", "Tom": "accepted"}


@pytest.mark.parametrize(("when", "spared"), [("before", 1), ("after", 0)])
def test_a_fault_tells_what_is_done_and_may_be_resent(world: World, visitor: Visitor, when: When, spared: int) -> None:
    page = summary(visitor, *ALL)
    with world.aws.failing("UpdateItem", when, skips=spared):
        broken = confirm(visitor, page)

    assert broken.status_code == 200
    assert "À renvoyer" in broken.text
    assert ("Décidés, un mail part vers chaque famille" in broken.text) == (spared == 1)

    assert "À renvoyer" not in confirm(visitor, broken).text
    assert set(states(world).values()) == {"accepted", "leaving"}


def test_decisions_made_together_are_taken_back_by_one_click_but_for_those_that_others_touched(
    world: World, visitor: Visitor
) -> None:
    page = confirm(visitor, summary(visitor, *ALL))
    assert "Annuler ces 3 décisions" in page.text
    anew = draft_again(enrolment(world), key_of(LEO), CHANGES)
    keep(world, send_pupils(anew, "R27-XXXX-7777", key_of(LEO), at=world.now))
    form = form_to(page.text, "decisions") | {"action": "annuler"}

    with world.aws.failing("UpdateItem", "before"):
        broken_page = visitor.post(DECISIONS, form).text
    assert "À renvoyer : 3" in broken_page
    world.services.accounts.erase(world.account(MERLE))
    page = visitor.post(DECISIONS, form_to(broken_page, "decisions") | {"action": "annuler"})

    assert "Annulés, aucun mail ne part : 1" in page.text
    assert "Pas annulés : 2" in page.text
    assert "La réinscription de cette famille vient d'être effacée" in page.text
    assert "La famille vient de renvoyer ses réponses pour Léo Rossignol" in page.text
    assert states(world, ROSSIGNOL) == {"Zélie": "submitted", "Léo": "submitted", "Ève": "leaving"}
    world.deliver_patiently()
    assert world.mails() == []
    enter(world, visitor, "corbeau@example.org", role="secretary", sites=("evry-magnard",))
    jeton = form_to(visitor.get(LIST).text, "export")["jeton"]
    assert visitor.post(DECISIONS, form | {"site": "evry-magnard", "jeton": jeton}).status_code == 404


def test_the_list_comes_back_as_it_was_filled_in(world: World, visitor: Visitor) -> None:
    page = summary(visitor, "Léo Rossignol", verdict="declined", texte="Complet.", raison="commission")

    back = visitor.post(DECISIONS, form_to(page.text, "decisions") | {"action": "modifier"})

    assert back.status_code == 200
    assert f'value="{ticks(back.text)["Léo Rossignol"][1]}" aria-label="Cocher Léo Rossignol" checked' in back.text
    for expected in ('value="declined" checked', "Complet.", 'value="commission"'):
        assert expected in back.text
    assert states(world)["Léo"] == "submitted"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"decision": ""}, "Choisissez une décision."),
        ({"decision": "to_complete"}, "Écrivez à la famille pourquoi, ou ce qu'elle doit compléter"),
        ({"decision": "declined", "texte": "x" * 1001}, "Ce texte est trop long"),
    ],
)
def test_what_lacks_is_told_on_the_list_with_its_ticks(visitor: Visitor, fields: dict[str, str], message: str) -> None:
    answer = visitor.post(DECISIONS, tick(visitor, "Léo Rossignol") | fields)

    assert answer.status_code == 422
    assert message in answer.text
    assert 'aria-label="Cocher Léo Rossignol" checked' in answer.text


def test_somebody_must_be_ticked(visitor: Visitor) -> None:
    answer = visitor.post(DECISIONS, tick(visitor) | {"decision": "accepted"})

    assert answer.status_code == 422
    assert "Cochez au moins un élève." in answer.text


def test_a_pupil_of_another_site_ticked_by_hand_is_none_and_decides_nobody(world: World, visitor: Visitor) -> None:
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", "R27-CCCC-5555")
    enter(world, visitor, MANAGER)
    foreign = ticks(visitor.get(f"{LIST}?site=evry-magnard").text)["Ana Canari"][1]
    enter(world, visitor)

    for value in (foreign, "evry-xenakis", "evry-xenakis/xen1/x"):
        form = tick(visitor, *ALL) | {"eleve-50": value, "decision": "accepted", "envoyer": "oui"}
        assert visitor.post(DECISIONS, form).status_code == 404
    assert set(states(world, ROSSIGNOL, MERLE, CANARI).values()) == {"submitted", "leaving"}


def test_pupils_of_the_filters_are_summed_up(world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reenrolments, "AT_ONCE", 2)
    list_page = visitor.get(f"{LIST}?etat=envoyee").text
    assert "Voir le résumé pour les 3 de ces filtres" in list_page
    form = form_to(list_page, "decisions") | {"decision": "to_complete", "action": "tous"}
    assert "Écrivez à la famille pourquoi" in visitor.post(DECISIONS, form).text

    job = visitor.post(DECISIONS, form | {"texte": "Quel jour ?"}).headers["Location"]
    deliver_all(world)

    page = visitor.get(job).text
    for expected in ("À décider : 3", "Quel jour ?", "Décider de ces 3 élèves"):
        assert expected in page
    assert "Décision pour une liste" in visitor.get(f"{DESK}/fichiers").text
    assert set(states(world).values()) == {"submitted", "leaving"}
    enter(world, visitor, "corbeau@example.org", role="secretary", sites=("evry-magnard",))
    assert visitor.get(job).status_code == 404
