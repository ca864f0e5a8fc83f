"""`clef desk show`: one account, why it cannot log in first, then what is on file; in French, or as JSON."""

import shlex
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.desk.options import Identifier, Site
from chalicelib.domain.account.accounts import GUARDIAN, Account
from chalicelib.domain.account.coordinates import trail
from chalicelib.domain.account.disown import frozen_at
from chalicelib.office.helpdesk import correction_text
from chalicelib.office.helpdesk.account_text import (
    ACTS,
    NOTICES,
    guardian_text,
    join_words,
    moment,
    name_and_identifier,
    password_text,
    pupil_text,
    state_text,
    unused_passwords,
)
from chalicelib.office.helpdesk.explanations import explain, mail_text
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.presentation.texts import day, day_and_hour, de, retry_at
from chalicelib.settings.environment import Network


def show(identifier: Identifier, *, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer un compte, et d'abord pourquoi cette famille ne peut pas se connecter."""
    services = connect(stage).services
    overview = account_overview(services, identifier, site, services.clock())
    if as_json:
        output.print_json(account_json(overview, services.settings.network))
    else:
        print_account(overview, services.settings.network)


def print_account(overview: AccountOverview, network: Network) -> None:
    """Print it as lines."""
    site = overview.site.name if overview.site else overview.account.ref.site
    output.say(f"{name_and_identifier(overview.account)}, {site}\n")
    output.say("Pourquoi cette famille ne peut pas se connecter")
    for finding in overview.causes:
        what, to_do = explain(finding, overview, network)
        output.say(f"  • {what}\n    → {to_do}")
    for title, lines in (("Au dossier", _file(overview)), ("Le compte", _account(overview))):
        output.say(f"\n{title}")
        rows = list(lines)
        width = max(len(label) for label, _ in rows)
        for label, value in rows:
            output.say(f"  {label:<{width}}  {value}")
    for title, changes in (
        ("Adresses e-mail et mot de passe changés", overview.account.access_corrections),
        ("Coordonnées changées", overview.account.corrections),
    ):
        if changes:
            output.say(f"\n{title}")
        for correction in changes:
            output.say(f"  {correction_text.line(correction)}")
    if overview.acts:
        output.say("\nDemandes de l'administration")
    for entry in overview.acts:
        output.say(f"  {day_and_hour(entry.at)} : {ACTS[entry.kind]}, par {entry.author.who} (« {entry.author.why} »)")


def _file(overview: AccountOverview) -> Iterator[tuple[str, str]]:
    household = overview.account.household
    for address in overview.addresses:
        yield "Adresse e-mail", f"{address.email} : {mail_text(address)}"
    if not overview.addresses:
        yield "Adresse e-mail", "aucune"
    if not overview.knows_suppressions:
        yield "Mails arrêtés", "pas vérifié : SES, qui envoie nos mails, n'a pas répondu"
    if overview.account.role == GUARDIAN:
        for family in overview.logins:
            yield "Famille", _login_text(family)
        return
    yield "Responsables", join_words(map(guardian_text, household.guardians), "non renseignés")
    yield "Adresse postale", join_words(household.address, "non renseignée")
    yield "Élèves", join_words(map(pupil_text, household.pupils), "non renseignés")
    yield "Payeur", household.payer or "non renseigné"
    yield "Confirmées", correction_text.confirmation_text(overview.account)
    if overview.account.pending_email and overview.account.pending_email.is_open(overview.now):
        yield "À prouver", f"{overview.account.pending_email.email}, demandée par {overview.account.pending_email.by}"
    if overview.account.gone_at:
        yield "Sortie du fichier", day(overview.account.gone_at)


def _account(overview: AccountOverview) -> Iterator[tuple[str, str]]:
    account = overview.account
    yield "État", state_text(account, "actif")
    if account.application:
        yield "Ouvert pour", f"la demande {account.application} (« clef requests show {account.application} »)"
    for login in overview.logins if account.role != GUARDIAN else ():
        yield f"Accès {de(login.name)}", _login_text(login)
    if account.separated_at:
        yield "Coordonnées", f"séparées depuis le {day(account.separated_at)}"
    yield "Dernière connexion", moment(account.last_login)
    yield "Mot de passe", password_text(account)
    yield "Envoyés, pas utilisés", unused_passwords(account, overview.now)
    yield (
        "Attente après des essais",
        f"jusqu'à {retry_at(overview.waits_until, overview.now)}" if overview.waits_until else "aucune",
    )
    for notice in overview.notices:
        to = notice.email or "une ancienne adresse"
        yield f"Communiqué {notice.campaign}", f"{NOTICES[notice.state]} {moment(notice.at)}, à {to}"


def _login_text(login: Account) -> str:
    """Describe another login of the same family, and what finds it."""
    state = "désactivé" if login.disabled else "actif"
    written = login.display_identifier or login.ref.identifier
    named = written if login.role == GUARDIAN else f"{login.name}, {written}"
    seen = f"dernière connexion {moment(login.last_login)}"
    return f"{named}, {state}, {seen} (« clef desk show {shlex.quote(written)} »)"


def account_json(overview: AccountOverview, network: Network) -> dict[str, Any]:
    """Describe it as JSON; no hash, digest or stamp is in it."""
    account = overview.account
    return {
        "site": account.ref.site,
        "identifier": account.ref.identifier,
        "written": account.display_identifier,
        "name": account.name,
        "findings": [
            {
                "cause": finding.code,
                "at": finding.at,
                "emails": finding.emails,
                "sites": finding.sites,
                "count": finding.count,
                **dict(zip(("what", "to_do"), explain(finding, overview, network), strict=True)),
            }
            for finding in overview.causes
        ],
        "emails": [
            {
                "email": address.email,
                "failing": address.failing and address.failing.kind,
                "failing_since": address.failing and address.failing.at,
                "delivered_at": address.delivered_at,
                "suppressed": address.suppression and address.suppression.kind,
                "suppressed_since": address.suppression and address.suppression.at,
            }
            for address in overview.addresses
        ],
        "knows_suppressions": overview.knows_suppressions,
        "household": asdict(account.household),
        "disabled": account.disabled,
        "frozen_at": frozen_at(account),
        "gone_at": account.gone_at,
        "application": account.application or None,
        "separated_at": account.separated_at,
        "logins": [
            {
                "identifier": login.ref.identifier,
                "name": login.name,
                "disabled": login.disabled,
                "last_login": login.last_login,
            }
            for login in overview.logins
        ],
        "last_login": account.last_login,
        "password": account.password and {"origin": account.password.origin, "changed_at": account.password.changed_at},
        "mailed_until": sorted(
            mailed.expires_at for mailed in account.mailed_passwords if mailed.expires_at > overview.now
        ),
        "waits_until": overview.waits_until,
        "notices": [asdict(notice) for notice in overview.notices],
        "confirmed": account.confirmed and {"by": account.confirmed.by, "at": account.confirmed.at},
        "corrections": list(map(correction_text.correction_json, trail(account))),
        "acts": [
            {"kind": entry.kind, "at": entry.at, "who": entry.author.who, "why": entry.author.why}
            for entry in overview.acts
        ],
    }
