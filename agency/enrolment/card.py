"""One family's re-enrolment on the screen: household, each pupil, documents, receipts; in French, or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agency.console import show
from agency.desk.account_words import course, guardian, listed, named
from agency.enrolment.columns import household_since
from chalicelib.domain.enrolment.checklist import everybody_leaves
from chalicelib.domain.enrolment.enrolments import Enrolment, Provided, Receipt
from chalicelib.office.campaign.steps import LABELS
from chalicelib.office.enrolment import words
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, Family
from chalicelib.office.enrolment.show import Document, Shown
from chalicelib.texts import day, day_and_hour


def show_enrolment(shown: Shown) -> None:
    """Show it as lines."""
    account, enrolment = shown.family.account, shown.family.enrolment
    site = shown.site.name if shown.site else account.ref.site
    show.say(f"{named(account)}, {site} : réinscription {enrolment.ref.season}\n")
    _section("Où elle en est", _standing(shown))
    _section("\nLe foyer", _household(shown))
    for pupil in shown.family.pupils:
        born = f" (naissance le {day(pupil.pupil.born_on)})" if pupil.pupil.born_on else ""
        _section(f"\n{pupil.file.name}{born} : {words.STATES[pupil.file.state]}", _pupil(pupil))
    _section("\nPièces", ((each.title, _provided(each)) for each in shown.documents))
    receipts = ((each.number, _sent(each)) for each in reversed(enrolment.receipts))
    _section("\nReçus", receipts)


def _section(title: str, lines: Iterator[tuple[str, str]]) -> None:
    told = list(lines)
    if not told:
        return
    show.say(title)
    width = max(len(label) for label, _ in told)
    for label, value in told:
        show.say(f"  {label:<{width}}  {value}")


def _standing(shown: Shown) -> Iterator[tuple[str, str]]:
    enrolment = shown.family.enrolment
    yield "Étape", LABELS[shown.step] if shown.step else "rien n'est commencé"
    if enrolment.started_at:
        yield "Commencée", f"le {day_and_hour(enrolment.started_at)}"


def _household(shown: Shown) -> Iterator[tuple[str, str]]:
    account, enrolment = shown.family.account, shown.family.enrolment
    yield "Responsables", listed(map(guardian, account.household.guardians), "non renseignés")
    if enrolment.household_saved:
        yield from words.household(enrolment.sent_household or enrolment.household).items()
        yield from _household_sent(shown.family)
        saved = enrolment.household_saved
        yield "Enregistré", f"le {day_and_hour(saved.at)}, par {saved.by}"
    elif enrolment.started_at:
        yield "Réponses", "pas encore"


def _household_sent(family: Family) -> Iterator[tuple[str, str]]:
    """Say under which receipt the household's answers were sent last, and what changed since and was not."""
    enrolment, receipt = family.enrolment, family.enrolment.household_receipt
    if receipt:
        yield "Reçu", f"{receipt.number}, le {day_and_hour(receipt.at)}"
        if family.household_waits:
            yield "Pas renvoyé", words.household_unsent(enrolment)
    elif not everybody_leaves(enrolment, family.account.household.keyed_pupils):
        yield "Reçu", "pas encore envoyé"


def _pupil(shown: EnrolledPupil) -> Iterator[tuple[str, str]]:
    file, courses = shown.file, shown.pupil.courses
    if not shown.is_on_file:
        yield "Au dossier", "n'y est plus sous ce nom et cette date de naissance"
    yield "Cette année", " + ".join(map(course, courses)) or "aucun cours au dossier"
    if file.sent:
        sent = file.sent
        yield "Envoyé", words.answers(sent.answers)
        yield "Changements", words.changes(courses, sent.answers)
        yield "Reçu", f"{sent.receipt}, le {day_and_hour(sent.at)}"
        if sent.decision:
            yield "Décision", words.decision(sent.decision)
        if since := household_since(shown):
            yield "Foyer depuis", since
    if file.draft:
        yield ("Pas renvoyé" if file.sent else "Pas envoyé"), words.answers(file.draft)
    remark = file.answers.remark if file.answers else ""
    if remark:
        yield "Remarque", remark
    if file.saved:
        yield "Enregistré", f"le {day_and_hour(file.saved.at)}, par {file.saved.by}"


def _provided(document: Document) -> str:
    of = f"{document.of} : " if document.of else ""
    if document.provided is None:
        return f"{of}manque"
    saved = document.provided.saved
    return f"{of}{how(document.provided)} le {day_and_hour(saved.at)}, par {saved.by}"


def how(provided: Provided) -> str:
    """Say how a document is provided."""
    return "déposée en ligne" if provided.object_key else "promise sur papier"


def _sent(receipt: Receipt) -> str:
    names = [name for _, name, _ in receipt.pupils]
    if receipt.with_household or not names:
        names.append("foyer")
    return f"{', '.join(names)} : le {day_and_hour(receipt.at)}, par {receipt.by}"


def enrolment_json(shown: Shown) -> dict[str, Any]:
    """Give it as JSON."""
    account, enrolment = shown.family.account, shown.family.enrolment
    return {
        "site": account.ref.site,
        "identifier": account.ref.identifier,
        "written": account.written,
        "name": account.name,
        "season": enrolment.ref.season,
        "step": shown.step,
        "started_at": enrolment.started_at,
        "household": asdict(enrolment.sent_household or enrolment.household),
        "household_state": enrolment.household_state,
        "household_draft": _household_draft(enrolment),
        "household_receipt": enrolment.household_receipt and enrolment.household_receipt.number,
        "household_saved": enrolment.household_saved and asdict(enrolment.household_saved),
        "pupils": [_pupil_json(each) for each in shown.family.pupils],
        "documents": [
            {
                "title": each.title,
                "of": each.of,
                "provided": each.provided and ("uploaded" if each.provided.object_key else "promised"),
                "saved": each.provided and asdict(each.provided.saved),
            }
            for each in shown.documents
        ],
        "receipts": [
            {"number": each.number, "at": each.at, "by": each.by, "pupils": [name for _, name, _ in each.pupils]}
            for each in enrolment.receipts
        ],
    }


def _household_draft(enrolment: Enrolment) -> dict[str, Any] | None:
    """Give what was answered of the household and not sent."""
    return asdict(enrolment.household) if enrolment.household_state in {"draft", "changed"} else None


def _pupil_json(shown: EnrolledPupil) -> dict[str, Any]:
    file, courses = shown.file, shown.pupil.courses
    return {
        "name": file.name,
        "born_on": shown.pupil.born_on,
        "on_file": shown.is_on_file,
        "state": file.state,
        "courses": [asdict(each) for each in courses],
        "sent": file.sent and asdict(file.sent),
        "draft": file.draft and asdict(file.draft),
        "answers": words.said_of(file),
        "changes": words.changes(courses, file.sent.answers if file.sent else None),
        "household_since": household_since(shown),
        "saved": file.saved and asdict(file.saved),
    }
