"""What is held of re-enrolments and of what was uploaded for them, for the family that asks: as data, and as text."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, ProvidedDocument, PupilFile, Receipt
from chalicelib.domain.enrolment.uploads import UploadedFile, season_of, slot_of
from chalicelib.office.desk.account_text import WITHHELD
from chalicelib.office.enrolment import words
from chalicelib.texts import answer_lines, day_and_hour, size

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


def enrolment_lines(enrolment: Enrolment) -> Iterator[str]:
    """Write a re-enrolment as lines to read."""
    season = enrolment.ref.season
    if enrolment.started_at:
        yield f"{season} : commencée le {day_and_hour(enrolment.started_at)}"
    if enrolment.household_saved:
        answers = " ; ".join(f"{name} : {answer}" for name, answer in answer_lines(enrolment.household).items())
        saved = enrolment.household_saved
        unsent = words.household_unsent(enrolment)
        waits = f" ; modifié depuis l'envoi, pas renvoyé : {unsent}" if unsent else ""
        yield f"{season}, le foyer : {answers}{waits} (le {day_and_hour(saved.at)}, par {saved.by})"
    yield from (f"{season}, {_pupil(pupil)}" for pupil in enrolment.pupils)
    yield from (f"{season}, {_document_line(document)}" for document in enrolment.provided)
    yield from (f"{season}, {_receipt(receipt)}" for receipt in enrolment.receipts)


def _pupil(file: PupilFile) -> str:
    lines = answer_lines(file.answers) if file.answers else {}
    answers = "".join(f" ; {name[0].lower()}{name[1:]} : {text}" for name, text in lines.items())
    decision = file.sent.decision if file.sent else None
    return f"{file.name} : {words.pupil_answers(file)}{answers}{f' ; {_decision(decision)}' if decision else ''}"


def _decision(decision: Decision) -> str:
    reason = f" : « {decision.words} »" if decision.words else ""
    return f"{words.VERDICTS.get(decision.verdict, decision.verdict)} le {day_and_hour(decision.at)}{reason}"


def _document_line(provided: ProvidedDocument) -> str:
    how = "déposée en ligne" if provided.object_key else "promise sur papier"
    return f"pièce {provided.code} : {how} (le {day_and_hour(provided.saved.at)}, par {provided.saved.by})"


def _receipt(receipt: Receipt) -> str:
    names = ", ".join(name for _, name, _ in receipt.pupils)
    return f"reçu {receipt.number} du {day_and_hour(receipt.at)}, par {receipt.by} : {names}"


def upload_line(stored: UploadedFile) -> str:
    """Describe an uploaded file in one line."""
    code, _ = slot_of(stored.key)
    return f"{code}, pour {season_of(stored.key)} : {size(stored.size)}, le {day_and_hour(stored.at)}"
