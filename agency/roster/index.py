"""`clef families index`: rebuild the index of accounts by address, and the summaries of the desk's lists."""

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.output import plural
from chalicelib.office.roster.applied_imports import index_mailboxes, refresh_summaries


def index(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Refaire ce qui retrouve un compte par son adresse, et les listes du bureau ; sans risque, autant qu'on veut.

    Exemple : clef families index
    """
    services = connect(stage).services
    count = index_mailboxes(services)
    summaries = refresh_summaries(services, services.clock())
    if as_json:
        counts = {"accounts": count.accounts, "addresses": count.addresses, "summaries": summaries}
        output.print_json(counts)
        return
    output.say(f"Comptes lus : {count.accounts}. {plural(count.addresses, 'adresse')} y mènent : c'est enregistré.")
    output.say(f"Résumés pour les listes du bureau remis à jour : {summaries}.")
