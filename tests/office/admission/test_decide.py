"""The office decides of candidates on what it saw: of two secretaries one wins, and each outcome has its own mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.admission_services import person_of
from chalicelib.domain.admission.applications import Answers, Application, ApplicationRef, Decision, submit
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.admission.claiming import SENDING_LASTS, claim_new
from chalicelib.office.admission.decide import (
    WORDS_AT_MOST,
    CandidateSelection,
    DecidedRequest,
    RequestDecision,
    decide,
)
from chalicelib.office.admission.find import audited_as
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.stores.candidate_claims import Claim
from tests.support.applications import ALBA, NEW_EMAIL, NILS, NUMBER, SEASON
from tests.support.aws import When
from tests.support.requested import (
    PIE_NUMBER,
    before_the_write,
    open_requests,
    request_of,
    send_again,
    standing,
    states,
    stored,
    stores_of,
    withdraw,
)
from tests.support.world import World

WAIT = RequestDecision("waiting", "Mme Lyre")
ASK = RequestDecision("to_complete", "Mme Lyre", "Quel jour préférez-vous ?", until=date(2027, 7, 8))
DECLINE = RequestDecision("declined", "M. Orme", "Pas de place en éveil cette année.")


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    open_requests(world)
    request_of(world)


def decide_as(world: World, request: RequestDecision, *names: str, number: str = NUMBER) -> DecidedRequest:
    return decide(world.services, CandidateSelection(number, names, not names), request, world.now)


def refusal(world: World, request: RequestDecision, *names: str, number: str = NUMBER) -> OfficeRefusal:
    with pytest.raises(OfficeRefusal) as told:
        decide_as(world, request, *names, number=number)
    return told.value


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
    world: World, request_: RequestDecision, kind: str, subject: str, words: str
) -> None:
    decide_as(world, request_, "nils")
    world.deliver()

    assert states(world) == {"Alba": "sent", "Nils": request_.verdict}
    assert standing(world, NILS.key).decision == Decision(
        request_.verdict, request_.who, world.now, request_.words, request_.until
    )
    (entry,) = audit_entries(world)
    assert entry[:2] == (kind, request_.who)
    assert entry[2].startswith(f"Nils Geai (demande {NUMBER})")
    (mail,) = world.mails()
    assert (mail.to, mail.subject.partition(" - ")[0]) == (NEW_EMAIL, subject)
    assert words in mail.text
    assert "Nils Geai" in mail.text


def test_all_that_are_open_are_decided_of_by_one_write_and_each_has_its_mail(world: World) -> None:
    withdraw(world, NILS.key)
    world.aws.calls.clear()

    decide_as(world, WAIT, number="p27 k4tn 8wcb")
    assert world.aws.calls.count("UpdateItem") == 1
    world.deliver()

    assert states(world) == {"Alba": "waiting", "Nils": "withdrawn"}
    assert len(world.mails()) == 1


@pytest.mark.parametrize(
    ("request_", "names", "number", "code"),
    [
        (replace(DECLINE, words=" "), ("Nils",), NUMBER, "decide_words"),
        (replace(ASK, words=""), ("Nils",), NUMBER, "decide_words"),
        (replace(ASK, until=date(2027, 7, 4)), ("Nils",), NUMBER, "request_until_past"),
        (replace(ASK, words="x" * (WORDS_AT_MOST + 1)), ("Nils",), NUMBER, "decision_words_long"),
        (replace(WAIT, who=" "), ("Nils",), NUMBER, "who_missing"),
        (WAIT, ("Zoé",), NUMBER, "request_pupil_unknown"),
        (WAIT, ("Geai",), NUMBER, "request_pupil_unsure"),
        (WAIT, ("Nils",), "R27-K4TN-8WCB", "request_number"),
        (WAIT, ("Nils",), "P27-XXXX-XXXX", "request_unknown"),
    ],
)
def test_what_is_not_clear_is_refused_and_nothing_is_written(
    world: World, request_: RequestDecision, names: tuple[str, ...], number: str, code: str
) -> None:
    before = stored(world)

    assert refusal(world, request_, *names, number=number).code == code
    assert (stored(world), audit_entries(world)) == (before, [])


def test_of_two_candidates_one_is_to_be_named(world: World) -> None:
    with pytest.raises(OfficeRefusal) as told:
        decide(world.services, CandidateSelection(NUMBER), WAIT, world.now)

    assert told.value.code == "request_which"
    assert "Alba Geai, Nils Geai" in told.value.sentence


def test_what_was_withdrawn_or_declined_stays_so(world: World) -> None:
    withdraw(world, ALBA.key)
    decide_as(world, DECLINE, "Nils")

    assert refusal(world, WAIT, "Alba").code == "request_withdrawn"
    told = refusal(world, WAIT, "Nils")
    assert told.code == "request_declined_before"
    assert "refusée le 5 juillet 2027 à 10 h 00, par M. Orme : « Pas de place en éveil cette année. »" in told.sentence
    assert refusal(world, WAIT).code == "request_all_over"
    assert states(world) == {"Alba": "withdrawn", "Nils": "declined"}


def test_a_declined_child_may_be_asked_for_elsewhere_and_else_the_no_may_be_taken_back(world: World) -> None:
    claimed(world, stored(world).ref)
    decide_as(world, DECLINE, "Nils")
    ref = ApplicationRef("other", SEASON)
    begun = Application(ref, "pie@example.org", world.now, world.now, Answers(candidates=(NILS,)))
    other = stores_of(world).applications.change(Application(ref), submit(begun, PIE_NUMBER, world.now))
    world.wait(SENDING_LASTS)
    claim_new(world.services, Application(ref), other, world.new_client(), world.now)
    assert claimed(world, other.ref)

    assert refusal(world, replace(WAIT, again=True), "Nils").code == "request_claimed"
    stores_of(world).applications.revise(other, lambda found: found.withdraw([NILS.key], world.now))
    decide_as(world, replace(WAIT, again=True), "Nils")

    assert states(world)["Nils"] == "waiting"
    assert not claimed(world, other.ref)


def claimed(world: World, ref: ApplicationRef) -> bool:
    """Let a request claim Nils; whether it did."""
    person = person_of(world.services, SEASON, NILS)
    return stores_of(world).claims.add(Claim(person, ref, NILS.key, world.now)).application == ref


def test_the_same_again_is_content_and_told_once(world: World) -> None:
    decide_as(world, WAIT, "Nils")
    world.wait(timedelta(hours=2))

    done = decide_as(world, WAIT, "Nils")
    world.deliver()

    assert [entry.is_new for entry in done.candidates] == [False]
    assert (len(audit_entries(world)), len(world.mails())) == (1, 1)


def test_what_is_asked_waits_for_the_office_again_once_it_is_sent(world: World) -> None:
    decide_as(world, ASK, "Nils")
    send_again(world)

    assert states(world)["Nils"] == "sent"


# At once.


@pytest.mark.parametrize(
    ("happen", "code"),
    [
        (send_again, "request_resent"),
        (lambda world: withdraw(world, NILS.key), "request_withdrawn"),
        (lambda world: decide_as(world, DECLINE, "Nils"), "decide_meanwhile"),
    ],
)
def test_what_happens_meanwhile_is_told_and_nothing_is_decided(
    world: World, monkeypatch: pytest.MonkeyPatch, happen: Callable[[World], object], code: str
) -> None:
    before_the_write(monkeypatch, lambda: happen(world))
    told = refusal(world, WAIT, "Nils")
    meanwhile = states(world)
    world.deliver_patiently()

    assert told.code == code
    assert states(world) == meanwhile != {"Alba": "sent", "Nils": "waiting"}
    assert not any("liste d'attente" in mail.subject for mail in world.mails())


def test_another_candidate_decided_of_meanwhile_is_no_obstacle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before_the_write(monkeypatch, lambda: decide_as(world, DECLINE, "Nils"))

    decide_as(world, WAIT, "Alba")

    assert states(world) == {"Alba": "waiting", "Nils": "declined"}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["BatchWriteItem", "SendMessageBatch", "UpdateItem"])
def test_after_a_fault_the_same_again_ends_it_and_no_mail_tells_what_is_not_so(
    world: World, call: str, when: When
) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        decide_as(world, DECLINE, "Nils")
    told = states(world)["Nils"]
    world.deliver_patiently()
    assert len(world.mails()) == (told == "declined")

    decide_as(world, DECLINE, "Nils")
    world.deliver()

    assert states(world)["Nils"] == "declined"
    assert len(world.mails()) == 1
