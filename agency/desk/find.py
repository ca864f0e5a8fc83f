"""`clef desk find`: families by a piece of what is on file."""

from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.disown import frozen_at
from chalicelib.office.helpdesk.account_text import state_text
from chalicelib.office.helpdesk.find import AT_MOST
from chalicelib.office.helpdesk.find import find as find_families
from chalicelib.settings.environment import Network

_HEADINGS: Final = ["Identifiant", "Site", "Famille", "E-mail", "Élèves", "Compte"]


def find(
    text: Annotated[
        list[str], typer.Argument(metavar="TEXTE", help="Un morceau de nom, d'adresse, d'élève ou d'identifiant.")
    ],
    *,
    site: Annotated[str | None, typer.Option(help="Le code d'un site ; sans lui, tous les sites.")] = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Chercher des familles ; accents, majuscules et espaces ne comptent pas, les fautes de frappe presque pas."""
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
                "close": family.is_close,
                "found": [match.text for match in family.matches],
            }
            for family in results.families
            for account in [family.account]
        ]
        output.print_json({"families": families, "more": results.more})
        return
    if not results.families:
        output.say("Aucune famille trouvée. Essayez un seul mot, ou le début d'un nom.")
        return
    network = services.settings.network
    exact = [_row(family.account, network) for family in results.families if not family.is_close]
    close = [
        (*_row(family.account, network), ", ".join(match.text for match in family.matches))
        for family in results.families
        if family.is_close
    ]
    if exact:
        output.table("", _HEADINGS, exact)
    if close:
        output.say("Ce qui s'écrit presque pareil :")
        output.table("", [*_HEADINGS, "Proche de"], close)
    if results.more:
        output.say(f"Il y en a d'autres : seules {AT_MOST} sont montrées. Ajoutez un mot, ou --site.")


def _row(account: Account, network: Network) -> tuple[str, ...]:
    site = network.site(account.ref.site)
    return (
        account.display_identifier or account.ref.identifier,
        site.name if site else account.ref.site,
        account.name,
        ", ".join(account.emails),
        ", ".join(pupil.name for pupil in account.household.pupils),
        state_text(account),
    )
