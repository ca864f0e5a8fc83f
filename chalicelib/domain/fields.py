"""What may be typed in each field of every form: how long, on one line or on several.

Those of the household and pupil steps are described with their answers (`enrolment/answers.py`), the others here.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

from chalicelib.domain.enrolment.answers import HOUSEHOLD_FIELDS, PUPIL_FIELDS
from chalicelib.domain.enrolment.form_fields import Kind as StepKind
from chalicelib.domain.text import tidy
from chalicelib.values import frozen

# « line », « lines »: words, tidied, on one line or several. « exact »: what a page offers or carries, compared as it
# came. « secret »: a password, which is neither tidied nor refused for its length here: the rule for a new one does.
Kind = Literal["line", "lines", "exact", "secret"]


@frozen
class Field:
    """How a field is read; `longest` in code points, once it is cleaned."""

    longest: int
    kind: Kind


_KINDS: Final[Mapping[StepKind, Kind]] = {
    "line": "line",
    "lines": "lines",
    "telephone": "line",
    "tick": "exact",
    "yes_or_no": "exact",
}
_NAME: Final = 100  # code points: of a person
_OFFERED: Final = Field(300, "exact")  # a discipline of the yearly file has up to 200
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
    **{field.name: Field(field.longest, _KINDS[field.kind]) for field in (*HOUSEHOLD_FIELDS, *PUPIL_FIELDS)},
    # what the office types in `clef`, and is kept
    "decision_words": Field(10 * _NAME, "lines"),
    "office_who": Field(4 * _NAME, "line"),  # on the desk, a name and the address that was proven
    "office_why": Field(10 * _NAME, "line"),
    **dict.fromkeys(("mot_de_passe", "actuel", "nouveau", "confirmation"), _SECRET),
    **dict.fromkeys(("site", "cours", "discipline", "jour", "motif", "plus_tard"), _OFFERED),
    "lien": Field(512, "exact"),
    "seance": _OFFERED,  # a lesson: « COURSE#DAY »
    "motif_absence": Field(3 * _NAME, "line"),
    # of the desk
    "courriel": Field(254, "line"),
    "recherche": Field(_NAME, "line"),
    "eleve": Field(600, "exact"),  # which pupil, and as it was shown: its family's identifier may be long
    "raison": Field(10 * _NAME, "line"),  # why something is done, for the audit trail
    "texte": Field(10 * _NAME, "lines"),  # what a family will read
    "annulation": Field(3 * _NAME, "lines"),  # why a lesson is cancelled, as its families read it
    "mot": Field(15 * _NAME, "lines"),  # a teacher's words to the families of a course
    **dict.fromkeys(
        ("role", "etat", "enseignant", "piece", "decision", "page", "adresse", "saison", "sites", "changer"), _OFFERED
    ),
    "desactiver": _OFFERED,  # families that are gone from a file
    **dict.fromkeys(("incertains", "reprise"), _OFFERED),
    **dict.fromkeys(("du", "au"), Field(40, "line")),  # the days of a substitute
    "remplacant": _OFFERED,
    "preuve": _OFFERED,  # the address to which a form goes on, once a passkey has answered
    **dict.fromkeys(("ouvre", "ferme", "echeance"), Field(40, "line")),
    **dict.fromkeys(("voeu", "compte"), _OFFERED),  # the wish that is accepted; that the account is there already
    "application": Field(1000, "exact"),  # the key that a page drew for an application, sealed
    "cle": Field(8000, "exact"),  # what a passkey answers, as JSON in base64url
    "appreciation": Field(20 * _NAME, "lines"),  # what a teacher writes of a pupil
    # of new requests
    "numero": Field(254, "line"),  # of a receipt, or the address that sent its request
    "site_web": Field(_NAME, "line"),
    "depuis": Field(_NAME, "exact"),
    **dict.fromkeys(("nom", "prenom"), Field(_NAME, "line")),
    "naissance": Field(40, "line"),
    **dict.fromkeys(("niveau", "groupe", "retirer", "proposition"), _OFFERED),
    **dict.fromkeys(("papier", "envoyer", "action", "accord", "retour", "responsable", "garder"), _OFFERED),
    **dict.fromkeys(("avis", "suite"), _OFFERED),  # how a teacher's opinion leans; that the next pupil's page is wanted
    "avis_mots": Field(10 * _NAME, "lines"),  # why, for the office
    "marque": _OFFERED,  # of a pupil in a roll
    **dict.fromkeys(("par", "quoi", "vu", "jeton", "repris", "repris_compte"), _OFFERED),
}
CARRIED: Final = "repris-"  # before the name of a field that waits in the login form
_OF_PUPILS: Final = "|".join(field.name for field in PUPIL_FIELDS)
_NUMBERED: Final = (  # patterns are texts, which `re` compiles once a page needs them: no start waits for it
    r"(?a)(telephone|cours|discipline|jour|envoyer|papier|retirer|site|niveau|groupe|eleve|vu|marque|"
    rf"{_OF_PUPILS})-[\w-]+"
)
_BREAK: Final = "\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]"
_BLANK_LINES: Final = r"\n{3,}"
# Nobody sees these, and Unicode does not call them formats: joiners, fillers of Hangul and Khmer, selectors.
_UNSEEN: Final = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0]"


def of(name: str) -> Field:
    """Find the rules of a field by its name in the form. Raises `KeyError` for a name that no form of ours has."""
    bare = name.removeprefix(CARRIED)
    numbered = re.fullmatch(_NUMBERED, bare)
    return _FIELDS[numbered[1] if numbered else bare]


def longest(name: str) -> int:
    """Find how many code points a field may have."""
    return of(name).longest


def clean(name: str, value: str) -> str:
    """Clean what was typed in a field: words without anything unseen, on one line where it is one."""
    match of(name).kind:
        case "line":
            return in_one_line(value)
        case "lines":
            return in_lines(value)
        case _:
            return value


def too_long(form: Mapping[str, str]) -> dict[str, int]:
    """Find the fields of a form that are longer than they may be, each with its limit.

    What waits in a login form is told where it is sent then; what no form of ours has is never read.
    """
    known = {name: of(name) for name in form if is_declared(name) and not name.startswith(CARRIED)}
    return {
        name: field.longest
        for name, field in known.items()
        if field.kind != "secret" and len(clean(name, form[name])) > field.longest
    }


def is_declared(name: str) -> bool:
    """Whether some form of ours has a field of this name."""
    try:
        return of(name) is not None
    except KeyError:
        return False


def in_one_line(typed: str) -> str:
    """Put words on one line: a break of any kind is a blank, what nobody sees or what turns the words is gone."""
    return tidy(_visible(re.sub(_BREAK, " ", typed)))


def in_lines(typed: str) -> str:
    """Put words line by line, with at most one blank line between two, and every kind of break the same."""
    return re.sub(_BLANK_LINES, "\n\n", tidy(_visible(re.sub(_BREAK, "\n", typed)))).strip("\n")


def _visible(typed: str) -> str:
    if typed.isascii() and typed.isprintable():
        return typed
    plain = (
        " " if unicodedata.category(character) == "Cc" and character != "\n" else character
        for character in re.sub(_UNSEEN, "", typed)
    )
    return "".join(plain)
