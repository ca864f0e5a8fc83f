"""The applications that wait for the office today, and those of one family."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final

from chalicelib.domain.enrolment.periods import PARIS, seasons_kept
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office.parts import FamilyPart, FamilyQuery
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import OVER, Application, ApplicationRef, CandidateRef
from chalicelib.wings.admission.domain.pools import is_standing
from chalicelib.wings.admission.office.places import admission_season
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services
from chalicelib.wings.admission.stores.application_summaries import application_summaries


@frozen
class ApplicationsToday:
    """The applications that wait, with their oldest moment: to read, to enrol, and offered until today."""

    to_read: Sequence[datetime]
    to_enrol: Sequence[datetime]
    ending: Sequence[datetime]  # the ends of their offers


def applications_today(services: Services, sites: Collection[str], now: datetime) -> ApplicationsToday:
    """Read the applications with a wish at some sites (Query), and the places of all sites of their wishes.

    Each list has a moment for each application, the oldest first, as many as the list of that state.
    """
    admission = services.admission
    everywhere = [site.code for site in services.settings.network.sites]
    season = admission_season(services, admission.periods.recent(now), everywhere, now)
    live = [
        (CandidateRef(application.number, candidate.key), candidate)
        for application in application_summaries(admission.applications, season)
        for candidate in application.candidates
        if candidate.state not in OVER and any(site in sites for site in candidate.sites)
    ]
    wish_sites = dict.fromkeys(site for _, candidate in live for site in candidate.sites)
    pools = admission.pools.of_season(season, wish_sites)
    offers = {one.candidate: one for pool in pools for one in pool.holders if is_standing(one, now)}
    holders = {one.candidate: one for pool in pools for one in pool.holders if one.state == "taken"}
    to_read, to_enrol, ending = dict[str, datetime](), dict[str, datetime](), dict[str, datetime]()
    for ref, candidate in live:
        moment = datetime.fromtimestamp(candidate.since, UTC)
        if ref in holders:
            to_enrol[ref.number] = min(holders[ref].at, to_enrol.get(ref.number, holders[ref].at))
        elif ref in offers:
            until = offers[ref].until
            if until and until.astimezone(PARIS).date() == now.astimezone(PARIS).date():
                ending[ref.number] = min(until, ending.get(ref.number, until))
        elif candidate.state == "sent":
            to_read[ref.number] = min(moment, to_read.get(ref.number, moment))
    return ApplicationsToday(*(sorted(moments.values()) for moments in (to_read, to_enrol, ending)))


def _look_up_family(query: FamilyQuery) -> list[Lookup[Application | None]]:
    """Look up the applications of a family's addresses."""
    mailboxes = dict.fromkeys(map(query.services.record.pseudonyms.of_mailbox, query.account.emails))
    refs = (ApplicationRef(mailbox, season) for mailbox in mailboxes for season in seasons_kept(query.now)[-2:])
    return list(map(query.services.admission.applications.lookup, refs))


FAMILY_PART: Final = FamilyPart(
    "applications", _look_up_family, lambda query, results: tuple(one for one in results if one.is_at(query.sites))
)
