"""The members of staff, and the acts on each access."""

from datetime import datetime

from chalicelib.domain.refusals import NotThere
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.members import Member
from chalicelib.office.staff.mails import sites_of
from chalicelib.office.staff.members import acts_on, pseudonym
from chalicelib.services.staff import StaffServices as Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen


@frozen
class StaffEntry:
    """A member as managers see them.

    `part` names them in an address, where no e-mail may be. `is_listed`: their role agrees with the list of
    managers.
    """

    member: Member
    part: str
    sites: tuple[Site, ...]
    is_listed: bool


@frozen
class StaffDetails:
    """A member, with the year's acts on their access, newest first."""

    entry: StaffEntry
    acts: tuple[StaffAct, ...]


def list_staff(services: Services) -> tuple[StaffEntry, ...]:
    """List the members by name (two reads)."""
    stores = services.staff
    managers = stores.managers.read()
    members = sorted(stores.members.all(), key=lambda member: (member.name.casefold(), member.email))
    return tuple(
        _entry(services, member, is_listed=member.role != "manager" or member.email in managers) for member in members
    )


def member_at(services: Services, part: str) -> Member:
    """Find the member that an address names (Query). Raises `NotThere`."""
    member = next((one for one in services.staff.members.all() if pseudonym(services, one.email) == part), None)
    if member is None:
        raise NotThere
    return member


def show_member(services: Services, part: str, now: datetime) -> StaffDetails:
    """Find the member that an address names. Raises `NotThere`."""
    entry = next((entry for entry in list_staff(services) if entry.part == part), None)
    if entry is None:
        raise NotThere
    return StaffDetails(
        entry, tuple(sorted(acts_on(services, entry.member.email, now), key=lambda act: act.at, reverse=True))
    )


def _entry(services: Services, member: Member, *, is_listed: bool) -> StaffEntry:
    return StaffEntry(member, pseudonym(services, member.email), sites_of(services, member), is_listed)
