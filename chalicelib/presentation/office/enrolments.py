"""A re-enrolment in plain French for the office: a pupil's state, answers and changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from chalicelib.domain.dossiers.documents import Finding, ProvidedDocument
from chalicelib.domain.enrolment.answers import (
    CourseOutcome,
    CourseWish,
    HouseholdAnswers,
    PupilAnswers,
    course_outcomes,
)
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, State, Verdict
from chalicelib.domain.family.households import Course
from chalicelib.domain.search.pupil_filter import Documents, OpinionSought
from chalicelib.domain.teaching.opinions import Leaning, Opinion
from chalicelib.presentation.texts import Words, day_and_hour, de, differences, school_year

if TYPE_CHECKING:
    from chalicelib.office.enrolment.reenrolments import EnrolledPupil, Order

# The values of --state.
StateToken = Literal[
    "sans-reponse", "brouillon", "envoyee", "modifiee", "depart", "acceptee", "refusee", "a-completer"
]  # fmt: skip
STATE_TOKENS: Final[dict[str, State]] = {
    "sans-reponse": "none",
    "brouillon": "draft",
    "envoyee": "submitted",
    "modifiee": "changed",
    "depart": "leaving",
    "acceptee": "accepted",
    "refusee": "declined",
    "a-completer": "to_complete",
}
DocumentsToken = Literal["manquantes", "promises", "fournies"]
DOCUMENTS_TOKENS: Final[dict[DocumentsToken, Documents]] = {
    "manquantes": "missing",
    "promises": "promised",
    "fournies": "provided",
}
OpinionToken = Literal["favorable", "reserve", "defavorable", "aucun"]
OPINION_TOKENS: Final[dict[OpinionToken, OpinionSought]] = {
    "favorable": "favourable",
    "reserve": "reserved",
    "defavorable": "unfavourable",
    "aucun": "none",
}
ORDER_TOKENS: Final[dict[str, Order]] = {"etat": "state", "anciens": "oldest", "recents": "newest"}  # else by name
LEANINGS: Final[dict[Leaning, str]] = Words(
    favourable="favorable",
    reserved="réservé",
    unfavourable="défavorable",
)
STATES: Final[dict[State, str]] = Words(
    none="sans réponse",
    draft="brouillon",
    submitted="envoyée",
    changed="modifiée depuis l'envoi",
    leaving="ne se réinscrit pas",
    accepted="acceptée",
    declined="refusée",
    to_complete="à compléter",
)
VERDICTS: Final[dict[Verdict, str]] = Words(accepted="acceptée", declined="refusée", to_complete="à compléter")
# Why a decision on a whole list leaves pupils out, by the code of their refusal.
LEFT_OUT: Final[dict[str, str]] = {
    "decide_nothing_sent": "Rien n'a été envoyé",
    "decide_leaving": "Ne se réinscrivent pas",
    "decide_before": "Déjà décidés autrement",
    "decide_resent": "Renvoyés par la famille depuis le résumé",
    "decide_household": "Foyer renvoyé par la famille depuis le résumé",
    "decide_meanwhile": "Décidés autrement depuis le résumé",
    "decide_vanished": "Effacés depuis le résumé",
}
_NOTHING: Final = "pas encore de réponse"


def standing(pupil: EnrolledPupil) -> str:
    """Describe the state of a pupil in a list, and whether its family is gone from the yearly file."""
    return STATES[pupil.file.state] + (", famille partie" if pupil.family.account.gone_at else "")


def answers(given: PupilAnswers | None) -> str:
    """Describe a pupil's answers, except the remark."""
    if given is None or given.stays is None:
        return _NOTHING
    if not given.stays:
        return f"ne se réinscrit pas ({given.reason})" if given.reason else "ne se réinscrit pas"
    return " ; ".join(map(wish, given.wishes)) or "se réinscrit"


def wish(given: CourseWish) -> str:
    """Describe the wish for a course, and the days wished for, in order."""
    days = f", de préférence {', puis '.join(given.days)}" if given.days else ""
    if given.contradicts_itself:
        return f"{given.discipline} à préciser"
    match given.choice:
        case "keep":
            return f"continue {given.discipline}{days}"
        case "stop":
            return f"arrête {given.discipline}"
        case "add":
            return f"commence {given.discipline or 'une discipline à choisir'} en plus{days}"
        case "change" if given.wanted == given.discipline:
            return f"continue {given.discipline} à un autre moment{days}"
        case "change":
            return f"passe {de(given.discipline)} à {given.wanted or 'une discipline à choisir'}{days}"


def pupil_answers(file: PupilFile) -> str:
    """Describe a pupil's current answers: as sent, then the unsent changes."""
    if file.state == "none":
        return ""
    if file.state != "changed" or file.sent is None:
        return answers(file.answers)
    return f"{answers(file.sent.answers)} ; depuis, pas encore renvoyé : {answers(file.draft)}"


def changes(courses: Sequence[Course], given: PupilAnswers | None) -> str:
    """Describe the changes from this year to the next. Empty without answers."""
    if given is None or given.stays is None:
        return ""
    if not given.stays:
        courses_left = ", ".join(course.discipline for course in courses)
        return f"quitte {courses_left}" if courses_left else "s'en va"
    changed = (_outcome(outcome) for outcome in course_outcomes(courses, given) if outcome.before != outcome.after)
    unclear = (f"{wish.discipline} à préciser" for wish in given.wishes if wish.contradicts_itself)
    return " ; ".join((*changed, *unclear)) or "rien ne change"


def _outcome(course: CourseOutcome) -> str:
    if not course.before:
        return f"en plus : {course.after}"
    return f"{course.before} → {course.after}" if course.after else f"arrête {course.before}"


def decision(made: EnrolmentDecision) -> str:
    """Describe a decision: its author, moment and words."""
    words = f" : « {made.words} »" if made.words else ""
    return f"{VERDICTS.get(made.verdict, made.verdict)} le {day_and_hour(made.at)}, par {made.by}{words}"


def household_changes(before: HouseholdAnswers, after: HouseholdAnswers) -> str:
    """Compare a household's old and new answers. Empty if they are equal."""
    return " ; ".join(f"{name} : {old} → {new}" for name, old, new in differences(before, after))


def household_unsent(enrolment: Enrolment) -> str:
    """Describe the unsent changes of a household's answers, old and new. Empty if there are none."""
    sent = enrolment.sent_household
    return household_changes(sent, enrolment.household) if sent else ""


def household_since(pupil: EnrolledPupil) -> str:
    """Describe the household's changes sent since the decision on a pupil, old and new. Empty if there are none."""
    return household_changes(*pupil.household_change) if pupil.household_change else ""


def list_opinions(pupil: EnrolledPupil) -> str:
    """Summarise the opinions of a pupil's teachers. Empty if there are none."""
    given = ((course_of_opinion(pupil, one), one.said.leaning) for one in pupil.opinions)
    return " ; ".join(f"{course} : {LEANINGS[leaning]}" for course, leaning in given if leaning)


def course_of_opinion(pupil: EnrolledPupil, given: Opinion) -> str:
    """Name the course of an opinion: its discipline, and its school year if not the re-enrolment's."""
    season = given.ref.season
    other = f" ({school_year(season)})" if season != pupil.family.enrolment.ref.season else ""
    return f"{given.discipline}{other}"


def opinion(given: Opinion) -> str:
    """Describe an opinion: its leaning, moment, author and words."""
    leaning = LEANINGS[given.said.leaning] if given.said.leaning else ""
    at = f" le {day_and_hour(given.at)}" if given.at else ""
    words = f" : « {given.said.words} »" if given.said.words else ""
    return f"{leaning}{at}, par {given.by.partition(' <')[0]}{words}"


FINDINGS: Final[dict[Finding, str]] = Words(
    received="remise au guichet",
    accepted="acceptée",
    refused="refusée",
)


def provided_how(provided: ProvidedDocument) -> str:
    """Describe how a document is provided."""
    return "déposée en ligne" if provided.object_key else "promise sur papier"


def list_answers(pupil: EnrolledPupil) -> str:
    """Describe a pupil's current answers, and its household's changes, unsent or sent since the decision."""
    parts = [pupil_answers(pupil.file)]
    if pupil.file.sent and pupil.file.sent.answers.stays:
        parts += ["foyer modifié, pas encore renvoyé"] * pupil.family.household_waits
        since = household_since(pupil)
        parts += [f"foyer renvoyé depuis la décision : {since}"] * bool(since)
    return " ; ".join(parts)


def counts_sentence(counts: Counter[State]) -> str:
    """Count the pupils by state."""
    counted = (f"{name} : {counts[state]}" for state, name in STATES.items() if counts[state])
    return " ; ".join((f"Élèves : {counts.total()}", *counted)) + "."
