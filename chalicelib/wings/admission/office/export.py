"""The export of applications: each wish of a candidate: its rank, its state, and the account."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Wish
from chalicelib.wings.admission.office.applications import (
    ApplicationQuery,
    ListedCandidate,
    search_applications,
    wish_standings,
)
from chalicelib.wings.admission.office.places import WishStanding, places_of


@frozen
class ExportedWish:
    """A candidate's wish, its rank from 1, its state, and the account that the candidate was given."""

    pupil: ListedCandidate
    wish: Wish
    rank: int
    standing: WishStanding | None
    account: Account | None


def exported_wishes(services: Services, query: ApplicationQuery, now: datetime) -> Iterator[ExportedWish]:
    """List each wish of each candidate asked for. Of an accepted candidate, the accepted wish alone.

    Raises `OfficeRefusal`.
    """
    applications = search_applications(services, query, now, with_look_alikes=False)
    places = places_of(services, applications.season, now, with_rankings=True)
    accounts = _accounts(services, applications.pupils)
    for pupil in applications.pupils:
        standings = {one.wish: one for one in wish_standings(pupil, places)}
        ref = pupil.application.standing(pupil.candidate.key).account
        account = accounts.get(ref) if ref else None
        for rank, wish in enumerate(pupil.candidate.wishes, 1):
            if wish in pupil.wishes_at(query.site, query.discipline) and _is_asked(pupil, wish):
                yield ExportedWish(pupil, wish, rank, standings.get(wish), account)


def _is_asked(pupil: ListedCandidate, wish: Wish) -> bool:
    slot = pupil.application.standing(pupil.candidate.key).slot
    return pupil.state != "accepted" or slot is None or wish.slot == slot


def _accounts(services: Services, pupils: tuple[ListedCandidate, ...]) -> Mapping[tuple[str, str], Account]:
    keys = dict.fromkeys(pupil.application.standing(pupil.candidate.key).account for pupil in pupils)
    refs = [AccountRef(*one) for one in keys if one]
    accounts = filter(None, services.accounts.find_all(*refs)) if refs else ()
    return {(account.ref.site, account.ref.identifier): account for account in accounts}
