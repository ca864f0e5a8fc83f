"""The worklist of applications at some sites: fifty a page, the oldest first.

No Scan: a Query of a season's numbers, a batch for each hundred applications, a Query of each site's places. The cost
grows with the season's applications, not with its drafts, nor with other seasons.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.look_alikes import LookAlikes
from chalicelib.office.admission.applications import (
    ApplicationQuery,
    ListedCandidate,
    check_accounts,
    find_application,
    is_at,
    listed_candidates,
    season_asked,
    sending_order,
)
from chalicelib.office.admission.places import places_of
from chalicelib.office.dossiers.worklist import AT_ONCE, WorklistPage, bounds
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services

# A page has at most fifty applications, each with its matching candidates.
ApplicationPage = WorklistPage[tuple[ListedCandidate, ...]]


def application_page(
    services: Services, query: ApplicationQuery, sites: Collection[str], cursor: str, now: datetime
) -> ApplicationPage:
    """Read a page of the matching applications with a wish at one of these sites. Raises `OfficeRefusal`."""
    season = season_asked(services, query, now)
    sent = applications_at(services, season, sites)
    places = places_of(services, season, now)
    read = (pupil for one in sent for pupil in listed_candidates(services, one, places, LookAlikes(()), now))
    own = [pupil for pupil in check_accounts(services, read) if pupil.is_at(sites)]
    wanted = [pupil for pupil in own if query.matches(pupil)]
    groups = [tuple(pupils) for _, pupils in groupby(wanted, lambda pupil: pupil.application.number)]
    start = _start([pupils[0].application for pupils in groups], sent, cursor)
    return WorklistPage(
        season,
        tuple(groups[start : start + AT_ONCE]),
        Counter(pupil.state for pupil in own if pupil.wishes_at(query.site, query.discipline)),
        *bounds(len(groups), start, partial(_cursor, groups)),
    )


def applications_at(services: Services, season: str, sites: Collection[str]) -> list[Application]:
    """Read the applications of a season with a wish at one of some sites, the oldest first."""
    sent = admission_stores(services).applications.sent_in(season)
    return sorted((one for one in sent if is_at(one, sites)), key=sending_order)


def find_application_at(services: Services, typed: str, sites: Collection[str]) -> Application:
    """Find an application by its number, if it has a wish at one of some sites. Raises `OfficeRefusal`.

    One of other sites is refused exactly as one that does not exist.
    """
    application = find_application(services, typed)
    if not is_at(application, sites):
        raise OfficeRefusal("request_unknown", number=application.number)
    return application


def _start(applications: Sequence[Application], sent: Sequence[Application], cursor: str) -> int:
    """Find the start of the page after a cursor's application, even if that one no longer matches."""
    last = next((one for one in sent if one.number == cursor), None)
    if last is None:
        return 0
    after = (number for number, one in enumerate(applications) if sending_order(one) > sending_order(last))
    return next(after, 0)


def _cursor(groups: Sequence[tuple[ListedCandidate, ...]], start: int) -> str:
    return groups[start - 1][0].application.number if start else ""
