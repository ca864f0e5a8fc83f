"""`clef families purge`: families gone for long are erased; first it only counts them."""

from collections import Counter
from datetime import date
from typing import Annotated

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.counting import counted
from agency.console.days import day_typed
from agency.console.options import LOCAL, Apply, AsJson, Stage, Who
from agency.console.prompts import type_again
from agency.console.wait_for_requests import settle
from agency.rights.personal_data import BACKUP_DAYS, DEAD_LETTER_DAYS, LOG_DAYS
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.audit import Erasure
from chalicelib.office.rights.erasure import Pace
from chalicelib.office.rights.purge import due
from chalicelib.office.rights.purge import purge as purge_accounts
from chalicelib.settings import Network
from chalicelib.texts import day


def purge(
    *,
    before: Annotated[
        date, typer.Option("--before", parser=day_typed, metavar="JOUR", help="Parties du fichier avant ce jour.")
    ],
    who: Who,
    listed: Annotated[bool, typer.Option("--list", help="Nommer les familles, et pas seulement les compter.")] = False,
    apply: Apply = False,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper le nombre.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Effacer les familles parties du fichier avant un jour, et pas connectées depuis ce jour."""
    connection = connect(stage)
    services = connection.services
    now = services.clock()
    accounts = tuple(due(services, before, now))
    if not as_json:
        _tell(accounts, services.settings.network, named=listed)
    if not apply or not accounts:
        _end(accounts, named=listed, as_json=as_json)
        return
    type_again(
        f"Pour effacer ces {len(accounts)} familles, sans retour, retapez leur nombre", str(len(accounts)), yes=yes
    )
    with show.progress("Effacement", 2 * len(accounts)) as advance:
        erasure = purge_accounts(services, accounts, who, now, Pace(lambda: settle(connection), advance))
    tell_erasure(erasure, as_json=as_json)


def _tell(accounts: tuple[Account, ...], network: Network, *, named: bool) -> None:
    if named:
        rows = [
            (each.written or each.ref.identifier, each.name, each.ref.site, each.gone_at and day(each.gone_at))
            for each in accounts
        ]
        show.table("", ["Identifiant", "Famille", "Site", "Sortie du fichier"], rows)
    counts = Counter(each.ref.site for each in accounts)
    show.table("", ["Site", "Familles à effacer"], [(site.name, counts[site.code]) for site in network.sites])


def _end(accounts: tuple[Account, ...], *, named: bool, as_json: bool) -> None:
    if as_json:
        content: dict[str, object] = {"due": Counter(each.ref.site for each in accounts), "erased": None}
        if named:
            content["families"] = [
                {"site": a.ref.site, "identifier": a.ref.identifier, "name": a.name, "gone_at": a.gone_at}
                for a in accounts
            ]
        show.as_json(content)
    elif accounts:
        show.say("Rien n'a été effacé : ajoutez --apply pour le faire.")
    else:
        show.say("Aucune famille à effacer.")


def tell_erasure(erasure: Erasure, *, as_json: bool) -> None:
    """Say what is gone, what remains for a while, and what to do so that it stays gone."""
    erased = dict(erasure.erased or ())
    if as_json:
        show.as_json({"asked": dict(erasure.asked), "erased": erased})
        return
    left_out = sum(dict(erasure.asked).values()) - sum(erased.values())
    show.say(f"{counted(sum(erased.values()), 'famille effacée')} de toutes les tables.")
    if left_out:
        show.say(f"Laissées, car revenues ou connectées entre-temps : {left_out}.")
    show.say("Retirez-les aussi de votre logiciel : le prochain import recréerait celles que le fichier contient.")
    show.say(
        f"Restent, sans que personne les lise : les sauvegardes, {BACKUP_DAYS} jours ; le journal technique, sous "
        f"pseudonyme, {LOG_DAYS} jours ; un mail qui n'a pas pu être écrit, au plus {DEAD_LETTER_DAYS} jours."
    )
    show.say(
        "Une page déjà ouverte chez la famille peut encore déposer une pièce pendant une heure : "
        "« clef families purge-documents » l'efface aussi."
    )
