"""The fields of all forms: their maximal lengths and kinds.

Those of the household and pupil steps are described with their answers (`enrolment/answers.py`), the others here.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

from chalicelib.domain.enrolment.answers import HOUSEHOLD_FIELDS, PUPIL_FIELDS
from chalicelib.domain.enrolment.answers import Kind as StepKind
from chalicelib.domain.text import tidy
from chalicelib.values import frozen

# « line », « lines »: words, tidied, on one line or several. « exact »: options and hidden values, compared unchanged.
# « secret »: a password, not tidied, and not limited here, since the rule for new passwords limits it.
Kind = Literal["line", "lines", "exact", "secret"]


@frozen
class Field:
    """A field. `longest`: in code points, after cleaning. `choices`: of all forms, if they are always the same."""

    longest: int
    kind: Kind
    choices: tuple[str, ...] = ()


_KINDS: Final[Mapping[StepKind, Kind]] = {
    "line": "line",
    "lines": "lines",
    "telephone": "line",
    "tick": "exact",
    "yes_or_no": "exact",
}
_CHOICES: Final[Mapping[StepKind, tuple[str, ...]]] = {"tick": ("", "oui"), "yes_or_no": ("", "oui", "non")}
_NAME: Final = 100  # code points: of a person
_OFFERED: Final = Field(300, "exact")  # a discipline of the yearly file has up to 200
_TICK: Final = Field(300, "exact", ("", "oui"))
_SECRET: Final = Field(16_384, "secret")  # no form is larger (`incoming.BODY_BYTES`)
_FIELDS: Final[Mapping[str, Field]] = {
    "identifiant": Field(64, "line"),
    "email": Field(254, "line"),
    "code": Field(40, "line"),
    "telephone": Field(60, "line"),
    "voie": Field(300, "lines"),
    "code_postal": Field(40, "line"),
    "ville": Field(60, "line"),
    "pays": Field(60, "line"),
    **{
        field.name: Field(field.longest, _KINDS[field.kind], _CHOICES.get(field.kind, ()))
        for field in (*HOUSEHOLD_FIELDS, *PUPIL_FIELDS)
    },
    # typed by the office in `clef`, and stored
    "decision_words": Field(10 * _NAME, "lines"),
    "office_who": Field(4 * _NAME, "line"),  # on the desk, a name and the proven address
    "office_why": Field(10 * _NAME, "line"),
    **dict.fromkeys(("mot_de_passe", "actuel", "nouveau", "confirmation"), _SECRET),
    **dict.fromkeys(("site", "discipline", "jour", "motif"), _OFFERED),
    "cours": Field(300, "exact", ("", "continuer", "jour", "discipline", "changer", "arreter", "oui")),
    "plus_tard": _TICK,
    "connexion": _OFFERED,  # an open session, or all
    "acces": _OFFERED,  # a passkey or a link
    "lien": Field(512, "exact"),
    "seance": _OFFERED,  # a lesson: « COURSE#DAY »
    "motif_absence": Field(3 * _NAME, "line"),
    # of the desk
    "courriel": Field(254, "line"),
    "recherche": Field(_NAME, "line"),
    # The family of a form. The pupil and its displayed state. A family's identifier may be long.
    **dict.fromkeys(("famille", "eleve"), Field(600, "exact")),
    "raison": Field(10 * _NAME, "line"),  # the reason of an act, for the audit trail
    "texte": Field(10 * _NAME, "lines"),  # text for a family
    "annulation": Field(3 * _NAME, "lines"),  # the reason of a cancelled lesson, for its families
    "acte": _OFFERED,  # that cancelled lessons
    "heure": Field(40, "line"),  # of a moved lesson
    "mot": Field(15 * _NAME, "lines"),  # a teacher's message to the families of a course
    **dict.fromkeys(
        ("role", "etat", "enseignant", "piece", "delai", "decision", "page", "adresse", "saison", "sites"), _OFFERED
    ),
    **dict.fromkeys(("desactiver", "changer", "accord", "papier", "remise", "envoyer", "retirer"), _TICK),
    **dict.fromkeys(("incertains", "reprise"), _OFFERED),
    **dict.fromkeys(("du", "au"), Field(40, "line")),  # a substitute's first and last day
    **dict.fromkeys(("remplacant", "appel", "constat"), _OFFERED),
    "annonce": Field(6 * _NAME, "line"),  # the public number that will decide a draw, in words
    **dict.fromkeys(("nombre", "encore"), Field(2 * _NAME, "line")),  # that number, typed twice
    "preuve": _OFFERED,  # the address of the form after a passkey's assertion
    **dict.fromkeys(("ouvre", "ferme", "echeance", "recu_le"), Field(40, "line")),
    "recu": _OFFERED,  # how answers reached the office that enters them
    **dict.fromkeys(("voeu", "compte", "place", "facture"), _OFFERED),  # the accepted wish. An account
    "application": Field(1000, "exact"),  # the page's sealed key of an application
    "repris_formulaire": Field(12_000, "exact"),  # a sealed form, which the login carries within `BODY_BYTES`
    "annuler": Field(12_000, "exact"),  # sealed decisions, for a while, with those that they replaced
    **dict.fromkeys(("collegue", "note", "suivi"), _OFFERED),  # of a file: a colleague, a note, whose it is
    "rappel": Field(40, "line"),  # the day of a call
    "confirme": Field(1000, "exact"),  # the seal of a form that was opened within a recent proof
    "cle": Field(8000, "exact"),  # a passkey's response, as JSON in base64url
    "appreciation": Field(20 * _NAME, "lines"),  # a teacher's assessment of a pupil
    # of applications
    "numero": Field(254, "line"),  # of a receipt, or the applicant's address
    "site_web": Field(_NAME, "line"),
    "depuis": Field(_NAME, "exact"),
    **dict.fromkeys(("nom", "prenom"), Field(_NAME, "line")),
    "naissance": Field(40, "line"),
    **dict.fromkeys(("niveau", "groupe", "proposition"), _OFFERED),
    **dict.fromkeys(("action", "retour", "responsable", "garder"), _OFFERED),
    **dict.fromkeys(("avis", "suite"), _OFFERED),  # a teacher's opinion. A request for the next pupil's page
    **dict.fromkeys(("tri", "rang", "sur", "vers", "decide"), _OFFERED),  # the place of a file in its list
    "avis_mots": Field(10 * _NAME, "lines"),  # its reason, for the office
    "marque": _OFFERED,  # of a pupil in a roll
    "colonne": _OFFERED,  # of a list
    **dict.fromkeys(("par", "quoi", "sorte", "vu", "jeton", "repris", "repris_compte"), _OFFERED),
}
CARRIED: Final = "repris-"  # prefix of a field carried by the login form
_OF_PUPILS: Final = "|".join(field.name for field in PUPIL_FIELDS)
_NUMBERED: Final = (  # uncompiled, so that `re` compiles it on first use and no start waits
    r"(?a)(telephone|cours|discipline|jour|envoyer|papier|remise|retirer|site|niveau|groupe|eleve|vu|marque|colonne|"
    rf"{_OF_PUPILS})-[\w-]+"
)
_BREAK: Final = "\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]"
_BLANK_LINES: Final = r"\n{3,}"
# Invisible characters that Unicode does not call formats: joiners, Hangul and Khmer fillers, variation selectors.
_UNSEEN: Final = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0]"


def of(name: str) -> Field:
    """Find a field by its name in a form. Raises `KeyError` for an unknown name."""
    bare = name.removeprefix(CARRIED)
    match = re.fullmatch(_NUMBERED, bare)
    return _FIELDS[match[1] if match else bare]


def longest(name: str) -> int:
    """Return the maximal length of a field, in code points."""
    return of(name).longest


def clean(name: str, value: str) -> str:
    """Clean a typed value: remove invisible characters, and join single-line ones."""
    match of(name).kind:
        case "line":
            return in_one_line(value)
        case "lines":
            return in_lines(value)
        case _:
            return value


def too_long(form: Mapping[str, str]) -> dict[str, int]:
    """Find the fields of a form that are too long, with their limits.

    Fields carried by a login form are checked when they are sent on. Unknown fields are never read.
    """
    declared_fields = {name: of(name) for name in form if is_declared(name) and not name.startswith(CARRIED)}
    return {
        name: field.longest
        for name, field in declared_fields.items()
        if field.kind != "secret" and len(clean(name, form[name])) > field.longest
    }


def is_declared(name: str) -> bool:
    """Whether any form has a field of this name."""
    try:
        return of(name) is not None
    except KeyError:
        return False


def in_one_line(text: str) -> str:
    """Put a text on one line: breaks become blanks, and invisible or bidirectional characters are removed."""
    return tidy(_visible(re.sub(_BREAK, " ", text)))


def in_lines(text: str) -> str:
    """Normalise a text of several lines: uniform breaks, and at most one blank line in a row."""
    return re.sub(_BLANK_LINES, "\n\n", tidy(_visible(re.sub(_BREAK, "\n", text)))).strip("\n")


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    plain = (
        " " if unicodedata.category(character) == "Cc" and character != "\n" else character
        for character in re.sub(_UNSEEN, "", text)
    )
    return "".join(plain)
