"""The office's decisions as shown: one of two secretaries wins, and a family sent again is reviewed again."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.enrolments import Enrolment, State
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.office.dossiers.selection import Outcome
from chalicelib.office.enrolment.decide import (
    EnrolmentDecisionInput,
    PupilDecision,
    PupilVersion,
    SelectedPupil,
    decide_as_shown,
    decide_selection,
    preview,
)
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, family_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices
from tests.support.aws import When, faults_of
from tests.support.dossiers import EnrolmentDossier, audits, refusal
from tests.support.enrolled_families import (
    CANARI,
    CHANGES,
    GOES_ON,
    GRIVE,
    LEAVES,
    MERLE,
    NUMBERS,
    SEASON,
    decide,
    draft_again,
    judge,
    keep,
    key_of,
    new_enrolment,
    send_pupils,
    submitted_alone,
)
from tests.support.enrolment import EVE, LEO, ZELIE
from tests.support.refusals import sentence_of
from tests.support.world import ROSSIGNOL, World

REF = EnrolmentRef(ROSSIGNOL, SEASON)
ACCEPT = EnrolmentDecisionInput("accepted", "Mme Lyre")
DECLINE = EnrolmentDecisionInput("declined", "M. Orme", "Plus de place cette année.")
ASK = EnrolmentDecisionInput("to_complete", "M. Orme", "Quel jour préférez-vous ?")


@pytest.fixture(autouse=True)
def dossier(world: World) -> EnrolmentDossier:
    """Store a family of three: Zélie and Ève sent (Ève leaves), then Léo sent under a second receipt."""
    return EnrolmentDossier(world)


def stored_enrolment(world: World) -> Enrolment:
    return world.services.enrolments.find(REF)


def states(world: World) -> dict[str, State]:
    return {pupil.name.split()[0]: pupil.state for pupil in stored_enrolment(world).pupils}


def decide_as(world: World, judgement: EnrolmentDecisionInput, *names: str) -> tuple[PupilDecision, ...]:
    return decide(world.services, judgement, world.now, *names)


# The decision.


def test_all_that_wait_are_decided_of_by_one_write(world: World, dossier: EnrolmentDossier) -> None:
    world.aws.calls.clear()

    decide_as(world, ACCEPT)

    assert states(world) == {"Zélie": "accepted", "Léo": "accepted", "Ève": "leaving"}
    assert world.aws.calls.count("UpdateItem") == 1
    assert audits(dossier) == [
        ("pupil_accepted", "Mme Lyre", "Zélie Rossignol (reçu R27-K4TN-8WCB) ; Léo Rossignol (reçu R27-B3CD-4FGH)")
    ]


def test_a_pupil_who_leaves_is_not_decided_on_and_then_none_is(world: World, dossier: EnrolmentDossier) -> None:
    assert refusal(lambda: decide_as(world, ACCEPT, "Zélie", "Ève")).code == "decide_leaving"

    assert states(world) == {"Zélie": "submitted", "Léo": "submitted", "Ève": "leaving"}
    assert audits(dossier) == []


def test_a_pupil_who_is_not_of_the_family_is_not_decided_on(world: World) -> None:
    with pytest.raises(OfficeRefusal, match="decide_vanished"):
        decide_as_shown(world.services, family_of(world.services, REF), [PupilVersion("f0f0f0f0")], ACCEPT, world.now)


# Deciding again.


def test_what_a_family_began_to_answer_since_is_no_obstacle_and_counts_no_more(world: World) -> None:
    keep(world, draft_again(stored_enrolment(world), key_of(ZELIE), LEAVES))
    assert states(world)["Zélie"] == "changed"

    decide_as(world, ACCEPT, "Zélie")

    assert states(world)["Zélie"] == "accepted"


# Concurrent decisions.


def test_a_family_that_saves_a_step_meanwhile_is_no_obstacle(
    world: World, dossier: EnrolmentDossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves = draft_again(stored_enrolment(world), key_of(EVE), GOES_ON)
    dossier.meanwhile(monkeypatch, lambda: keep(world, saves))

    decide_as(world, ACCEPT, "Zélie")

    assert states(world) == {"Zélie": "accepted", "Léo": "submitted", "Ève": "changed"}


def test_an_erased_family_stays_gone(world: World, dossier: EnrolmentDossier, monkeypatch: pytest.MonkeyPatch) -> None:
    erase = world.services.enrolments.delete(REF)
    dossier.meanwhile(monkeypatch, lambda: world.database.write_together(erase))

    assert refusal(lambda: decide_as(world, ACCEPT, "Zélie")).code == "decide_vanished"
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
            rebuilt = wiring.build(world.services.settings, calls=1, patience=20)
            services = OfficeServices.over(replace(rebuilt, periods=world.services.periods))
            together.wait()
            try:
                decide(services, judgement, world.now, "Ana", ref=CANARI)
            except OfficeRefusal as error:
                return sentence_of(error)
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


def test_a_family_gets_a_mail_for_each_pupil_at_every_address(world: World) -> None:
    decide_as(world, ASK)
    for _ in range(3):
        world.deliver_patiently()

    mails = world.mails()
    assert sorted(mail.to for mail in mails) == ["come@example.org"] * 2 + ["rossignol@example.org"] * 2
    assert {name for name in ("Zélie", "Léo", "Ève") for mail in mails if name in mail.text} == {"Zélie", "Léo"}


# Faults.


@faults_of("BatchGetItem", "BatchWriteItem", "SendMessageBatch", "UpdateItem")
def test_whatever_call_fails_nothing_is_half_decided_and_again_it_is(world: World, call: str, when: When) -> None:
    """Each AWS call of a decision fails in turn: the family, the audit trail, the mails, the re-enrolment."""
    for skips in range(2):
        keep(
            world,
            send_pupils(
                new_enrolment(ROSSIGNOL, ((key_of(ZELIE), ZELIE.name, GOES_ON), (key_of(LEO), LEO.name, CHANGES))),
                NUMBERS[0],
            ),
        )
        with world.aws.failing(call, when, skips=skips), suppress(Unavailable):
            decide_as(world, ACCEPT)
        assert set(states(world).values()) in ({"submitted"}, {"accepted"})
        decide_as(world, ACCEPT)
        assert set(states(world).values()) == {"accepted"}


# A selection in a list.


@pytest.fixture
def merle(world: World) -> None:
    """Store another family at the same site, with one pupil sent."""
    submitted_alone(world, MERLE, "Famille Merle", "Tom Merle", "R27-MMMM-4444")


def tick(world: World, *refs: AccountRef) -> list[SelectedPupil]:
    """Select all returning pupils of some families, as they are now."""
    families = (
        EnrolledFamily(world.account(ref), world.services.enrolments.find(EnrolmentRef(ref, SEASON))) for ref in refs
    )
    return [
        SelectedPupil(family.account.ref, PupilVersion.of(pupil))
        for family in families
        for pupil in family.pupils
        if pupil.file.state == "submitted"
    ]


def decide_ticked(world: World, selection: Sequence[SelectedPupil]) -> list[Outcome]:
    foreseen = preview(world.services, SEASON, selection, ACCEPT, world.now)
    return [one.outcome for one in decide_selection(world.services, foreseen, ACCEPT, world.now)]


@pytest.mark.usefixtures("merle")
def test_a_preview_reads_all_families_at_once_and_decides_nothing(world: World) -> None:
    selection = tick(world, ROSSIGNOL, MERLE)
    world.aws.calls.clear()

    foreseen = preview(world.services, SEASON, selection, ACCEPT, world.now)

    assert [one.outcome for one in foreseen] == ["waiting"] * 3
    assert world.aws.calls == ["BatchGetItem"]


@pytest.mark.usefixtures("merle")
def test_of_a_family_those_that_stand_are_decided_and_the_other_is_told_why(world: World) -> None:
    selection = tick(world, ROSSIGNOL, MERLE)
    keep(world, judge(stored_enrolment(world), key_of(ZELIE), "declined"))

    assert decide_ticked(world, selection) == ["refused", "done", "done"]
    assert decide_ticked(world, selection) == ["refused", "already", "already"]


@pytest.mark.usefixtures("merle")
def test_where_the_tables_do_not_answer_no_other_family_is_tried(world: World) -> None:
    selection = tick(world, ROSSIGNOL, MERLE)

    with world.aws.failing("UpdateItem", "after"):
        assert decide_ticked(world, selection) == ["unsure", "unsure", "left"]

    assert decide_ticked(world, selection) == ["already", "already", "done"]


@pytest.mark.usefixtures("merle")
def test_a_family_that_is_not_there_is_told_and_a_request_without_its_words_refused(world: World) -> None:
    stranger = SelectedPupil(GRIVE, PupilVersion("a1", "R27-XXXX-7777"))
    assert decide_ticked(world, [stranger, *tick(world, MERLE)]) == ["refused", "done"]

    with pytest.raises(OfficeRefusal):
        preview(world.services, SEASON, [stranger], EnrolmentDecisionInput("declined", "Mme Lyre"), world.now)
