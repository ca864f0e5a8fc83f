"""`clef families purge`: count the families gone for long, then erase them."""

from collections import Counter
from datetime import date
from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect, wait_for_requests
from agency.console.options import LOCAL, Apply, AsJson, Stage, parse_day
from agency.console.output import confirm_by_typing
from agency.rights.erasure import print_erasure
from chalicelib.domain.account.accounts import Account
from chalicelib.office.rights.erasure import ErasureHooks, due
from chalicelib.office.rights.erasure import purge as purge_accounts
from chalicelib.presentation.texts import day
from chalicelib.settings.environment import Network


def purge(
    *,
    before: Annotated[
        date, typer.Option("--before", parser=parse_day, metavar="JOUR", help="Parties du fichier avant ce jour.")
    ],
    names: Annotated[bool, typer.Option("--list", help="Nommer les familles, et pas seulement les compter.")] = False,
    apply: Apply = False,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper le nombre.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Effacer les familles parties du fichier avant un jour, et pas connectées depuis ce jour.

    Exemple : clef families purge --before 2030-06-30 --list
    """
    connection = connect(stage)
    services = connection.services
    now = services.clock()
    accounts = tuple(due(services, before, now))
    if not as_json:
        _print_due(accounts, services.settings.network, names=names)
    if not apply or not accounts:
        _print_outcome(accounts, names=names, as_json=as_json)
        return
    confirm_by_typing(
        f"Pour effacer ces {len(accounts)} familles, sans retour, retapez leur nombre", str(len(accounts)), yes=yes
    )
    with output.progress("Effacement", 2 * len(accounts)) as advance:
        hooks = ErasureHooks(lambda: wait_for_requests(connection), advance)
        erasure = purge_accounts(services, accounts, connection.operator, now, hooks)
    print_erasure(erasure, as_json=as_json)


def _print_due(accounts: tuple[Account, ...], network: Network, *, names: bool) -> None:
    if names:
        rows = [
            (
                account.display_identifier or account.ref.identifier,
                account.name,
                account.ref.site,
                account.gone_at and day(account.gone_at),
            )
            for account in accounts
        ]
        output.table("", ["Identifiant", "Famille", "Site", "Sortie du fichier"], rows)
    counts = Counter(account.ref.site for account in accounts)
    output.table("", ["Site", "Familles à effacer"], [(site.name, counts[site.code]) for site in network.sites])


def _print_outcome(accounts: tuple[Account, ...], *, names: bool, as_json: bool) -> None:
    if as_json:
        content: dict[str, object] = {"due": Counter(account.ref.site for account in accounts), "erased": None}
        if names:
            content["families"] = [
                {"site": a.ref.site, "identifier": a.ref.identifier, "name": a.name, "gone_at": a.gone_at}
                for a in accounts
            ]
        output.print_json(content)
    elif accounts:
        output.say("Rien n'a été effacé : ajoutez --apply pour le faire.")
    else:
        output.say("Aucune famille à effacer.")
