"""One account on the secretary's screen: why it cannot log in first, then what is on file; in French, or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agency.console import show
from agency.desk import correction_words
from agency.desk.account_words import ACTS, FAILURES, NOTICES, guardian, listed, moment, named, password, pupil, unused
from chalicelib.domain.account.coordinates import trail
from chalicelib.office.desk.show import Address, Card
from chalicelib.office.desk.words import explained
from chalicelib.settings import Network
from chalicelib.texts import day, day_and_hour, retry_at


def show_card(card: Card, network: Network) -> None:
    """Show it as lines."""
    site = card.site.name if card.site else card.account.ref.site
    show.say(f"{named(card.account)}, {site}\n")
    show.say("Pourquoi cette famille ne peut pas se connecter")
    for finding in card.findings:
        what, to_do = explained(finding, card, network)
        show.say(f"  • {what}\n    → {to_do}")
    for title, lines in (("Au dossier", _file(card)), ("Le compte", _account(card))):
        show.say(f"\n{title}")
        told = list(lines)
        width = max(len(label) for label, _ in told)
        for label, value in told:
            show.say(f"  {label:<{width}}  {value}")
    for title, changes in (
        ("Adresses e-mail et mot de passe changés", card.account.access),
        ("Coordonnées changées", card.account.corrections),
    ):
        if changes:
            show.say(f"\n{title}")
        for correction in changes:
            show.say(f"  {correction_words.line(correction)}")
    if card.acts:
        show.say("\nDemandes de l'administration")
    for act in card.acts:
        show.say(f"  {day_and_hour(act.at)} : {ACTS[act.kind]}, par {act.author.who} (« {act.author.why} »)")


def _file(card: Card) -> Iterator[tuple[str, str]]:
    household = card.account.household
    for address in card.addresses:
        yield "Adresse e-mail", f"{address.email} : {_state(address)}"
    if not card.addresses:
        yield "Adresse e-mail", "aucune"
    if not card.knows_suppressions:
        yield "Mails arrêtés", "pas vérifié : SES, qui envoie nos mails, n'a pas répondu"
    yield "Responsables", listed(map(guardian, household.guardians), "non renseignés")
    yield "Adresse postale", listed(household.address, "non renseignée")
    yield "Élèves", listed(map(pupil, household.pupils), "non renseignés")
    yield "Payeur", household.payer or "non renseigné"
    yield "Confirmées", correction_words.confirmed(card.account)
    if card.account.unproven and card.account.unproven.is_open(card.now):
        yield "À prouver", f"{card.account.unproven.email}, demandée par {card.account.unproven.by}"
    if card.account.gone_at:
        yield "Sortie du fichier", day(card.account.gone_at)


def _state(address: Address) -> str:
    if address.suppression:
        stopped = f"nos mails n'y partent plus depuis le {day(address.suppression.at)}"
        return f"{FAILURES[address.suppression.kind]}, {stopped}"
    if address.failing:
        return f"{FAILURES[address.failing.kind]} le {day(address.failing.at)}"
    return f"arrive (mail remis le {day(address.delivered_at)})" if address.delivered_at else "aucun retour connu"


def _account(card: Card) -> Iterator[tuple[str, str]]:
    account = card.account
    yield "État", "désactivé" if account.disabled else "actif"
    yield "Dernière connexion", moment(account.last_login)
    yield "Mot de passe", password(account)
    yield "Envoyés, pas utilisés", unused(account, card.now)
    yield (
        "Attente après des essais",
        f"jusqu'à {retry_at(card.waits_until, card.now)}" if card.waits_until else "aucune",
    )
    for notice in card.notices:
        to = notice.email or "une ancienne adresse"
        yield f"Communiqué {notice.campaign}", f"{NOTICES[notice.state]} {moment(notice.at)}, à {to}"


def card_as_json(card: Card, network: Network) -> dict[str, Any]:
    """Give it as JSON; no hash, digest or stamp is in it."""
    account = card.account
    return {
        "site": account.ref.site,
        "identifier": account.ref.identifier,
        "written": account.written,
        "name": account.name,
        "findings": [
            {
                "cause": finding.cause,
                "at": finding.at,
                "emails": finding.emails,
                "sites": finding.sites,
                "count": finding.count,
                **dict(zip(("what", "to_do"), explained(finding, card, network), strict=True)),
            }
            for finding in card.findings
        ],
        "emails": [
            {
                "email": each.email,
                "failing": each.failing and each.failing.kind,
                "failing_since": each.failing and each.failing.at,
                "delivered_at": each.delivered_at,
                "suppressed": each.suppression and each.suppression.kind,
                "suppressed_since": each.suppression and each.suppression.at,
            }
            for each in card.addresses
        ],
        "knows_suppressions": card.knows_suppressions,
        "household": asdict(account.household),
        "disabled": account.disabled,
        "gone_at": account.gone_at,
        "last_login": account.last_login,
        "password": account.password and {"origin": account.password.origin, "changed_at": account.password.changed_at},
        "mailed_until": sorted(each.expires_at for each in account.mailed if each.expires_at > card.now),
        "waits_until": card.waits_until,
        "notices": [asdict(each) for each in card.notices],
        "confirmed": account.confirmed and {"by": account.confirmed.by, "at": account.confirmed.at},
        "corrections": list(map(correction_words.as_data, trail(account))),
        "acts": [
            {"kind": each.kind, "at": each.at, "who": each.author.who, "why": each.author.why} for each in card.acts
        ],
    }
