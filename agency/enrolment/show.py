"""`clef enrolments show`: one family's household, pupils, documents and receipts; in French, or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.enrolment.options import OfFamily, Season, Site
from agency.enrolment.reenrolments import household_since
from chalicelib.domain.enrolment.checklist import everybody_leaves
from chalicelib.domain.enrolment.enrolments import Enrolment, ProvidedDocument, Receipt
from chalicelib.office.campaign.steps import LABELS
from chalicelib.office.desk.account_text import course_text, guardian_text, join_words, name_and_identifier
from chalicelib.office.enrolment import words
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, Family
from chalicelib.office.enrolment.show import Document, EnrolmentOverview, FamilyQuery, enrolment_overview
from chalicelib.texts import answer_lines, day, day_and_hour


def show(
    family: OfFamily, *, site: Site = None, season: Season = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Montrer toute la réinscription d'une famille : réponses, pièces, reçus, décisions, changements."""
    services = connect(stage).services
    overview = enrolment_overview(services, FamilyQuery(family, site, season), services.clock())
    if as_json:
        output.print_json(enrolment_json(overview))
    else:
        print_enrolment(overview)


def print_enrolment(overview: EnrolmentOverview) -> None:
    """Print it as lines."""
    account, enrolment = overview.family.account, overview.family.enrolment
    site = overview.site.name if overview.site else account.ref.site
    output.say(f"{name_and_identifier(account)}, {site} : réinscription {enrolment.ref.season}\n")
    _section("Où elle en est", _progress(overview))
    _section("\nLe foyer", _household(overview))
    for pupil in overview.family.pupils:
        born = f" (naissance le {day(pupil.pupil.born_on)})" if pupil.pupil.born_on else ""
        _section(f"\n{pupil.file.name}{born} : {words.STATES[pupil.file.state]}", _pupil(pupil))
    _section("\nPièces", ((document.title, _document_text(document)) for document in overview.documents))
    receipts = ((receipt.number, _receipt_text(receipt)) for receipt in reversed(enrolment.receipts))
    _section("\nReçus", receipts)


def _section(title: str, lines: Iterator[tuple[str, str]]) -> None:
    rows = list(lines)
    if not rows:
        return
    output.say(title)
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        output.say(f"  {label:<{width}}  {value}")


def _progress(overview: EnrolmentOverview) -> Iterator[tuple[str, str]]:
    enrolment = overview.family.enrolment
    yield "Étape", LABELS[overview.step] if overview.step else "rien n'est commencé"
    if enrolment.started_at:
        yield "Commencée", f"le {day_and_hour(enrolment.started_at)}"


def _household(overview: EnrolmentOverview) -> Iterator[tuple[str, str]]:
    account, enrolment = overview.family.account, overview.family.enrolment
    yield "Responsables", join_words(map(guardian_text, account.household.guardians), "non renseignés")
    if enrolment.household_saved:
        yield from answer_lines(enrolment.sent_household or enrolment.household).items()
        yield from _household_receipt(overview.family)
        saved = enrolment.household_saved
        yield "Enregistré", f"le {day_and_hour(saved.at)}, par {saved.by}"
    elif enrolment.started_at:
        yield "Réponses", "pas encore"


def _household_receipt(family: Family) -> Iterator[tuple[str, str]]:
    """Name the receipt under which the household's answers were sent last, and what changed since and was not."""
    enrolment, receipt = family.enrolment, family.enrolment.household_receipt
    if receipt:
        yield "Reçu", f"{receipt.number}, le {day_and_hour(receipt.at)}"
        if family.household_waits:
            yield "Pas renvoyé", words.household_unsent(enrolment)
    elif not everybody_leaves(enrolment, family.account.household.pupils_by_key):
        yield "Reçu", "pas encore envoyé"


def _pupil(overview: EnrolledPupil) -> Iterator[tuple[str, str]]:
    file, courses = overview.file, overview.pupil.courses
    if not overview.is_on_file:
        yield "Au dossier", "n'y est plus sous ce nom et cette date de naissance"
    yield "Cette année", " + ".join(map(course_text, courses)) or "aucun cours au dossier"
    if file.sent:
        sent = file.sent
        yield "Envoyé", words.answers(sent.answers)
        yield "Changements", words.changes(courses, sent.answers)
        yield "Reçu", f"{sent.receipt}, le {day_and_hour(sent.at)}"
        if sent.decision:
            yield "Décision", words.decision(sent.decision)
        if since := household_since(overview):
            yield "Foyer depuis", since
    if file.draft:
        yield ("Pas renvoyé" if file.sent else "Pas envoyé"), words.answers(file.draft)
    if file.answers:
        yield from answer_lines(file.answers).items()
    if file.saved:
        yield "Enregistré", f"le {day_and_hour(file.saved.at)}, par {file.saved.by}"


def _document_text(document: Document) -> str:
    of = f"{document.of} : " if document.of else ""
    if document.provided is None:
        return f"{of}manque"
    saved = document.provided.saved
    return f"{of}{provided_how(document.provided)} le {day_and_hour(saved.at)}, par {saved.by}"


def provided_how(provided: ProvidedDocument) -> str:
    """Describe how a document is provided."""
    return "déposée en ligne" if provided.object_key else "promise sur papier"


def _receipt_text(receipt: Receipt) -> str:
    names = [name for _, name, _ in receipt.pupils]
    if receipt.with_household or not names:
        names.append("foyer")
    return f"{', '.join(names)} : le {day_and_hour(receipt.at)}, par {receipt.by}"


def enrolment_json(overview: EnrolmentOverview) -> dict[str, Any]:
    """Describe it as JSON."""
    account, enrolment = overview.family.account, overview.family.enrolment
    return {
        "site": account.ref.site,
        "identifier": account.ref.identifier,
        "written": account.display_identifier,
        "name": account.name,
        "season": enrolment.ref.season,
        "step": overview.step,
        "started_at": enrolment.started_at,
        "household": asdict(enrolment.sent_household or enrolment.household),
        "household_state": enrolment.household_state,
        "household_draft": _household_draft(enrolment),
        "household_receipt": enrolment.household_receipt and enrolment.household_receipt.number,
        "household_saved": enrolment.household_saved and asdict(enrolment.household_saved),
        "pupils": [_pupil_json(pupil) for pupil in overview.family.pupils],
        "documents": [
            {
                "title": document.title,
                "of": document.of,
                "provided": document.provided and ("uploaded" if document.provided.object_key else "promised"),
                "saved": document.provided and asdict(document.provided.saved),
            }
            for document in overview.documents
        ],
        "receipts": [
            {
                "number": receipt.number,
                "at": receipt.at,
                "by": receipt.by,
                "pupils": [name for _, name, _ in receipt.pupils],
            }
            for receipt in enrolment.receipts
        ],
    }


def _household_draft(enrolment: Enrolment) -> dict[str, Any] | None:
    """Find what was answered of the household and not sent."""
    return asdict(enrolment.household) if enrolment.household_state in {"draft", "changed"} else None


def _pupil_json(overview: EnrolledPupil) -> dict[str, Any]:
    file, courses = overview.file, overview.pupil.courses
    return {
        "name": file.name,
        "born_on": overview.pupil.born_on,
        "on_file": overview.is_on_file,
        "state": file.state,
        "courses": [asdict(course) for course in courses],
        "sent": file.sent and asdict(file.sent),
        "draft": file.draft and asdict(file.draft),
        "answers": words.pupil_answers(file),
        "changes": words.changes(courses, file.sent.answers if file.sent else None),
        "household_since": household_since(overview),
        "saved": file.saved and asdict(file.saved),
    }
