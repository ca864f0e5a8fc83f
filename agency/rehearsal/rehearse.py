"""`clef rehearse`: replay an opening against a stage, with fictitious families that are erased afterwards."""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Annotated, Final

import typer

from agency.console import output
from agency.console.connection import Connection, connect, wait_for_requests
from agency.console.exit_codes import ExitCode
from agency.console.options import LOCAL, Apply, AsJson, Site, Stage
from agency.rehearsal.replay import Replay, Visit
from agency.rehearsal.report import RehearsalReport, VisitCounts
from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.account.rate_limits import LOST_OF_ADDRESS
from chalicelib.office import rehearsal
from chalicelib.office.account import select_sites
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rehearsal import RehearsedFamily
from chalicelib.office.rights.erasure import ErasureHooks, erase_all
from chalicelib.services.office import OfficeServices
from operations.deploy.capacity import minutes_to_mail
from operations.deploy.metrics import read_metrics
from operations.deploy.stack import StackAddress, deployed_outputs, find_stack, public_address
from operations.deploy.stages import load_stage
from operations.journeys.browser import Browser
from operations.journeys.journey import ask_for_password, play

_PAUSE: Final = 3  # seconds, longer than any job's delay
# Beyond the time that the mails take at SES's pace: a job whose run was cut comes back after three minutes.
_PATIENCE: Final = timedelta(minutes=5)


def rehearse(
    *,
    families: Annotated[int, typer.Option("--families", min=1, help="Combien de familles se réinscrivent.")] = 50,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="En combien de secondes elles arrivent.")] = 60,
    share: Annotated[
        int, typer.Option("--lost", min=0, max=100, help="Combien sur cent redemandent un mot de passe.")
    ] = 20,
    site: Site = None,
    apply: Apply = False,
    force: Annotated[bool, typer.Option("--force", help="Même si une période est ouverte.")] = False,
    clean_up: Annotated[
        bool, typer.Option("--clean-up", help="Effacer seulement ce qu'une répétition a laissé.")
    ] = False,
    edge: Annotated[str, typer.Option("--edge", metavar="LIEU:PORT", help="L'entrée du CDN d'un émulateur.")] = "",
    stage: Stage = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Répéter une ouverture avec des familles fictives, effacées à la fin ; aucune vraie famille n'est touchée.

    Leurs mails vont au simulateur de SES ; elles ont leur propre période, et celle qui est annoncée ne change pas.

    Exemple : clef rehearse --families 300 --stage staging
    """
    connection = connect(stage)
    services, now = connection.services, connection.services.clock()
    if clean_up:
        outcome = _erase(connection, None)
        output.print_json({"erased": outcome}) if as_json else output.say(f"Familles fictives effacées : {outcome}.")
        return
    sites = [chosen.code for chosen in select_sites(services.settings.network, site)]
    if not force and (in_period := rehearsal.sites_in_period(services, now)):
        raise OfficeRefusal("rehearsal_period_open", sites=in_period)
    counts = VisitCounts(families, families * share // 100)
    if not apply:
        _preview(counts, seconds, as_json=as_json)
        return
    if rehearsal.find_remains(services):
        raise OfficeRefusal("rehearsal_remains", stage=stage)
    host, _, port = edge.rpartition(":")
    connection.aws.edge = (host, int(port)) if port.isdecimal() else None
    address, functions = _target(connection, stage)
    erasure = rehearsal.begin(services, sites, families, connection.operator, now)
    try:
        replay, minutes = _rehearse(services, address, sites, counts, seconds)
        report = RehearsalReport(
            counts, replay, minutes, read_metrics(connection.aws, functions, now, services.clock())
        )
    finally:
        output.note(f"Effacement des familles fictives ; s'il s'interrompt : clef rehearse --clean-up --stage {stage}")
        _erase(connection, erasure)
    if as_json:
        output.print_json(report.as_json())
    else:
        report.print()
        output.say("Tout ce que la répétition avait créé est effacé ; « clef families erasures » en garde la note.")
    if not report.is_well:
        raise typer.Exit(ExitCode.TO_LOOK_AT)


def _target(connection: Connection, stage: str) -> tuple[StackAddress, Mapping[str, str]]:
    outputs = connection.distribution and deployed_outputs(find_stack(connection.aws, load_stage(stage).stack))
    if not outputs:  # a `make run`
        return StackAddress(connection.services.settings.network.public_url), {}
    functions = {"families": outputs.api_function, "post": outputs.post_function}
    return public_address(connection.aws, load_stage(stage), outputs), functions


def _preview(counts: VisitCounts, seconds: float, *, as_json: bool) -> None:
    dollars, minutes = counts.visit().dollars, minutes_to_mail(counts.mails)
    if as_json:
        output.print_json({"applied": False, **asdict(counts), "mails": counts.mails, "dollars": round(dollars, 4)})
        return
    output.say(
        f"{output.plural(counts.families, 'famille fictive')} en {seconds:.0f} s ; mots de passe redemandés : "
        f"{counts.lost_passwords}. Mails au simulateur de SES : {counts.mails}, partis en {minutes:.1f} min. "
        f"Prix : environ {dollars:.3f} $."
    )
    output.say("Rien n'a été fait : ajoutez --apply.")


def _rehearse(
    services: OfficeServices, address: StackAddress, sites: list[str], counts: VisitCounts, seconds: float
) -> tuple[Replay, float | None]:
    """Make the families, replay their visits, and wait until their mails have left. Returns the minutes of these."""
    families = rehearsal.make_families(services, sites, counts.families, services.clock())
    visits = [*_family_visits(services, families, counts.lost_passwords)]
    random.shuffle(visits)
    replay = Replay()
    with output.progress("Visites", len(visits)) as advance:
        replay.play(address, visits, seconds, advance)
    return replay, _wait_for_mails(services, counts.mails)


def _family_visits(services: OfficeServices, families: tuple[RehearsedFamily, ...], lost_count: int) -> Iterator[Visit]:
    """Re-enrol each family. The first ones ask for a lost password before.

    One client address may send thirty such forms in ten minutes. Beyond them the request is queued as the form does.
    """

    def visit(number: int, family: RehearsedFamily, browser: Browser) -> None:
        if number < min(lost_count, LOST_OF_ADDRESS.free):
            ask_for_password(browser.send, family.ref.identifier, family.email)
        elif number < lost_count:
            rehearsal.post_password(services, family, services.clock())
        play(browser.send, family.ref.site, family.ref.identifier, family.password)

    for number, family in enumerate(families):
        yield partial(visit, number, family)


def _wait_for_mails(services: OfficeServices, mails: int) -> float | None:
    """Wait until the queues are empty. Returns the minutes. None if that takes over twice the time that SES needs."""
    start = services.clock()
    until = start + timedelta(minutes=2 * minutes_to_mail(mails)) + _PATIENCE
    while True:
        time.sleep(_PAUSE)
        now = services.clock()
        if not services.post_box.waiting():
            return (now - start).total_seconds() / 60
        if now > until:
            return None


def _erase(connection: Connection, erasure: Erasure | None) -> int:
    """Erase all that a rehearsal made, and return its number of families. Raises `OfficeRefusal`.

    `erasure`: the note of a rehearsal whose requests have all ended. Without one, others may still be under way.
    """
    services = connection.services
    remains = rehearsal.find_remains(services)
    if erasure or remains:
        with output.progress("Effacement", 2 * len(remains)) as advance:
            hooks = ErasureHooks((lambda: None) if erasure else (lambda: wait_for_requests(connection)), advance)
            note = erasure or rehearsal.erasure_of(remains, connection.operator, services.clock())
            erase_all(services, remains, note, rehearsal.is_fictitious, hooks)
    return len(remains)
