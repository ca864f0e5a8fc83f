"""The office's decision on a dossier of either kind, as a page showed it: audited, mailed once, not overwritten."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.refusals import Unavailable
from chalicelib.office.dossiers.decisions import LONGEST_TEXT
from tests.support.aws import When, faults_of
from tests.support.dossiers import Dossier, audits, decide, refusal
from tests.support.refusals import sentence_of

FULL = {"who": "M. Orme", "words": "Plus de place cette année."}
ASKS = {"words": "Quel jour préférez-vous ?"}


def mailed(dossier: Dossier) -> list[str]:
    """Let the post work until nothing waits, and list the recipients."""
    for _ in range(3):
        dossier.world.deliver_patiently()
    return sorted(mail.to for mail in dossier.world.mails())


def test_a_decision_is_one_write_audited_before_and_mailed_to_every_address(dossier: Dossier) -> None:
    name, second = dossier.names
    dossier.world.aws.calls.clear()

    decision = decide(dossier, name, "declined", **FULL)

    assert dossier.world.aws.calls.count("UpdateItem") == 1
    assert (decision.is_new, decision.former, dossier.state(name)) == (True, None, "declined")
    assert dossier.state(second) in {"submitted", "sent"}
    ((kind, author, why),) = audits(dossier)
    assert (kind.rpartition("_")[2], author) == ("declined", "M. Orme")
    assert why.startswith(f"{name} ")
    assert f"({dossier.codes['number']}) ; {FULL['words']}" in why
    assert mailed(dossier) == list(dossier.emails)
    assert all(FULL["words"] in mail.text and name in mail.text for mail in dossier.world.mails())


def test_a_reason_kept_apart_is_audited_and_not_stored_for_the_family(dossier: Dossier) -> None:
    decide(dossier, dossier.names[0], "declined", **FULL, why="décision du 3 juin")

    assert audits(dossier)[0][2].endswith(" ; décision du 3 juin")
    assert "décision du 3 juin" not in dossier.text()


@pytest.mark.parametrize(
    ("verdict", "given", "code"),
    [
        ("declined", {"words": " "}, "decide_words"),
        ("to_complete", {}, "decide_words"),
        ("to_complete", {"words": "x" * (LONGEST_TEXT + 1)}, "decision_words_long"),
        ("to_complete", ASKS | {"why": "x" * 1001}, "office_why_long"),
    ],
)
def test_a_decision_needs_its_words(dossier: Dossier, verdict: str, given: dict[str, str], code: str) -> None:
    before = dossier.text()

    assert refusal(lambda: decide(dossier, dossier.names[0], verdict, **given)).code == code
    assert (dossier.text(), audits(dossier)) == (before, [])


def test_a_question_may_be_asked_again_or_decided(dossier: Dossier) -> None:
    name = dossier.names[0]
    decide(dossier, name, "to_complete", **ASKS)
    decide(dossier, name, "to_complete", words="Et quel professeur ?")

    decision = decide(dossier, name, "declined", **FULL)

    assert decision.former
    assert (dossier.state(name), decision.former.verdict) == ("declined", "to_complete")
    assert decision.former.words == "Et quel professeur ?"
    assert sorted(kind.rpartition("_")[2] for kind, _, _ in audits(dossier)) == ["asked", "asked", "declined"]
    assert mailed(dossier) == list(dossier.emails)
    assert all(FULL["words"] in mail.text for mail in dossier.world.mails()), "only the decision that stands is mailed"


def test_no_name_nor_word_waits_in_the_queue_or_stands_in_the_record(dossier: Dossier) -> None:
    decide(dossier, dossier.names[0], "declined", **FULL)
    queue = dossier.world.aws.queue_bodies()

    assert mailed(dossier) == list(dossier.emails)
    assert dossier.world.events()[-1]["event"] in {"enrolment_mailed", "admission_mailed"}
    for word in (*dossier.names, "Rossignol", "Geai", "Orme", FULL["words"], *dossier.emails):
        assert word not in queue + dossier.world.log.getvalue()


def test_a_refusal_is_replaced_only_on_purpose(dossier: Dossier) -> None:
    name = dossier.names[0]
    first = decide(dossier, name, "declined", **FULL).decision
    dossier.world.wait(timedelta(hours=2))

    error = refusal(lambda: decide(dossier, name, "to_complete", **ASKS))
    assert (error.code, dossier.state(name)) == (dossier.codes["declined"], "declined")
    assert f", par M. Orme : « {FULL['words']} »" in sentence_of(error)

    decision = decide(dossier, name, "to_complete", **ASKS, again=True)
    assert (dossier.state(name), decision.former) == ("to_complete", first)
    assert f"au lieu de : refusée le {dossier.world.now.day}" in audits(dossier)[-1][2]


def test_the_same_decision_again_is_audited_and_mailed_once(dossier: Dossier) -> None:
    name = dossier.names[0]
    decide(dossier, name, "declined", **FULL)
    before = dossier.text()
    dossier.world.wait(timedelta(hours=2))

    decision = decide(dossier, name, "declined", **FULL)

    assert (decision.is_new, dossier.text(), len(audits(dossier))) == (False, before, 1)
    assert mailed(dossier) == list(dossier.emails)


# The versions shown.


def test_a_version_comes_back_from_a_form_and_names_no_person(dossier: Dossier) -> None:
    name = dossier.names[0]
    decide(dossier, name, "to_complete", **ASKS)

    version = dossier.version(name)

    assert version.parse(version.key, version.text) == version
    assert "Lyre" not in version.text


@pytest.mark.parametrize("text", ["", "x", ".", "..", "a.b.c.d"])
def test_a_version_of_no_page_of_ours_matches_nothing(dossier: Dossier, text: str) -> None:
    version = dossier.version(dossier.names[0])

    stale = version.parse(version.key, text)

    assert refusal(lambda: dossier.decide_on(stale, "declined", **FULL)).code == dossier.codes["resent"]


def test_a_decision_is_on_what_the_page_showed(dossier: Dossier) -> None:
    name = dossier.names[0]
    version = dossier.version(name)
    decide(dossier, name, "declined", **FULL)

    assert refusal(lambda: dossier.decide_on(version, "to_complete", "Mme Lyre", **ASKS)).code == "decide_meanwhile"
    assert not dossier.decide_on(version, "declined", **FULL).is_new, "the very same decision is no obstacle"


def test_what_was_sent_again_since_the_page_is_read_again_first(dossier: Dossier) -> None:
    name = dossier.names[0]
    version = dossier.version(name)
    dossier.world.wait(timedelta(hours=1))
    dossier.send_again(name)

    assert refusal(lambda: dossier.decide_on(version, "declined", **FULL)).code == dossier.codes["resent"]


# Concurrent acts and faults.


def test_a_family_that_sends_meanwhile_is_not_decided_on(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    name = dossier.names[0]
    dossier.world.wait(timedelta(hours=1))
    dossier.meanwhile(monkeypatch, lambda: dossier.send_again(name))

    refused = refusal(lambda: decide(dossier, name, "declined", **FULL))
    assert refused.code == dossier.codes["resent"]
    assert dossier.codes["newest"] in sentence_of(refused)
    assert dossier.state(name) in {"submitted", "sent"}
    assert mailed(dossier) == []


def test_a_first_secretary_is_named_and_her_decision_mailed(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    name = dossier.names[0]
    dossier.meanwhile(monkeypatch, lambda: decide(dossier, name, "declined", **FULL))

    refused = refusal(lambda: decide(dossier, name, "to_complete", **ASKS))

    assert (refused.code, dossier.state(name)) == ("decide_meanwhile", "declined")
    assert "Une décision vient d'être prise pour" in sentence_of(refused)
    assert ", par M. Orme" in sentence_of(refused)
    assert mailed(dossier) == list(dossier.emails)
    assert all(FULL["words"] in mail.text for mail in dossier.world.mails())


def test_a_decision_on_another_child_is_no_obstacle(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = dossier.names
    dossier.meanwhile(monkeypatch, lambda: decide(dossier, second, "declined", **FULL))

    decide(dossier, first, "to_complete", **ASKS)

    assert (dossier.state(first), dossier.state(second)) == ("to_complete", "declined")


@faults_of("BatchWriteItem", "SendMessageBatch", "UpdateItem")
def test_after_a_fault_the_same_decision_again_completes_it(dossier: Dossier, call: str, when: When) -> None:
    name = dossier.names[0]
    with dossier.world.aws.failing(call, when), pytest.raises(Unavailable):
        decide(dossier, name, "declined", **FULL)
    is_written = dossier.state(name) == "declined"
    expected: list[Any] = list(dossier.emails) if is_written else []
    assert is_written == ((call, when) == ("UpdateItem", "after"))
    assert mailed(dossier) == expected

    decide(dossier, name, "declined", **FULL)

    assert (dossier.state(name), mailed(dossier)) == ("declined", list(dossier.emails))
