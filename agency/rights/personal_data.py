"""All data held on one account, for the family that asks (RGPD, articles 15 and 20): as data, and as text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from agency.console.output import plural
from agency.rights import personal_data_applications as held_requests
from agency.rights import personal_data_enrolments as held_enrolments
from agency.rights.given_data import DataGiver
from agency.rights.titles import Titles
from chalicelib.domain.account.accounts import FAMILY, GUARDIAN, Account
from chalicelib.domain.account.audit import TOMBSTONE_LASTS
from chalicelib.domain.account.email_proof import PendingEmail
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.sessions import Session
from chalicelib.domain.billing.bills import Invoice
from chalicelib.domain.family.households import Guardian
from chalicelib.domain.staff.consultations import KEPT_FOR
from chalicelib.office.rights.subject_access import PersonalData
from chalicelib.presentation.login_methods import by_text, proof_text
from chalicelib.presentation.office import corrections
from chalicelib.presentation.office.accounts import (
    ACTS,
    NOTICES,
    WITHHELD,
    guardian_text,
    join_words,
    moment,
    password_text,
    pupil_text,
)
from chalicelib.presentation.texts import OPENED_BY, Words, day, day_and_hour, euros
from chalicelib.settings.environment import Network

BACKUP_DAYS: Final = TOMBSTONE_LASTS.days  # DynamoDB's point-in-time recovery
LOG_DAYS: Final = 180  # `.chalice/resources.yaml`
DEAD_LETTER_DAYS: Final = 14  # the same
DOCUMENT_DAYS: Final = 500  # the same
FORMER_DOCUMENT_DAYS: Final = 90  # the same: the bucket's former versions, 60, then the vault's copies of them, 30

EXPLANATIONS: Final = (
    f"« {WITHHELD} » : elle protège le compte (empreinte d'un mot de passe, d'une session…).",
    "Aucun mot de passe n'est conservé en clair.",
    "Chaque adresse e-mail du compte, ou qui le fut, mène au compte par une table à part, sous un pseudonyme.",
    "Les cours que ses élèves suivent ou ont suivis sont notés sous un code, tant que le compte existe.",
    "Les noms des agents de l'administration et ceux d'autres familles ne sont pas communiqués.",
    f"Un journal technique garde les connexions et les envois {LOG_DAYS} jours, sous un pseudonyme.",
    f"Les pièces déposées sont effacées quand leur saison est finie, au plus tard {DOCUMENT_DAYS} jours après.",
    "Les avis des enseignants sur une réinscription sont effacés un an après la rentrée qu'elle prépare.",
    f"Les consultations du dossier, et des téléphones par des enseignants, sont notées {KEPT_FOR.days} jours.",
    "Appels, absences et annulations sont effacés à la fin de l'année scolaire, les appréciations un an plus tard.",
    f"Les sauvegardes gardent les données d'avant {BACKUP_DAYS} jours, et {FORMER_DOCUMENT_DAYS} les pièces effacées.",
    f"Un mail qui n'a pas pu être écrit laisse l'identifiant dans une file d'attente au plus {DEAD_LETTER_DAYS} jours.",
    f"Un avis de non-remise qui n'a pas pu être noté y laisse l'adresse, au plus {DEAD_LETTER_DAYS} jours aussi.",
)
_ROLES: Final = {FAMILY: "compte de la famille", GUARDIAN: "accès personnel d'un responsable"}
# Fields of the yearly file, by the names under which the account keeps their digests.
_IMPORTED: Final[Mapping[str, str]] = Words(
    {
        **{str(field): name for field, name in corrections.FIELDS.items()},
        "telephones": "téléphones",
        "written": "identifiant",
        "pupils": "élèves",
        "guardian_addresses": "adresses des responsables",
        "disabled": "désactivation",
    }
)
_LATER: Final = {
    "account": "le compte",
    "enrolments": "une réinscription",
    "requests": "une pré-inscription",
    "bills": "les factures",
    "opinions": "un avis",
}
_OFFICE: Final = "compte de l'administration"
_ELSEWHERE: Final = "une adresse qui n'est plus au dossier"


# Of a guardian's own login: the attributes that its family's account does not have.
_OF_LOGIN: Final = (
    *("identifier", "name", "emails", "disabled", "stamp", "password", "mailed", "letters", "last_login", "access"),
    *("passkeys", "links"),
)


def personal_data_json(data: PersonalData, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """List the data for JSON, each attribute under its label. Secrets are named and withheld."""
    content: dict[str, Any] = DataGiver(data.account, pseudonyms).give(data)
    content["logins"] = [{label: login[label] for label in _OF_LOGIN} for login in content["logins"]]
    return {**content, "notes": EXPLANATIONS}


def personal_data_text(data: PersonalData, pseudonyms: Pseudonyms, network: Network) -> str:
    """Write the data as a text to read."""
    titles, names = Titles(network), {key: pupil.name for key, pupil in data.account.household.pupils_by_key.items()}
    names |= {
        key: name
        for application in data.applications
        for key, name in held_requests.candidate_names(application).items()
    }
    lines = [
        f"Données détenues sur le compte {_identifier(data.account)} ({titles.site(data.account.ref.site)})",
        *_section("Le compte", _account_lines(data.account, pseudonyms)),
        *_section("Accès des responsables", (line for login in data.logins for line in _login_lines(login))),
        *_section("Le foyer", _household_lines(data.account)),
        *_section(
            "Réinscriptions",
            (line for enrolment in data.enrolments for line in held_enrolments.enrolment_lines(enrolment, titles)),
        ),
        *_section(
            "Avis des enseignants", (held_enrolments.opinion_line(opinion, data.account) for opinion in data.opinions)
        ),
        *_section(
            "Pré-inscriptions",
            (
                line
                for application in data.applications
                for line in held_requests.application_lines(application, titles)
            ),
        ),
        *_section("Cours, appels et appréciations", held_enrolments.lesson_lines(data.lessons, data.account)),
        *_section(
            "Pièces déposées",
            (held_enrolments.upload_line(file, names, titles) for file in (*data.uploads, *data.application_uploads)),
        ),
        *_section("Factures", map(_bill_line, data.bills.invoices)),
        *_section("Mails", _mail_lines(data, pseudonyms)),
        *_section("Sessions", map(_session_line, data.sessions)),
        *_section("Essais de connexion ratés", map(day_and_hour, data.tries)),
        *_section(
            "Demandes de l'administration",
            (f"{day_and_hour(entry.at)} : {ACTS[entry.kind]} (« {entry.author.why} »)" for entry in data.acts),
        ),
        *_section("Consultations du dossier", map(held_requests.consultation_line, data.consultations)),
        *(_section("Écrit par une version plus récente", _later_lines(data, pseudonyms)) if data.later else ()),
        *_section("À savoir", EXPLANATIONS),
    ]
    return "\n".join(lines) + "\n"


def _later_lines(data: PersonalData, pseudonyms: Pseudonyms) -> Iterator[str]:
    for label, parts in DataGiver(data.account, pseudonyms).give(data)["later"].items():
        yield from (f"{_LATER[label]} : {json.dumps(part, ensure_ascii=False, default=str)}" for part in parts)


def _identifier(account: Account) -> str:
    """Write an identifier as the administration does."""
    return account.display_identifier or account.ref.identifier.upper()


def _section(title: str, lines: Iterator[str] | tuple[str, ...]) -> list[str]:
    return ["", title, *(f"  - {line}" for line in (list(lines) or ["rien"]))]


def _account_lines(account: Account, pseudonyms: Pseudonyms) -> Iterator[str]:
    yield f"nom : {account.name}"
    yield f"identifiant : {_identifier(account)}"
    yield f"nature : {_ROLES.get(account.role, _OFFICE)}"
    if account.application:
        yield f"ouvert pour la demande de pré-inscription : {account.application}"
    yield f"adresses e-mail : {join_words(account.emails)}"
    for failing in account.failing_mailboxes:
        email = account.mailbox(failing.mailbox, pseudonyms) or _ELSEWHERE
        yield f"mail à {email} : {NOTICES[failing.kind]} {moment(failing.at)}"
    yield f"compte {'désactivé' if account.disabled else 'actif'}"
    yield from _password_lines(account)
    yield f"valeur qui ferme les sessions quand le mot de passe change : {WITHHELD}"
    yield f"sortie du fichier annuel : {moment(account.gone_at, 'non')}"
    fields = join_words((_IMPORTED.get(field, field) for field, _ in account.imported), "aucun")
    yield f"champs suivis dans le fichier annuel, par une empreinte de chacun ({WITHHELD}) : {fields}"
    if account.separated_at:
        yield f"coordonnées séparées entre responsables {moment(account.separated_at)}"


def _password_lines(account: Account) -> Iterator[str]:
    yield f"mot de passe : {password_text(account)} (son empreinte : {WITHHELD})"
    for password in account.mailed_passwords:
        yield f"mot de passe envoyé, pas utilisé, valable jusqu'au {day_and_hour(password.expires_at)} ({WITHHELD})"
    for key in account.passkeys:
        since, used = f"ajoutée {moment(key.added_at)}{by_text(key.by)}, {proof_text(key.proof)}", moment(key.used_at)
        yield f"clé d'accès « {key.name} » {since}, dernière utilisation : {used} ({WITHHELD})"
    for link in account.links:
        since, used = f"relié {moment(link.linked_at)}{by_text(link.by)}", moment(link.used_at)
        yield f"FranceConnect {since}, {proof_text(link.proof)}, dernière utilisation : {used} ({WITHHELD})"
    yield from map(corrections.line_for_family, account.access_corrections)
    yield f"dernière connexion : {moment(account.last_login)}"


def _login_lines(login: Account) -> Iterator[str]:
    yield f"{login.name} : {_identifier(login)}, accès {'désactivé' if login.disabled else 'actif'}"
    yield f"{login.name} : adresses e-mail : {join_words(login.emails)}"
    yield from (f"{login.name} : {line}" for line in _password_lines(login))
    yield from (f"{login.name} : mot de passe envoyé {moment(letter.at)}" for letter in login.letters)


def _session_line(session: Session) -> str:
    parts = [f"ouverte {moment(session.opened_at)}, {OPENED_BY[session.opened_by]}", f"vue {moment(session.seen_at)}"]
    parts.append(f"fin de session {moment(session.expires_at)}")
    parts += [f"par {session.speaker}"] if session.speaker else []
    parts += [f"navigateur {session.browser}"] if session.browser else []
    parts += [f"avec l'accès personnel {session.identifier.upper()}"] if session.family else []
    parts += [f"connexion d'avant {moment(session.previous_login)}"] if session.previous_login else []
    parts += ["un autre site que celui du compte avait été choisi"] if session.site_forgiven else []
    return f"{' ; '.join(parts)} (ce qui la prouve : {WITHHELD})"


def _guardian_line(guardian: Guardian) -> str:
    address = f", {join_words(guardian.address)}" if guardian.address else ""
    login = f", accès personnel {guardian.login.upper()}" if guardian.login else ""
    return f"responsable : {guardian_text(guardian)}{address}{login}"


def _household_lines(account: Account) -> Iterator[str]:
    household = account.household
    yield from map(_guardian_line, household.guardians)
    yield f"adresse postale : {join_words(household.address)}"
    yield from (f"élève : {pupil_text(pupil)}" for pupil in household.pupils)
    yield f"payeur : {household.payer or 'non renseigné'}"
    yield f"coordonnées confirmées : {corrections.confirmation_text(account)}"
    yield from map(corrections.line_for_family, account.corrections)
    for at in account.correction_times:
        yield f"coordonnées corrigées par la famille {moment(at)}"


def _bill_line(invoice: Invoice) -> str:
    due = f", à payer au plus tard le {day(invoice.due_on)}" if invoice.due_on else ""
    payments = "".join(
        f" ; payé {euros(payment.cents)} le {day(payment.on)}{f' ({payment.how})' if payment.how else ''}"
        for payment in invoice.payments
    )
    label = f" « {invoice.label} »" if invoice.label else ""
    return f"n° {invoice.number} du {day(invoice.issued_on)}{label} : {euros(invoice.cents)}{due}{payments}"


def _mail_lines(data: PersonalData, pseudonyms: Pseudonyms) -> Iterator[str]:
    account = data.account
    for letter in account.letters:
        yield f"mot de passe envoyé {moment(letter.at)}"
    for at in account.code_times:
        yield f"code demandé {moment(at)}, pour prouver une adresse"
    if account.pending_email:
        yield _unproven_line(account.pending_email)
    for notice in account.notices:
        email = account.mailbox(notice.mailbox, pseudonyms) or _ELSEWHERE
        companions = f", avec {plural(len(notice.companions), 'autre compte')}" if notice.companions else ""
        yield f"communiqué « {notice.campaign} » à {email} : {NOTICES[notice.state]} {moment(notice.at)}{companions}"
    if data.mentions:
        companions = plural(len(data.mentions), "autre compte")
        yield f"compte cité dans les communiqués d'adresses partagées avec {companions}"


def _unproven_line(pending: PendingEmail) -> str:
    instead = f", à la place de {pending.replaced}" if pending.replaced else ""
    guardian = f", pour {pending.guardian}" if pending.guardian else ""
    request = f"demandée {moment(pending.asked_at)} par {pending.by}{instead}{guardian}"
    tries = plural(len(pending.tries), "essai")
    return f"adresse pas encore prouvée : {pending.email}, {request}, {tries} du code ({WITHHELD})"
