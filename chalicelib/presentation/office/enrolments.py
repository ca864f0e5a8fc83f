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
from chalicelib.domain.enrolment.opinions import Leaning, Opinion
from chalicelib.domain.family.households import Course
from chalicelib.domain.search.pupil_filter import Documents, OpinionSought
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
LEANINGS: Final[dict[Leaning, str]] = Words(favourable="favorable", reserved="réservé", unfavourable="défavorable")
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
    """Describe the state of a pupil in a list, and whether their family is gone from the yearly file."""
    return STATES[pupil.file.state] + (", famille partie" if pupil.family.account.gone_at else "")


def answers(pupil_answers: PupilAnswers | None) -> str:
    """Describe a pupil's answers, except the remark."""
    if pupil_answers is None or pupil_answers.stays is None:
        return _NOTHING
    if not pupil_answers.stays:
        return f"ne se réinscrit pas ({pupil_answers.reason})" if pupil_answers.reason else "ne se réinscrit pas"
    return " ; ".join(map(wish, pupil_answers.wishes)) or "se réinscrit"


def wish(course_wish: CourseWish) -> str:
    """Describe the wish for a course, and the days wished for, in order."""
    days = f", de préférence {', puis '.join(course_wish.days)}" if course_wish.days else ""
    if course_wish.contradicts_itself:
        return f"{course_wish.discipline} à préciser"
    match course_wish.choice:
        case "keep":
            return f"continue {course_wish.discipline}{days}"
        case "stop":
            return f"arrête {course_wish.discipline}"
        case "add":
            return f"commence {course_wish.discipline or 'une discipline à choisir'} en plus{days}"
        case "change" if course_wish.wanted == course_wish.discipline:
            return f"continue {course_wish.discipline} à un autre moment{days}"
        case "change":
            return f"passe {de(course_wish.discipline)} à {course_wish.wanted or 'une discipline à choisir'}{days}"


def pupil_answers(file: PupilFile) -> str:
    """Describe a pupil's current answers: as sent, then the unsent changes."""
    if file.state == "none":
        return ""
    if file.state != "changed" or file.sent is None:
        return answers(file.answers)
    return f"{answers(file.sent.answers)} ; depuis, pas encore renvoyé : {answers(file.draft)}"


def changes(courses: Sequence[Course], pupil_answers: PupilAnswers | None) -> str:
    """Describe the changes from this year to the next. Empty without answers."""
    if pupil_answers is None or pupil_answers.stays is None:
        return ""
    if not pupil_answers.stays:
        courses_left = ", ".join(course.discipline for course in courses)
        return f"quitte {courses_left}" if courses_left else "s'en va"
    outcomes = (
        _outcome(outcome) for outcome in course_outcomes(courses, pupil_answers) if outcome.before != outcome.after
    )
    unclear = (f"{wish.discipline} à préciser" for wish in pupil_answers.wishes if wish.contradicts_itself)
    return " ; ".join((*outcomes, *unclear)) or "rien ne change"


def _outcome(course: CourseOutcome) -> str:
    if not course.before:
        return f"en plus : {course.after}"
    return f"{course.before} → {course.after}" if course.after else f"arrête {course.before}"


def decision(act: EnrolmentDecision) -> str:
    """Describe a decision: its author, moment and words."""
    words = f" : « {act.words} »" if act.words else ""
    return f"{VERDICTS.get(act.verdict, act.verdict)} le {day_and_hour(act.at)}, par {act.by}{words}"


def household_changes(before: HouseholdAnswers, after: HouseholdAnswers) -> str:
    """Compare a household's old and new answers. Empty if they are equal."""
    return " ; ".join(f"{name} : {old} → {new}" for name, old, new in differences(before, after))


def household_unsent(enrolment: Enrolment) -> str:
    """Describe the unsent changes of a household's answers, old and new. Empty if there are none."""
    household = enrolment.sent_household
    return household_changes(household, enrolment.household) if household else ""


def household_since(pupil: EnrolledPupil) -> str:
    """Describe the household's changes sent since the decision on a pupil, old and new. Empty if there are none."""
    return household_changes(*pupil.household_change) if pupil.household_change else ""


def list_opinions(pupil: EnrolledPupil) -> str:
    """Summarise the opinions of a pupil's teachers. Empty if there are none."""
    lines = ((course_of_opinion(pupil, one), one.said.leaning) for one in pupil.opinions)
    return " ; ".join(f"{course} : {LEANINGS[leaning]}" for course, leaning in lines if leaning)


def course_of_opinion(pupil: EnrolledPupil, pupil_opinion: Opinion) -> str:
    """Name the course of an opinion: its discipline, and its school year if not the re-enrolment's."""
    season = pupil_opinion.ref.season
    year = f" ({school_year(season)})" if season != pupil.family.enrolment.ref.season else ""
    return f"{pupil_opinion.discipline}{year}"


def opinion(pupil_opinion: Opinion) -> str:
    """Describe an opinion: its leaning, moment, author and words."""
    leaning = LEANINGS[pupil_opinion.said.leaning] if pupil_opinion.said.leaning else ""
    at = f" le {day_and_hour(pupil_opinion.at)}" if pupil_opinion.at else ""
    words = f" : « {pupil_opinion.said.words} »" if pupil_opinion.said.words else ""
    return f"{leaning}{at}, par {pupil_opinion.by.partition(' <')[0]}{words}"


FINDINGS: Final[dict[Finding, str]] = Words(received="remise au guichet", accepted="acceptée", refused="refusée")


def provided_how(document: ProvidedDocument) -> str:
    """Describe how a document is provided."""
    return "déposée en ligne" if document.object_key else "promise sur papier"


def list_answers(pupil: EnrolledPupil) -> str:
    """Describe a pupil's current answers, and their household's changes, unsent or sent since the decision."""
    parts = [pupil_answers(pupil.file)]
    if pupil.file.sent and pupil.file.sent.answers.stays:
        parts += ["foyer modifié, pas encore renvoyé"] * pupil.family.household_waits
        since = household_since(pupil)
        parts += [f"foyer renvoyé depuis la décision : {since}"] * bool(since)
    return " ; ".join(parts)


def counts_sentence(counts: Counter[State]) -> str:
    """Count the pupils by state."""
    parts = (f"{name} : {counts[state]}" for state, name in STATES.items() if counts[state])
    return " ; ".join((f"Élèves : {counts.total()}", *parts)) + "."
