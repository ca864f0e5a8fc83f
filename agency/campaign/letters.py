"""`clef campaign letters`: the notice by post, one PDF per site, for those whom mail did not reach or for all."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.campaign.commands import SiteCode
from agency.campaign.progress import OfCampaign
from agency.console import show
from agency.console.connection import connect
from agency.console.days import day_typed
from agency.console.ending import Code
from agency.console.options import LOCAL, AsJson, Stage
from agency.printing.posting import Aside, Printed, print_posting
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.campaign.letters import EVERYBODY, UNREACHABLE, Order, Posting, Reason, Request, posting_of
from chalicelib.office.campaign.season import season_of
from chalicelib.office.sites import sites_asked
from chalicelib.services import Services

_COLUMNS: Final[dict[Reason, str]] = {
    "no-address": "Sans e-mail",
    "bounced": "Mail revenu",
    "uncertain": "Envoi incertain",
    "never-activated": "Jamais activées",
    "waiting": "Pas encore prévenues",
    "reached": "Prévenues par mail",
}


class Whom(StrEnum):
    """Whom one may ask for."""

    NO_ADDRESS = "no-address"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    NEVER_ACTIVATED = "never-activated"


_ASKED: Final[dict[Whom, Reason]] = {
    Whom.NO_ADDRESS: "no-address",
    Whom.BOUNCED: "bounced",
    Whom.UNCERTAIN: "uncertain",
    Whom.NEVER_ACTIVATED: "never-activated",
}

Folder = Annotated[Path, typer.Option("--to", help="Le dossier où écrire les PDF.")]
Only = Annotated[
    list[Whom] | None,
    typer.Option(
        "--only",
        help="Pour ces familles-là seulement : sans adresse e-mail, mail revenu, envoi incertain, jamais activée. "
        "À répéter au besoin.",
    ),
]
Everybody = Annotated[bool, typer.Option("--all", help="Pour toutes les familles, prévenues par mail ou non.")]
NeverActivated = Annotated[
    bool, typer.Option("--never-activated", help="Aussi pour celles qui n'ont jamais eu de mot de passe.")
]
By = Annotated[Order, typer.Option("--by", help="L'ordre des pages : code postal, ou nom.")]
Dated = Annotated[
    date | None,
    typer.Option("--date", parser=day_typed, metavar="JOUR", help="La date du courrier ; sans elle, aujourd'hui."),
]


def letters(
    *,
    to: Folder = Path("courriers"),
    everybody: Everybody = False,
    only: Only = None,
    never_activated: NeverActivated = False,
    campaign: OfCampaign = None,
    site: SiteCode = None,
    by: By = "postcode",
    dated: Dated = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Imprimer le communiqué, un PDF par site, pour enveloppes à fenêtre : une page par famille.

    Sans option : pour les familles que la campagne par mail ne peut pas joindre, et elles seules.
    """
    services = connect(stage).services
    asked = {_ASKED[each] for each in only} if only else set(UNREACHABLE)
    if never_activated:
        asked.add("never-activated")
    day = dated or services.clock().astimezone(PARIS).date()
    request = Request(EVERYBODY if everybody else frozenset(asked), season_of(services, campaign), day, by)
    sites = sites_asked(services.settings.network, site)
    printed = [_printed(services, posting_of(services, each, request), to) for each in sites]
    (_tell_json if as_json else _tell)(printed, request, to)
    if any(each.aside for each in printed):
        raise typer.Exit(Code.TO_LOOK_AT)


def _printed(services: Services, posting: Posting, folder: Path) -> Printed:
    with show.progress(posting.site.name, len(posting.letters)) as advance:
        return print_posting(posting, services.settings.network.name, folder, advance)


def _tell(printed: list[Printed], request: Request, folder: Path) -> None:
    reasons = [each for each in _COLUMNS if any(made.reasons[each] for made in printed)]
    rows: list[list[object]] = [
        [
            made.site.name,
            made.pages,
            *(made.reasons[each] for each in reasons),
            made.file.name if made.pages else "",
        ]
        for made in printed
    ]
    show.table("", ["Site", "Courriers", *(_COLUMNS[each] for each in reasons), "Fichier"], rows)
    _tell_aside([each for made in printed for each in made.aside])
    for sentence in _missing(printed, request):
        show.say(sentence)
    if any(made.pages for made in printed):
        show.say(
            f"Le dossier « {folder} » contient des données personnelles (noms, adresses, identifiants) : gardez-le sur "
            "votre poste, et effacez-le une fois les courriers partis."
        )


def _tell_aside(aside: list[Aside]) -> None:
    if aside:
        title = f"Sans courrier, à compléter ou à écrire à la main : {len(aside)}"
        rows = [(each.ref.site, each.identifier, each.name, each.why) for each in aside]
        show.table(title, ["Site", "Identifiant", "Famille", "Pourquoi"], rows)


def _missing(printed: list[Printed], request: Request) -> list[str]:
    """Say what is missing: dates, and who is told neither by mail nor by these letters."""
    waiting = sum(made.left["waiting"] for made in printed)
    uncertain = sum(made.left["uncertain"] for made in printed)
    undated = [made.site.name for made in printed if made.pages and made.period is None]
    said = []
    if undated:
        said.append(
            f"Aucune période n'est annoncée pour {', '.join(undated)} : ces courriers sont sans dates. Annoncez-la : "
            "« clef period set », puis relancez."
        )
    if request.season is None:
        said.append("Aucune campagne par mail n'a commencé : on ne sait pas encore quels mails reviendront.")
    elif waiting:
        said.append(f"Familles joignables par mail, pas encore prévenues : {waiting}. Relancez « clef campaign send ».")
    if uncertain:
        said.append(
            f"Familles dont l'envoi est incertain : {uncertain}. Un courrier lève le doute : ajoutez --only uncertain."
        )
    return said


def _tell_json(printed: list[Printed], request: Request, folder: Path) -> None:
    show.as_json(
        {
            "campaign": request.season.name if request.season else None,
            "folder": folder,
            "sites": {
                made.site.code: {
                    "file": made.file if made.pages else None,
                    "letters": made.pages,
                    "reasons": made.reasons,
                    "left": made.left,
                }
                for made in printed
            },
            "aside": [
                {"site": each.ref.site, "identifier": each.identifier, "name": each.name, "why": each.why}
                for made in printed
                for each in made.aside
            ],
        }
    )
