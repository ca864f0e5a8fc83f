"""`clef families changes`: what was changed of families' coordinates and passwords, by whom and when."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

import typer

from agency.campaign.options import SiteCode
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Stage, parse_day
from chalicelib.domain.family.corrections import Side
from chalicelib.office.helpdesk import correction_text
from chalicelib.office.helpdesk.changes import AccountChange, ChangesQuery
from chalicelib.office.helpdesk.changes import changes as changes_of_families
from chalicelib.presentation.texts import day_and_hour, describe_change
from chalicelib.settings.environment import Network


class ChangeSource(StrEnum):
    """Who made a change."""

    FAMILIES = "familles"
    OFFICE = "administration"
    FILE = "fichier"


_SIDES: Final[dict[ChangeSource, Side]] = {
    ChangeSource.FAMILIES: "family",
    ChangeSource.OFFICE: "office",
    ChangeSource.FILE: "file",
}

Since = Annotated[
    date | None, typer.Option("--since", parser=parse_day, metavar="JOUR", help="Depuis ce jour, compris.")
]


def changes(
    *,
    site: SiteCode = None,
    since: Since = None,
    by: Annotated[ChangeSource | None, typer.Option("--by", help="Seulement ce qui a été changé par…")] = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer ce qui a changé des coordonnées et des mots de passe des familles : quand, par qui, avant, maintenant."""
    services = connect(stage).services
    with output.progress("Lecture des comptes") as advance:
        found = changes_of_families(services, ChangesQuery(site, since, _SIDES[by] if by else None), advance)
    if as_json:
        output.print_json({"changes": list(map(_change_json, found))})
    elif found:
        _print_changes(found, services.settings.network)
    else:
        output.say("Aucun changement.")


def _change_json(change: AccountChange) -> dict[str, object]:
    account = {"site": change.ref.site, "identifier": change.ref.identifier, "written": change.display_identifier}
    return account | {"name": change.name} | correction_text.correction_json(change.correction)


def _print_changes(changes: tuple[AccountChange, ...], network: Network) -> None:
    names = {site.code: site.name for site in network.sites}
    rows = [
        (
            day_and_hour(change.correction.at),
            names.get(change.ref.site, change.ref.site),
            change.display_identifier or change.ref.identifier,
            change.name,
            correction_text.field_name(change.correction),
            *describe_change(change.correction),
            correction_text.author(change.correction),
        )
        for change in changes
    ]
    output.table("", ["Quand", "Site", "Identifiant", "Famille", "Quoi", "Avant", "Maintenant", "Par"], rows)
