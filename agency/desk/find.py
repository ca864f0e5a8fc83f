"""`clef desk find`: families by a piece of what is on file."""

from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.domain.account.disowning import frozen_at
from chalicelib.office.desk.account_text import state_text
from chalicelib.office.desk.find import AT_MOST
from chalicelib.office.desk.find import find as find_families


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
    with output.progress("Recherche") as advance:
        results = find_families(services, " ".join(text), site, advance)
    if as_json:
        families = [
            {
                "site": account.ref.site,
                "identifier": account.ref.identifier,
                "written": account.display_identifier,
                "name": account.name,
                "emails": account.emails,
                "pupils": [pupil.name for pupil in account.household.pupils],
                "disabled": account.disabled,
                "frozen_at": frozen_at(account),
            }
            for account in results.accounts
        ]
        output.print_json({"families": families, "more": results.more})
        return
    if not results.accounts:
        output.say("Aucune famille trouvée. Essayez un seul mot, ou le début d'un nom.")
        return
    names = {site.code: site.name for site in services.settings.network.sites}
    rows = [
        (
            account.display_identifier or account.ref.identifier,
            names.get(account.ref.site, account.ref.site),
            account.name,
            ", ".join(account.emails),
            ", ".join(pupil.name for pupil in account.household.pupils),
            state_text(account),
        )
        for account in results.accounts
    ]
    output.table("", ["Identifiant", "Site", "Famille", "E-mail", "Élèves", "Compte"], rows)
    if results.more:
        output.say(f"Il y en a d'autres : seules {AT_MOST} sont montrées. Ajoutez un mot, ou --site.")
