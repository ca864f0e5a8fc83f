"""The office's decisions as shown: one of two secretaries wins, and a family sent again is reviewed again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, State, Verdict
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.enrolment.decide import LONGEST_TEXT, DecisionResult, EnrolmentDecisionInput, decide_as_shown
from chalicelib.office.enrolment.show import PupilVersion, family_of
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import When
from tests.support.enrolled_families import (
    CANARI,
    CHANGES,
    GOES_ON,
    LEAVES,
    NUMBERS,
    SEASON,
    decide,
    draft_again,
    judge,
    keep,
    key_of,
    new_enrolment,
    open_period,
    rossignol,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import EVE, IN_JUNE, LEO, ZELIE
from tests.support.refusals import sentence_of
from tests.support.world import ROSSIGNOL, World

REF = EnrolmentRef(ROSSIGNOL, SEASON)
ACCEPT = EnrolmentDecisionInput("accepted", "Mme Lyre")
DECLINE = EnrolmentDecisionInput("declined", "M. Orme", "Plus de place cette année.")
ASK = EnrolmentDecisionInput("to_complete", "M. Orme", "Quel jour préférez-vous ?")


@pytest.fixture(autouse=True)
def season(world: World) -> None:
    """Store a family of three: Zélie and Ève sent (Ève leaves), then Léo sent under a second receipt."""
    open_period(world, IN_JUNE + timedelta(days=1))
    rossignol(world)
    keep(world, send_pupils(stored_enrolment(world), NUMBERS[1], key_of(LEO)))


def stored_enrolment(world: World) -> Enrolment:
    return world.services.enrolments.find(REF)


def states(world: World) -> dict[str, State]:
    return {pupil.name.split()[0]: pupil.state for pupil in stored_enrolment(world).pupils}


def decide_as(world: World, judgement: EnrolmentDecisionInput, *names: str) -> DecisionResult:
    return decide(world.services, judgement, world.now, *names)


def refusal(world: World, judgement: EnrolmentDecisionInput, *names: str) -> OfficeRefusal:
    with pytest.raises(OfficeRefusal) as raised:
        decide_as(world, judgement, *names)
    return raised.value


def audit_entries(world: World, ref: AccountRef = ROSSIGNOL) -> list[tuple[AuditAction, str, str]]:
    pseudonym = world.services.record.pseudonyms.of(ref.site, ref.identifier)
    return [(act.kind, act.author.who, act.author.why) for act in world.services.audit_trail.on(ref.site, pseudonym)]


# The decision.


def test_a_pupil_is_accepted_and_it_is_noted_who_did(world: World) -> None:
    outcome = decide_as(world, ACCEPT, "Zélie")

    assert [(pupil.pupil.file.name, pupil.is_new, pupil.replaced) for pupil in outcome.pupils] == [
        (ZELIE.name, True, None)
    ]
    assert states(world) == {"Zélie": "accepted", "Léo": "submitted", "Ève": "leaving"}
    file = stored_enrolment(world).pupil(key_of(ZELIE))
    assert file
    assert file.sent
    assert file.sent.decision == EnrolmentDecision("accepted", "Mme Lyre", world.now)
    assert audit_entries(world) == [("pupil_accepted", "Mme Lyre", "Zélie Rossignol (reçu R27-K4TN-8WCB)")]


def test_all_that_wait_are_decided_of_by_one_write(world: World) -> None:
    world.aws.calls.clear()

    decide_as(world, ACCEPT)

    assert states(world) == {"Zélie": "accepted", "Léo": "accepted", "Ève": "leaving"}
    assert world.aws.calls.count("UpdateItem") == 1
    assert audit_entries(world) == [
        ("pupil_accepted", "Mme Lyre", "Zélie Rossignol (reçu R27-K4TN-8WCB) ; Léo Rossignol (reçu R27-B3CD-4FGH)")
    ]


def test_what_is_asked_may_be_asked_again_or_decided(world: World) -> None:
    decide_as(world, ASK, "Léo")
    decide_as(world, replace(ASK, words="Et quel professeur ?"), "Léo")
    assert states(world)["Léo"] == "to_complete"

    outcome = decide_as(world, ACCEPT, "Léo")

    assert states(world)["Léo"] == "accepted"
    assert outcome.pupils[0].replaced == EnrolmentDecision("to_complete", "M. Orme", world.now, "Et quel professeur ?")


def test_the_reason_told_apart_is_noted_and_not_read_by_the_family(world: World) -> None:
    decide_as(world, replace(DECLINE, why="décision du 3 juin"), "Zélie")

    assert audit_entries(world)[0][2].endswith(" ; décision du 3 juin")
    assert "décision du 3 juin" not in str(stored_enrolment(world))


@pytest.mark.parametrize(
    ("judgement", "code"),
    [
        (replace(DECLINE, words=" "), "decide_words"),
        (replace(ASK, words=""), "decide_words"),
        (replace(ASK, words="x" * (LONGEST_TEXT + 1)), "decision_words_long"),
        (replace(ASK, why="x" * 1001), "office_why_long"),
    ],
)
def test_words_are_needed(world: World, judgement: EnrolmentDecisionInput, code: str) -> None:
    assert refusal(world, judgement, "Zélie").code == code
    assert states(world)["Zélie"] == "submitted"
    assert audit_entries(world) == []


def test_a_pupil_who_leaves_is_not_decided_on_and_then_none_is(world: World) -> None:
    assert refusal(world, ACCEPT, "Zélie", "Ève").code == "decide_leaving"

    assert states(world) == {"Zélie": "submitted", "Léo": "submitted", "Ève": "leaving"}
    assert audit_entries(world) == []


def test_a_pupil_who_is_not_of_the_family_is_not_decided_on(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="decide_vanished"):
        decide_as_shown(world.services, family_of(world.services, REF), [PupilVersion("f0f0f0f0")], ACCEPT, world.now)


# Deciding again.


def test_what_is_decided_is_told_and_changed_on_purpose_only(world: World) -> None:
    decide_as(world, DECLINE, "Zélie")
    decided_at = world.now
    world.wait(timedelta(hours=2))

    refused = refusal(world, ACCEPT, "Zélie")
    assert refused.code == "decide_before"
    assert "refusée le 3 juin 2027 à 20 h 00, par M. Orme : « Plus de place cette année. »" in sentence_of(refused)
    assert states(world)["Zélie"] == "declined"

    outcome = decide_as(world, replace(ACCEPT, again=True), "Zélie")
    assert states(world)["Zélie"] == "accepted"
    assert outcome.pupils[0].replaced == EnrolmentDecision("declined", "M. Orme", decided_at, DECLINE.words)
    assert "au lieu de : refusée le 3 juin 2027" in audit_entries(world)[-1][2]


def test_the_same_decision_again_is_content_and_noted_once(world: World) -> None:
    decide_as(world, DECLINE, "Zélie")
    before = stored_enrolment(world)
    world.wait(timedelta(hours=2))

    outcome = decide_as(world, DECLINE, "Zélie")

    assert [pupil.is_new for pupil in outcome.pupils] == [False]
    assert stored_enrolment(world) == before
    assert len(audit_entries(world)) == 1


def test_what_a_family_began_to_answer_since_is_no_obstacle_and_counts_no_more(world: World) -> None:
    keep(world, draft_again(stored_enrolment(world), key_of(ZELIE), LEAVES))
    assert states(world)["Zélie"] == "changed"

    decide_as(world, ACCEPT, "Zélie")

    assert states(world)["Zélie"] == "accepted"


# Concurrent decisions.


def meanwhile(world: World, monkeypatch: pytest.MonkeyPatch, happen: Callable[[], Any]) -> None:
    """Let something happen after the office has read, before it writes."""
    change = world.services.enrolments.change

    def first(*given: Any) -> None:
        monkeypatch.undo()
        happen()
        change(*given)

    monkeypatch.setattr(world.services.enrolments, "change", first)


def test_a_family_that_sent_anew_meanwhile_is_told_and_nothing_is_decided(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolment = send_pupils(
        draft_again(stored_enrolment(world), key_of(ZELIE), LEAVES), "R27-XXXX-7777", key_of(ZELIE), at=world.now
    )
    meanwhile(world, monkeypatch, lambda: keep(world, enrolment))

    refused = refusal(world, ACCEPT)

    assert refused.code == "decide_resent"
    assert "reçu R27-XXXX-7777, le 3 juin 2027 à 20 h 00" in sentence_of(refused)
    assert states(world) == {"Zélie": "leaving", "Léo": "submitted", "Ève": "leaving"}


def test_another_secretary_who_came_first_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(world, monkeypatch, lambda: decide_as(world, DECLINE, "Léo"))

    refused = refusal(world, ACCEPT)

    assert refused.code == "decide_meanwhile"
    assert "Léo Rossignol vient d'être décidé : refusée le 3 juin 2027 à 20 h 00, par M. Orme" in sentence_of(refused)
    assert states(world) == {"Zélie": "submitted", "Léo": "declined", "Ève": "leaving"}


def test_another_secretary_who_decides_of_another_pupil_is_no_obstacle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(world, monkeypatch, lambda: decide_as(world, DECLINE, "Léo"))

    decide_as(world, ACCEPT, "Zélie")

    assert states(world) == {"Zélie": "accepted", "Léo": "declined", "Ève": "leaving"}


def test_a_family_that_saves_a_step_meanwhile_is_no_obstacle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    saves = draft_again(stored_enrolment(world), key_of(EVE), GOES_ON)
    meanwhile(world, monkeypatch, lambda: keep(world, saves))

    decide_as(world, ACCEPT, "Zélie")

    assert states(world) == {"Zélie": "accepted", "Léo": "submitted", "Ève": "changed"}


def test_a_family_erased_meanwhile_is_not_brought_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    erase = world.services.enrolments.delete(REF)
    meanwhile(world, monkeypatch, lambda: world.database.write_together(erase))

    assert refusal(world, ACCEPT, "Zélie").code == "decide_vanished"
    assert stored_enrolment(world).started_at is None


def test_two_secretaries_at_once_have_one_winner_and_the_other_is_told(world: World) -> None:
    """A real race, each with its own connection. One's decision is stored, whole."""
    key = submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", "R27-MMMM-4444")
    fresh = world.services.enrolments.find(EnrolmentRef(CANARI, SEASON))
    for _ in range(6):
        world.database.write_together(world.services.enrolments.delete(EnrolmentRef(CANARI, SEASON)))
        keep(world, fresh)
        together = Barrier(2)

        def judge(judgement: EnrolmentDecisionInput, together: Barrier = together) -> str:
            services = replace(
                wiring.build(world.services.settings, calls=1, patience=20), periods=world.services.periods
            )
            together.wait()
            try:
                decide(services, judgement, world.now, "Ana", ref=CANARI)
            except OfficeRefusal as refused:
                return sentence_of(refused)
            return judgement.who

        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(judge, [ACCEPT, DECLINE]))

        file = world.services.enrolments.find(EnrolmentRef(CANARI, SEASON)).pupil(key)
        assert file
        assert file.sent
        assert file.sent.decision
        winner, (loser,) = file.sent.decision.by, [name for name in results if name not in {"Mme Lyre", "M. Orme"}]
        assert results.count(winner) == 1
        assert f"par {winner}" in loser


# The family's mails.


def decision_mails(world: World) -> list[tuple[str, str]]:
    """Let the post work until nothing waits, and list the recipients and events."""
    for _ in range(3):
        world.deliver_patiently()
    return sorted((mail.to, mail.subject) for mail in world.mails())


def test_each_decision_is_mailed_to_every_address_on_file(world: World) -> None:
    decide_as(world, ASK)

    mails = decision_mails(world)

    assert [to for to, _ in mails] == ["come@example.org"] * 2 + ["rossignol@example.org"] * 2
    assert sum("Quel jour préférez-vous ?" in mail.text for mail in world.mails()) == 4
    assert {name for name in ("Zélie", "Léo", "Ève") for mail in world.mails() if name in mail.text} == {"Zélie", "Léo"}


def test_what_was_not_decided_is_not_mailed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(world, monkeypatch, lambda: decide_as(world, DECLINE, "Léo"))

    refusal(world, ACCEPT, "Léo")

    assert len(decision_mails(world)) == 2
    assert all(DECLINE.words in mail.text for mail in world.mails())


def test_the_same_decision_again_is_mailed_once(world: World) -> None:
    decide_as(world, ACCEPT, "Léo")
    decide_as(world, ACCEPT, "Léo")

    assert len(decision_mails(world)) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("spared", [0, 1])
def test_what_cannot_be_told_is_not_decided(world: World, spared: int, when: When) -> None:
    with world.aws.failing("SendMessageBatch", when, spared=spared), pytest.raises(Unavailable):
        decide_as(world, ACCEPT)
    assert states(world) == {"Zélie": "submitted", "Léo": "submitted", "Ève": "leaving"}
    assert decision_mails(world) == []

    decide_as(world, ACCEPT)

    assert len(decision_mails(world)) == 4


# Faults.


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["BatchGetItem", "BatchWriteItem", "SendMessageBatch", "UpdateItem"])
def test_whatever_call_fails_nothing_is_half_decided_and_again_it_is(world: World, call: str, when: When) -> None:
    """Each AWS call of a decision fails in turn: the family, the audit trail, the mails, the re-enrolment."""
    for spared in range(2):
        keep(
            world,
            send_pupils(
                new_enrolment(ROSSIGNOL, ((key_of(ZELIE), ZELIE.name, GOES_ON), (key_of(LEO), LEO.name, CHANGES))),
                NUMBERS[0],
            ),
        )
        with world.aws.failing(call, when, spared=spared), suppress(Unavailable):
            decide_as(world, ACCEPT)
        assert set(states(world).values()) in ({"submitted"}, {"accepted"})
        decide_as(world, ACCEPT)
        assert set(states(world).values()) == {"accepted"}


def test_each_verdict_has_its_act() -> None:
    verdicts: list[Verdict] = ["accepted", "declined", "to_complete"]
    enrolment = send_pupils(new_enrolment(ROSSIGNOL, (("a1", "Zélie", GOES_ON),)), NUMBERS[0])

    assert [judge(enrolment, "a1", verdict).pupils[0].state for verdict in verdicts] == verdicts
