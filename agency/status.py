"""`clef status`: the operator, the deployment and its work in progress, by a few cheap reads."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from agency.campaign.campaigns import campaign_json
from agency.console import output
from agency.console.connection import Connection, connect
from agency.console.options import LOCAL, AsJson, Stage
from agency.console.output import plural
from agency.enrolment.announcement import days, periods_json
from agency.roster.imports import import_json
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, PeriodState, today
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.enrolment.period import PeriodOf, period_kinds, period_store
from chalicelib.office.jobs.jobs import list_jobs
from chalicelib.office.roster.applied_imports import list_imports
from chalicelib.presentation.texts import day, day_and_hour, school_year, sentence
from chalicelib.settings.wings import has
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.draws import Draw
from chalicelib.wings.admission.office.draws import all_draws
from chalicelib.wings.campaign.domain.campaigns import Campaign
from chalicelib.wings.campaign.presentation.office import campaign_plan
from chalicelib.wings.teaching.services.lessons import school_years

_PERIODS: Final[dict[PeriodOf, str]] = {"reenrolment": "Réinscription", "new_requests": "Nouvelles demandes"}
_STATES: Final[dict[PeriodState, str]] = {"before": "à venir", "during": "ouverte", "after": "finie"}
_JOBS: Final = {
    "families": "Étude du fichier des familles",
    "campaign": "Envoi du bureau",
    "publish": "Publication des pages",
    "list_decision": "Décision pour une liste",
    "request_list": "Décision pour des demandes",
    "merge": "Réunion de deux comptes",
}


@frozen
class _Work:
    """The work in progress, and the last yearly file."""

    campaigns: tuple[Campaign, ...]  # the latest, and the reminders since
    states: tuple[str, ...]  # of the campaigns
    jobs: tuple[DeskJob, ...]  # not over
    draws: tuple[Draw, ...]  # awaiting their number
    last_import: AppliedImport | None


def status(*, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Montrer qui vous êtes, à quel déploiement vous parlez, et ce qui y est en cours. Rien n'est écrit.

    Exemple : clef status --stage prod
    """
    connection = connect(stage)
    now = connection.services.clock()
    periods = {of: period_store(connection.services, of).read() for of in period_kinds()}
    work = _read_work(connection, now)
    year = school_years(connection.services.settings.network).not_configured(today(now)) if has("teaching") else ""
    network, address = connection.services.settings.network, connection.services.settings.network.public_url
    operator, account, region = connection.operator, connection.aws.account, connection.aws.region
    if as_json:
        where = {"stage": stage, "address": address, "region": region, "network": network.name}
        periods_by_kind = {of: periods_json(connection, announced) for of, announced in periods.items()}
        output.print_json(
            {
                "who": {"identity": operator, "account": account},
                "where": where,
                "periods": periods_by_kind,
                "school_year_not_configured": year,
                **_work_json(work),
            }
        )
        return
    output.say(f"Vous : {operator}, compte AWS {account}")
    output.say(f"Déploiement : {stage}, {address}, région {region}")
    output.say(f"Réseau : {network.name}")
    if year:
        output.say(f"Attention : {sentence('school_year_not_configured', school_year=school_year(year))}")
    rows = [
        (site.name, *(_period(announced.of(site.code), now) for announced in periods.values()))
        for site in network.sites
    ]
    output.table("", ["Site", *(_PERIODS[of] for of in periods)], rows)
    names = {site.code: site.name for site in network.sites}
    if lines := list(_lines(work, names, now)):
        output.table("", ["Travail", "Depuis", "Par", "Où en est-ce"], lines)
    else:
        output.say("Rien n'est en cours.")


def _read_work(connection: Connection, now: datetime) -> _Work:
    services = connection.services
    campaigns, jobs = services.campaigns.all(), list_jobs(services)
    latest = next((place for place, campaign in enumerate(campaigns) if campaign.step is None), len(campaigns) - 1)
    draws = (kept.record.draw for kept in all_draws(services, now)) if has("admission") else ()
    return _Work(
        tuple(campaigns[: latest + 1]),
        tuple(campaign_plan.state(campaign, jobs) for campaign in campaigns[: latest + 1]),
        tuple(job for job in jobs if not job.is_over),
        tuple(draw for draw in draws if draw and not draw.run_at),
        next(iter(list_imports(services, now)), None),
    )


def _period(period: EnrolmentPeriod | None, now: datetime) -> str:
    return f"{days(period)}, {_STATES[period.state(now)]}" if period else days(period)


def _lines(work: _Work, sites: dict[str, str], now: datetime) -> Iterator[tuple[str, str, str, str]]:
    for campaign, state in zip(work.campaigns, work.states, strict=True):
        counts = (
            plural(campaign.sent, "parti"),
            plural(campaign.bounced, "revenu"),
            plural(campaign.uncertain, "incertain"),
        )
        since, by = day_and_hour(campaign.started_at), _name(campaign.started_by)
        yield f"Campagne {campaign.name}", since, by, f"{state} : {', '.join(counts)}"
    for job in work.jobs:
        yield _JOBS.get(job.kind, job.kind), day_and_hour(job.asked_at), _name(job.asked_by), _progress(job, now)
    for draw in work.draws:
        since, by = day_and_hour(draw.prepared.at), _name(draw.prepared.by)
        yield f"Tirage, {sites[draw.site]}", since, by, f"le nombre existera le {day(draw.prepared.seed_on)}"
    if work.last_import:
        done_at = work.last_import.done_at
        state = f"fini le {day_and_hour(done_at)}" if done_at else "pas fini : appliquez à nouveau le même fichier"
        since, by = day_and_hour(work.last_import.begun_at), _name(work.last_import.by)
        yield "Dernier fichier des familles", since, by, state


def _name(author: str) -> str:
    return author.partition(" <")[0]


def _progress(job: DeskJob, now: datetime) -> str:
    if job.state == "ready":
        return "à confirmer au bureau"
    stall_text = f", immobile depuis le {day_and_hour(job.moved_at)}" if job.is_still(now) else ""
    return f"en cours : {job.done} sur {job.of}{stall_text}" if job.of else f"en attente{stall_text}"


def _work_json(work: _Work) -> dict[str, Any]:
    return {
        "campaigns": list(map(campaign_json, work.campaigns)),
        "jobs": [
            {
                "id": job.id,
                "kind": job.kind,
                "state": job.state,
                "asked_by": job.asked_by,
                "asked_at": job.asked_at,
                "moved_at": job.moved_at,
                "done": job.done,
                "of": job.of,
            }
            for job in work.jobs
        ],
        "draws": [
            {
                "site": draw.site,
                "season": draw.season,
                "prepared_at": draw.prepared.at,
                "prepared_by": draw.prepared.by,
                "seed_on": draw.prepared.seed_on,
                "run_at": draw.run_at,
            }
            for draw in work.draws
        ],
        "last_import": work.last_import and import_json(work.last_import),
    }
