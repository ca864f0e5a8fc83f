"""`clef families index`: every account found again by its addresses, for « Identifiant perdu »."""

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.plurals import plural
from chalicelib.office.roster.mailboxes import enter_everybody


def index(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Refaire la table par laquelle une adresse retrouve ses identifiants ; sans risque, autant de fois qu'on veut."""
    entered = enter_everybody(connect(stage).services)
    if as_json:
        output.print_json({"accounts": entered.accounts, "addresses": entered.addresses})
        return
    output.say(f"Comptes lus : {entered.accounts}. {plural(entered.addresses, 'adresse')} y mènent : c'est enregistré.")
