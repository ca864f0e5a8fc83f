"""What is held of teachers' opinions on a family's pupils, for the family that asks: as data, and as text."""

from typing import Any

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.teaching.opinions import Opinion
from chalicelib.office.enrolment.labels import LEANINGS
from chalicelib.office.helpdesk.account_text import WITHHELD
from chalicelib.presentation.texts import day_and_hour, school_year


def opinion_json(opinion: Opinion, account: Account) -> dict[str, Any]:
    """List an opinion; who typed it is withheld."""
    return {
        "season": opinion.ref.season,
        "pupil": _pupil(opinion, account) or opinion.ref.pupil.key,
        "discipline": opinion.discipline,
        "teacher": opinion.teacher,
        "opinion": opinion.said.leaning,
        "words": opinion.said.words,
        "at": opinion.at,
        "by": WITHHELD,
    }


def opinion_line(opinion: Opinion, account: Account) -> str:
    """Write an opinion as a line to read."""
    leaning = LEANINGS[opinion.said.leaning] if opinion.said.leaning else ""
    at = f" le {day_and_hour(opinion.at)}" if opinion.at else ""
    words = f" : « {opinion.said.words} »" if opinion.said.words else ""
    course = f"{opinion.discipline}, {opinion.teacher}"
    pupil = _pupil(opinion, account) or "un élève qui n'est plus au dossier"
    return f"{school_year(opinion.ref.season)}, {pupil}, {course} : {leaning}{at}{words}"


def _pupil(opinion: Opinion, account: Account) -> str:
    """Name the pupil, where it is still on file."""
    pupil = account.household.pupils_by_key.get(opinion.ref.pupil.key)
    return pupil.name if pupil else ""
