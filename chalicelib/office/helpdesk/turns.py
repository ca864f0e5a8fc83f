"""A family's file taken by a member, given to a colleague or given back, and the day on which to call the family."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import FAMILY, Account, AccountRef
from chalicelib.domain.account.audit import AuditAction, Author
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.refusals import NotThere, WriteConflict
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


def holders_at(members: Iterable[Member], site: str, managers: ManagerList) -> dict[str, Member]:
    """Choose the members who may act on the files of a site now, by address."""
    active = (member for member in members if member.is_active and allows(member.role, "secretary"))
    return {
        member.email: member
        for member in active
        if (member.email in managers if member.role == "manager" else site in member.sites)
    }


def change_turn(services: Services, ref: AccountRef, act: TurnAct, now: datetime) -> bool:
    """Audit and write the turn of a file. Returns whether it changed. Raises `NotThere`, `OfficeRefusal`.

    Of two concurrent changes one is refused. A colleague is named beside the author: families may read the reason.
    """
    store, account = services.staff.turns, services.accounts.find(ref)
    before, author, day = store.find(ref.site, ref.identifier), act.by.known_as, act.call_on
    holder = {"holder": act.holder.email, "since": now} if act.holder else {"holder": "", "since": None}
    after = replace(before, **({"call_on": day} if act.kind.startswith("call") else holder))
    if account is None or account.role != FAMILY:
        raise NotThere
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
class OwnFiles:
    """A member's turns: the calls that are due, those of free files too, and the files in hand.

    `accounts`: the families of the first ones of both.
    """

    to_call: tuple[Turn, ...]
    in_hand: tuple[Turn, ...]
    accounts: Mapping[AccountRef, Account]


def own_files(services: Services, member: Member, sites: Iterable[str], managers: ManagerList, day: date) -> OwnFiles:
    """Read a member's turns at some sites: a Query a site, one of the members, and one batch of accounts."""
    members, due, in_hand = tuple(services.staff.members.all()), list[tuple[date, Turn]](), list[Turn]()
    for site in sites:
        emails = holders_at(members, site, managers).keys() - {member.email}
        turns = [turn for turn in services.staff.turns.of_site(site) if turn.holder not in emails]
        due += [(turn.call_on, turn) for turn in turns if turn.call_on and turn.call_on <= day]
        in_hand += [turn for turn in turns if turn.holder == member.email]
    to_call = [turn for _, turn in sorted(due, key=lambda call: call[0])]
    refs = list(dict.fromkeys(turn.ref for turn in (*to_call[:NAMED], *in_hand[:NAMED])))
    accounts = zip(refs, services.accounts.find_all(*refs) if refs else (), strict=True)
    return OwnFiles(tuple(to_call), tuple(in_hand), {ref: account for ref, account in accounts if account})
