"""What the desk says instead where the office's own sentence names a command: the same fact, and the page's way out."""

from typing import Final

from chalicelib.office.refusals import OfficeRefusal

# By the refusal's code, with its own facts in braces.
WEB: Final[dict[str, str]] = {
    # decisions on re-enrolments
    "decide_words": "Écrivez à la famille pourquoi, ou ce qu'elle doit compléter : {longest} caractères au plus.",
    "decision_words_long": "Le texte pour la famille est trop long : {longest} caractères au plus.",
    "office_why_long": "La raison est trop longue : {longest} caractères au plus.",
    "decide_before": "{name} : {decision}. Rien n'a été changé ; pour en décider autrement, cochez « Changer la "
    "décision déjà prise ».",
    "decide_resent": "La famille vient de renvoyer sa demande pour {name} (reçu {number}, le {at}). Rien n'a été "
    "décidé : relisez-la ici, puis recommencez.",
}


def sentence_of(refusal: OfficeRefusal) -> str:
    """Write a refusal for a page: no command, no option."""
    words = WEB.get(refusal.code)
    return words.format(**refusal.facts) if words else refusal.sentence
