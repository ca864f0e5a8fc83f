"""`clef period set|clear`: the re-enrolment period, which families read on the public pages and on « Accueil ».

With `--new`, that of applications, shown on « Pré-inscription » at once, without publishing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.aws_errors import AWS_ERRORS, describe_aws_error
from agency.console.connection import Connection, connect
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, Site, Stage, parse_day
from agency.console.sentences import IF_MEANT, sentence_of
from agency.enrolment.announcement import New, period_of, period_rows, periods_json
from chalicelib.office.enrolment.period import PeriodChange, PeriodEditor, PeriodOf, clear_period, set_period
from chalicelib.office.refusals import OfficeRefusal
from operations.deploy.commands import Stopped
from operations.pages.publish import PagesBucket, invalidate

First = Annotated[
    date, typer.Argument(parser=parse_day, metavar="PREMIER_JOUR", help="Le premier jour : 2027-06-01 ou 01/06/2027.")
]
Last = Annotated[date, typer.Argument(parser=parse_day, metavar="DERNIER_JOUR", help="Le dernier jour, inclus.")]

Yes = Annotated[
    bool, typer.Option("--yes", help="Oui d'avance, même si l'année paraît fausse ou si une période ouverte ferme.")
]

_AFTER: Final = {True: ("Maintenant", "Ce que lisent les familles"), False: ("Après", "Ce que liraient les familles")}


def announce(
    first: First,
    last: Last,
    *,
    site: Site = None,
    new: New = False,
    apply: Apply = False,
    yes: Yes = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Annoncer une période, premier et dernier jour inclus, à l'heure de Paris ; --apply l'enregistre.

    Exemple : clef period set 2027-06-01 2027-06-15
    """
    connection = connect(stage)
    now, of = connection.services.clock(), period_of(new=new)
    change_by = partial(set_period, connection.services, site, first, last, now, of=of)
    change = _change(change_by, PeriodEditor(connection.operator if apply else "", now), apply=apply, yes=yes)
    _show_change(connection, change, of, apply=apply, as_json=as_json)


def clear(
    *,
    site: Site = None,
    new: New = False,
    apply: Apply = False,
    yes: Yes = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Retirer la période annoncée pour un site ; sans --site, celle de tous ; --apply l'enregistre.

    Exemple : clef period clear --site evry-magnard
    """
    connection = connect(stage)
    now, of = connection.services.clock(), period_of(new=new)
    change_by = partial(clear_period, connection.services, site, now, of=of)
    change = _change(change_by, PeriodEditor(connection.operator if apply else "", now), apply=apply, yes=yes)
    _show_change(connection, change, of, apply=apply, as_json=as_json)


def _change(change_by: Callable[..., PeriodChange], editor: PeriodEditor, *, apply: bool, yes: bool) -> PeriodChange:
    """Preview a change, and apply it unless it may be a slip or closes an open period."""
    change = change_by(editor=replace(editor, apply=False))
    if not apply:
        return change
    if change.warnings and not yes:
        for warning in (*map(sentence_of, change.warnings), IF_MEANT):
            output.note(warning)
        raise typer.Exit(ExitCode.STOPPED)
    return change_by(editor=editor)


def _show_change(connection: Connection, change: PeriodChange, of: PeriodOf, *, apply: bool, as_json: bool) -> None:
    """Publish an applied change that families do not read at once, and show it. Else show the preview."""
    pages = _publish(connection) if apply and of == "reenrolment" else []
    if as_json:
        sites, before = (periods_json(connection, periods) for periods in (change.after, change.before))
        data = {"sites": sites, "before": before, "published": pages, "warnings": [*map(sentence_of, change.warnings)]}
        output.print_json({"applied": apply, **data})
    else:
        pairs = zip(*(period_rows(connection, periods, of) for periods in (change.before, change.after)), strict=True)
        rows = [(site, was, *now) for (_, was, _), (site, *now) in pairs]
        output.table("", ["Site", "Avant", *_AFTER[apply]], rows)
        output.say(
            _last_sentence(of, len(pages)) if apply else "Rien n'a été écrit : ajoutez --apply pour enregistrer."
        )
        _print_own_periods(change, of)
    if change.warnings and not apply:
        for warning in () if as_json else change.warnings:
            output.note(sentence_of(warning))
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def _publish(connection: Connection) -> list[str]:
    """Have the deployment render its pages, and the CDN drop its copies. Raises `OfficeRefusal`, to be run again."""
    services, aws = connection.services, connection.aws
    function, bucket = services.settings.desk_jobs_function or "", services.settings.pages_bucket or ""
    try:
        pages = PagesBucket(aws, bucket).render(aws, function, services.staff.jobs, services.clock())
        if connection.distribution:
            invalidate(aws, connection.distribution, pages)
    except (*AWS_ERRORS, Stopped) as error:
        why = f"Le journal de {function} dit pourquoi." if isinstance(error, Stopped) else describe_aws_error(error)
        raise OfficeRefusal("period_unpublished", why=why) from error
    return pages


def _print_own_periods(change: PeriodChange, of: PeriodOf) -> None:
    """Name the sites with a period of their own besides the common one."""
    if change.before.of_sites != change.after.of_sites:
        return
    new = "" if of == "reenrolment" else "--new "
    for code, _ in change.after.of_sites:
        output.say(f"{code} garde sa propre période ; pour la retirer : clef period clear {new}--site {code}")


def _last_sentence(of: PeriodOf, count: int) -> str:
    return _published_sentence(count) if of == "reenrolment" else "« Pré-inscription » le dit dès maintenant."


def _published_sentence(count: int) -> str:
    if count == 0:
        return "Les pages publiques le disaient déjà."
    pages = "1 page publiée" if count == 1 else f"{count} pages publiées"
    return f"{pages} : tout le monde lit la nouvelle version d'ici cinq minutes."
