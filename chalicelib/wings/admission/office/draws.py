"""A site's draw: the office prepares, cancels and runs it. All refusals are here."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from chalicelib.domain.account.audit import AuditAction, AuditEntry, Author
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, season_of, seasons_kept
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.text import tidy
from chalicelib.office.account import check_author, select_sites
from chalicelib.office.enrolment.period import SEASON_TRAIL
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.settings.environment import Network, Site
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.domain.draws import (
    LONGEST_SEED,
    LONGEST_WORDS,
    MOST_CANCELLED,
    RULE,
    Draw,
    DrawCancellation,
    Preparation,
    SiteDraws,
    Ticket,
    prepare,
    seed_from,
    tickets_of,
)
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.services.stores import AdmissionStores

_SHORTEST_SOURCE: Final = 20  # characters: « le Loto » alone does not identify a number


@frozen
class SeedPlan:
    """The public number that will be the seed, in words, and the day of its publication.

    `list_digest`: the SHA-256 of the list that the office looked at. Empty if it did not.
    """

    source: str
    on: date
    list_digest: str = ""


def preview_draw(services: Services, code: str, plan: SeedPlan, by: str, now: datetime) -> Draw:
    """Make the draw of a site's applications after its period, without writing. Raises `OfficeRefusal`."""
    site, stores = _site(services, code), services.admission
    season = _closed_period(services, stores, site, now).season
    preparation = Preparation(*_checked_plan(plan, now), now, by)
    record = stores.draws.record(site.code, season)
    if record.draw:
        raise _already(record.draw, site)
    tickets = tuple(_tickets(stores, services.settings.network, site.code, season))
    if not tickets:
        raise OfficeRefusal("draw_nobody", site=site.name)
    return prepare(site.code, season, tickets, preparation)


def prepare_draw(services: Services, code: str, plan: SeedPlan, by: str, now: datetime) -> Draw:
    """Freeze the list of `preview_draw`. Raises `OfficeRefusal`, also if it is no longer the list shown."""
    draw = preview_draw(services, code, plan, by, now)
    if plan.list_digest not in {"", draw.digest}:
        raise OfficeRefusal("draw_list_moved")
    _audit(services, code, "draw_prepared", Author(by, draw.digest), now)
    try:
        return services.admission.draws.prepare(draw)
    except WriteConflict:
        raise OfficeRefusal("draw_meanwhile", site=_site(services, code).name) from None


def cancel_draw(services: Services, code: str, author: Author, now: datetime) -> DrawCancellation:
    """Cancel a prepared draw before its seed can be known. The reason is published. Raises `OfficeRefusal`."""
    site, author = _site(services, code), check_author(author)
    draw = find_draw(services, code, now)
    if draw.seed:
        raise _already(draw, site)
    if now >= draw.prepared.seed_may_exist_at:
        raise OfficeRefusal("draw_cancelled_late", day=draw.prepared.seed_on)
    if len(draw.cancelled) >= MOST_CANCELLED:
        raise OfficeRefusal("draw_cancelled_often", most=MOST_CANCELLED)
    cancellations = draw.cancel(author.who, author.why, now)
    _audit(services, code, "draw_cancelled", author, now)
    try:
        services.admission.draws.cancel(draw, cancellations)
    except WriteConflict:
        raise OfficeRefusal("draw_meanwhile", site=site.name) from None
    return cancellations[-1]


def check_seed(services: Services, code: str, text: str, now: datetime) -> tuple[Draw, str]:
    """Check that a draw may be run, and read the seed. Raises `OfficeRefusal`, also if it has another seed."""
    site, seed, draw = _site(services, code), _checked_seed(text), find_draw(services, code, now)
    if draw.seed not in {"", seed}:
        raise _already(draw, site)
    if draw.rule != RULE:
        raise OfficeRefusal("draw_rule_unknown", rule=draw.rule)
    if not draw.is_intact:
        raise OfficeRefusal("draw_list_changed", digest=draw.digest)
    if now < draw.prepared.seed_may_exist_at:
        raise OfficeRefusal("draw_early", day=draw.prepared.seed_on)
    return draw, seed


def run_draw(services: Services, code: str, text: str, by: str, now: datetime) -> Draw:
    """Order the list by the seed, once. Idempotent with the same seed. Raises `OfficeRefusal`."""
    draw, seed = check_seed(services, code, text, now)
    if draw.seed:
        return draw
    _audit(services, code, "draw_run", Author(by, seed), now)
    try:
        return services.admission.draws.run(draw.run(seed, by, now))
    except WriteConflict:
        raise OfficeRefusal("draw_meanwhile", site=_site(services, code).name) from None


def site_draws(services: Services, code: str, now: datetime) -> SiteDraws:
    """Read a site's draws of this season."""
    stores = services.admission
    season = season_of(stores.periods.read().of(code), now)
    return SiteDraws(code, season, stores.draws.record(code, season))


def find_draw(services: Services, code: str, now: datetime) -> Draw:
    """Find a site's current draw of this season. Raises `OfficeRefusal` if there is none."""
    site = _site(services, code)
    draw = site_draws(services, code, now).record.draw
    if draw is None:
        raise OfficeRefusal("draw_absent", site=site.name)
    return draw


def all_draws(services: Services, now: datetime) -> tuple[SiteDraws, ...]:
    """Read all stored draws, newest season first."""
    sites = [site.code for site in services.settings.network.sites]
    return services.admission.draws.all(sites, sorted(seasons_kept(now), reverse=True))


def group_rank(network: Network, groups: tuple[str, ...]) -> int:
    """Rank a family's first priority group, from 1. A family without a group comes last."""
    order = network.admission.groups
    ranks = [rank for rank, group in enumerate(order, start=1) if group.code in groups]
    return min(ranks, default=len(order) + 1)


def _audit(services: Services, code: str, kind: AuditAction, author: Author, now: datetime) -> None:
    services.audit_trail.add(AuditEntry(kind, code, SEASON_TRAIL, author, now))


def _site(services: Services, code: str) -> Site:
    (site,) = select_sites(services.settings.network, code)
    return site


def _closed_period(services: Services, stores: AdmissionStores, site: Site, now: datetime) -> EnrolmentPeriod:
    """Find the ended application period of a site that draws. Raises `OfficeRefusal`."""
    if services.settings.network.admission.order_of(site.code) != "draw":
        raise OfficeRefusal("draw_other_order", site=site.name)
    announcement = stores.periods.read_announced()
    period = announcement.periods.of(site.code)
    if period is None:
        raise OfficeRefusal("draw_no_period", site=site.name)
    if not period.is_settled(now):
        raise OfficeRefusal("draw_period_open", site=site.name, day=period.closes_on)
    if not announcement.is_settled(now):
        raise OfficeRefusal("draw_period_changed", site=site.name)
    return period


def _tickets(stores: AdmissionStores, network: Network, site: str, season: str) -> Iterator[Ticket]:
    for application in stores.applications.sent_in(season):
        if application.sent:
            group = group_rank(network, application.sent.answers.groups)
            keys = _drawn(application, site)
            yield from tickets_of(application.number, keys, group, network.admission.siblings)


def _drawn(application: Application, site: str) -> list[str | None]:
    """List the keys of an application's candidates that still want a place at a site, in its order."""
    live = {candidate.key for candidate in application.live}
    candidates = application.sent.answers.candidates if application.sent else ()
    return [
        candidate.key if candidate.key in live and any(wish.site == site for wish in candidate.wishes) else None
        for candidate in candidates
    ]


def _checked_plan(plan: SeedPlan, now: datetime) -> tuple[str, date]:
    source = tidy(plan.source).replace("\n", " ").rstrip(".")  # pages add their own full stop
    if not _SHORTEST_SOURCE <= len(source) <= LONGEST_WORDS:
        raise OfficeRefusal("draw_source", shortest=_SHORTEST_SOURCE, longest=LONGEST_WORDS)
    if plan.on <= now.astimezone(PARIS).date():
        raise OfficeRefusal("draw_seed_known", day=plan.on)
    return source, plan.on


def _checked_seed(text: str) -> str:
    try:
        return seed_from(text)
    except ValueError:
        raise OfficeRefusal("draw_seed_malformed", longest=LONGEST_SEED) from None


def _already(draw: Draw, site: Site) -> OfficeRefusal:
    if draw.seed and draw.run_at:
        return OfficeRefusal("draw_run_before", site=site.name, day=draw.run_at, seed=draw.seed)
    return OfficeRefusal("draw_prepared_before", site=site.name, day=draw.prepared.at)
