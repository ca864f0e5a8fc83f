"""`clef desk find|show|unlock|disable|enable|email|resend|unsuppress`: the secretary on the telephone."""

from typing import Annotated

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.desk.account_words import named
from agency.desk.card import card_as_json, show_card
from agency.desk.mail import Identifier, Site, email, resend, unsuppress
from chalicelib.domain.account.audit import Author
from chalicelib.office.desk import access as desk
from chalicelib.office.desk.access import Asked, Done
from chalicelib.office.desk.find import AT_MOST
from chalicelib.office.desk.find import find as find_families
from chalicelib.office.desk.show import card

commands = typer.Typer(
    help="Au téléphone : trouver une famille, comprendre, débloquer. Personne ne voit ni ne choisit un mot de passe.",
    no_args_is_help=True,
)


@commands.command()
def find(
    text: Annotated[
        list[str], typer.Argument(metavar="TEXTE", help="Un morceau de nom, d'adresse, d'élève ou d'identifiant.")
    ],
    *,
    site: Annotated[str | None, typer.Option(help="Le code d'un site ; sans lui, tous les sites.")] = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Chercher des familles ; accents, majuscules et espaces ne comptent pas."""
    services = connect(stage).services
    with show.progress("Recherche") as advance:
        found = find_families(services, " ".join(text), site, advance)
    if as_json:
        families = [
            {
                "site": each.ref.site,
                "identifier": each.ref.identifier,
                "written": each.written,
                "name": each.name,
                "emails": each.emails,
                "pupils": [pupil.name for pupil in each.household.pupils],
                "disabled": each.disabled,
            }
            for each in found.accounts
        ]
        show.as_json({"families": families, "more": found.more})
        return
    if not found.accounts:
        show.say("Aucune famille trouvée. Essayez un seul mot, ou le début d'un nom.")
        return
    names = {each.code: each.name for each in services.settings.network.sites}
    rows = [
        (
            account.written or account.ref.identifier,
            names.get(account.ref.site, account.ref.site),
            account.name,
            ", ".join(account.emails),
            ", ".join(pupil.name for pupil in account.household.pupils),
            "désactivé" if account.disabled else "",
        )
        for account in found.accounts
    ]
    show.table("", ["Identifiant", "Site", "Famille", "E-mail", "Élèves", "Compte"], rows)
    if found.more:
        show.say(f"Il y en a d'autres : seules {AT_MOST} sont montrées. Ajoutez un mot, ou --site.")


@commands.command("show")
def show_(identifier: Identifier, *, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer un compte, et d'abord pourquoi cette famille ne peut pas se connecter."""
    services = connect(stage).services
    shown = card(services, identifier, site, services.clock())
    if as_json:
        show.as_json(card_as_json(shown, services.settings.network))
    else:
        show_card(shown, services.settings.network)


@commands.command()
def unlock(
    identifier: Identifier, *, why: Why, who: Who, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Lever l'attente après des essais ratés."""
    services = connect(stage).services
    done = desk.unlock(services, Asked(identifier, site, Author(who, why)), services.clock())
    _tell(done, "elle peut essayer tout de suite.", "il n'y avait aucun essai raté : rien à lever.", as_json=as_json)


@commands.command()
def disable(
    identifier: Identifier, *, why: Why, who: Who, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Désactiver un compte : ses sessions se ferment, plus personne n'y entre."""
    services = connect(stage).services
    asked = Asked(identifier, site, Author(who, why))
    done = desk.switch(services, asked, services.clock(), disabled=True)
    _tell(done, "compte désactivé, sessions fermées.", "le compte était déjà désactivé.", as_json=as_json)


@commands.command()
def enable(
    identifier: Identifier, *, why: Why, who: Who, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Réactiver un compte, avec le mot de passe qu'il avait."""
    services = connect(stage).services
    asked = Asked(identifier, site, Author(who, why))
    done = desk.switch(services, asked, services.clock(), disabled=False)
    _tell(done, "compte réactivé, avec son mot de passe d'avant.", "le compte était déjà actif.", as_json=as_json)


def _tell(done: Done, changed: str, unchanged: str, *, as_json: bool) -> None:
    if as_json:
        show.as_json(
            {"site": done.account.ref.site, "identifier": done.account.ref.identifier, "changed": done.changed}
        )
    else:
        show.say(f"{named(done.account)} : {changed if done.changed else unchanged}")


commands.command()(email)
commands.command()(resend)
commands.command()(unsuppress)
