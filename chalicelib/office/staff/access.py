"""A member's access: closed, opened again, given another role or reset. Audited first, and never the last manager's.

A manager leaves the list before the member is written, and enters it after. A fault between leaves a manager who is not
listed and has no access, and repeating the act completes it (docs/how/desk.md).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.staff.acts import StaffAct, StaffActKind
from chalicelib.domain.staff.members import AccessChange, Changed, Member
from chalicelib.mail.outbox import Outbox
from chalicelib.office.account import check_author
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.mails import invitation_job, notice_job
from chalicelib.office.staff.members import OPERATOR, Grant, StaffInput, StaffResult, check_seen, find_member, note
from chalicelib.services.staff import StaffServices as Services

Decide = Callable[[Member], Member]
# The member's notice of each act. For a reset, the invitation mentions it.
_NOTIFIED: Final[dict[StaffActKind, AccessChange]] = {
    "staff_disabled": "closed",
    "staff_enabled": "reopened",
    "staff_role": "role",
}


def disable(services: Services, staff_input: StaffInput, now: datetime) -> StaffResult:
    """Close an access, which ends its sessions. Its proofs stay for its reopening. Raises `OfficeRefusal`."""

    def decide(member: Member) -> Member:
        return member if member.disabled else member.with_disabled(is_disabled=True)

    return _act(services, staff_input, "staff_disabled", decide, now)


def enable(services: Services, staff_input: StaffInput, now: datetime) -> StaffResult:
    """Open an access again, with the proofs that it had. Raises `OfficeRefusal`."""

    def decide(member: Member) -> Member:
        return member.with_disabled(is_disabled=False) if member.disabled else member

    return _act(services, staff_input, "staff_enabled", decide, now)


def change_role(services: Services, staff_input: StaffInput, grant: Grant, now: datetime) -> StaffResult:
    """Give another role, or other sites, from the next page on. Raises `OfficeRefusal`."""

    def decide(member: Member) -> Member:
        return member if Grant.of(member) == grant else member.with_role(grant.role, grant.sites)

    return _act(services, staff_input, "staff_role", decide, now)


def reset(services: Services, staff_input: StaffInput, now: datetime) -> StaffResult:
    """Forget every proof, end every session, and mail another invitation, which mentions it. Raises `OfficeRefusal`.

    A closed access stays closed, without a mail. Managers cannot reset themselves. Only `clef` resets the last manager,
    who remains one.
    """

    def decide(member: Member) -> Member:
        if member.email == staff_input.by:
            raise OfficeRefusal("staff_reset_self")
        after = replace(member.without_proofs(), invitation=None)
        return after if member.disabled else after.with_invitation("", staff_input.author.who, now)

    return _act(services, staff_input, "staff_reset", decide, now)


def reset_manager(services: Services, staff_input: StaffInput, now: datetime) -> StaffResult:
    """Reset the access of a manager, the last one too, as an operator does. Raises `OfficeRefusal`."""
    member = find_member(services, staff_input.email)
    if member.role != "manager":
        raise OfficeRefusal("staff_not_manager", name=member.name)
    return reset(services, staff_input, now)


def _act(services: Services, staff_input: StaffInput, kind: StaffActKind, decide: Decide, now: datetime) -> StaffResult:
    """Audit and do an act, if the member is as the page showed them. If it was already done, only complete it."""
    author = check_author(staff_input.author)
    current, outbox = find_member(services, staff_input.email), Outbox(services.post_box)
    change = Changed.new(_NOTIFIED[kind], now) if kind in _NOTIFIED else None
    notice = notice_job(services, current, change) if change else None

    def decide_as_seen(member: Member) -> Member:
        after = decide(member)
        if after is member:
            return member
        check_seen(services, staff_input, member, now)
        return after.with_change(change) if change else after

    def prepare(before: Member, after: Member) -> None:
        _leave_list(services, staff_input, before, after)
        if notice:
            outbox.post(notice)
        if kind == "staff_reset" and after.invitation:
            outbox.post(invitation_job(services, after, now, is_reset=True))

    after = decide_as_seen(current)
    if after is not current:
        _check_not_last(services, staff_input, current, after)
        note(services, StaffAct(kind, author, now), after)
        after = _revise(services, current, decide_as_seen, prepare)
    _enter_list(services, after)
    return StaffResult(after, is_changed=after is not current)


def _revise(services: Services, member: Member, decide: Decide, prepare: Callable[[Member, Member], object]) -> Member:
    """Write the decision. After a conflict, give back the place taken in the list."""
    members = services.staff.members
    try:
        pair = members.revise(member.email, decide, member, prepare)
    except OfficeRefusal:
        if stands := members.find(member.email):
            _enter_list(services, stands)
        raise
    if pair is None:
        raise OfficeRefusal("staff_unknown", email=member.email)
    return pair[1]


def _check_not_last(services: Services, staff_input: StaffInput, before: Member, after: Member) -> None:
    """Refuse, before the audit, the changes that the write itself would refuse."""
    if not _leaves(before, after) and (staff_input.by == OPERATOR or not _is_unenrolled(before, after)):
        return
    managers = services.staff.managers.read()
    # An author on the web has entered, though the list may not say so yet: another manager is needed to leave.
    is_alone = staff_input.by == before.email and not managers.has_others(before.email)
    if is_alone or managers.is_last(before.email):
        raise OfficeRefusal("staff_last_manager", name=before.name)


def _leave_list(services: Services, staff_input: StaffInput, before: Member, after: Member) -> None:
    """Remove a former manager from the list, or no longer count one without proofs."""
    managers, is_done = services.staff.managers, True
    if _leaves(before, after):
        is_done = managers.remove(before.email)
    elif _is_unenrolled(before, after):
        is_done = managers.mark_unenrolled(before.email, even_last=staff_input.by == OPERATOR)
    if not is_done:
        raise OfficeRefusal("staff_last_manager", name=before.name)


def _leaves(before: Member, after: Member) -> bool:
    return before.role == "manager" and (after.role != "manager" or after.disabled)


def _is_unenrolled(before: Member, after: Member) -> bool:
    return before.role == "manager" and not after.has_proofs


def _enter_list(services: Services, member: Member) -> None:
    if member.role == "manager" and not member.disabled:
        services.staff.managers.add(member.email)
