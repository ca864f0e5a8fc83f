"""A family's whole re-enrolment as titled lines for the helpdesk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chalicelib.domain.enrolment.paperwork import all_leave
from chalicelib.domain.text import fold
from chalicelib.presentation.office import enrolments
from chalicelib.presentation.office.accounts import course_text, guardian_text
from chalicelib.presentation.office.steps import LABELS
from chalicelib.presentation.texts import answer_lines, day, day_and_hour, differences

if TYPE_CHECKING:
    from chalicelib.office.dossiers.documents import ListedDocument
    from chalicelib.office.enrolment.reenrolments import EnrolledFamily, EnrolledPupil
    from chalicelib.office.enrolment.show import EnrolmentOverview

Lines = Iterator[tuple[str, str]]


def progress(overview: EnrolmentOverview) -> Lines:
    """Describe the family's progress."""
    enrolment, gone_at = overview.family.enrolment, overview.family.account.gone_at
    if gone_at:
        yield "Famille", f"partie : absente du fichier annuel depuis le {day(gone_at)}"
    yield "Étape", LABELS[overview.step] if overview.step else "rien n'est commencé"
    if enrolment.started_at:
        yield "Commencée", f"le {day_and_hour(enrolment.started_at)}"


def household(overview: EnrolmentOverview) -> Lines:
    """Describe the household: its guardians, its answers, their receipt, and later changes."""
    account, enrolment = overview.family.account, overview.family.enrolment
    yield "Responsables", ", ".join(map(guardian_text, account.household.guardians)) or "non renseignés"
    if enrolment.household_saved:
        yield from answer_lines(enrolment.sent_household or enrolment.household).items()
        yield from _household_receipt(overview.family)
        saved_by = enrolment.household_saved
        yield "Enregistré", f"le {day_and_hour(saved_by.at)}, par {saved_by.by}"
    elif enrolment.started_at:
        yield "Réponses", "pas encore"


def _household_receipt(family: EnrolledFamily) -> Lines:
    """Name the receipt of the household's last sent answers, and the unsent changes."""
    enrolment, receipt = family.enrolment, family.enrolment.household_receipt
    if receipt:
        yield "Reçu", f"{receipt.number}, le {day_and_hour(receipt.at)}"
        if family.household_waits:
            yield "Pas renvoyé", enrolments.household_unsent(enrolment)
    elif not all_leave(enrolment, family.account.household.pupils_by_key):
        yield "Reçu", "pas encore envoyé"


def pupil(overview: EnrolledPupil) -> Lines:
    """Describe a pupil: their file, the sent answers, the decision, and the changes since."""
    file, courses = overview.file, overview.pupil.courses
    if not overview.is_on_file:
        yield "Au dossier", "n'y est plus sous ce nom et cette date de naissance"
    yield "Cette année", " + ".join(map(course_text, courses)) or "aucun cours au dossier"
    if file.sent:
        answers = file.sent
        yield "Envoyé", enrolments.answers(answers.answers)
        yield "Changements", enrolments.changes(courses, answers.answers)
        yield "Reçu", f"{answers.receipt}, le {day_and_hour(answers.at)}"
        if answers.decision:
            yield "Décision", enrolments.decision(answers.decision)
        if since := enrolments.household_since(overview):
            yield "Foyer depuis", since
    for opinion in overview.opinions:
        yield f"Avis, {enrolments.course_of_opinion(overview, opinion)}", enrolments.opinion(opinion)
    if file.draft:
        yield ("Pas renvoyé" if file.sent else "Pas envoyé"), enrolments.answers(file.draft)
    if file.answers:
        yield from answer_lines(file.answers).items()
    if file.saved:
        yield "Enregistré", f"le {day_and_hour(file.saved.at)}, par {file.saved.by}"


def pupil_title(overview: EnrolledPupil) -> str:
    """Name a pupil, with their birth date and state."""
    born = f" (naissance le {day(overview.pupil.born_on)})" if overview.pupil.born_on else ""
    return f"{overview.file.name}{born} : {enrolments.STATES[overview.file.state]}"


def document_text(document: ListedDocument) -> str:
    """Describe a required document: its owner, and how it is provided, if it is."""
    of = f"{document.of} : " if document.of else ""
    if document.record is None:
        return f"{of}manque"
    saved_by, check = document.record.saved, document.record.check
    text = f"{of}{enrolments.provided_how(document.record)} le {day_and_hour(saved_by.at)}, par {saved_by.by}"
    if check is None:
        return text
    words = f" : {check.words}" if check.words else ""
    finding = (
        f"{enrolments.FINDINGS[check.finding]} le {day_and_hour(check.at)}, par {check.by.partition(' <')[0]}{words}"
    )
    return f"{text} ; {finding}" if document.record.object_key else f"{of}{finding}"


def household_since_last_year(overview: EnrolmentOverview) -> list[tuple[str, str, str]]:
    """Compare the household's answers with last year's, where both were sent: title, old, new."""
    before = overview.last_year.sent_household if overview.last_year else None
    now = overview.family.enrolment.sent_household
    return differences(before, now) if before and now else []


def pupil_since_last_year(overview: EnrolmentOverview, pupil: EnrolledPupil) -> list[tuple[str, str, str]]:
    """Compare a pupil's sent answers with last year's, where both were sent: title, old, new."""
    file = overview.last_year.pupil(pupil.file.key) if overview.last_year else None
    before, now = (file.sent if file else None), pupil.file.sent
    return differences(before.answers, now.answers) if before and now else []


def not_as_on_file(overview: EnrolmentOverview) -> list[tuple[str, str, str]]:
    """Compare the household's answers with its file, where both have a value: title, on file, answered."""
    on_file, household = overview.family.account.household.payer, overview.family.enrolment.sent_household
    return (
        [("Payeur", on_file, household.payer)]
        if household and on_file and fold(household.payer) != fold(on_file)
        else []
    )
