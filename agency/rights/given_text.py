"""The data given to a family as text to read: each attribute by the phrase of its declaration."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from agency.console.output import plural
from agency.rights.given_data import DataGiver
from agency.rights.titles import Titles
from chalicelib.domain.account.accounts import ALIAS, CANARY, FAMILY, GUARDIAN, REHEARSED, Account
from chalicelib.domain.dossiers.uploads import UploadedFile
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt
from chalicelib.domain.family.corrections import Confirmation, Correction
from chalicelib.domain.family.households import Household, PupilRef
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.office.declarations import Attribute
from chalicelib.office.parts import RightsPart
from chalicelib.office.rights.subject_access import PersonalData
from chalicelib.presentation import texts
from chalicelib.presentation.login_methods import proof_text
from chalicelib.presentation.office import corrections, enrolments
from chalicelib.presentation.office.accounts import ACTS, CONSULTATIONS, NOTICES, WITHHELD
from chalicelib.presentation.texts import Words, day_and_hour
from chalicelib.settings.wings import parts
from chalicelib.values import frozen
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.admission.domain import applications as admission
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.teaching.domain.courses import courses_of

# Words of codes, by the label of their attribute.
WORDS: Final[Mapping[str, Mapping[Any, str]]] = {
    "role": Words(
        {FAMILY: "compte de la famille", GUARDIAN: "accès personnel d'un responsable", ALIAS: "autre identifiant"}
        | dict.fromkeys((CANARY, REHEARSED), "compte fictif")
    ),
    "origin": Words(chosen="choisi", mailed="reçu par mail, gardé depuis"),
    "opened_by": texts.OPENED_BY,
    "state": NOTICES,
    "kind": Words([*ACTS.items(), *CONSULTATIONS.items(), *NOTICES.items()]),
    "verdict": Words([*enrolments.VERDICTS.items(), ("waiting", "mise en liste d'attente")]),
    "finding": Words(received="remise au guichet", accepted="vérifiée", refused="refusée"),
    "mark": Words(absent="absence", late="retard", excused="absence excusée"),
    "opinion": enrolments.LEANINGS,
}
# Fields of the yearly file, by the names under which the account keeps their digests.
_IMPORTED: Final = Words(
    {
        **{str(field): name for field, name in corrections.FIELDS.items()},
        "telephones": "téléphones",
        "written": "identifiant",
        "pupils": "élèves",
        "disabled": "désactivation",
        "guardian_addresses": "adresses des responsables",
    }
)
_LATER: Final = {
    "account": "le compte",
    "enrolments": "une réinscription",
    "requests": "une pré-inscription",
    **{part.attribute.label: part.attribute.phrase for part in parts(RightsPart, ALL_WINGS)},
    "opinions": "un avis",
}
_OFF_FILE: Final = "un élève qui n'est plus au dossier"
_TALL: Final = (Account, Enrolment, Application)  # with a line for each attribute


@frozen
class TextGiver(DataGiver):
    """Writes the data of one account, or of an application. `names`: of pupils, by their keys."""

    titles: Titles = field(kw_only=True)
    names: Mapping[str, str] = field(kw_only=True)

    def sections(self, data: object) -> Iterator[str]:
        """Write a section for each attribute of all data, then name those without data."""
        empty = list[str]()
        for owner, attribute, part in self.parts(data):
            lines = list(self._lines(owner, replace(attribute, phrase=""), part))
            empty += [f"  - {attribute.phrase}"] * (not lines)
            outer = "" if is_dataclass(part) else "  "
            yield from ("", attribute.phrase or "") if lines else ()
            yield from (outer + line if line[0] == " " else f"  {line}" for line in lines)
        yield from ("", "Rien n'est détenu sous ces titres", *empty) if empty else ()

    def _lines(self, owner: Any, attribute: Attribute, part: Any) -> Iterator[str]:  # noqa: ANN401 - any attribute
        """Write an attribute, each value of a list on a line of its own, with those of its parts below, indented."""
        for value in part if _is_list(part) else (part,):
            first, *below = self._written(owner, attribute, value)
            text = _led(attribute, first) if first or below else attribute.otherwise
            yield from [f"- {text}"] * bool(text)
            yield from (f"  {line}" for line in below)

    def _written(self, owner: Any, attribute: Attribute, value: Any) -> list[str]:  # noqa: ANN401 - any value
        """Write a value: its text, then the lines below it."""
        if (type(owner), attribute.label) in FORMATS or not is_dataclass(value) or isinstance(value, type):
            return [self._text(owner, attribute, value)]
        if write := WHOLE.get(type(value)):
            return [write(self.account, value)]
        words, below = list[str](), list[str]()
        for inner, inner_attribute, part in self.parts(value):
            lines = [] if inner_attribute.phrase is None else list(self._lines(inner, inner_attribute, part))
            if len(lines) != 1 or _is_list(part) or isinstance(value, _TALL if words else Household):
                below += lines
            else:
                comma = "" if not words or (inner_attribute.phrase or "").startswith(" ") else ","
                words.append(f"{comma} {lines[0].removeprefix('- ')}")
        return ["".join(words).strip(), *below]

    def _text(self, owner: Any, attribute: Attribute, value: Any) -> str:  # noqa: ANN401, PLR0911 - any scalar
        label = attribute.label
        if write := FORMATS.get((type(owner), label)) or FORMATS.get((object, label)):
            return write(self, owner, value) if value else ""
        match value:
            case str() if label in WORDS and value:
                return WORDS[label][value]
            case datetime():
                return day_and_hour(value)
            case date():
                return texts.day(value)
            case tuple():
                return ", ".join(map(str, value))
            case True:
                return attribute.phrase or label
        return str(value or "")

    def pupil(self, key: str) -> str:
        """Name a pupil by their key."""
        return self.names.get(key, key if key in self.names.values() else _OFF_FILE)

    def course(self, lesson: Any) -> str:  # noqa: ANN401 - a lesson of any kind
        """Name the discipline of a lesson's course, if it is still on file."""
        course = courses_of(self.account, lesson.pupil).get(lesson.course) if self.account else None
        return course.discipline if course else getattr(lesson.fact, "discipline", "un cours qui n'est plus au dossier")


def _is_list(part: object) -> bool:
    """Whether each value has a line of its own: all but words, which are joined."""
    return isinstance(part, tuple) and not all(isinstance(value, str) for value in part)


def _led(attribute: Attribute, text: str) -> str:
    phrase = attribute.phrase or ""
    led = phrase.replace("{}", text) if "{}" in phrase else f"{phrase} {text}"
    return text if text == phrase else led.strip()


def _answers(answers: HouseholdAnswers | PupilAnswers) -> str:
    parts = [enrolments.answers(answers)] if isinstance(answers, PupilAnswers) else []
    return " ; ".join((*parts, *(f"{name} : {answer}" for name, answer in texts.answer_lines(answers).items())))


def _household(_giver: TextGiver, enrolment: Enrolment, answers: HouseholdAnswers) -> str:
    unsent = enrolments.household_unsent(enrolment)
    return _answers(answers) + (f" ; modifié depuis l'envoi, pas renvoyé : {unsent}" if unsent else "")


def _draft(_giver: TextGiver, file: PupilFile, answers: PupilAnswers) -> str:
    return f"{'depuis, pas encore renvoyé' if file.sent else 'pas encore envoyé'} : {_answers(answers)}"


# The text of a whole value, for its account.
WHOLE: Final[Mapping[type, Callable[[Account | None, Any], str]]] = {
    Correction: lambda _, correction: corrections.line_for_family(correction),
    Confirmation: lambda account, _: corrections.confirmation_text(account) if account else "",
    HouseholdAnswers: lambda _, answers: _answers(answers),
    PupilAnswers: lambda _, answers: _answers(answers),
}
# The text of an attribute, by its owner's kind or any, and its label.
FORMATS: Final[Mapping[tuple[type, str], Callable[[TextGiver, Any, Any], str]]] = {
    (object, "site"): lambda giver, _, code: giver.titles.site(code),
    (object, "login"): lambda giver, _, login: giver.names.get(login, login.upper()),
    (object, "identifier"): lambda giver, _, identifier: giver.names.get(identifier, identifier.upper()),
    (object, "campaign"): lambda _giver, _owner, name: texts.campaign(name),
    (object, "season"): lambda _giver, _owner, season: texts.school_year(season),
    (object, "school_year"): lambda _giver, _owner, year: texts.school_year(year),
    (object, "cents"): lambda _giver, _owner, cents: texts.euros(cents),
    (object, "bytes"): lambda _giver, _owner, count: texts.size(count),
    (object, "proof"): lambda _giver, _owner, proof: proof_text(proof),
    (object, "code"): lambda giver, _, code: giver.titles.document(code),
    (UploadedFile, "code"): lambda giver, _, code: f"« {giver.titles.document(code)} »",
    (object, "owner"): lambda giver, _, key: giver.names.get(key, ""),
    (object, "pupil"): lambda giver, _, key: giver.pupil(key),
    (PupilRef, "key"): lambda giver, _, key: giver.pupil(key),
    (object, "course"): lambda giver, lesson, _: giver.course(lesson),
    (object, "imported"): lambda _giver, _owner, names: f"{', '.join(_IMPORTED[name] for name in names)} ({WITHHELD})",
    (Enrolment, "household"): _household,
    (PupilFile, "draft"): _draft,
    (Receipt, "pupils"): lambda _giver, _owner, pupil: f"{pupil[1]} : {_answers(pupil[2])}",
    (Consultation, "last_at"): lambda _, owner, at: day_and_hour(at) if owner.times > 1 else "",
    (Consultation, "times"): lambda _giver, _owner, times: str(times) if times > 1 else "",
    (admission.Candidate, "first_name"): lambda _, candidate, __: candidate.name,
    (admission.Answers, "groups"): lambda giver, _, codes: " ".join(map(giver.titles.group, codes)),
    (admission.Sent, "at"): lambda _, sent, at: day_and_hour(at) if at != sent.first_at else "",
    (admission.Standing, "key"): lambda giver, _, key: giver.names.get(key, "un élève qui n'est plus dans la demande"),
    (admission.Standing, "slot"): lambda giver, _, slot: ", ".join(
        filter(None, (slot[1], giver.titles.site(slot[0]), slot[2]))
    ),
    (admission.Standing, "account"): lambda giver, _, ref: f"{ref[1].upper()} ({giver.titles.site(ref[0])})",
    (PersonalData, "later"): lambda _giver, _owner, later: " ; ".join(
        f"{_LATER[label]} : {json.dumps(part, ensure_ascii=False, default=str)}"
        for label, parts in later.items()
        for part in parts
    ),
    (PersonalData, "listed_in_notices_of_other_accounts"): lambda _giver, _owner, count: (
        f"compte cité dans les communiqués de {plural(count, 'autre compte')} avec une adresse en commun"
    ),
}
