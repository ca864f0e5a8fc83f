"""The office's decision on sent pupils as a page showed them: those of a family, or many selected in a list.

There is one conditional write for each family (docs/decisions/0072).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, Verdict
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.enrolment_jobs import EnrolmentDecided
from chalicelib.mail.outbox import MAILED_AFTER
from chalicelib.office import audit_notes
from chalicelib.office.account import audit
from chalicelib.office.dossiers.decisions import (
    DecisionInput,
    ShownVersion,
    SubjectDecision,
    author_of,
    check_input,
    fingerprint,
    post_mails,
)
from chalicelib.office.dossiers.selection import SelectionOutcome
from chalicelib.office.enrolment.mails import decision_mails
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, EnrolledPupil, read_families
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen

_KINDS: Final[dict[Verdict, AuditAction]] = {
    "accepted": "pupil_accepted",
    "declined": "pupil_declined",
    "to_complete": "pupil_asked",
}


@frozen
class EnrolmentDecisionInput(DecisionInput):
    """A decision to make on pupils."""

    verdict: Verdict


PupilDecision = SubjectDecision[EnrolledPupil, EnrolmentDecision]


@frozen
class PupilVersion(ShownVersion):
    """One pupil, by key, as a page showed them."""

    receipt: str = ""
    household: str = ""
    decision: str = ""

    @classmethod
    def of(cls, pupil: EnrolledPupil) -> "PupilVersion":
        """Describe the current pupil."""
        sending, household = pupil.file.sent, pupil.family.enrolment.household_receipt
        return cls(
            pupil.file.key,
            sending.receipt if sending else "",
            household.number if household else "",
            fingerprint(sending.decision if sending else None),
        )

    def check(self, pupil: EnrolledPupil, decision: EnrolmentDecision) -> None:
        """Check that a pupil is unchanged since they were shown, or already so decided. Raises `OfficeRefusal`."""
        now, name, sending = PupilVersion.of(pupil), pupil.file.name, pupil.file.sent
        household = pupil.family.enrolment.household_receipt
        if sending is None:
            raise OfficeRefusal("decide_vanished" if self.receipt else "decide_nothing_sent", name=name)
        if now.receipt != self.receipt:
            raise OfficeRefusal("decide_resent", name=name, number=sending.receipt, at=sending.at)
        if household and now.household != self.household:
            raise OfficeRefusal("decide_household", number=household.number, at=household.at)
        if sending.decision and now.decision != self.decision and not sending.decision.says_the_same(decision):
            raise OfficeRefusal("decide_meanwhile", name=name, decision=sending.decision)


def decide_as_shown(
    services: Services,
    family: EnrolledFamily,
    versions: Sequence[PupilVersion],
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> tuple[PupilDecision, ...]:
    """Decide on a family's pupils as a page showed them, all by one write. Raises `OfficeRefusal`.

    Idempotent: the same decision by the same person changes nothing, unless the household was sent again since and
    `again` is set.
    """
    decision_input = check_input(decision_input)
    decisions = tuple(preview_decision(family, one, decision_input, now) for one in versions)
    if fresh := [entry for entry in decisions if entry.is_new]:
        author = author_of(decision_input, map(_subject, fresh))
        audit(services, family.account.ref, _KINDS[decision_input.verdict], author, now)
        _write(services, family, fresh)
    return decisions


def preview_decision(
    family: EnrolledFamily, version: PupilVersion, decision_input: EnrolmentDecisionInput, now: datetime
) -> PupilDecision:
    """Preview a decision on a pupil as a page showed them, without writing. Raises `OfficeRefusal`.

    A pupil sent again, or decided otherwise, since the page is refused. The same decision is accepted.
    """
    decision = EnrolmentDecision(decision_input.verdict, decision_input.who, now, decision_input.words)
    pupil = next((pupil for pupil in family.pupils if pupil.file.key == version.key), None)
    if pupil is None:
        raise OfficeRefusal("decide_vanished")
    version.check(pupil, decision)
    if pupil.file.sent and pupil.file.sent.answers.stays is False:
        raise OfficeRefusal("decide_leaving", name=pupil.file.name)
    return _decide_pupil(pupil, decision, again=decision_input.again)


def _decide_pupil(pupil: EnrolledPupil, decision: EnrolmentDecision, *, again: bool) -> PupilDecision:
    before = pupil.file.sent.decision if pupil.file.sent else None
    looks_again = again and pupil.household_change is not None
    if before and before.says_the_same(decision) and not looks_again:
        return SubjectDecision(pupil, before, None, is_new=False)
    if before and not pupil.file.is_open and not again:
        raise OfficeRefusal("decide_before", name=pupil.file.name, decision=before)
    return SubjectDecision(pupil, decision, before, is_new=True)


def _subject(entry: PupilDecision) -> str:
    file = entry.subject.file
    return f"{file.name} (reçu {file.sent.receipt if file.sent else ''}){audit_notes.former_text(entry.former)}"


def _write(services: Services, family: EnrolledFamily, fresh: list[PupilDecision]) -> None:
    """Write the decisions, on condition that each pupil's answers and decision are unchanged. Raises `OfficeRefusal`.

    Their mails are posted before.
    """

    def record(enrolment: Enrolment) -> Enrolment:
        for entry in fresh:
            _check_same(enrolment, entry)
            enrolment = enrolment.with_decision(entry.subject.file.key, entry.decision)
        return enrolment

    def mails_of(after: Enrolment, request: str) -> Iterator[EnrolmentDecided]:
        for entry in fresh:
            yield from decision_mails(services, family.account, after, entry.subject.file.key, request)

    services.enrolments.revise(family.enrolment, record, post_mails(services, "decision", mails_of, MAILED_AFTER))


def _check_same(enrolment: Enrolment, entry: PupilDecision) -> None:
    old, name = entry.subject.file, entry.subject.file.name
    file = enrolment.pupil(old.key)
    if file is None or file.sent is None:
        raise OfficeRefusal("decide_vanished")
    if old.sent is None or file.sent.receipt != old.sent.receipt:
        raise OfficeRefusal("decide_resent", name=name, number=file.sent.receipt, at=file.sent.at)
    if file.sent.decision and file.sent.decision != old.sent.decision:
        raise OfficeRefusal("decide_meanwhile", name=name, decision=file.sent.decision)


@frozen
class SelectedPupil:
    """A selected pupil, with their family and state in the list."""

    family: AccountRef
    version: PupilVersion


PupilOutcome = SelectionOutcome[SelectedPupil, EnrolledPupil, PupilDecision]


def preview(
    services: Services,
    season: str,
    choices: Sequence[SelectedPupil],
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> tuple[PupilOutcome, ...]:
    """Preview a decision on a selection, without writing: one read for all. Raises `OfficeRefusal` for the request."""
    decision_input = check_input(decision_input)
    refs = dict.fromkeys(one.family for one in choices)
    families = {family.account.ref: family for family in read_families(services, season, refs)}
    return tuple(preview_selected(families, one, decision_input, now) for one in choices)


def decide_selection(
    services: Services, foreseen: Sequence[PupilOutcome], decision_input: EnrolmentDecisionInput, now: datetime
) -> tuple[PupilOutcome, ...]:
    """Decide on the unchanged pupils of a preview, family by family.

    If the tables do not answer, no other family is tried. The outcomes so far are returned, and the same form may be
    sent again: existing decisions are idempotent.
    """
    families = dict.fromkeys(one.choice.family for one in foreseen if one.outcome == "waiting")
    outcomes: dict[SelectedPupil, PupilOutcome] = {}
    answers = True
    for ref in families:
        waiting = [one for one in foreseen if one.choice.family == ref and one.outcome == "waiting"]
        rest = [replace(one, outcome="left") for one in waiting]
        results = _decide_family(services, waiting, decision_input, now) if answers else rest
        answers = answers and results[0].outcome != "unsure"
        outcomes |= {one.choice: one for one in results}
    return tuple(outcomes.get(one.choice, one) for one in foreseen)


def _decide_family(
    services: Services, waiting: Sequence[PupilOutcome], decision_input: EnrolmentDecisionInput, now: datetime
) -> list[PupilOutcome]:
    family = next(one.pupil.family for one in waiting if one.pupil)
    try:
        entries = decide_as_shown(services, family, [one.choice.version for one in waiting], decision_input, now)
    except OfficeRefusal as refusal:
        return [replace(one, outcome="refused", refusal=refusal) for one in waiting]
    except Unavailable:
        return [replace(one, outcome="unsure") for one in waiting]
    return [replace(one, outcome="done", entry=entry) for one, entry in zip(waiting, entries, strict=True)]


def preview_selected(
    families: Mapping[AccountRef, EnrolledFamily],
    choice: SelectedPupil,
    decision_input: EnrolmentDecisionInput,
    now: datetime,
) -> PupilOutcome:
    """Preview a decision on a selected pupil of one of these families, without writing."""
    family = families.get(choice.family)
    if family is None:
        return PupilOutcome(choice, "refused", None, OfficeRefusal("decide_vanished"))
    pupil = next((pupil for pupil in family.pupils if pupil.file.key == choice.version.key), None)
    try:
        decision: PupilDecision = preview_decision(family, choice.version, decision_input, now)
    except OfficeRefusal as refusal:
        return PupilOutcome(choice, "refused", pupil, refusal)
    return PupilOutcome(choice, "waiting" if decision.is_new else "already", pupil)
