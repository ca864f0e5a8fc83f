"""`clef progress`: the progress of families by site, on a terminal, in a spreadsheet, on a page, or by name."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from agency.campaign.options import OfCampaign
from agency.console import output
from agency.console.connection import connect
from agency.console.options import LOCAL, AsJson, Site, Stage
from agency.console.private_file import private_file
from agency.files.page import render_page, write_page
from chalicelib.domain.enrolment.funnel import STEPS, Step
from chalicelib.office.account import select_sites
from chalicelib.office.csv_writer import write_csv
from chalicelib.presentation import texts
from chalicelib.settings.environment import Network
from chalicelib.wings.campaign.office.campaign import TOKENS, Token, find_season
from chalicelib.wings.campaign.office.progress import (
    AT_LEAST,
    FamilyAtStep,
    ProgressReport,
    Tally,
    families_at,
    progress_report,
)
from chalicelib.wings.campaign.presentation.office import funnel
from chalicelib.wings.campaign.presentation.office.funnel import (
    APART,
    GONE_SUBMITTED,
    REACHED,
    by_step_headings,
    by_step_row,
    families_by_step,
    reached_row,
)

# The next act for a family at a step: where an address on file works, and where none does.
TO_DO: Final[dict[Step, tuple[str, str]]] = {
    "imported": (
        "La campagne lui écrira : « clef campaign send ».",
        "Demandez-lui une adresse qui marche (sa page, au bureau), ou un courrier : « clef campaign letters ».",
    ),
    "uncertain": (
        "Demandez-lui si le mail est arrivé ; un courrier lève le doute (« clef campaign letters --only uncertain »).",
        "Écrivez par courrier : « clef campaign letters --only uncertain ».",
    ),
    "notified": (
        "Rien n'est revenu. Elle n'a pas encore demandé de mot de passe : « clef remind --step notifiee ».",
        "Demandez-lui une adresse qui marche : sans elle, pas de mot de passe (sa page, au bureau).",
    ),
    "bounced": (
        "Une autre adresse au dossier marche : « clef remind --step revenue » lui écrit.",
        "Demandez-lui une adresse qui marche (sa page, au bureau), ou un courrier : « clef campaign letters ».",
    ),
    "delivered": (
        "Elle n'a pas encore demandé de mot de passe : « clef remind --step remise ».",
        "Demandez-lui une adresse qui marche : sans elle, pas de mot de passe (sa page, au bureau).",
    ),
    "password": (
        "Elle peut se connecter, et ne l'a pas encore fait : « clef remind --step mot-de-passe ».",
        "Elle peut se connecter, et ne l'a pas encore fait. Demandez-lui une adresse qui marche (sa page, au bureau).",
    ),
    "logged_in": (
        "Elle est prête. Une fois la réinscription ouverte, « clef remind --step connectee » la lui rappelle.",
        "Elle est prête. Sans adresse qui marche, pas de « Mot de passe perdu » : demandez-la (sa page, au bureau).",
    ),
    "started": (
        "Elle n'a pas tout envoyé : « clef remind --step commencee » lui dit ce qui manque, et jusqu'à quand.",
        "Elle n'a pas tout envoyé : appelez-la. Demandez-lui une adresse qui marche (sa page, au bureau).",
    ),
    "submitted": (
        "C'est à vous de décider, au bureau, page « Réinscriptions ».",
        "C'est à vous de décider, au bureau, page « Réinscriptions ». Nos mails ne lui parviennent pas : appelez-la.",
    ),
    "to_complete": (
        "Elle doit compléter ce que vous avez demandé : « clef remind --step a-completer ».",
        "Elle doit compléter ce que vous avez demandé, et nos mails ne lui parviennent pas : appelez-la.",
    ),
    "validated": (
        "Rien : tout est décidé.",
        "Tout est décidé. Nos mails ne lui parviennent pas : dites-lui au téléphone ce qui est décidé.",
    ),
}


LIST_HEADINGS: Final = ("Site", "Identifiant", "Famille", "Adresses", "Une adresse marche", "Depuis", "À faire")


def step_lines(tally: Tally) -> list[list[object]]:
    """List the steps as rows, each with the command for its families."""
    tokens = {step: token for token, step in TOKENS.items()}
    lists = [f"clef progress --list {tokens[step]}" for step in (STEPS[0], *STEPS)]
    counts = families_by_step(tally).items()
    return [
        *([name, count, typed] for (name, count), typed in zip(counts, lists, strict=True)),
        ["Somme", tally.families, ""],
    ]


def csv_headings() -> list[str]:
    """Name the columns of steps and mails, for one row per site."""
    at_least = [f"Au moins : {heading.lower()}" for heading in list(REACHED.values())[1:]]
    return ["Code", "Site", REACHED["imported"], *at_least, *by_step_headings()[1:], GONE_SUBMITTED]


def csv_row(code: str, tally: Tally) -> list[object]:
    """Count the families of a site by step and by mail."""
    return [code, *reached_row(tally), *by_step_row(tally)[1:], tally.gone_submitted]


def family_row(family: FamilyAtStep) -> list[object]:
    """Show a family at a step."""
    account = family.account
    return [
        account.ref.site,
        account.display_identifier or account.ref.identifier,
        account.name,
        ", ".join(account.emails),
        "oui" if family.is_reachable else "non",
        texts.day(family.since) if family.since else "",
        to_do(family),
    ]


def to_do(family: FamilyAtStep) -> str:
    """Describe the next step for a family."""
    return TO_DO[family.step][not family.is_reachable]


def progress_json(report: ProgressReport) -> dict[str, Any]:
    """Describe all that is known of the season."""
    season = report.season
    return {
        "campaign": season.name if season else None,
        "started_at": season.started_at if season else None,
        "at": report.at,
        "sites": {code: _tally_json(tally) for code, tally in report.sites.items()},
        "total": _tally_json(report.total),
    }


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "name": tally.name,
        "reached": {step: tally.count_reached(step) for step in AT_LEAST},
        "standing": {step: tally.standing[step] for step in STEPS},
        "unreachable": tally.unreachable,
        "apart": {apart: tally.apart[apart] for apart in APART},
        "gone_submitted": tally.gone_submitted,
    }


def family_json(family: FamilyAtStep) -> dict[str, Any]:
    """Describe all that is known of a family at a step."""
    account = family.account
    return {
        "site": account.ref.site,
        "identifier": account.display_identifier or account.ref.identifier,
        "name": account.name,
        "emails": account.emails,
        "is_reachable": family.is_reachable,
        "step": family.step,
        "since": family.since,
        "to_do": to_do(family),
    }


_PAGE: Final = Path(__file__).with_name("progress.html")


def page_of(report: ProgressReport, network: Network) -> str:
    """Render the page."""
    return render_page(_PAGE, network, share=funnel.share, width=funnel.width, report=report, columns=funnel)


STANDARD_OUTPUT = Path("-")

Csv = Annotated[Path | None, typer.Option("--csv", help="Écrire un fichier pour tableur ; « - » : à l'écran.")]
Html = Annotated[Path | None, typer.Option("--html", help="Écrire une page avec ses graphiques, sans aucun nom.")]
ListStep = Annotated[Token | None, typer.Option("--list", help="Donner la liste des familles à cette étape.")]


def progress(
    *,
    campaign: OfCampaign = None,
    site: Site = None,
    list_: ListStep = None,
    csv: Csv = None,
    html: Html = None,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Montrer où en sont les familles, site par site : de la première lettre à la réinscription validée.

    Exemple : clef progress --site evry-magnard
    """
    if as_json and csv == STANDARD_OUTPUT:
        raise typer.BadParameter("« --json » et « --csv - » écrivent au même endroit : choisissez.")
    services = connect(stage).services
    season = find_season(services, campaign)
    sites = select_sites(services.settings.network, site)
    if list_ is None or html:
        with output.progress("Lecture des comptes") as advance:
            report = progress_report(services, season, sites, services.clock(), advance)
        if html:
            write_page(html, page_of(report, services.settings.network))
    if list_:
        _print_list(
            partial(families_at, services, season, sites, TOKENS[list_], services.clock()), csv, as_json=as_json
        )
    else:
        _print_funnel(report, csv, as_json=as_json)


def _print_funnel(report: ProgressReport, csv: Path | None, *, as_json: bool) -> None:
    if csv:
        rows = [csv_row(code, tally) for code, tally in report.sites.items()]
        _write_csv(csv, csv_headings(), [*rows, csv_row("", report.total)])
    if as_json:
        output.print_json(progress_json(report))
    elif csv != STANDARD_OUTPUT:
        _print_tables(report)


def _print_tables(report: ProgressReport) -> None:
    output.say(funnel.title_of(report))
    output.table(funnel.AT_LEAST_TITLE, funnel.reached_headings(), map(funnel.reached_row, report.rows))
    output.table(funnel.BY_STEP_TITLE, ["Étape", "Familles", "Leur liste"], step_lines(report.total))
    for line in funnel.apart_lines(report.total):
        output.say(line)


def _print_list(families: Callable[[], Iterator[FamilyAtStep]], csv: Path | None, *, as_json: bool) -> None:
    if csv:
        _write_csv(csv, LIST_HEADINGS, map(family_row, families()))
    if as_json:
        output.print_json([family_json(family) for family in families()])
    elif not csv:
        rows = list(families())
        *headings, _ = LIST_HEADINGS
        output.table("", headings, [family_row(family)[:-1] for family in rows])
        for sentence, count in Counter(map(to_do, rows)).items():
            output.say(f"Familles : {count}. {sentence}")


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    if path == STANDARD_OUTPUT:
        write_csv(sys.stdout.buffer, headings, rows)
        return
    with private_file(path) as file:
        write_csv(file, headings, rows)
    output.note(f"Écrit : {path}")
