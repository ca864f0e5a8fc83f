"""What the secretary reads of each cause: what is so, and what to do; said to a person who holds the telephone."""

import shlex
from typing import Final

from chalicelib.domain.account.diagnosis import Cause, Finding
from chalicelib.office.desk.show import Card
from chalicelib.settings import Network
from chalicelib.texts import day, day_and_hour, retry_at

# Of each cause: what is so, and what to do. `{call}` is what to type after a command's name.
WORDS: Final[dict[Cause, tuple[str, str]]] = {
    "disabled": (
        "Le compte est désactivé{since}.",
        "Si la famille est bien inscrite : « clef desk enable {call} ».",
    ),
    "gone": (
        "La famille n'est plus dans le fichier annuel depuis le {day}.",
        "Vérifiez son inscription dans votre logiciel : le prochain import la remettra.",
    ),
    "waiting": (
        "{count} essais ont échoué : le prochain ne sera regardé qu'à partir de {until}.",
        "« Mot de passe perdu » est accepté sans attendre ; sinon « clef desk unlock {call} ».",
    ),
    "ceiling": (
        "{count} essais ont échoué en 24 heures : jusqu'à {until}, seul un mot de passe reçu par mail ouvre le compte.",
        "La sortie est « Mot de passe perdu » ; si aucun mail n'arrive : « clef desk unlock {call} ».",
    ),
    "no_address": (
        "Il n'y a aucune adresse e-mail au dossier : aucun mot de passe ne peut lui être envoyé.",
        "Demandez-lui une adresse, puis « clef desk email {call} ADRESSE ».",
    ),
    "all_failing": (
        "Aucune adresse au dossier ne reçoit nos mails : {emails} (dernier retour le {at}).",
        "Demandez-lui une adresse qui marche, puis « clef desk email {call} ADRESSE ».",
    ),
    "suppressed": (
        "Nos mails ne partent plus vers {emails} depuis le {at} : l'un d'eux en est revenu.",
        "Si la boîte marche à nouveau : « clef desk unsuppress {call} {emails} » ; sinon, demandez une autre adresse.",
    ),
    "complained": (
        "Nos mails ne partent plus vers {emails} depuis le {at} : l'un d'eux y a été signalé comme indésirable.",
        "Si la famille demande à les recevoir de nouveau : « clef desk unsuppress {call} {emails} ».",
    ),
    "never_activated": (
        "La famille n'a encore jamais demandé de mot de passe.",
        "Sur la page de connexion, « Mot de passe perdu », avec l'identifiant {identifier} et l'adresse {emails}.",
    ),
    "mailed_unused": (
        "Un mot de passe envoyé par mail n'a pas encore servi ; il est valable jusqu'au {at}.",
        "Faites-le chercher dans la boîte {emails}, courriers indésirables compris, puis copier et coller.",
    ),
    "mailed_in_vain": (
        "Le dernier mot de passe, parti avant que nos mails ne soient rétablis ({at}), n'est sans doute pas arrivé.",
        "Faites-en partir un autre : « clef desk resend {call} » ; il sera valable 24 heures.",
    ),
    "mailed_expired": (
        "Le dernier mot de passe envoyé par mail a expiré le {at} sans avoir servi.",
        "Faites-en partir un autre : « clef desk resend {call} » ; il sera valable 24 heures.",
    ),
    "letters_limit": (
        "{count} mots de passe sont partis en 24 heures, le plus que l'on envoie : le prochain, à partir de {until}.",
        "Le dernier reçu ouvre le compte : faites-le chercher, courriers indésirables compris.",
    ),
    "wrong_site": (
        "Essais ratés avec cet identifiant à un site où il n'existe pas : {sites} ({count}, le dernier le {at}).",
        "Faites choisir « {site} » dans la liste « Site » de la page de connexion.",
    ),
    "twins": (
        "Le même identifiant existe aussi à un autre site : {sites}.",
        "Faites vérifier le site choisi : à chaque site son compte et son mot de passe. Ici, c'est « {site} ».",
    ),
    "nothing": (
        "Le compte est ouvert à qui a le bon mot de passe.{tried}",
        "Faites vérifier « {site} », l'identifiant et les majuscules du mot de passe{otherwise}.",
    ),
}
_UNREACHABLE: Final = "Il lui faut d'abord une adresse qui marche : voyez plus haut."


def explained(finding: Finding, card: Card, network: Network) -> tuple[str, str]:
    """Say a finding on an account: what is so, and what to do."""
    what, to_do = WORDS[finding.cause]
    if finding.cause in {"never_activated", "mailed_unused"} and not finding.emails:
        to_do = _UNREACHABLE
    facts = _facts(finding, card, network)
    return what.format(**facts), to_do.format(**facts)


def _facts(finding: Finding, card: Card, network: Network) -> dict[str, str | int]:
    account = card.account
    identifier = account.written or account.ref.identifier
    emails = " ou ".join(finding.emails)
    is_alone = not any(each.cause == "twins" for each in card.findings)
    return {
        "at": day_and_hour(finding.at) if finding.at else "",
        "day": day(finding.at) if finding.at else "",
        "call": shlex.quote(identifier) if is_alone else f"{shlex.quote(identifier)} --site {account.ref.site}",
        "count": finding.count,
        "emails": emails,
        "identifier": identifier,
        "otherwise": f" ; sinon « Mot de passe perdu », avec {emails}" if emails else "",
        "since": _since(finding),
        "site": card.site.name if card.site else account.ref.site,
        "sites": ", ".join(site.name if (site := network.site(code)) else code for code in finding.sites),
        "tried": _tried(finding),
        "until": retry_at(finding.at, card.now) if finding.at else "",
    }


def _since(finding: Finding) -> str:
    if finding.act is None or finding.at is None:
        return ""
    return f" depuis le {day_and_hour(finding.at)}, par {finding.act.author.who} : « {finding.act.author.why} »"


def _tried(finding: Finding) -> str:
    if not finding.count or finding.at is None:
        return ""
    if finding.count == 1:
        return f" Un essai a échoué le {day_and_hour(finding.at)}."
    return f" {finding.count} essais ont échoué en 24 heures, le dernier le {day_and_hour(finding.at)}."
