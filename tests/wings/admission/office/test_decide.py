"""The office's decisions on candidates as shown: one of two secretaries wins, and each outcome has its own mail."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Answers,
    Application,
    ApplicationRef,
    submit,
)
from chalicelib.wings.admission.flows.summary import SENDING_LASTS, claim_new
from chalicelib.wings.admission.office.decide import AdmissionDecisionInput
from chalicelib.wings.admission.stores.claims import Claim
from tests.support.applications import ALBA, NEW_EMAIL, NILS, SEASON
from tests.support.dossiers import ApplicationDossier, audits, refusal
from tests.support.stored_applications import (
    PIE_NUMBER,
    before_the_write,
    decide,
    standing,
    states,
    stored,
    stores_of,
    withdraw,
)
from tests.support.world import World

WAIT = AdmissionDecisionInput("waiting", "Mme Lyre")
ASK = AdmissionDecisionInput("to_complete", "Mme Lyre", "Quel jour préférez-vous ?", until=date(2027, 7, 8))
DECLINE = AdmissionDecisionInput("declined", "M. Orme", "Pas de place en éveil cette année.")


@pytest.fixture(autouse=True)
def dossier(world: World) -> ApplicationDossier:
    return ApplicationDossier(world)


@pytest.mark.parametrize(
    ("request_", "kind", "subject", "words"),
    [
        (WAIT, "request_waiting", "Votre pré-inscription est en liste d'attente", "pas une inscription"),
        (ASK, "request_asked", "Votre pré-inscription est à compléter", "au plus tard le 8 juillet 2027"),
        (DECLINE, "request_declined", "Votre pré-inscription n'a pas pu être acceptée", "Pas de place en éveil"),
    ],
)
def test_each_outcome_is_written_noted_and_has_its_own_mail(
    dossier: ApplicationDossier, request_: AdmissionDecisionInput, kind: str, subject: str, words: str
) -> None:
    world = dossier.world
    decide(world, request_, "Nils")
    world.deliver()

    assert states(world) == {"Alba": "sent", "Nils": request_.verdict}
    assert standing(world, NILS.key).decision == AdmissionDecision(
        request_.verdict, request_.who, world.now, request_.words, request_.until
    )
    assert [entry[0] for entry in audits(dossier)] == [kind]
    (mail,) = world.mails()
    assert (mail.to, mail.subject.partition(" - ")[0]) == (NEW_EMAIL, subject)
    assert words in mail.text
    assert "Nils Geai" in mail.text


def test_what_was_withdrawn_or_declined_stays_so(world: World) -> None:
    withdraw(world, ALBA.key)
    decide(world, DECLINE, "Nils")

    assert refusal(lambda: decide(world, WAIT, "Alba")).code == "request_withdrawn"
    assert refusal(lambda: decide(world, WAIT, "Nils")).code == "request_declined_before"
    assert states(world) == {"Alba": "withdrawn", "Nils": "declined"}


def test_a_declined_child_may_be_asked_for_elsewhere_and_else_the_no_may_be_taken_back(world: World) -> None:
    claimed(world, stored(world).ref)
    decide(world, DECLINE, "Nils")
    ref = ApplicationRef("other", SEASON)
    draft = Application(ref, "pie@example.org", world.now, world.now, Answers(candidates=(NILS,)))
    second = stores_of(world).applications.change(Application(ref), submit(draft, PIE_NUMBER, world.now))
    world.wait(SENDING_LASTS)
    claim_new(world.visit(), Application(ref), second)
    assert claimed(world, second.ref)

    assert refusal(lambda: decide(world, replace(WAIT, again=True), "Nils")).code == "request_claimed"
    stores_of(world).applications.revise(second, lambda found: found.withdraw([NILS.key], world.now))
    decide(world, replace(WAIT, again=True), "Nils")

    assert states(world)["Nils"] == "waiting"
    assert not claimed(world, second.ref)


def claimed(world: World, ref: ApplicationRef) -> bool:
    """Let an application claim Nils. Returns whether it did."""
    person = world.services.admission.person_of(SEASON, NILS)
    return stores_of(world).claims.add(Claim(person, ref, NILS.key, world.now)).application == ref


# Concurrent decisions.


def test_a_candidate_withdrawn_concurrently_is_not_decided_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before_the_write(monkeypatch, lambda: withdraw(world, NILS.key))

    assert refusal(lambda: decide(world, WAIT, "Nils")).code == "request_withdrawn"

    world.deliver_patiently()
    assert (states(world)["Nils"], world.mails()) == ("withdrawn", [])


def test_a_last_day_to_complete_is_to_come(world: World) -> None:
    assert refusal(lambda: decide(world, replace(ASK, until=date(2027, 7, 4)), "Nils")).code == "request_until_past"
    assert states(world)["Nils"] == "sent"
