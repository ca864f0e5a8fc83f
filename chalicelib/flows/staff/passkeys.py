"""Passkeys of a member: added, removed, and used instead of the code, or of the password proven again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.base64url import encode
from chalicelib.domain.identity.webauthn import Assertion, PasskeyRefused, Registration, new_challenge, register, verify
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, WriteConflict
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.staff_sessions import token_after
from chalicelib.flows.login_methods.ceremony import PasskeyOptions, relying_party_of
from chalicelib.flows.staff.access import AccessAct, change_access
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.login import ProofRefused, count_try, own_tries
from chalicelib.flows.staff.login_code import is_opened, open_session
from chalicelib.services.family import Visit
from chalicelib.services.staff import StaffServices as Services

MOST: Final = 10  # of one member


class TooManyPasskeys(FormRefusal):
    """A member has the maximum number of passkeys: one has to be removed first."""

    code = "staff_too_many_passkeys"


class LastFactor(FormRefusal):
    """The only second factor cannot be removed."""

    code = "staff_last_factor"


def ask(services: Services, context: StaffContext) -> PasskeyOptions:
    """Make a new challenge and its options. An earlier challenge of this session becomes invalid."""
    challenge = new_challenge()
    services.staff.sessions.challenge(context.session, challenge)
    return passkey_options(services, context.member, challenge)


def passkey_options(services: Services, member: Member, challenge: str) -> PasskeyOptions:
    """Build the options of a member for a page."""
    network, email = services.settings.network, member.email
    ids = tuple(passkey.id for passkey in member.passkeys)
    user = encode(services.record.pseudonyms.of("passkey", email).encode())
    party = relying_party_of(network).id
    return PasskeyOptions(challenge, party, ids, network.name, user, email, member.name, resident="preferred")


def enter_by_passkey(visit: Visit[Services], context: StaffContext, text: str) -> Token:
    """Open the session fully, under a new token, by a passkey instead of the code.

    Raises `PasskeyRefused`, `NotLoggedIn` or `SlowedDown`. One answer opens one session: its challenge is used up
    before it is verified, and the passkeys are a condition of the write that records the entry. The same form sent
    again, after a lost answer, gets the same session (`enter_half_open`).
    """
    keys = visit.services.settings.key_ring("staff-tokens")
    member, token = context.member, token_after(keys, context.token, text)
    if not context.session.challenge and is_opened(visit, context, token):
        return token
    if context.used_by:
        raise NotLoggedIn
    used = _use(visit, context, text)
    with _recorded(visit, member):
        return open_session(visit, context, member.with_passkey(used), token)


def prove_by_passkey(visit: Visit[Services], context: StaffContext, text: str) -> None:
    """Prove the member again, by a passkey instead of the password. Raises `PasskeyRefused` or `SlowedDown`."""
    if context.session.is_proven(visit.now):
        return
    stores, member = visit.services.staff, context.member
    used = _use(visit, context, text)
    with _recorded(visit, member):
        stores.members.change(member, member.with_passkey(used))
    visit.services.database.write_together(stores.attempts.clear(own_tries(visit.client, member, visit.now)[1]))
    stores.sessions.prove(context.session, visit.now)


def add_passkey(visit: Visit[Services], context: StaffContext, text: str, name: str) -> None:
    """Add a passkey, after a recent proof. Raises `PasskeyRefused`, `ProofRefused` or `TooManyPasskeys`."""
    if not context.session.is_proven(visit.now):
        raise ProofRefused
    with _recorded(visit, context.member):
        challenge = _use_challenge(visit.services, context)
        new = register(Registration.parse(text), challenge, relying_party_of(context.network), name, visit.now)

    def add(member: Member) -> Member:
        check_room(member)
        return member.with_passkey(new)

    change_access(visit, context, AccessAct("passkey_added", add))


def remove_passkey(visit: Visit[Services], context: StaffContext, passkey_id: str) -> Token:
    """Remove a passkey, after a recent proof, and end every other session. Raises `LastFactor`."""

    def remove(member: Member) -> Member:
        after = member.without_passkey(passkey_id)
        if not after.passkeys and not after.totp:
            raise LastFactor
        return after

    return change_access(visit, context, AccessAct("passkey_removed", remove, ends_sessions=True))


def check_room(member: Member) -> None:
    """Check that a member may have one more. Raises `TooManyPasskeys`."""
    if len(member.passkeys) >= MOST:
        raise TooManyPasskeys


def _use(visit: Visit[Services], context: StaffContext, text: str) -> Passkey:
    """Verify an answer, as a try at the second factor. Return the passkey with its new counter."""
    count_try(visit.services, own_tries(visit.client, context.member, visit.now)[1], visit.now)
    with _recorded(visit, context.member):
        challenge, answer = _use_challenge(visit.services, context), Assertion.parse(text)
        passkeys = [passkey for passkey in context.member.passkeys if passkey.id == encode(answer.id)]
        if not passkeys:
            raise PasskeyRefused("credential")
        return verify(answer, passkeys[0], challenge, relying_party_of(context.network))


def _use_challenge(services: Services, context: StaffContext) -> str:
    challenge = context.session.challenge
    if not challenge or not services.staff.sessions.use_challenge(context.session):
        raise PasskeyRefused("challenge")
    return challenge


@contextmanager
def _recorded(visit: Visit[Services], member: Member) -> Iterator[None]:
    """Record which check an answer failed: a counter that went back may mean a copied key."""
    try:
        yield
    except (PasskeyRefused, WriteConflict) as refusal:
        why = refusal.why if isinstance(refusal, PasskeyRefused) else "overtaken"
        visit.record_of_staff("staff_passkey_refused", member.email, address=visit.client.address, why=why)
        raise PasskeyRefused(why) from None
