"""The explanation of each cause that keeps a family out, for a secretary on the telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from chalicelib.domain.account.diagnosis import Cause, CauseCode
from chalicelib.presentation.office.accounts import FAILURES, methods_text
from chalicelib.presentation.texts import day, day_and_hour, retry_at
from chalicelib.values import frozen

if TYPE_CHECKING:
    from chalicelib.office.helpdesk.show import AccountOverview, EmailState
    from chalicelib.settings.environment import Network

# The form of a family's page by which something is done, as its address names it.
Act = Literal["deblocage", "mot-de-passe", "etat", "adresses", "mails"]
# For each cause: the explanation, the remedy, and the form of the remedy, if any.
WORDS: Final[dict[CauseCode, tuple[str, str, Act | Literal[""]]]] = {
    "disabled": ("Le compte est désactivé{since}.", "Si la famille est bien inscrite, réactivez-le.", "etat"),
    "frozen": (
        "Gelé par la famille le {at} : « Ce n'est pas moi » a fermé connexions, mots de passe et autres accès.",
        "Un nouveau mot de passe est parti vers {emails} ; s'il n'est pas arrivé, renvoyez-en un.",
        "mot-de-passe",
    ),
    "gone": (
        "La famille n'est plus dans le fichier annuel depuis le {day}.",
        "Vérifiez son inscription dans votre logiciel : le prochain import la remettra.",
        "",
    ),
    "waiting": (
        "{count} essais ont échoué : le prochain ne sera regardé qu'à partir de {until}.",
        "« Mot de passe perdu » est accepté sans attendre ; sinon, levez l'attente.",
        "deblocage",
    ),
    "ceiling": (
        "{count} essais ont échoué en 24 heures : jusqu'à {until}, seul un mot de passe reçu par mail ouvre le compte.",
        "La sortie est « Mot de passe perdu » ; si aucun mail n'arrive, levez l'attente.",
        "deblocage",
    ),
    "no_address": (
        "Il n'y a aucune adresse e-mail au dossier : aucun mot de passe ne peut lui être envoyé.",
        "Demandez-lui une adresse, puis ajoutez-la.",
        "adresses",
    ),
    "all_failing": (
        "Aucune adresse au dossier ne reçoit nos mails : {emails} (dernier retour le {at}).",
        "Demandez-lui une adresse qui marche, puis mettez-la au dossier.",
        "adresses",
    ),
    "suppressed": (
        "Nos mails ne partent plus vers {emails} depuis le {at} : l'un d'eux en est revenu.",
        "Si la boîte marche à nouveau, faites repartir nos mails ; sinon, demandez une autre adresse.",
        "mails",
    ),
    "complained": (
        "Nos mails ne partent plus vers {emails} depuis le {at} : l'un d'eux y a été signalé comme indésirable.",
        "Si la famille demande elle-même à les recevoir de nouveau, faites-les repartir.",
        "mails",
    ),
    "never_activated": (
        "La famille n'a encore jamais demandé de mot de passe.",
        "Sur la page de connexion, « Mot de passe perdu », avec l'identifiant {identifier} et l'adresse {emails}.",
        "",
    ),
    "mailed_unused": (
        "Un mot de passe envoyé par mail n'a pas encore servi ; il est valable jusqu'au {at}.",
        "Faites-le chercher dans la boîte {emails}, courriers indésirables compris, puis copier et coller.",
        "",
    ),
    "mailed_in_vain": (
        "Le dernier mot de passe, parti avant que nos mails ne soient rétablis ({at}), n'est sans doute pas arrivé.",
        "Faites-en partir un autre ; il sera valable 24 heures.",
        "mot-de-passe",
    ),
    "mailed_expired": (
        "Le dernier mot de passe envoyé par mail a expiré le {at} sans avoir servi.",
        "Faites-en partir un autre ; il sera valable 24 heures.",
        "mot-de-passe",
    ),
    "letters_limit": (
        "{count} mots de passe sont partis en 24 heures, le plus que l'on envoie : le prochain, à partir de {until}.",
        "Le dernier reçu ouvre le compte : faites-le chercher, courriers indésirables compris.",
        "",
    ),
    "wrong_site": (
        "Essais ratés avec cet identifiant à un site où il n'existe pas : {sites} ({count}, le dernier le {at}).",
        "Faites choisir « {site} » dans la liste « Site » de la page de connexion.",
        "",
    ),
    "twins": (
        "Le même identifiant existe aussi à un autre site : {sites}.",
        "Faites vérifier le site choisi : à chaque site son compte et son mot de passe. Ici, c'est « {site} ».",
        "",
    ),
    "no_password": (
        "Le compte n'a pas de mot de passe : il s'ouvre par {methods}.{tried}",
        "Faites prendre l'appareil qui a servi la dernière fois{otherwise}.",
        "mot-de-passe",
    ),
    "nothing": (
        "Le compte est actif : il s'ouvre par le bon mot de passe{or_methods}.{tried}",
        "Faites vérifier « {site} », l'identifiant et les majuscules du mot de passe{otherwise}.",
        "",
    ),
}
# The causes that wait for an act of the office, in two words.
WAITING: Final[dict[CauseCode, str]] = {
    "disabled": "compte désactivé",
    "frozen": "compte gelé",
    "waiting": "essais ratés",
    "ceiling": "essais ratés",
    "no_address": "aucune adresse e-mail",
    "all_failing": "mails revenus",
    "suppressed": "mails arrêtés",
    "complained": "mails arrêtés",
}
_UNREACHABLE: Final = "Il lui faut d'abord une adresse qui marche : voyez plus haut."


@frozen
class PageExplanation:
    """The explanation, the remedy, and the form of the page that applies it. Empty if there is none."""

    sentence: str
    to_do: str
    act: Act | Literal[""]


def explain(cause: Cause, overview: AccountOverview, network: Network) -> PageExplanation:
    """Explain a cause on the page of the family."""
    title, to_do, act = WORDS[cause.code]
    if cause.code in {"never_activated", "mailed_unused", "frozen"} and not cause.emails:
        to_do = _UNREACHABLE
    facts = _facts(cause, overview, network)
    return PageExplanation(title.format(**facts), to_do.format(**facts), act)


def mail_text(address: EmailState) -> str:
    """Describe the state of mails to an address on file."""
    if address.suppression:
        since = f"nos mails n'y partent plus depuis le {day(address.suppression.at)}"
        return f"{FAILURES[address.suppression.kind]}, {since}"
    if address.failing:
        return f"{FAILURES[address.failing.kind]} le {day(address.failing.at)}"
    return f"arrive (mail remis le {day(address.delivered_at)})" if address.delivered_at else "aucun retour connu"


def _facts(cause: Cause, overview: AccountOverview, network: Network) -> dict[str, str | int]:
    account = overview.account
    identifier = account.display_identifier or account.ref.identifier
    emails = " ou ".join(cause.emails)
    return {
        "at": day_and_hour(cause.at) if cause.at else "",
        "day": day(cause.at) if cause.at else "",
        "count": cause.count,
        "emails": emails,
        "identifier": identifier,
        "otherwise": f" ; sinon « Mot de passe perdu », avec {emails}" if emails else "",
        "since": _since(cause),
        "site": overview.site.name if overview.site else account.ref.site,
        "sites": ", ".join(site.name if (site := network.site(code)) else code for code in cause.sites),
        "tried": _recent_tries(cause),
        "methods": methods_text(account),
        "or_methods": f", ou par {methods_text(account)}" if account.has_login_methods else "",
        "until": retry_at(cause.at, overview.now) if cause.at else "",
    }


def _since(cause: Cause) -> str:
    if cause.audit_entry is None or cause.at is None:
        return ""
    author = cause.audit_entry.author
    return f" depuis le {day_and_hour(cause.at)}, par {author.who} : « {author.why} »"


def _recent_tries(cause: Cause) -> str:
    if not cause.count or cause.at is None:
        return ""
    if cause.count == 1:
        return f" Un essai a échoué le {day_and_hour(cause.at)}."
    return f" {cause.count} essais ont échoué en 24 heures, le dernier le {day_and_hour(cause.at)}."
