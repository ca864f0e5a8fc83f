"""A file taken by a member, given to a colleague or given back, and the day on which to call the family."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import WriteConflict
from chalicelib.domain.staff.members import ManagerList, Member, allows
from chalicelib.domain.staff.turns import Turn
from chalicelib.office.account import audit
from chalicelib.office.audit_notes import moment
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen, version_of

NAMED: Final = 10  # files of each list
_AHEAD: Final = timedelta(days=366)  # of a call


@frozen
class TurnAct:
    """An act of a member on the version of a turn that they saw: its new holder, or the day of a call, if any."""

    kind: AuditAction
    by: Member
    version: str
    holder: Member | None = None
    call_on: date | None = None


def holders_at(members: Iterable[Member], sites: Collection[str], managers: ManagerList) -> dict[str, Member]:
    """Choose the members who may act on the files of one of some sites now, by address."""
    active = (member for member in members if member.is_active and allows(member.role, "secretary"))
    return {
        member.email: member
        for member in active
        if (member.email in managers if member.role == "manager" else not set(member.sites).isdisjoint(sites))
    }


def change_turn(services: Services, ref: AccountRef, act: TurnAct, now: datetime) -> bool:
    """Audit and write the turn of a file that the caller found. Returns whether it changed. Raises `OfficeRefusal`.

    Of two concurrent changes one is refused. A colleague is named beside the author: families may read the reason.
    """
    store = services.staff.turns
    before, author, day = store.find(ref.site, ref.identifier), act.by.known_as, act.call_on
    holder = {"holder": act.holder.email, "since": now} if act.holder else {"holder": "", "since": None}
    after = replace(before, **({"call_on": day} if act.kind.startswith("call") else holder))
    if (after.holder, after.call_on) == (before.holder, before.call_on):
        return False
    if day and not today(now) <= day <= today(now) + _AHEAD:
        raise OfficeRefusal("turn_day")
    if version_of(before) != act.version:
        raise OfficeRefusal("turn_overtaken")
    if act.holder and act.holder.email != act.by.email:
        author = f"{author}, à {act.holder.known_as}"
    audit(services, ref, act.kind, Author(author, moment(day) if day else ""), now)
    try:
        store.change(before, after)
    except WriteConflict:
        raise OfficeRefusal("turn_overtaken") from None
    return True


@frozen
class HeldFile:
    """The name and the sites of a file. `path`: its address. Empty for a family."""

    name: str
    sites: Collection[str]
    path: str = ""


@frozen
class OwnFiles:
    """A member's turns: the calls that are due, those of free files too, and the files in hand.

    `files`: all applications of both, and the first families.
    """

    to_call: tuple[Turn, ...]
    in_hand: tuple[Turn, ...]
    files: Mapping[AccountRef, HeldFile]


Finder = Callable[[Collection[AccountRef]], Mapping[AccountRef, HeldFile]]  # of the files that a member sees


def own_files(  # noqa: PLR0913, PLR0917 - a member with their sites, on a day
    services: Services,
    member: Member,
    sites: Iterable[str],
    managers: ManagerList,
    day: date,
    finders: Mapping[str, Finder],
) -> OwnFiles:
    """Read a member's turns at some sites: a Query a site, one of the members, and one batch of accounts.

    `finders`: of files of several sites, by the word for a site in their turns (`FilesPart`): a Query and a batch each.
    """
    members, turns, files = tuple(services.staff.members.all()), list[Turn](), dict[AccountRef, HeldFile]()

    def colleagues(sites: Collection[str]) -> Collection[str]:
        return holders_at(members, sites, managers).keys() - {member.email}

    for site in sites:
        emails = colleagues((site,))
        turns += [turn for turn in services.staff.turns.of_site(site) if turn.holder not in emails]
    for place, find in finders.items():
        rows = [turn for turn in services.staff.turns.of_site(place) if turn.holder == member.email or turn.is_due(day)]
        files |= find([turn.ref for turn in rows])
        turns += [turn for turn in rows if turn.ref in files and turn.holder not in colleagues(files[turn.ref].sites)]
    to_call = sorted((turn for turn in turns if turn.is_due(day)), key=lambda turn: turn.call_on or day)
    in_hand = [turn for turn in turns if turn.holder == member.email]
    refs = [ref for ref in dict.fromkeys(turn.ref for turn in (*to_call[:NAMED], *in_hand[:NAMED])) if ref not in files]
    accounts = zip(refs, services.accounts.find_all(*refs) if refs else (), strict=True)
    files |= {ref: HeldFile(account.name, (ref.site,)) for ref, account in accounts if account}
    return OwnFiles(tuple(to_call), tuple(in_hand), files)
