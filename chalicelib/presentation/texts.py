"""French texts: the sentences of `sentences.py` filled in, periods, errors, days and hours."""

import unicodedata
from collections.abc import Mapping, Sized
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from chalicelib.domain.enrolment.answers import PUPIL_FIELDS, FormField, HouseholdAnswers, PupilAnswers, form_fields
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, PeriodState
from chalicelib.domain.family.corrections import Correction
from chalicelib.domain.fields import longest
from chalicelib.presentation.sentences import FIELDS, SENTENCES, FieldTexts
from chalicelib.presentation.wish_texts import TO_CHOOSE, wish_alone

if TYPE_CHECKING:  # no family's function loads staff
    from chalicelib.domain.staff.members import AccessChange, Role


class Words(dict[Any, str]):
    """The words of stored codes. A code that a later version wrote, before a rollback, is given as it is."""

    def __missing__(self, code: str) -> str:
        """Write an unknown code."""
        return f"{code} (d'une version plus récente)"


# The re-enrolment period in each state, and on a page that does not know the day.
PERIOD: Final[Mapping[PeriodState, str]] = {
    "before": "La réinscription {school_year} ouvrira le {opens_on} et se terminera le {closes_on} inclus.",
    "during": "La réinscription {school_year} est ouverte jusqu'au {closes_on} inclus.",
    "after": "La réinscription {school_year} est terminée depuis le {closes_on}. Pour toute question, adressez-vous à l'administration de votre conservatoire.",
}
PERIOD_ON_ANY_DAY: Final = "Réinscription {school_year} : du {opens_on} au {closes_on} inclus."

# The period of applications in each state.
ADMISSION_PERIOD: Final[Mapping[PeriodState, str]] = {
    "before": "Les demandes pour {school_year} ouvriront le {opens_on} et seront prises jusqu'au {closes_on} inclus.",
    "during": "Les demandes pour {school_year} sont ouvertes jusqu'au {closes_on} inclus.",
    "after": "Les demandes pour {school_year} sont closes depuis le {closes_on}. Pour savoir s'il reste des places, appelez le conservatoire.",
}
ADMISSION_BRIEF: Final[Mapping[PeriodState, str]] = {"before": "à partir du {opens_on}", "during": "jusqu'au {closes_on} inclus", "after": "clos depuis le {closes_on}"}  # fmt: skip
ADMISSION_UNANNOUNCED_BRIEF: Final = "dates pas encore annoncées"
ADMISSION_UNANNOUNCED: Final = (
    "Les dates des nouvelles demandes ne sont pas encore annoncées. Pour en savoir plus, appelez le conservatoire."
)

# What may still be done about a re-enrolment, in its mails: until its period ends, afterwards, and without a period.
UNTIL: Final = {
    "due": (
        "Pièces à remettre jusqu'au {day} inclus :",
        "Pièces à remettre au plus vite (elles étaient attendues jusqu'au {day}) :",
        "Pièces à remettre :",
    ),
    "one_due": (
        "Pièce à remettre jusqu'au {day} inclus :",
        "Pièce à remettre au plus vite (elle était attendue jusqu'au {day}) :",
        "Pièce à remettre :",
    ),
    "change": (
        "Vous pouvez changer vos réponses sur l'extranet jusqu'au {day} inclus, puis les envoyer à nouveau.",
        "La réinscription est terminée depuis le {day} : pour changer une réponse, appelez l'administration.",
        "Pour changer une réponse, appelez l'administration.",
    ),
    "complete": (
        "Complétez vos réponses sur l'extranet, puis envoyez-les à nouveau, jusqu'au {day} inclus.",
        "La réinscription est terminée depuis le {day} : pour compléter vos réponses, appelez l'administration.",
        "Pour compléter vos réponses, appelez l'administration.",
    ),
}

# The error pages: title, then the cause and the remedy.
ERRORS: Final = {
    400: ("Demande incomprise", "L'adresse ou le formulaire reçu n'est pas lisible. Revenez à la page précédente et recommencez, ou repartez de l'accueil de l'extranet."),
    403: ("Demande refusée", "Cette demande ne vient pas d'une page de l'extranet. Rouvrez l'extranet à son adresse habituelle et recommencez."),
    404: ("Page introuvable", "Cette page n'existe pas ou n'existe plus. Vérifiez l'adresse, ou repartez de l'accueil de l'extranet."),
    405: ("Page à ouvrir autrement", "Cette adresse ne s'ouvre pas directement. Repartez de la page de connexion."),
    413: ("Envoi trop volumineux", "Le formulaire reçu est trop volumineux. Revenez à la page précédente et raccourcissez votre saisie."),
    415: ("Envoi non reconnu", "Ce format d'envoi n'est pas accepté. Utilisez le formulaire de la page."),
    429: ("Trop de demandes", "Trop de demandes arrivent en même temps. Attendez quelques minutes, puis recommencez."),
    500: ("Erreur inattendue", "Une erreur s'est produite de notre côté ; rien n'a été enregistré à moitié. Recommencez dans quelques minutes."),
    503: ("Service momentanément indisponible", "Le service ne répond pas pour l'instant ; rien n'a été enregistré à moitié. Recommencez dans quelques minutes."),
}  # fmt: skip

# The roles of staff, as pages and mails call them.
ROLES: "Final[Mapping[Role, str]]" = Words(reader="consultation", secretary="secrétariat", manager="responsable du réseau", teacher="enseignement")  # fmt: skip

# The changes of a member's access: the subject of the notice, and its description.
ACCESS_CHANGES: "Final[Mapping[AccessChange, tuple[str, str]]]" = {
    "accepted": ("Votre accès au bureau est ouvert", "Votre invitation au bureau de l'extranet a été acceptée : un mot de passe et un second facteur viennent d'être choisis en votre nom."),
    "agent": ("ProConnect ouvre votre accès au bureau", "Un compte ProConnect vient d'être attaché à votre accès, par une première connexion ou depuis « Mon accès » : il ouvre désormais le bureau de l'extranet en votre nom."),
    "password": ("Votre mot de passe du bureau a été modifié", "Le mot de passe de votre accès au bureau de l'extranet a été modifié. Les connexions ouvertes ailleurs sont terminées."),
    "application": ("Votre application de connexion a été remplacée", "L'application qui affiche les codes de votre accès au bureau de l'extranet a été remplacée : l'ancienne n'ouvre plus rien. Les connexions ouvertes ailleurs sont terminées."),
    "recovery": ("Vos codes de secours ont été renouvelés", "De nouveaux codes de secours ont été faits pour votre accès au bureau de l'extranet : les anciens n'ouvrent plus rien."),
    "recovery_used": ("Un de vos codes de secours a servi", "Un de vos codes de secours sur papier a servi à entrer au bureau de l'extranet."),
    "passkey_added": ("Une clé d'accès a été ajoutée", "Une clé d'accès de plus ouvre le bureau de l'extranet en votre nom."),
    "passkey_removed": ("Une clé d'accès a été retirée", "Une clé d'accès n'ouvre plus le bureau de l'extranet en votre nom."),
    "closed": ("Votre accès au bureau est fermé", "Un responsable du réseau a fermé votre accès au bureau de l'extranet : il n'ouvre plus rien."),
    "reopened": ("Votre accès au bureau est rouvert", "Un responsable du réseau a rouvert votre accès au bureau de l'extranet, avec ce qui l'ouvrait avant."),
    "role": ("Votre rôle au bureau a changé", "Un responsable du réseau a changé votre rôle, ou vos sites, au bureau de l'extranet : « Mon accès » dit ce qui vaut maintenant."),
}  # fmt: skip

# The days of a calendar: title, then words.
LAST_DAY: Final = (
    "Dernier jour pour changer ou compléter : réinscription {school_year}",
    "Jusqu'au {day} inclus, vous pouvez changer vos réponses sur l'extranet et les envoyer à nouveau, ou envoyer celles qui manquent.\n{site} : {telephone}",
)
DOCUMENTS_DUE: Final = (
    "Pièces à fournir : réinscription {school_year}",
    "À remettre à votre conservatoire, ou à envoyer sur l'extranet, au plus tard le {day} :\n{documents}\n{site} : {telephone}",
)

# The origins of a password, and other login methods. A change of a password stores nothing else.
_ORIGINS: Final = Words(chosen="choisi", mailed="reçu par mail", franceconnect="FranceConnect", franceconnect_used="première connexion par FranceConnect")  # fmt: skip
OPENED_BY: Final = Words(login="par mot de passe", change="par mot de passe, modifié alors", passkey="par clé d'accès", franceconnect="par FranceConnect", code="par un code reçu par mail")  # fmt: skip
_STAYS: Final = next(field for field in PUPIL_FIELDS if field.attribute == "stays")
_LEFT_OUT: Final = "pas indiqué"  # an optional answer that was not given
_FIRM: Final = "\N{NO-BREAK SPACE}"
_WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS: Final = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip

# The beginnings of names whose h counts as a consonant. That of Hélène, Henri or Hugo is mute.
_ASPIRATED: Final = (
    "haa", "hab", "hadi", "hadj", "haf", "hai", "hak", "hal", "ham", "han", "hao", "haro", "harp", "harr", "has", "hat", "haw",
    "hau", "hay", "heidi", "helmut", "hib", "hic", "hind", "hir", "hoa", "hou", "hua", "hung", "huss",
)  # fmt: skip

_MEGABYTE: Final = 1024 * 1024  # as telephones and computers count


def sentence(code: str, **facts: str | int) -> str:
    """Fill in the sentence of a code. Raises KeyError for a code without a sentence."""
    return SENTENCES[code].format(**facts)


def role(code: "Role") -> str:
    """Name a role of staff."""
    return ROLES[code]


def access_change(kind: "AccessChange") -> tuple[str, str]:
    """Return the words of a change of a member's access: a title, then a description."""
    return ACCESS_CHANGES[kind]


def period(dates: EnrolmentPeriod, now: datetime | None = None) -> str:
    """Describe a period at a moment. Without one, in words that stay true."""
    return _with_days(PERIOD[dates.state(now)] if now else PERIOD_ON_ANY_DAY, dates)


def period_states(dates: EnrolmentPeriod) -> dict[PeriodState, str]:
    """Describe a period in each state, for a reader that learns the day only later."""
    return {state: _with_days(sentence, dates) for state, sentence in PERIOD.items()}


def admission_period(dates: EnrolmentPeriod | None, now: datetime) -> str:
    """Describe the period of applications at a moment. Without a period, the telephone to call."""
    if dates is None:
        return ADMISSION_UNANNOUNCED
    return _with_days(ADMISSION_PERIOD[dates.state(now)], dates)


def admission_brief(dates: EnrolmentPeriod | None, now: datetime) -> str:
    """Describe the period of applications in a few words, beside the name of a site."""
    if dates is None:
        return ADMISSION_UNANNOUNCED_BRIEF
    return _with_days(ADMISSION_BRIEF[dates.state(now)], dates)


def until(
    purpose: Literal["due", "change", "complete"], dates: EnrolmentPeriod | None, now: datetime, due: Sized = ()
) -> str:
    """Write the last day of an action, or the alternative once it is over. `due`: the documents due."""
    open_, over, unknown = UNTIL["one_due" if purpose == "due" and len(due) == 1 else purpose]
    if dates is None:
        return unknown
    return (over if dates.state(now) == "after" else open_).format(day=day(dates.closes_on))


def most(name: str) -> str:
    """Write the limit of a field: « 100 caractères au plus. »."""
    return f"{longest(name)} caractères au plus."


def field_words(field: FormField) -> FieldTexts:
    """Return the words of a field of a step."""
    return FIELDS[field.attribute if field.is_asked else f"former_{field.attribute}"]


def answer(answers: HouseholdAnswers | PupilAnswers, field: FormField) -> str:
    """Write the answer to a field. Empty if there is none."""
    value, words = getattr(answers, field.attribute), field_words(field)
    if not field.is_answered(value):
        return ""
    return value if isinstance(value, str) else words.yes if value else words.no


def answer_line(answers: HouseholdAnswers | PupilAnswers, field: FormField) -> str:
    """Write the answers to a field and those shown with it: « M. Merle, 06 99 00 10 02 »."""
    together = (other for other in form_fields(answers) if field.attribute in {other.attribute, other.shown_with})
    return ", ".join(filter(None, (answer(answers, other) for other in together)))


def answer_lines(answers: HouseholdAnswers | PupilAnswers) -> dict[str, str]:
    """Write the answers by title, without optional ones left empty.

    A pupil's answers also leave out the fields that the household's had when they were sent.
    """
    wish_lines = [
        field for field in form_fields(answers) if field.is_listed and not field.shown_with and _applies(answers, field)
    ]
    lines = {field: answer_line(answers, field) for field in wish_lines}
    return {
        field_words(field).title: text or field_words(field).empty
        for field, text in lines.items()
        if text or (field.is_required and not field.of_who_stays)
    }


def _applies(answers: HouseholdAnswers | PupilAnswers, field: FormField) -> bool:
    return not field.of_who_stays or (isinstance(answers, PupilAnswers) and bool(answers.stays))


def differences(
    first: HouseholdAnswers | PupilAnswers, other: HouseholdAnswers | PupilAnswers
) -> list[tuple[str, str, str]]:
    """List the differences between two sets of answers: the title, and each answer."""
    left, right = _all_lines(first), _all_lines(other)
    titles = (title for title in {**right, **left} if left.get(title) != right.get(title))
    return [(title, left.get(title, _LEFT_OUT), right.get(title, _LEFT_OUT)) for title in titles]


def _all_lines(answers: HouseholdAnswers | PupilAnswers) -> dict[str, str]:
    """Write all answers by title, including a pupil's courses."""
    if isinstance(answers, HouseholdAnswers):
        return answer_lines(answers)
    lines = {"Réinscription": answer(answers, _STAYS) or FIELDS["stays"].empty}
    if answers.stays is False:
        lines |= {"Motif": answers.reason} if answers.reason else {}
    else:
        for wish in answers.wishes:  # two courses may have one discipline
            title = wish.discipline or TO_CHOOSE
            lines[title] = " ; ".join(filter(None, (lines.get(title), wish_alone(wish))))
    return lines | answer_lines(answers)


def describe_change(change: Correction) -> tuple[str, str]:
    """Describe the values before and after a change."""
    if change.what == "access":
        return "ouvert", "gelé par la famille : « Ce n'est pas moi »"
    if change.what == "pupil":
        return _identity(*change.old) or "rien", _identity(*change.new) or "rien"
    if change.what not in {"password", "sign_in"}:
        return ", ".join(change.old) or "rien", ", ".join(change.new) or "rien"
    old, new = (map(_login_method, values) for values in (change.old, change.new))
    return ", ".join(old) or "aucun", ", ".join(new) or "aucun"


def _login_method(value: str) -> str:
    kind, _, name = value.partition(":")
    return f"clé d'accès « {name} »" if kind == "passkey" else _ORIGINS.get(value, value)


def _identity(name: str = "", born_on: str = "") -> str:
    return f"{name}, {day(date.fromisoformat(born_on))}" if born_on else name


def campaign(name: str) -> str:
    """Name a campaign by its words: « réinscription 2027-2028 » for « reinscription-2027 ». Others are as typed."""
    kind, dash, season = name.rpartition("-")
    if kind == "reinscription" and season.isdigit():
        return f"réinscription {school_year(season)}"
    return name.replace(dash, " ") if dash else name


def school_year(season: str) -> str:
    """Write the school year of a season: « 2027-2028 » for 2027."""
    return f"{season}-{int(season) + 1}"


def season_title(dates: EnrolmentPeriod | None) -> str:
    """Write the title of a season: « Réinscription 2027-2028 », without a year until a period is announced."""
    return f"Réinscription {school_year(dates.season)}" if dates else "Réinscription"


def spell(number: str) -> str:
    """Spell a receipt's number for reading aloud: « R 2 7 - K 4 T N - 8 W C B ». A line may end only at a hyphen."""
    return " - ".join(_FIRM.join(part) for part in number.split("-"))


def de(name: str) -> str:
    """Put « de » before a name: « d'Agathe », « d'Hélène », « d'Yves », « de Léo », « de Yasmine », « de Hamza »."""
    plain = unicodedata.normalize("NFD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    is_mute = letters[:1] == "h" and not letters.startswith(_ASPIRATED)
    is_elided = is_mute or letters[:1] in {*"aeiouœæ"} or (letters[:1] == "y" and letters[1:2] in {*"bcdfglmnprstvz"})
    return f"d'{name}" if is_elided else f"de {name}"


def about(topic: str, sentence: str) -> str:
    """Begin a sentence with its subject: « Léo Rossignol : répondez… »."""
    return f"{topic} : {sentence[0].lower()}{sentence[1:]}"


def _with_days(sentence: str, dates: EnrolmentPeriod) -> str:
    return sentence.format(
        school_year=school_year(dates.season), opens_on=day(dates.opens_on), closes_on=day(dates.closes_on)
    )


def day(when: date) -> str:
    """Write a day, or the day of a moment in Paris: « 1er septembre 2026 »."""
    local = when.astimezone(PARIS) if isinstance(when, datetime) else when
    return f"{'1er' if local.day == 1 else local.day} {_MONTHS[local.month - 1]} {local.year}"


def full_day(when: date) -> str:
    """Write a day with its weekday: « mercredi 4 novembre 2026 »."""
    return f"{_WEEKDAYS[when.weekday()]} {day(when)}"


def euros(cents: int) -> str:
    """Write an amount, on one line: « 1 234,50 € »."""
    whole, part = divmod(abs(cents), 100)
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", _FIRM) + f",{part:02d}{_FIRM}€"


def hour(when: datetime) -> str:
    """Write an hour in Paris: « 9 h 05 »."""
    local = when.astimezone(PARIS)
    return f"{local.hour} h {local.minute:02d}"


def day_and_hour(when: datetime) -> str:
    """Write a day and hour: « 1er septembre 2026 à 9 h 05 »."""
    return f"{day(when)} à {hour(when)}"


def retry_at(until: datetime, now: datetime) -> str:
    """Write the first whole minute at which a try is accepted, with its day if that is not today."""
    minute = (until + timedelta(seconds=59)).replace(second=0, microsecond=0)
    is_today = minute.astimezone(PARIS).date() == now.astimezone(PARIS).date()
    return hour(minute) if is_today else f"{hour(minute)}, le {day(minute)}"


def size(count: int) -> str:
    """Write the size of a file: « 1,2 Mo », « 850 Ko »."""
    if count < _MEGABYTE:
        return f"{max(1, round(count / 1024))} Ko"
    return f"{count / _MEGABYTE:.1f} Mo".replace(".", ",").replace(",0", "")
