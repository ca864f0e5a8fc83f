"""Accept an invitation: its link, a password and a second factor open the desk. The recovery codes are shown once."""

from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, Unavailable, WriteConflict
from chalicelib.domain.staff.browser_links import read_link
from chalicelib.domain.staff.members import Changed, ManagerList, Member, Totp, link_digest
from chalicelib.domain.staff.recent_logins import RecentLogin
from chalicelib.domain.staff.recovery import new_codes, recovery_digest
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.flows.staff.access import NewPassword
from chalicelib.flows.staff.login_code import open_key
from chalicelib.flows.staff.notices import post_notice
from chalicelib.flows.staff.second_factor import SecondFactor
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.services.family import Visit
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen


class InvitationGone(FormRefusal):
    """The link is invalid, older than 24 hours, or used. The answer never shows which."""

    code = "staff_invitation_gone"


@frozen
class InvitedMember:
    """The member invited by a link, and the link's secret."""

    member: Member
    managers: ManagerList  # as read with the member
    secret: str = field(repr=False)

    @property
    def place(self) -> str:
        """The digest of the link, the place in which proposed keys of authenticators are valid."""
        return link_digest(self.secret)

    @property
    def is_accepted(self) -> bool:
        """Whether this link was accepted a moment ago, by the same form."""
        return self.member.invitation is None


@frozen
class AccessChoice:
    """The choices on the page of an invitation: a password, and a second factor of either kind."""

    password: NewPassword
    factor: SecondFactor


@frozen
class Accepted:
    """An opened access: its session, and the recovery codes, which are never shown again."""

    member: Member
    token: Token
    codes: tuple[str, ...] = field(repr=False)


def find_invited(services: Services, lien: str, now: datetime) -> InvitedMember:
    """Find the member of a link: one read, no write. Raises `InvitationGone`."""
    return _find(services, lien, "", now)


def find_sender(visit: Visit[Services], lien: str) -> InvitedMember:
    """Find the member of a form, which may be sent again within a minute and from the same address.

    Later the link is gone for good, so that it reveals nothing about a code. Raises `InvitationGone`.
    """
    return _find(visit.services, lien, visit.services.record.pseudonyms.of_address(visit.client.address), visit.now)


def accept(visit: Visit[Services], guest: InvitedMember, choice: AccessChoice) -> Accepted:
    """Open the access, in one write whose condition is the invitation. Raises `FieldsRefused`, `InvitationGone`.

    Of two concurrent forms, the first wins. The very same form sent again (`find_sender`) succeeds again, with new
    recovery codes, and a new session in place of the former. Raises `Unavailable`.
    """
    sender = visit.services.record.pseudonyms.of_address(visit.client.address)
    for _ in range(RACES):
        with suppress(WriteConflict):  # a concurrent write, perhaps of this very form, changed the member
            return _accept(visit, guest, choice)
        guest = _look_up(visit.services, guest.member.email, guest.secret, sender, visit.now)
    raise Unavailable("the member keeps changing")


def _accept(visit: Visit[Services], guest: InvitedMember, choice: AccessChoice) -> Accepted:
    """Open the access of a member as read. Raises `FieldsRefused`, `InvitationGone`, `WriteConflict`."""
    services = visit.services
    if guest.is_accepted and not _is_same_form(services, guest.member, choice):
        raise InvitationGone
    if errors := choice.password.refusals(services, guest.member) | dict(choice.factor.errors):
        raise FieldsRefused(errors)
    stores, token, codes = services.staff, new_token(), new_codes()
    sender = services.record.pseudonyms.of_address(visit.client.address)
    login = RecentLogin(guest.place, token.fingerprint, sender, visit.now)
    after = _with_codes(services, _accepted(services, guest, choice, login), codes)
    if not guest.is_accepted:
        change = Changed.new("accepted", visit.now)
        post_notice(visit, after, change)
        after = after.with_change(change)
    # Before the member: if that write fails, the session has a stamp that was never written, and opens nothing.
    services.database.write_together(
        stores.sessions.put(StaffSession.open(token, after, "open", visit.now, visit.client.browser))
    )
    stores.members.change(guest.member, after)
    with suppress(Unavailable):  # the next login adds the manager to those who have entered
        stores.managers.note_entry(after.email, guest.managers)
    visit.record_of_staff("staff_accepted", after.email, address=visit.client.address)
    return Accepted(after, token, codes)


def _find(services: Services, lien: str, sender: str, now: datetime) -> InvitedMember:
    words = read_link(services.settings.key_ring("staff-links"), lien)
    if words is None:
        raise InvitationGone
    return _look_up(services, *words, sender, now)


def _look_up(services: Services, email: str, secret: str, sender: str, now: datetime) -> InvitedMember:
    stores = services.staff
    member, managers = services.database.read_together(stores.members.lookup(email), stores.managers.lookup())
    if member is None or member.disabled or not _opens(member, secret, sender, now):
        raise InvitationGone
    return InvitedMember(member, managers, secret)


def _opens(member: Member, secret: str, sender: str, now: datetime) -> bool:
    if member.invitation:
        return member.invitation.is_opened_by(secret, now)
    login = member.login_by(link_digest(secret))
    return login is not None and member.is_active and login.answers(sender, now)


def _is_same_form(services: Services, member: Member, choice: AccessChoice) -> bool:
    """Whether a form repeats the accepted choices, by the same code or passkey."""
    totp, passkeys = choice.factor.totp, choice.factor.passkeys
    is_same_code = totp is not None and _used(services, member, totp) == _used(services, member, member.totp)
    is_same_key = bool(passkeys) and {new.id for new in passkeys} <= {own.id for own in member.passkeys}
    return (is_same_code or is_same_key) and services.hasher.verify(member.password, choice.password.new)


def _used(services: Services, member: Member, totp: Totp | None) -> tuple[str, int] | None:
    """Read the key of an authenticator, and the step of its last code."""
    return (open_key(services, member.email, totp), totp.last_step) if totp else None


def _accepted(services: Services, guest: InvitedMember, choice: AccessChoice, login: RecentLogin) -> Member:
    factor, digest = choice.factor, services.hasher.hash(choice.password.new)
    return guest.member.with_proofs(digest, factor.totp, factor.passkeys, login.at).with_login(login)


def _with_codes(services: Services, member: Member, codes: tuple[str, ...]) -> Member:
    keys = services.settings.key_ring("staff-codes")
    return replace(member, recovery=tuple(recovery_digest(keys, member.email, code) for code in codes))
