"""`clef draw prepare|run|show|cancel|publish`: the draw of a site, whose every step is published at once."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import typer

from agency.console import output
from agency.console.connection import Connection, connect
from agency.console.options import LOCAL, Apply, AsJson, Site, Stage, parse_day, site_option
from agency.console.output import confirm_by_typing, plural
from agency.console.publishing import publish_draws
from chalicelib.domain.account.audit import Author
from chalicelib.domain.admission.draws import Draw, DrawCancellation, SiteDraws, order_of, seed_from
from chalicelib.office.admission import offers
from chalicelib.office.admission.draws import (
    SeedPlan,
    all_draws,
    cancel_draw,
    check_seed,
    prepare_draw,
    preview_draw,
    run_draw,
)
from chalicelib.presentation.texts import day, day_and_hour
from operations.pages.draws import PREFIX

Drawing = Annotated[str, site_option("Le code du site.")]
Source = Annotated[
    str,
    typer.Option(
        help="Quel nombre public décidera, comment il s'écrit, et lequel servira s'il n'existe pas : « les cinq "
        "numéros du tirage du Loto du samedi 3 juillet 2027, en ordre croissant, sur deux chiffres, séparés par un "
        "tiret ; s'il n'a pas lieu, ceux du tirage suivant ». C'est publié tel quel."
    ),
]
SeedOn = Annotated[
    date, typer.Option(parser=parse_day, metavar="JOUR", help="Le jour où ce nombre existera : 2027-07-03. À venir.")
]
Seed = Annotated[str, typer.Option(help="Le nombre, écrit exactement comme il a été annoncé : « 04-11-23-38-42 ».")]
PublicWhy = Annotated[str, typer.Option("--why", help="Pourquoi. C'est publié : n'y nommez personne.")]
Yes = Annotated[bool, typer.Option("--yes", help="Oui d'avance, sans retaper.")]


def prepare(
    *,
    site: Drawing,
    seed_source: Source,
    seed_on: SeedOn,
    apply: Apply = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Arrêter et publier la liste d'un site dont la période de demandes est finie ; --apply le fait.

    Avec elle, le nombre public qui décidera. Avant le jour de ce nombre, la liste peut être annulée, au vu de tous ;
    ensuite, non.

    Exemple : clef draw prepare --site evry-xenakis --seed-source "les numéros du Loto du jour" --seed-on 2027-07-03
    """
    connection = connect(stage)
    now = connection.services.clock()
    make_draw = prepare_draw if apply else preview_draw
    by = connection.operator if apply else ""
    draw = make_draw(connection.services, site, SeedPlan(seed_source, seed_on), by, now)
    if apply:
        _tell(connection, draw, now, as_json=as_json)
    elif as_json:
        output.print_json({"applied": False, **_draw_json(draw), "published": []})
    else:
        tickets, prepared = plural(len(draw.tickets), "numéro"), draw.prepared
        output.say(f"Liste qui serait arrêtée : {tickets}, empreinte {draw.digest}.")
        output.say(f"Le nombre qui déciderait : « {prepared.seed_source} », le {day(prepared.seed_on)}.")
        output.say("Rien n'a été écrit : ajoutez --apply pour enregistrer et publier.")


def run(
    *,
    site: Drawing,
    seed: Seed,
    yes: Yes = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Tirer l'ordre avec le nombre annoncé, une fois pour toutes, et le publier ; les propositions suivent.

    La même commande, relancée avec le même nombre, retrouve le tirage ; avec un autre, elle est refusée.

    Exemple : clef draw run --site evry-xenakis --seed 04-11-23-38-42
    """
    connection = connect(stage)
    services, now = connection.services, connection.services.clock()
    draw, read = check_seed(services, site, seed, now)
    if not draw.seed:
        question = f"Annoncé : {draw.prepared.seed_source}. Le tirage ne se refait pas. Retapez le nombre"
        confirm_by_typing(question, read, yes=yes, read=seed_from)
    draw = run_draw(services, site, seed, connection.operator, now)
    _tell(connection, draw, now, as_json=as_json)
    offers.advance(services, now)


def cancel(
    *,
    site: Drawing,
    why: PublicWhy,
    yes: Yes = False,
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Annuler une liste arrêtée, avant le jour de son nombre ; elle et la raison restent publiées.

    Exemple : clef draw cancel --site evry-xenakis --why "une demande manquait"
    """
    connection = connect(stage)
    services, now = connection.services, connection.services.clock()
    confirm_by_typing(
        "Les familles liront l'annulation et sa raison. Pour annuler, retapez le code du site", site, yes=yes
    )
    cancelled = cancel_draw(services, site, Author(connection.operator, why), now)
    pages = publish_draws(connection, now)
    if as_json:
        output.print_json({"site": site, "cancelled": _cancelled_json(cancelled), "published": pages})
        return
    output.say(
        f"Annulé : la liste arrêtée le {day_and_hour(cancelled.prepared.at)}. Elle reste publiée, avec la raison."
    )


def show(*, site: Site = None, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer les tirages : où en est chacun, par qui, et l'ordre avec --json.

    Exemple : clef draw show --site evry-xenakis
    """
    services = connect(stage).services
    draws = [found for found in all_draws(services, services.clock()) if site in {None, found.site}]
    if as_json:
        output.print_json({"draws": [_draws_json(found) for found in draws]})
        return
    rows = [row for found in draws for row in _rows(found)]
    output.table("", ["Site", "Saison", "État", "Par", "Numéros", "Nombre", "Empreinte"], rows)


def publish(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Publier à nouveau les pages des tirages, si une panne l'a empêché.

    Exemple : clef draw publish
    """
    connection = connect(stage)
    pages = publish_draws(connection, connection.services.clock())
    if as_json:
        output.print_json({"published": pages})
    else:
        output.say(f"{plural(len(pages), 'page publiée', 'pages publiées')}.")


def _tell(connection: Connection, draw: Draw, now: datetime, *, as_json: bool) -> None:
    pages = publish_draws(connection, now)
    url = connection.services.settings.network.url(f"/{PREFIX}/{draw.season}-{draw.site}")
    if as_json:
        output.print_json({"applied": True, **_draw_json(draw), "published": pages, "url": url})
        return
    tickets = plural(len(draw.tickets), "numéro")
    if draw.run_at:
        output.say(f"Tirage fait le {day_and_hour(draw.run_at)} avec le nombre {draw.seed} : {tickets} dans l'ordre.")
    else:
        output.say(f"Liste arrêtée : {tickets}, empreinte {draw.digest}.")
        output.say(f"À partir du {day(draw.prepared.seed_on)} : clef draw run --site {draw.site} --seed NOMBRE")
    output.say(f"Publié : {url}")


def _rows(draws: SiteDraws) -> Iterable[tuple[object, ...]]:
    for cancellation in draws.record.cancelled:
        state = f"annulé le {day_and_hour(cancellation.at)} : {cancellation.why}"
        yield (
            draws.site,
            draws.season,
            state,
            cancellation.by,
            cancellation.list_text.count("\n") - 1,
            "",
            cancellation.digest,
        )
    if draw := draws.record.draw:
        state = f"fait le {day_and_hour(draw.run_at)}" if draw.run_at else f"à partir du {day(draw.prepared.seed_on)}"
        by = draw.run_by or draw.prepared.by
        yield draws.site, draws.season, state, by, len(draw.tickets), draw.seed, draw.digest


def _draws_json(draws: SiteDraws) -> dict[str, object]:
    draw = draws.record.draw
    return {
        "site": draws.site,
        "season": draws.season,
        "draw": draw and _draw_json(draw),
        "cancelled": [_cancelled_json(one) for one in draws.record.cancelled],
    }


def _draw_json(draw: Draw) -> dict[str, object]:
    order = order_of(draw)
    return {
        "site": draw.site,
        "season": draw.season,
        "rule": draw.rule,
        "digest": draw.digest,
        "intact": draw.is_intact,
        "seed_source": draw.prepared.seed_source,
        "seed_on": draw.prepared.seed_on,
        "prepared_at": draw.prepared.at,
        "prepared_by": draw.prepared.by,
        "seed": draw.seed or None,
        "run_at": draw.run_at,
        "run_by": draw.run_by or None,
        "tickets": [{"ticket": one.name, "group": one.group, "position": order.get(one.name)} for one in draw.tickets],
    }


def _cancelled_json(cancellation: DrawCancellation) -> dict[str, object]:
    return {
        "digest": cancellation.digest,
        "seed_source": cancellation.prepared.seed_source,
        "seed_on": cancellation.prepared.seed_on,
        "prepared_at": cancellation.prepared.at,
        "prepared_by": cancellation.prepared.by,
        "at": cancellation.at,
        "by": cancellation.by,
        "why": cancellation.why,
    }
