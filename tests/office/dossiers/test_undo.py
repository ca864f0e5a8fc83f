"""A decision taken back within thirty seconds: nothing was decided, nothing is mailed, and a later act stands."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex

import pytest

from chalicelib.domain.enrolment.enrolments import EnrolmentDecision
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.office.dossiers.decisions import SubjectDecision
from chalicelib.office.dossiers.undo import UndoSeal
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import When, faults_of
from tests.support.dossiers import Dossier, audits, decide
from tests.support.world import World


def decline(dossier: Dossier) -> str:
    """Decline the first pupil or candidate, and seal the decision."""
    return dossier.seal(decide(dossier, dossier.names[0], "declined", words="Plus de place."))


def test_a_decision_taken_back_leaves_what_was_before_and_no_mail(world: World, dossier: Dossier) -> None:
    decide(dossier, dossier.names[0], "to_complete", words="Quel jour ?")
    world.deliver()
    before, count = dossier.text(), len(world.mails())
    world.wait(timedelta(minutes=1))

    text = decline(dossier)
    assert set(world.aws.delays()) == {35}
    world.wait(timedelta(seconds=29))
    for _ in range(2):
        dossier.undo(text)
    world.deliver_patiently()

    assert dossier.text() == before, "the question stands again"
    assert len(world.mails()) == count
    assert [kind.partition("_")[2] for kind, *_ in audits(dossier)] == ["asked", "declined", "undone"]


def test_what_others_did_since_stands_and_is_told(world: World, dossier: Dossier) -> None:
    name = dossier.names[0]
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: decide(dossier, name, "to_complete", "M. Orme", words="Quel jour ?", again=True), "decide_meanwhile"),
        (lambda: dossier.send_again(name), "undo_resent"),
        (lambda: world.wait(timedelta(seconds=30)), "undo_late"),
    ]
    failures, keep = [], world.aws.keep(world.resources)
    for happen, code in cases:
        keep()
        text = decline(dossier)
        world.wait(timedelta(seconds=1))
        happen()
        before = dossier.text()
        with pytest.raises(OfficeRefusal) as error:
            dossier.undo(text)
        failures += [code] * (error.value.code != code or dossier.text() != before)
    assert failures == []


@faults_of("BatchGetItem", "GetItem", "PutItem", "UpdateItem", "BatchWriteItem")
def test_whatever_call_fails_a_decision_stands_or_is_undone_and_again_it_is(
    world: World, dossier: Dossier, call: str, when: When
) -> None:
    name = dossier.names[0]
    before = dossier.state(name)
    text = decline(dossier)
    with world.aws.failing(call, when), suppress(Unavailable):
        dossier.undo(text)
    assert dossier.state(name) in {"declined", before}
    dossier.undo(text)
    assert dossier.state(name) == before


def test_a_seal_opens_as_its_own_kind_and_unchanged_only(world: World) -> None:
    codec = Codec(EnrolmentDecision)
    seal, other_seal = UndoSeal("a test", codec), UndoSeal("another test", codec)
    former = EnrolmentDecision("to_complete", "Mme Lyre", world.now, "Quel jour ?")
    decision = EnrolmentDecision("accepted", "M. Orme", world.now)

    text = seal.seal(world.services, [(("a", "b"), SubjectDecision("Zélie", decision, former, is_new=True))])

    (undo,) = seal.open(world.services, text)
    assert (undo.subject, undo.at, undo.former) == (("a", "b"), world.now, former)
    assert "Lyre" not in text
    for kind, text_sent in ((other_seal, text), (seal, text[:-1]), (seal, "")):
        with pytest.raises(NotThere):
            kind.open(world.services, text_sent)
    questions = (replace(former, words=token_hex(500)) for _ in range(20))
    many = [((), SubjectDecision("Zélie", decision, question, is_new=True)) for question in questions]
    assert [seal.seal(world.services, entries) for entries in ([], many)] == ["", ""]
