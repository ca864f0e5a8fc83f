"""The members of staff, and what was done to the access of each."""

from datetime import datetime

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.members import Member
from chalicelib.office.staff.labels import ROLE_WORDS, state_words
from chalicelib.office.staff.mails import sites_of
from chalicelib.office.staff.members import acts_on, pseudonym
from chalicelib.services.family import Services
from chalicelib.services.staff import staff_stores
from chalicelib.settings.environment import Site
from chalicelib.values import frozen


@frozen
class StaffEntry:
    """A member as managers see it. `part`: what stands for it in an address, which no e-mail may be in."""

    member: Member
    part: str
    role: str
    sites: tuple[Site, ...]
    state: str


@frozen
class StaffDetails:
    """A member, with what was done to its access in the year, newest first."""

    entry: StaffEntry
    acts: tuple[StaffAct, ...]


def list_staff(services: Services, now: datetime) -> tuple[StaffEntry, ...]:
    """List the members by name (two reads)."""
    stores = staff_stores(services)
    managers = stores.managers.read()
    members = sorted(stores.members.all(), key=lambda member: (member.name.casefold(), member.email))
    return tuple(
        _entry(services, member, now, is_listed=member.role != "manager" or member.email in managers)
        for member in members
    )


def show_member(services: Services, part: str, now: datetime) -> StaffDetails:
    """Find the member that an address names. Raises `NotThere`."""
    entry = next((entry for entry in list_staff(services, now) if entry.part == part), None)
    if entry is None:
        raise NotThere
    return StaffDetails(entry, _newest_first(acts_on(services, entry.member.email, now)))


def _newest_first(acts: tuple[StaffAct, ...]) -> tuple[StaffAct, ...]:
    return tuple(sorted(acts, key=lambda act: act.at, reverse=True))


def _entry(services: Services, member: Member, now: datetime, *, is_listed: bool) -> StaffEntry:
    state = state_words(member, now, is_listed=is_listed)
    return StaffEntry(
        member, pseudonym(services, member.email), ROLE_WORDS[member.role], sites_of(services, member), state
    )
