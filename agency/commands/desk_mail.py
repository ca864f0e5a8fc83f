"""`clef desk email` and `clef desk resend`: the addresses on file, and a password mailed to them."""

from typing import Annotated

import typer

from agency import show
from agency.account_words import listed, named
from agency.asking import agree
from agency.connection import connect
from agency.options import LOCAL, AsJson, Stage, Who, Why
from chalicelib.domain.acts import Author
from chalicelib.domain.identifiers import email_from
from chalicelib.domain.typing_errors import likely_meant
from chalicelib.office.desk import Asked, Resent
from chalicelib.office.desk import resend as resend_password
from chalicelib.office.desk_email import Readdressed, Wish, change_email, is_last

Identifier = Annotated[
    str,
    typer.Argument(metavar="IDENTIFIANT", help="L'identifiant, écrit comme vous voulez : « XEN 3001 », « xen3001 »."),
]
Site = Annotated[str | None, typer.Option(help="Le code d'un site ; utile si l'identifiant existe à plusieurs.")]


def email(
    identifier: Identifier,
    new: Annotated[str | None, typer.Argument(metavar="ADRESSE", help="La nouvelle adresse.")] = None,
    *,
    why: Why,
    who: Who,
    replace: Annotated[str | None, typer.Option("--replace", help="L'adresse que la nouvelle remplace.")] = None,
    add: Annotated[bool, typer.Option("--add", help="La nouvelle adresse s'ajoute aux autres.")] = False,
    remove: Annotated[str | None, typer.Option("--remove", help="Une adresse à retirer, sans nouvelle.")] = None,
    site: Site = None,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans question.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Changer les adresses e-mail au dossier ; les anciennes en sont averties."""
    if [bool(new and not add and not replace), bool(new and add), bool(new and replace), bool(remove)].count(True) != 1:
        raise typer.BadParameter(
            "donnez une adresse nouvelle (seule, ou avec --replace ou --add), ou --remove ADRESSE."
        )
    meant = likely_meant(email_from(new or ""))
    if meant:
        agree(f"{new} ressemble à {meant}. Garder {new} ?", yes=yes)
    services = connect(stage).services
    asked = Asked(identifier, site, Author(who, why))
    wish = Wish(new, replaced=replace, is_added=add, removed=remove)
    if is_last(services, asked, wish):
        agree("C'est la dernière adresse : la famille ne recevra plus de mot de passe. La retirer ?", yes=yes)
        wish = Wish(removed=remove, may_empty=True)
    _tell_changed(change_email(services, asked, wish, services.clock()), as_json=as_json)


def _tell_changed(done: Readdressed, *, as_json: bool) -> None:
    before, after = done.before, done.after
    if as_json:
        show.as_json(
            {
                "site": after.ref.site,
                "identifier": after.ref.identifier,
                "before": before.emails,
                "after": after.emails,
                "told": done.told,
                "password_ended": done.password_ended,
            }
        )
        return
    show.say(f"{named(after)} : {listed(before.emails)} → {listed(after.emails)}")
    show.say(f"Averties du changement : {listed(done.told)}.")
    if done.password_ended:
        show.say(
            "Le mot de passe reçu par mail à l'ancienne adresse n'ouvre plus rien : faites-en partir un autre avec "
            "« clef desk resend »."
        )


def resend(
    identifier: Identifier,
    *,
    why: Why,
    who: Who,
    to: Annotated[str | None, typer.Option("--to", help="Une seule des adresses au dossier.")] = None,
    site: Site = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire partir un nouveau mot de passe vers les adresses au dossier, comme « Mot de passe perdu »."""
    services = connect(stage).services
    done = resend_password(services, Asked(identifier, site, Author(who, why)), to, services.clock())
    _tell_sent(done, as_json=as_json)


def _tell_sent(done: Resent, *, as_json: bool) -> None:
    ref = done.account.ref
    if as_json:
        show.as_json({"site": ref.site, "identifier": ref.identifier, "to": done.to, "left_out": done.left_out})
        return
    show.say(f"{named(done.account)} : un mot de passe part vers {listed(done.to)}, valable 24 heures.")
    if done.left_out:
        show.say(f"Pas vers {listed(done.left_out)} ; pour y envoyer : --to ADRESSE.")
    show.say(
        "Faites regarder aussi dans les courriers indésirables. L'ancien mot de passe, s'il y en a un, reste valable."
    )
