"""`clef families changes`: what was changed of families' coordinates and passwords, by whom and when."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

import typer

from agency.campaign.commands import SiteCode
from agency.console import show
from agency.console.connection import connect
from agency.console.days import day_typed
from agency.console.options import LOCAL, AsJson, Stage
from agency.desk import correction_words
from chalicelib.domain.family.corrections import Side
from chalicelib.office.desk.changes import Asked, Changed
from chalicelib.office.desk.changes import changes as changes_of_families
from chalicelib.settings import Network
from chalicelib.texts import day_and_hour, stood


class By(StrEnum):
    """Who made a change."""

    FAMILIES = "familles"
    OFFICE = "administration"
    FILE = "fichier"


_SIDES: Final[dict[By, Side]] = {By.FAMILIES: "family", By.OFFICE: "office", By.FILE: "file"}

Since = Annotated[
    date | None, typer.Option("--since", parser=day_typed, metavar="JOUR", help="Depuis ce jour, compris.")
]


def changes(
    *,
    site: SiteCode = None,
    since: Since = None,
    by: Annotated[By | None, typer.Option("--by", help="Seulement ce qui a été changé par…")] = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer ce qui a changé des coordonnées et des mots de passe des familles : quand, par qui, avant, maintenant."""
    services = connect(stage).services
    with show.progress("Lecture des comptes") as advance:
        found = changes_of_families(services, Asked(site, since, _SIDES[by] if by else None), advance)
    if as_json:
        show.as_json({"changes": list(map(_as_data, found))})
    elif found:
        _show(found, services.settings.network)
    else:
        show.say("Aucun changement.")


def _as_data(changed: Changed) -> dict[str, object]:
    named = {"site": changed.ref.site, "identifier": changed.ref.identifier, "written": changed.written}
    return named | {"name": changed.name} | correction_words.as_data(changed.correction)


def _show(found: tuple[Changed, ...], network: Network) -> None:
    names = {each.code: each.name for each in network.sites}
    rows = [
        (
            day_and_hour(each.correction.at),
            names.get(each.ref.site, each.ref.site),
            each.written or each.ref.identifier,
            each.name,
            correction_words.field(each.correction),
            *stood(each.correction),
            correction_words.by_whom(each.correction),
        )
        for each in found
    ]
    show.table("", ["Quand", "Site", "Identifiant", "Famille", "Quoi", "Avant", "Maintenant", "Par"], rows)
