"""The office's decisions on candidates as shown: one of two secretaries wins, and each outcome has its own mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.admission.applications import AdmissionDecision, Answers, Application, ApplicationRef, submit
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.applicant.summary import SENDING_LASTS, claim_new
from chalicelib.office.admission.applications import audited_as
from chalicelib.office.admission.decide import LONGEST_TEXT, AdmissionDecisionInput
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.admission import person_of
from chalicelib.stores.claims import Claim
from tests.support.applications import ALBA, NEW_EMAIL, NILS, NUMBER, SEASON
from tests.support.aws import When
from tests.support.refusals import sentence_of
from tests.support.stored_applications import (
    PIE_NUMBER,
    application_of,
    before_the_write,
    decide,
    open_admission,
    send_again,
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
def season(world: World) -> None:
    open_admission(world)
    application_of(world)


def refusal(world: World, decision_input: AdmissionDecisionInput, name: str) -> OfficeRefusal:
    with pytest.raises(OfficeRefusal) as raised:
        decide(world, decision_input, name)
    return raised.value


def audit_entries(world: World) -> list[tuple[str, str, str]]:
    ref = audited_as(stored(world).ref)
    pseudonym = world.services.record.pseudonyms.of(ref.site, ref.identifier)
    return [(act.kind, act.author.who, act.author.why) for act in world.services.audit_trail.on(ref.site, pseudonym)]


@pytest.mark.parametrize(
    ("request_", "kind", "subject", "words"),
    [
        (WAIT, "request_waiting", "Votre pré-inscription est en liste d'attente", "pas une inscription"),
        (
            ASK,
            "request_asked",
            "Votre pré-inscription est à compléter",
            "au plus tard le 8 juillet 2027",
        ),
        (
            DECLINE,
            "request_declined",
            "Votre pré-inscription n'a pas pu être acceptée",
            "Pas de place en éveil",
        ),
    ],
)
def test_each_outcome_is_written_noted_and_has_its_own_mail(
    world: World, request_: AdmissionDecisionInput, kind: str, subject: str, words: str
) -> None:
    world.aws.calls.clear()
    decide(world, request_, "Nils")
    assert world.aws.calls.count("UpdateItem") == 1
    world.deliver()

    assert states(world) == {"Alba": "sent", "Nils": request_.verdict}
    assert standing(world, NILS.key).decision == AdmissionDecision(
        request_.verdict, request_.who, world.now, request_.words, request_.until
    )
    (entry,) = audit_entries(world)
    assert entry[:2] == (kind, request_.who)
    assert entry[2].startswith(f"Nils Geai (demande {NUMBER})")
    (mail,) = world.mails()
    assert (mail.to, mail.subject.partition(" - ")[0]) == (NEW_EMAIL, subject)
    assert words in mail.text
    assert "Nils Geai" in mail.text


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (replace(DECLINE, words=" "), "decide_words"),
        (replace(ASK, words=""), "decide_words"),
        (replace(ASK, until=date(2027, 7, 4)), "request_until_past"),
        (replace(ASK, words="x" * (LONGEST_TEXT + 1)), "decision_words_long"),
    ],
)
def test_what_is_not_clear_is_refused_and_nothing_is_written(
    world: World, request_: AdmissionDecisionInput, code: str
) -> None:
    before = stored(world)

    assert refusal(world, request_, "Nils").code == code
    assert (stored(world), audit_entries(world)) == (before, [])


def test_what_was_withdrawn_or_declined_stays_so(world: World) -> None:
    withdraw(world, ALBA.key)
    decide(world, DECLINE, "Nils")

    assert refusal(world, WAIT, "Alba").code == "request_withdrawn"
    error = refusal(world, WAIT, "Nils")
    assert error.code == "request_declined_before"
    assert "refusée le 5 juillet 2027 à 10 h 00, par M. Orme : « Pas de place en éveil cette année. »" in sentence_of(
        error
    )
    assert states(world) == {"Alba": "withdrawn", "Nils": "declined"}


def test_a_declined_child_may_be_asked_for_elsewhere_and_else_the_no_may_be_taken_back(world: World) -> None:
    claimed(world, stored(world).ref)
    decide(world, DECLINE, "Nils")
    ref = ApplicationRef("other", SEASON)
    begun = Application(ref, "pie@example.org", world.now, world.now, Answers(candidates=(NILS,)))
    other = stores_of(world).applications.change(Application(ref), submit(begun, PIE_NUMBER, world.now))
    world.wait(SENDING_LASTS)
    claim_new(world.services, Application(ref), other, world.new_client(), world.now)
    assert claimed(world, other.ref)

    assert refusal(world, replace(WAIT, again=True), "Nils").code == "request_claimed"
    stores_of(world).applications.revise(other, lambda found: found.withdraw([NILS.key], world.now))
    decide(world, replace(WAIT, again=True), "Nils")

    assert states(world)["Nils"] == "waiting"
    assert not claimed(world, other.ref)


def claimed(world: World, ref: ApplicationRef) -> bool:
    """Let an application claim Nils. Returns whether it did."""
    person = person_of(world.services, SEASON, NILS)
    return stores_of(world).claims.add(Claim(person, ref, NILS.key, world.now)).application == ref


def test_the_same_again_is_content_and_told_once(world: World) -> None:
    decide(world, WAIT, "Nils")
    world.wait(timedelta(hours=2))

    done = decide(world, WAIT, "Nils")
    world.deliver()

    assert not done.is_new
    assert (len(audit_entries(world)), len(world.mails())) == (1, 1)


def test_what_is_asked_waits_for_the_office_again_once_it_is_sent(world: World) -> None:
    decide(world, ASK, "Nils")
    send_again(world)

    assert states(world)["Nils"] == "sent"


# Concurrent decisions.


@pytest.mark.parametrize(
    ("happen", "code"),
    [
        (send_again, "request_resent"),
        (lambda world: withdraw(world, NILS.key), "request_withdrawn"),
        (lambda world: decide(world, DECLINE, "Nils"), "decide_meanwhile"),
    ],
)
def test_what_happens_meanwhile_is_told_and_nothing_is_decided(
    world: World, monkeypatch: pytest.MonkeyPatch, happen: Callable[[World], object], code: str
) -> None:
    before_the_write(monkeypatch, lambda: happen(world))
    error = refusal(world, WAIT, "Nils")
    meanwhile = states(world)
    world.deliver_patiently()

    assert error.code == code
    assert states(world) == meanwhile != {"Alba": "sent", "Nils": "waiting"}
    assert not any("liste d'attente" in mail.subject for mail in world.mails())


def test_another_candidate_decided_of_meanwhile_is_no_obstacle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before_the_write(monkeypatch, lambda: decide(world, DECLINE, "Nils"))

    decide(world, WAIT, "Alba")

    assert states(world) == {"Alba": "waiting", "Nils": "declined"}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["BatchWriteItem", "SendMessageBatch", "UpdateItem"])
def test_after_a_fault_the_same_again_ends_it_and_no_mail_tells_what_is_not_so(
    world: World, call: str, when: When
) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        decide(world, DECLINE, "Nils")
    state = states(world)["Nils"]
    world.deliver_patiently()
    assert len(world.mails()) == (state == "declined")

    decide(world, DECLINE, "Nils")
    world.deliver()

    assert states(world)["Nils"] == "declined"
    assert len(world.mails()) == 1
