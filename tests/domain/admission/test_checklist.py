"""The steps of an application: done or not, and the next one."""

from dataclasses import replace

from chalicelib.domain.admission.applications import Answers, Application, Candidate, Decision, Standing
from chalicelib.domain.admission.checklist import (
    Step,
    asked_for,
    lacking_of_candidate,
    lacking_of_guardian,
    next_step,
    steps,
    waits,
)
from tests.support.applications import ALBA, BEGUN, FULL, NILS, NOW, REF, SENT, WHOLE

EMPTY = Application(REF, "geai@example.org", NOW, NOW)
HOME = ("justificatif-domicile", "foyer")
TO_COMPLETE = Standing(ALBA.key, decision=Decision("to_complete", "M. Office", NOW, "Quel jour ?"))


def test_at_first_every_step_is_to_do_and_one_candidate_is_awaited() -> None:
    assert [(step.kind, step.is_done) for step in steps(EMPTY, ())] == [
        ("guardian", False),
        ("candidate", False),
        ("summary", False),
    ]
    assert next_step(steps(EMPTY, ())) == Step("guardian", is_done=False)


def test_each_candidate_is_a_step_and_documents_are_one_where_some_are_asked_for() -> None:
    taken = steps(BEGUN, [HOME])

    assert [(step.kind, step.key, step.is_done) for step in taken] == [
        ("guardian", "", True),
        ("candidate", ALBA.key, True),
        ("candidate", NILS.key, True),
        ("documents", "", False),
        ("summary", "", False),
    ]
    assert steps(replace(BEGUN, provided=FULL.provided), [HOME])[3].is_done


def test_once_it_is_sent_nothing_is_awaited_until_something_changes() -> None:
    assert next_step(steps(SENT, ())) is None
    assert waits(replace(SENT, draft=WHOLE))
    assert waits(SENT.with_standing(TO_COMPLETE))


def test_who_is_accepted_or_withdrawn_is_no_step_any_more() -> None:
    assert asked_for(FULL) == ()
    assert asked_for(SENT) == SENT.live


def test_what_lacks_is_named_field_by_field() -> None:
    assert set(lacking_of_guardian(Answers())) == {"nom", "telephone", "voie", "code_postal", "ville"}
    assert lacking_of_guardian(WHOLE) == {}
    assert set(lacking_of_candidate(Candidate("new"))) == {"prenom", "nom", "naissance", "discipline-1"}
    assert lacking_of_candidate(ALBA) == {}
