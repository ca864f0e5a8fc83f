"""`clef requests purge`: count the applications kept long enough, then erase them."""

from collections import Counter

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, Apply, AsJson, Stage
from agency.console.output import confirm_by_typing, plural
from agency.rights.erasure import Yes, print_what_remains
from chalicelib.domain.account.audit import Erasure
from chalicelib.presentation.office.accounts import join_words
from chalicelib.settings.environment import Network
from chalicelib.wings.admission.office.purge import NO_SITE, DueApplications, due, purge, site_of


def purge_old_applications(
    *, apply: Apply = False, yes: Yes = False, stage: Stage = LOCAL, as_json: AsJson = False
) -> None:
    """Effacer les pré-inscriptions conservées assez longtemps : les saisons sont comptées avant, sans personne.

    Exemple : clef requests purge
    """
    connection = connect(stage)
    services = connection.services
    now = services.clock()
    due_applications = due(services, now)
    if not as_json:
        _print_due(due_applications, services.settings.network)
    erasure: Erasure | None = None
    if apply and not due_applications.is_empty:
        count = len(due_applications.applications)
        confirm_by_typing(f"Pour effacer ces {count} demandes, sans retour, retapez leur nombre", str(count), yes=yes)
        erasure = purge(services, due_applications, connection.operator, now)
    _print_outcome(due_applications, erasure, as_json=as_json)


def _print_due(due_applications: DueApplications, network: Network) -> None:
    counts = Counter(site_of(one) for one in due_applications.applications if one.sent)
    drafts = Counter(site_of(one) for one in due_applications.applications if not one.sent)
    sites = [(site.name, site.code) for site in network.sites] + [("Aucun vœu encore", NO_SITE)] * bool(drafts[NO_SITE])
    rows = [(name, counts[code], drafts[code]) for name, code in sites]
    output.table("", ["Site du premier vœu", "Demandes", "Brouillons"], rows)
    if due_applications.of_nobody:
        output.say(f"Sans demande : {plural(len(due_applications.of_nobody), 'pièce déposée', 'pièces déposées')}.")
    if due_applications.statistics:
        output.say(f"Comptées avant, sans personne : {join_words(one.season for one in due_applications.statistics)}.")


def _print_outcome(due_applications: DueApplications, erasure: Erasure | None, *, as_json: bool) -> None:
    if as_json:
        due_now = {
            "requests": Counter(map(site_of, due_applications.applications)),
            "files_of_nobody": len(due_applications.of_nobody),
        }
        output.print_json({"due": due_now, "erased": None if erasure is None else dict(erasure.erased or ())})
    elif erasure:
        count = sum(dict(erasure.erased or ()).values())
        output.say(f"{plural(count, 'demande effacée', 'demandes effacées')}.")
        if count_left := len(due_applications.applications) - count:
            output.say(f"Laissées, car quelqu'un vient de les modifier : {count_left}.")
        print_what_remains()
    elif due_applications.is_empty:
        output.say("Aucune demande à effacer.")
    else:
        output.say("Rien n'a été effacé : ajoutez --apply pour le faire.")
