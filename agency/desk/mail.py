"""`clef desk email|resend|unsuppress`: the addresses on file, a password mailed to them, mails that stopped."""

from typing import Annotated

import typer

from agency.console import show
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, Who, Why
from agency.console.prompts import agree
from agency.desk.account_words import listed, named
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.roster.typing_errors import likely_meant
from chalicelib.office.desk.access import Asked, Resent
from chalicelib.office.desk.access import resend as resend_password
from chalicelib.office.desk.email import Readdressed, Wish, change_email, is_last
from chalicelib.office.desk.suppression import Lifted, Stopped, lift, stopped_address
from chalicelib.texts import day

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


def unsuppress(
    identifier: Identifier,
    address: Annotated[
        str | None, typer.Argument(metavar="ADRESSE", help="L'adresse au dossier ; inutile s'il n'y en a qu'une.")
    ] = None,
    *,
    why: Why,
    who: Who,
    site: Site = None,
    yes: Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans question.")] = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Faire repartir nos mails vers une adresse réparée, ou que la famille veut de nouveau."""
    services = connect(stage).services
    asked = Asked(identifier, site, Author(who, why))
    stopped = stopped_address(services, asked, address)
    if question := _question(stopped):
        agree(question, yes=yes)
    with show.progress("Comptes regardés") as advance:
        lifted = lift(services, asked.author, stopped, services.clock(), advance)
    _tell_lifted(lifted, as_json=as_json)


def _question(stopped: Stopped) -> str | None:
    since = stopped.suppression or stopped.mark
    if since is None:
        return None
    if stopped.is_complaint:
        why = f"Le {day(since.at)}, un de nos mails à {stopped.email} a été signalé comme indésirable."
        return f"{why} La famille demande-t-elle elle-même à les recevoir de nouveau ?"
    why = f"Le {day(since.at)}, un de nos mails à {stopped.email} est revenu."
    return f"{why} Cette boîte marche-t-elle à nouveau ?"


def _tell_lifted(lifted: Lifted, *, as_json: bool) -> None:
    stopped = lifted.stopped
    if as_json:
        ref = stopped.account.ref
        show.as_json(
            {
                "site": ref.site,
                "identifier": ref.identifier,
                "email": stopped.email,
                "suppressed": stopped.suppression and stopped.suppression.kind,
                "suppressed_since": stopped.suppression and stopped.suppression.at,
                "changed": lifted.changed,
                "others": [{"site": each.site, "identifier": each.identifier} for each in lifted.others],
            }
        )
        return
    if not lifted.changed:
        show.say(f"{named(stopped.account)} : nos mails partent vers {stopped.email}, il n'y avait rien à lever.")
        return
    show.say(f"{named(stopped.account)} : nos mails repartent vers {stopped.email}.")
    if lifted.others:
        shared = listed(f"{each.identifier} ({each.site})" for each in lifted.others)
        show.say(f"Cette adresse est aussi celle d'autres comptes, remis en ordre : {shared}.")
    show.say(
        "S'il en revient encore un, l'adresse sera de nouveau arrêtée. Pour un mot de passe : « clef desk resend »."
    )
