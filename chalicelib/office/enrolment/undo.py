"""The office takes back its decision on a pupil within thirty seconds, by one conditional write and without a mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.office.account import audit
from chalicelib.office.dossiers.selection import try_each
from chalicelib.office.dossiers.undo import Undo, UndoSeal
from chalicelib.office.enrolment.decide import PupilDecision, PupilOutcome, PupilVersion, SelectedPupil
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, read_families
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services

EnrolmentUndo = Undo[EnrolmentDecision]
UNDOS: Final = UndoSeal("a re-enrolment", Codec(EnrolmentDecision))


def seal_undo(services: Services, entries: Iterable[PupilDecision]) -> str:
    """Seal the new ones of some equal decisions for the form that takes them back. Empty for none."""
    return UNDOS.seal(services, [(_subject(entry.subject), entry) for entry in entries if entry.is_new])


def _subject(pupil: EnrolledPupil) -> tuple[str, ...]:
    ref, sending = pupil.family.enrolment.ref, pupil.file.sent
    return ref.account.site, ref.account.identifier, ref.season, pupil.file.key, sending.receipt if sending else ""


def subject_of(undo: EnrolmentUndo) -> tuple[EnrolmentRef, str]:
    """Name the re-enrolment and the key of a pupil."""
    site, identifier, season, key, _ = undo.subject
    return EnrolmentRef(AccountRef(site, identifier), season), key


def undo_decision(services: Services, enrolment: Enrolment, undo: EnrolmentUndo, author: str, now: datetime) -> None:
    """Undo a decision by one write, if it still stands. Raises `OfficeRefusal`.

    Idempotent. The decision's mail, which waits longer, is then dropped.
    """

    def restore(current: Enrolment) -> Enrolment:
        file, is_due = _find(current, undo, now)
        return current.with_decision(file.key, undo.former) if is_due else current

    file, is_due = _find(enrolment, undo, now)
    if is_due:
        note = f"{file.name} (reçu {undo.subject[-1]})"
        audit(services, enrolment.ref.account, "pupil_undone", Author(author, note), now)
        services.enrolments.revise(enrolment, restore)


def _find(enrolment: Enrolment, undo: EnrolmentUndo, now: datetime) -> tuple[PupilFile, bool]:
    """Find the pupil, and whether the decision is to be taken back. Raises `OfficeRefusal`."""
    file = enrolment.pupil(subject_of(undo)[1])
    if file is None or file.sent is None:
        raise OfficeRefusal("decide_vanished")
    if file.sent.receipt != undo.subject[-1]:
        raise OfficeRefusal("undo_resent", name=file.name)
    return file, undo.is_due(file.name, file.sent.decision, now)


def undo_selection(
    services: Services, undos: Sequence[EnrolmentUndo], author: str, now: datetime
) -> tuple[PupilOutcome, ...]:
    """Undo decisions made together, each that still stands. If the tables do not answer, no other is tried."""
    refs = dict.fromkeys(subject_of(undo)[0] for undo in undos)
    families = {
        family.enrolment.ref: family
        for family in read_families(services, undos[0].subject[2], (ref.account for ref in refs))
    }
    choices = {SelectedPupil(ref.account, PupilVersion(key)): one for one in undos for ref, key in [subject_of(one)]}

    def act(outcome: PupilOutcome) -> PupilOutcome:
        undo = choices[outcome.choice]
        enrolment = outcome.pupil.family.enrolment if outcome.pupil else Enrolment(subject_of(undo)[0])
        undo_decision(services, enrolment, undo, author, now)
        return outcome

    def pupil_of(undo: EnrolmentUndo) -> EnrolledPupil | None:
        ref, key = subject_of(undo)
        pupils = families[ref].pupils if ref in families else ()
        return next((pupil for pupil in pupils if pupil.file.key == key), None)

    return try_each((PupilOutcome(one, "undone", pupil_of(undo)) for one, undo in choices.items()), act)
