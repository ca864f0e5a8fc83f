"""All data held on an account or application, for a family that asks (RGPD, articles 15 and 20)."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from agency.rights.given_data import DataGiver
from agency.rights.given_text import TextGiver
from agency.rights.titles import Titles
from chalicelib.domain.account.audit import TOMBSTONE_LASTS
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.staff.consultations import KEPT_FOR
from chalicelib.office.rights.subject_access import PersonalData
from chalicelib.presentation.office.accounts import WITHHELD
from chalicelib.settings.environment import Network
from chalicelib.settings.wings import has
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.office.rights import ApplicationData
from chalicelib.wings.teaching.office.rights import LessonData

BACKUP_DAYS: Final = TOMBSTONE_LASTS.days  # DynamoDB's point-in-time recovery
LOG_DAYS: Final = 180  # `.chalice/resources.yaml`
DEAD_LETTER_DAYS: Final = 14  # the same
DOCUMENT_DAYS: Final = 500  # the same
FORMER_DOCUMENT_DAYS: Final = 90  # the same: the bucket's former versions, 60, then the vault's copies of them, 30

_TELEPHONES: Final = ", et des téléphones par des enseignants,"
_OPINIONS: Final = "Les avis des enseignants sur une réinscription sont effacés un an après la rentrée qu'elle prépare."
_ROLLS: Final = (
    "Appels, absences et annulations sont effacés à la fin de l'année scolaire, les appréciations un an plus tard."
)
_BACKUPS: Final = (
    f"Ce qui est changé ou effacé reste {BACKUP_DAYS} jours dans les sauvegardes, une pièce {FORMER_DOCUMENT_DAYS}."
)
NOTES: Final = (
    f"« {WITHHELD} » : elle protège quelqu'un d'autre, ou la demande.",
    "L'ordre des places et les tirages publiés ne contiennent que le numéro du reçu.",
    "Le nombre de codes envoyés reste un jour, sous pseudonyme ; un code et une session, moins d'un jour.",
    f"Les consultations d'une demande par l'administration restent notées {KEPT_FOR.days} jours.",
    "Une demande refusée ou retirée est effacée après la période, une demande sans place à la fin de l'année scolaire.",
)


def explanations(data: PersonalData) -> tuple[str, ...]:
    """Explain the withheld parts, and how long data stays: that of teaching too, if the network left it out since."""
    is_taught = has("teaching") or bool(data.opinions) or data.lessons != LessonData()
    return (
        f"« {WITHHELD} » : elle protège le compte (empreinte d'un mot de passe, d'une session…).",
        "Aucun mot de passe n'est conservé en clair.",
        "Une liste relie au compte, sous un pseudonyme, chacune de ses adresses e-mail, actuelles et passées.",
        "Les cours que ses élèves suivent ou ont suivis sont notés sous un code, tant que le compte existe.",
        "Les noms des agents de l'administration et ceux d'autres familles ne sont pas communiqués.",
        f"Un journal technique garde les connexions et les envois pendant {LOG_DAYS} jours, sous un pseudonyme.",
        f"Les pièces déposées sont effacées quand leur saison est finie, au plus tard {DOCUMENT_DAYS} jours après.",
        *(_OPINIONS,) * is_taught,
        f"Les consultations du dossier{_TELEPHONES * is_taught} restent notées {KEPT_FOR.days} jours.",
        *(_ROLLS,) * is_taught,
        _BACKUPS,
        f"Si un mail n'a pas pu partir, l'identifiant est gardé pour le réessayer, {DEAD_LETTER_DAYS} jours au plus.",
        f"Si le retour d'un mail n'a pas pu être noté, l'adresse est gardée de même, {DEAD_LETTER_DAYS} jours au plus.",
    )


def personal_data_json(data: PersonalData, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """List the data for JSON, each attribute under its label. Secrets are named and withheld."""
    return {**DataGiver(data.account, pseudonyms).give(data), "notes": explanations(data)}


def personal_data_text(data: PersonalData, pseudonyms: Pseudonyms, network: Network) -> str:
    """Write the data as a text to read."""
    account, titles = data.account, Titles(network)
    names = {file.key: file.name for enrolment in data.enrolments for file in enrolment.pupils}
    names |= {key: pupil.name for key, pupil in account.household.pupils_by_key.items()}
    names |= {key: name for application in data.applications for key, name in _candidates(application)}
    logins = {login.ref.identifier: login.display_identifier for login in (account, *data.logins)}
    names |= {identifier: written or identifier.upper() for identifier, written in logins.items()}
    title = f"Données détenues sur le compte {names[account.ref.identifier]} ({titles.site(account.ref.site)})"
    return _text(title, TextGiver(account, pseudonyms, titles=titles, names=names).sections(data), explanations(data))


def application_data_json(data: ApplicationData) -> dict[str, Any]:
    """List all data held on an application without an account."""
    return {**DataGiver().give(data), "notes": NOTES}


def application_data_text(data: ApplicationData, network: Network) -> str:
    """Write the data as a text to read."""
    giver = TextGiver(titles=Titles(network), names=dict(_candidates(data.application)))
    title = f"Données détenues sur la pré-inscription {data.application.number}"
    return _text(title, giver.sections(data), NOTES)


def _text(title: str, sections: Iterable[str], notes: Iterable[str]) -> str:
    return "\n".join((title, *sections, "", "À savoir", *(f"  - {note}" for note in notes), ""))


def _candidates(application: Application) -> Iterator[tuple[str, str]]:
    answers = [application.sent.answers] if application.sent else []
    answers += [application.draft] if application.draft else []
    return ((candidate.key, candidate.name) for given in answers for candidate in given.candidates)
