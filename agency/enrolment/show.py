"""`clef enrolments show`: one family's household, pupils, documents and receipts; in French, or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.enrolment.options import OfFamily, Season, Site
from agency.enrolment.reenrolments import opinions_json
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.office import enrolment_lines as lines
from chalicelib.office.desk.account_text import name_and_identifier
from chalicelib.office.enrolment import words
from chalicelib.office.enrolment.reenrolments import EnrolledPupil
from chalicelib.office.enrolment.show import EnrolmentOverview, FamilyQuery, enrolment_overview


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
    _section("Où elle en est", lines.progress(overview))
    _section("\nLe foyer", lines.household(overview))
    for pupil in overview.family.pupils:
        _section(f"\n{lines.pupil_title(pupil)}", lines.pupil(pupil))
    documents = ((document.title, lines.document_text(document)) for document in overview.documents)
    _section("\nPièces", documents)
    receipts = ((receipt.number, lines.receipt_text(receipt)) for receipt in reversed(enrolment.receipts))
    _section("\nReçus", receipts)


def _section(title: str, found: Iterator[tuple[str, str]]) -> None:
    rows = list(found)
    if not rows:
        return
    output.say(title)
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        output.say(f"  {label:<{width}}  {value}")


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
        "household_since": words.household_since(overview),
        "saved": file.saved and asdict(file.saved),
        "opinions": opinions_json(overview),
    }
