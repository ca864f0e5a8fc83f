"""What is held of re-enrolments and of what was uploaded for them, for the family that asks: as data, and as text."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from agency.rights.titles import Titles
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, ProvidedDocument, PupilFile, Receipt
from chalicelib.domain.enrolment.uploads import UploadedFile, season_of, slot_of
from chalicelib.office.enrolment import labels
from chalicelib.office.helpdesk.account_text import WITHHELD
from chalicelib.presentation.texts import answer_lines, day_and_hour, school_year, size

_OURS: Final = ("object_key", "etag", "size")  # of the copy that is beside


def enrolment_json(enrolment: Enrolment) -> dict[str, Any]:
    """List a re-enrolment, each field under its name; who of the office decided is withheld."""
    data = asdict(enrolment)
    season = data.pop("ref")["season"]
    del data["item"]  # the same once more, as the table has it
    for pupil in data["pupils"]:
        if pupil["sent"] and pupil["sent"]["decision"]:
            pupil["sent"]["decision"]["by"] = WITHHELD
    for provided in (data, *data["receipts"]):
        provided["provided"] = [without_key(document) for document in provided["provided"]]
    return {"season": season, **data}


def without_key(provided: dict[str, Any]) -> dict[str, Any]:
    """Tell of a document whether it was uploaded, in the place of where its copy stands."""
    return {name: value for name, value in provided.items() if name not in _OURS} | {
        "uploaded": bool(provided["object_key"])
    }


def upload_json(stored: UploadedFile) -> dict[str, Any]:
    """Describe an uploaded file, whose copy is beside."""
    code, owner = slot_of(stored.key)
    return {"season": season_of(stored.key), "code": code, "owner": owner, "at": stored.at, "bytes": stored.size}


def enrolment_lines(enrolment: Enrolment, titles: Titles) -> Iterator[str]:
    """Write a re-enrolment as lines to read."""
    season, names = school_year(enrolment.ref.season), {file.key: file.name for file in enrolment.pupils}
    if enrolment.started_at:
        yield f"{season} : commencée le {day_and_hour(enrolment.started_at)}"
    if enrolment.household_saved:
        answers, saved = _answers(enrolment.household), enrolment.household_saved
        unsent = labels.household_unsent(enrolment)
        waits = f" ; modifié depuis l'envoi, pas renvoyé : {unsent}" if unsent else ""
        yield f"{season}, le foyer : {answers}{waits} (le {day_and_hour(saved.at)}, par {saved.by})"
    yield from (f"{season}, {_pupil(pupil)}" for pupil in enrolment.pupils)
    yield from (f"{season}, {document_line(document, names, titles)}" for document in enrolment.provided)
    for receipt in enrolment.receipts:
        yield from (f"{season}, {line}" for line in _receipt(receipt, titles))


def _answers(given: HouseholdAnswers | PupilAnswers) -> str:
    return " ; ".join(f"{name} : {answer}" for name, answer in answer_lines(given).items())


def _pupil(file: PupilFile) -> str:
    parts = [labels.pupil_answers(file)]
    parts += [_answers(file.answers)] if file.answers else []
    parts += [f"envoyé le {day_and_hour(file.sent.at)} (reçu {file.sent.receipt})"] if file.sent else []
    parts += [_decision(file.sent.decision)] if file.sent and file.sent.decision else []
    parts += [f"enregistré le {day_and_hour(file.saved.at)}, par {file.saved.by}"] if file.saved else []
    return f"{file.name} : {' ; '.join(filter(None, parts))}"


def _decision(decision: Decision) -> str:
    reason = f" : « {decision.words} »" if decision.words else ""
    return f"{labels.VERDICTS.get(decision.verdict, decision.verdict)} le {day_and_hour(decision.at)}{reason}"


def document_line(provided: ProvidedDocument, names: Mapping[str, str], titles: Titles) -> str:
    """Describe how a document was provided. `names`: of pupils, by their keys."""
    saved, title = provided.saved, _document(provided.code, provided.owner, names, titles)
    return f"pièce {title} : {labels.provided_how(provided)} (le {day_and_hour(saved.at)}, par {saved.by})"


def _document(code: str, owner: str, names: Mapping[str, str], titles: Titles) -> str:
    return f"« {titles.document(code)} »" + (f" ({names[owner]})" if owner in names else "")


def _receipt(receipt: Receipt, titles: Titles) -> Iterator[str]:
    """Write a receipt, then all that was sent with it: later answers may have replaced it."""
    about = f"reçu {receipt.number}"
    yield f"{about} du {day_and_hour(receipt.at)}, par {receipt.by}"
    yield f"{about}, le foyer : {_answers(receipt.household)}"
    for _, name, sent in receipt.pupils:
        yield f"{about}, {name} : {' ; '.join(filter(None, (labels.answers(sent), _answers(sent))))}"
    names = {key: name for key, name, _ in receipt.pupils}
    yield from (f"{about}, {document_line(document, names, titles)}" for document in receipt.provided)


def upload_line(stored: UploadedFile, names: Mapping[str, str], titles: Titles) -> str:
    """Describe an uploaded file in one line."""
    title, season = _document(*slot_of(stored.key), names, titles), school_year(season_of(stored.key))
    return f"{title}, {season} : {size(stored.size)}, le {day_and_hour(stored.at)}"
