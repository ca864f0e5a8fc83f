"""`clef campaign letters`: the notice by post, one PDF per site, for all families or those without mail."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from agency.campaign.options import OfCampaign
from agency.console import output
from agency.console.connection import connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, AsJson, Overwrite, Site, Stage, parse_day
from agency.printing.letter_batch import FILE_NAME, NotPrinted, PrintedBatch, print_batch
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.office.account import select_sites
from chalicelib.services.office import OfficeServices
from chalicelib.wings.campaign.office.campaign import find_season
from chalicelib.wings.campaign.office.letters import (
    EVERYBODY,
    UNREACHABLE,
    LetterBatch,
    LetterOptions,
    Order,
    Reason,
    letter_batch,
)

_COLUMNS: Final[dict[Reason, str]] = {
    "no-address": "Sans e-mail",
    "bounced": "Mail revenu",
    "uncertain": "Envoi incertain",
    "never-activated": "Jamais activées",
    "waiting": "Pas encore prévenues",
    "reached": "Prévenues par mail",
}


class Recipients(StrEnum):
    """The families that can be chosen."""

    NO_ADDRESS = "no-address"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    NEVER_ACTIVATED = "never-activated"


_REASONS: Final[dict[Recipients, Reason]] = {
    Recipients.NO_ADDRESS: "no-address",
    Recipients.BOUNCED: "bounced",
    Recipients.UNCERTAIN: "uncertain",
    Recipients.NEVER_ACTIVATED: "never-activated",
}

_TOO_LONG: Final = "Imprimés, mais d'une adresse de plus de six lignes, nom compris, que La Poste ne lit pas"

Folder = Annotated[Path, typer.Option("--to", help="Le dossier où écrire les PDF.")]
Only = Annotated[
    list[Recipients] | None,
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
    typer.Option("--date", parser=parse_day, metavar="JOUR", help="La date du courrier ; sans elle, aujourd'hui."),
]


def letters(
    *,
    to: Folder = Path("courriers"),
    everybody: Everybody = False,
    only: Only = None,
    never_activated: NeverActivated = False,
    campaign: OfCampaign = None,
    site: Site = None,
    by: By = "postcode",
    day: Dated = None,
    yes: Overwrite = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Imprimer le communiqué, un PDF par site, pour enveloppes à fenêtre : une page par famille.

    Sans option : pour les familles que la campagne par mail ne peut pas joindre, et elles seules.

    Exemple : clef campaign letters --date 2027-05-11
    """
    services = connect(stage).services
    reasons = {_REASONS[group] for group in only} if only else set(UNREACHABLE)
    if never_activated:
        reasons.add("never-activated")
    day = day or services.clock().astimezone(PARIS).date()
    options = LetterOptions(EVERYBODY if everybody else frozenset(reasons), find_season(services, campaign), day, by)
    sites = select_sites(services.settings.network, site)
    output.confirm_overwriting(*(to / FILE_NAME.format(chosen.code) for chosen in sites), yes=yes)
    batches = [_print_site(services, letter_batch(services, site, options), to) for site in sites]
    (_print_json if as_json else _print_summary)(batches, options, to)
    if any(batch.aside or batch.too_long for batch in batches):
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def _print_site(services: OfficeServices, batch: LetterBatch, folder: Path) -> PrintedBatch:
    with output.progress(batch.site.name, len(batch.letters)) as advance:
        return print_batch(batch, services.settings.network, folder, advance)


def _print_summary(batches: list[PrintedBatch], options: LetterOptions, folder: Path) -> None:
    reasons = [reason for reason in _COLUMNS if any(site.reasons[reason] for site in batches)]
    rows: list[list[object]] = [
        [
            site.site.name,
            site.pages,
            *(site.reasons[reason] for reason in reasons),
            site.file.name if site.pages else "",
        ]
        for site in batches
    ]
    output.table("", ["Site", "Courriers", *(_COLUMNS[reason] for reason in reasons), "Fichier"], rows)
    _print_aside([family for site in batches for family in site.aside])
    _print_too_long([account for site in batches for account in site.too_long])
    for sentence in _missing(batches, options):
        output.say(sentence)
    if any(site.pages for site in batches):
        output.say(
            f"Le dossier « {folder} » contient des données personnelles (noms, adresses, identifiants) : gardez-le sur "
            "votre poste, et effacez-le une fois les courriers partis."
        )


def _print_aside(aside: list[NotPrinted]) -> None:
    if aside:
        title = f"Sans courrier, à compléter ou à écrire à la main : {len(aside)}"
        rows = [(family.ref.site, family.identifier, family.name, family.why) for family in aside]
        output.table(title, ["Site", "Identifiant", "Famille", "Pourquoi"], rows)


def _print_too_long(accounts: list[Account]) -> None:
    if accounts:
        rows = [(account.ref.site, _identifier(account), account.name) for account in accounts]
        output.table(f"{_TOO_LONG} : {len(accounts)}", ["Site", "Identifiant", "Famille"], rows)


def _identifier(account: Account) -> str:
    return account.display_identifier or account.ref.identifier


def _missing(batches: list[PrintedBatch], options: LetterOptions) -> list[str]:
    """List the missing dates, and the families reached neither by mail nor by these letters."""
    waiting = sum(site.not_asked_for["waiting"] for site in batches)
    uncertain = sum(site.not_asked_for["uncertain"] for site in batches)
    sites = [site.site.name for site in batches if site.pages and site.period is None]
    sentences = []
    if sites:
        sentences.append(
            f"Aucune période n'est annoncée pour {', '.join(sites)} : ces courriers sont sans dates. Annoncez-la : "
            "« clef period set », puis relancez."
        )
    if options.season is None:
        sentences.append("Aucune campagne par mail n'a commencé : on ne sait pas encore quels mails reviendront.")
    elif waiting:
        sentences.append(
            f"Familles joignables par mail, pas encore prévenues : {waiting}. Relancez « clef campaign send »."
        )
    if uncertain:
        sentences.append(
            f"Familles dont l'envoi est incertain : {uncertain}. Un courrier lève le doute : ajoutez --only uncertain."
        )
    return sentences


def _print_json(batches: list[PrintedBatch], options: LetterOptions, folder: Path) -> None:
    output.print_json(
        {
            "campaign": options.season.name if options.season else None,
            "folder": folder,
            "sites": {
                site.site.code: {
                    "file": site.file if site.pages else None,
                    "letters": site.pages,
                    "reasons": site.reasons,
                    "left": site.not_asked_for,
                }
                for site in batches
            },
            "aside": [
                {"site": family.ref.site, "identifier": family.identifier, "name": family.name, "why": family.why}
                for site in batches
                for family in site.aside
            ],
            "long_addresses": [
                {"site": account.ref.site, "identifier": _identifier(account), "name": account.name}
                for site in batches
                for account in site.too_long
            ],
        }
    )
