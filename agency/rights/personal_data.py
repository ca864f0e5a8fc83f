"""All that is held on one account, for the family that asks (RGPD, articles 15 and 20): as data, and as text."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from agency.console.counting import counted
from agency.desk import correction_words
from agency.desk.account_words import ACTS, FAILURES, NOTICES, WITHHELD, guardian, listed, moment, password, pupil
from agency.rights import personal_data_enrolments as held_enrolments
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.email_proof import Unproven
from chalicelib.domain.account.notices import Notice
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.billing.bills import Invoice
from chalicelib.domain.family.corrections import Correction
from chalicelib.office.rights.access import Held
from chalicelib.texts import day, day_and_hour, euros

BACKUP_DAYS: Final = 35  # what DynamoDB's point-in-time recovery keeps
LOG_DAYS: Final = 180  # `.chalice/resources.yaml`
DEAD_LETTER_DAYS: Final = 14  # the same
DOCUMENT_DAYS: Final = 500  # the same

EXPLAINED: Final = (
    f"« {WITHHELD} » : elle protège le compte (empreinte d'un mot de passe, d'une session…).",
    "Aucun mot de passe n'est conservé en clair.",
    "Les noms des agents de l'administration et ceux d'autres familles ne sont pas communiqués.",
    f"Un journal technique garde les connexions et les envois {LOG_DAYS} jours, sous un pseudonyme.",
    f"Les pièces déposées sont effacées quand leur saison est finie, au plus tard {DOCUMENT_DAYS} jours après.",
    f"Les sauvegardes gardent les données d'avant {BACKUP_DAYS} jours.",
    f"Un mail qui n'a pas pu être écrit laisse l'identifiant dans une file d'attente au plus {DEAD_LETTER_DAYS} jours.",
)
_ELSEWHERE: Final = "une adresse qui n'est plus au dossier"


def as_data(held: Held, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Give it as JSON can hold it, each field under its name; what is secret is named, and withheld."""
    return {
        "account": _account(held.account, pseudonyms),
        "sessions": [
            {
                "opened_at": each.opened_at,
                "opened_by": each.opened_by,
                "seen_at": each.seen_at,
                "expires_at": each.expires_at,
                "previous_login": each.previous_login,
                "speaker": each.speaker,
                "fingerprint": WITHHELD,
                "stamp": WITHHELD,
            }
            for each in held.sessions
        ],
        "failed_logins": held.tries,
        "enrolments": list(map(held_enrolments.as_data, held.enrolments)),
        "uploads": list(map(held_enrolments.upload_as_data, held.uploads)),
        "bills": [_bill(each) for each in held.bills.invoices],
        "acts": [{"kind": each.kind, "at": each.at, "why": each.author.why, "who": WITHHELD} for each in held.acts],
        "listed_in_notices_of_other_accounts": len(held.mentions),
        "notes": EXPLAINED,
    }


def _account(account: Account, pseudonyms: Pseudonyms) -> dict[str, Any]:
    current = account.password
    return {
        "site": account.ref.site,
        "identifier": account.ref.identifier,
        "written": account.written,
        "name": account.name,
        "role": account.role,
        "emails": account.emails,
        "disabled": account.disabled,
        "stamp": WITHHELD,
        "password": current and {"hash": WITHHELD, "origin": current.origin, "changed_at": current.changed_at},
        "mailed": [{"digest": WITHHELD, "expires_at": each.expires_at} for each in account.mailed],
        "letters": [each.at for each in account.letters],
        "last_login": account.last_login,
        "failing": [
            {"email": account.mailbox(each.mailbox, pseudonyms), "kind": each.kind, "at": each.at}
            for each in account.failing
        ],
        "household": asdict(account.household),
        "imported": {field: WITHHELD for field, _ in account.imported},
        "gone_at": account.gone_at,
        "notices": [_notice(each, account, pseudonyms) for each in account.notices],
        "corrections": [_correction(each) for each in account.corrections],
        "access": [_correction(each) for each in account.access],
        "corrected": account.corrected,
        "confirmed": account.confirmed and {"by": account.confirmed.by, "at": account.confirmed.at},
        "unproven": account.unproven and _unproven(account.unproven),
        "codes": account.codes,
    }


def _correction(correction: Correction) -> dict[str, Any]:
    withheld = {"who": WITHHELD} if correction.hand.side == "office" else {}
    return correction_words.as_data(correction) | withheld


def _unproven(unproven: Unproven) -> dict[str, Any]:
    return {
        "email": unproven.email,
        "by": unproven.by,
        "asked_at": unproven.asked_at,
        "replaced": unproven.replaced or None,
        "code": WITHHELD,
        "tries": len(unproven.tries),
    }


def _bill(invoice: Invoice) -> dict[str, Any]:
    return {**asdict(invoice), "document": bool(invoice.document)}


def _notice(notice: Notice, account: Account, pseudonyms: Pseudonyms) -> dict[str, Any]:
    return {
        "campaign": notice.campaign,
        "state": notice.state,
        "at": notice.at,
        "email": account.mailbox(notice.mailbox, pseudonyms),
        "listed_with_others": len(notice.companions),
        "writer": WITHHELD,
    }


def as_text(held: Held, pseudonyms: Pseudonyms, site: str) -> str:
    """Give it as a text to read."""
    lines = [
        f"Données détenues sur le compte {held.account.written or held.account.ref.identifier} ({site})",
        *_section("Le compte", _account_lines(held.account, pseudonyms)),
        *_section("Le foyer", _household_lines(held.account)),
        *_section("Réinscriptions", (line for each in held.enrolments for line in held_enrolments.lines(each))),
        *_section("Pièces déposées", map(held_enrolments.upload_line, held.uploads)),
        *_section("Factures", map(_bill_line, held.bills.invoices)),
        *_section("Mails", _mail_lines(held.account, pseudonyms)),
        *_section("Sessions", (f"ouverte {moment(s.opened_at)}, vue {moment(s.seen_at)}" for s in held.sessions)),
        *_section("Essais de connexion ratés", map(day_and_hour, held.tries)),
        *_section(
            "Demandes de l'administration",
            (f"{day_and_hour(act.at)} : {ACTS[act.kind]} (« {act.author.why} »)" for act in held.acts),
        ),
        *_section("À savoir", EXPLAINED),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, lines: Iterator[str] | tuple[str, ...]) -> list[str]:
    return ["", title, *(f"  - {line}" for line in (list(lines) or ["rien"]))]


def _account_lines(account: Account, pseudonyms: Pseudonyms) -> Iterator[str]:
    yield f"nom : {account.name}"
    yield f"identifiant : {account.ref.identifier}"
    yield f"rôle : {account.role}"
    yield f"adresses e-mail : {listed(account.emails)}"
    for each in account.failing:
        email = account.mailbox(each.mailbox, pseudonyms) or _ELSEWHERE
        yield f"mail à {email} : {FAILURES[each.kind]} {moment(each.at)}"
    yield f"compte {'désactivé' if account.disabled else 'actif'}"
    yield f"mot de passe : {password(account)} (son empreinte : {WITHHELD})"
    for mailed in account.mailed:
        yield f"mot de passe envoyé, pas utilisé, valable jusqu'au {day_and_hour(mailed.expires_at)} ({WITHHELD})"
    yield from map(correction_words.line_for_family, account.access)
    yield f"dernière connexion : {moment(account.last_login)}"
    yield f"marque du compte : {WITHHELD}"
    yield f"sortie du fichier annuel : {moment(account.gone_at, 'non')}"
    yield f"champs suivis dans le fichier annuel : {listed((field for field, _ in account.imported), 'aucun')}"


def _household_lines(account: Account) -> Iterator[str]:
    household = account.household
    yield from (f"responsable : {guardian(each)}" for each in household.guardians)
    yield f"adresse postale : {listed(household.address)}"
    yield from (f"élève : {pupil(each)}" for each in household.pupils)
    yield f"payeur : {household.payer or 'non renseigné'}"
    yield f"coordonnées confirmées : {correction_words.confirmed(account)}"
    yield from map(correction_words.line_for_family, account.corrections)
    for at in account.corrected:
        yield f"coordonnées corrigées par la famille {moment(at)}"


def _bill_line(invoice: Invoice) -> str:
    due = f", à payer au plus tard le {day(invoice.due_on)}" if invoice.due_on else ""
    paid = "".join(
        f" ; payé {euros(each.cents)} le {day(each.on)}{f' ({each.how})' if each.how else ''}"
        for each in invoice.payments
    )
    label = f" « {invoice.label} »" if invoice.label else ""
    return f"n° {invoice.number} du {day(invoice.issued_on)}{label} : {euros(invoice.cents)}{due}{paid}"


def _mail_lines(account: Account, pseudonyms: Pseudonyms) -> Iterator[str]:
    for letter in account.letters:
        yield f"mot de passe envoyé {moment(letter.at)}"
    for at in account.codes:
        yield f"code demandé {moment(at)}, pour prouver une adresse"
    if account.unproven:
        yield f"adresse pas encore prouvée : {account.unproven.email} (son code : {WITHHELD})"
    for each in account.notices:
        email = account.mailbox(each.mailbox, pseudonyms) or _ELSEWHERE
        others = f", avec {counted(len(each.companions), 'autre compte')}" if each.companions else ""
        yield f"communiqué « {each.campaign} » à {email} : {NOTICES[each.state]} {moment(each.at)}{others}"
