"""The re-enrolments as rows: of a table, of a spreadsheet, and as data for another program."""

from collections import Counter
from typing import Any, Final

from chalicelib import texts
from chalicelib.domain.enrolment.enrolments import State
from chalicelib.office.enrolment import words
from chalicelib.office.enrolment.reenrolments import EnrolledPupil

LISTED: Final = ("Famille", "Identifiant", "Site", "Élève", "État", "Réponses", "Reçu", "Depuis")


def row(listed: EnrolledPupil) -> list[object]:
    """Show a pupil of a list."""
    account, file = listed.family.account, listed.file
    return [
        account.name,
        account.written or account.ref.identifier,
        account.ref.site,
        file.name,
        words.STATES[file.state],
        _said_of(listed),
        file.sent.receipt if file.sent else "",
        texts.day_and_hour(listed.since) if listed.since else "",
    ]


def _said_of(listed: EnrolledPupil) -> str:
    """Say what holds of a pupil; and of its household, what is not sent anew, or was since the office decided."""
    told = [words.said_of(listed.file)]
    if listed.file.sent and listed.file.sent.answers.stays:
        told += ["foyer modifié, pas encore renvoyé"] * listed.family.household_waits
        since = household_since(listed)
        told += [f"foyer renvoyé depuis la décision : {since}"] * bool(since)
    return " ; ".join(told)


def household_since(listed: EnrolledPupil) -> str:
    """Say what was sent of the household since the office decided of a pupil, old and new; empty where nothing was."""
    return words.household_changes(*listed.household_since) if listed.household_since else ""


def counted(counts: Counter[State]) -> str:
    """Say how many pupils stand where."""
    told = (f"{name} : {counts[state]}" for state, name in words.STATES.items() if counts[state])
    return " ; ".join((f"Élèves : {counts.total()}", *told)) + "."


def pupil_json(listed: EnrolledPupil) -> dict[str, Any]:
    """Give all that a list says of a pupil."""
    account, file = listed.family.account, listed.file
    return {
        "family": account.name,
        "identifier": account.written or account.ref.identifier,
        "site": account.ref.site,
        "season": listed.family.enrolment.ref.season,
        "pupil": file.name,
        "state": file.state,
        "answers": words.said_of(file),
        "household_waits": listed.family.household_waits,
        "household_since": household_since(listed),
        "receipt": file.sent.receipt if file.sent else None,
        "since": listed.since,
        "on_file": listed.is_on_file,
    }
