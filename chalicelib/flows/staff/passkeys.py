"""Passkeys of a member: added, removed, and used instead of the code, or of the password proven again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.account.sign_in import Passkey
from chalicelib.domain.identity.base64url import encode
from chalicelib.domain.identity.webauthn import (
    Assertion,
    PasskeyRefused,
    Registration,
    new_challenge,
    register,
    verify,
)
from chalicelib.domain.refusals import FormRefusal, NotLoggedIn, WriteConflict
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.staff_sessions import token_after
from chalicelib.flows.sign_in.ceremony import PasskeyOptions, relying_party_of
from chalicelib.flows.staff.access import AccessAct, change_access
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.login import ProofRefused, count_try, own_tries
from chalicelib.flows.staff.login_code import is_opened, open_session
from chalicelib.services.family import Client
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
    known = tuple(passkey.id for passkey in member.passkeys)
    user = encode(services.record.pseudonyms.of("passkey", email).encode())
    party = relying_party_of(network).id
    return PasskeyOptions(challenge, party, known, network.name, user, email, member.name, resident="preferred")


def enter_by_passkey(services: Services, context: StaffContext, sent: str, client: Client, now: datetime) -> Token:
    """Open the session fully, under a new token, by a passkey instead of the code.

    Raises `PasskeyRefused`, `NotLoggedIn` or `SlowedDown`. One answer opens one session: its challenge is used up
    before it is verified, and the passkeys are a condition of the write that records the entry. The same form sent
    again, after a lost answer, gets the same session (`enter_half_open`).
    """
    keys = services.settings.key_ring("staff-tokens")
    member, token = context.member, token_after(keys, context.token, sent)
    if not context.session.challenge and is_opened(services, context, token, client, now):
        return token
    if context.used_by:
        raise NotLoggedIn
    used = _use(services, context, sent, client, now)
    with _recorded(services, member, client, now):
        return open_session(services, context, member.with_passkey(used), token, client, now)


def prove_by_passkey(services: Services, context: StaffContext, sent: str, client: Client, now: datetime) -> None:
    """Prove the member again, by a passkey instead of the password. Raises `PasskeyRefused` or `SlowedDown`."""
    if context.session.is_proven(now):
        return
    stores, member = services.staff, context.member
    used = _use(services, context, sent, client, now)
    with _recorded(services, member, client, now):
        stores.members.change(member, member.with_passkey(used))
    services.database.write_together(stores.attempts.clear(own_tries(client, member, now)[1]))
    stores.sessions.prove(context.session, now)


def add_passkey(  # noqa: PLR0913, PLR0917 - the member, the credential, its name, the client and the time
    services: Services, context: StaffContext, sent: str, name: str, client: Client, now: datetime
) -> None:
    """Add a passkey, after a recent proof. Raises `PasskeyRefused`, `ProofRefused` or `TooManyPasskeys`."""
    if not context.session.is_proven(now):
        raise ProofRefused
    with _recorded(services, context.member, client, now):
        challenge = _use_challenge(services, context)
        new = register(Registration.parse(sent), challenge, relying_party_of(context.network), name, now)

    def add(member: Member) -> Member:
        check_room(member)
        return member.with_passkey(new)

    change_access(services, context, AccessAct("passkey_added", add), client, now)


def remove_passkey(services: Services, context: StaffContext, passkey_id: str, client: Client, now: datetime) -> Token:
    """Remove a passkey, after a recent proof, and end every other session. Raises `LastFactor`."""

    def remove(member: Member) -> Member:
        left = member.without_passkey(passkey_id)
        if not left.passkeys and not left.totp:
            raise LastFactor
        return left

    return change_access(services, context, AccessAct("passkey_removed", remove, ends_sessions=True), client, now)


def check_room(member: Member) -> None:
    """Check that a member may have one more. Raises `TooManyPasskeys`."""
    if len(member.passkeys) >= MOST:
        raise TooManyPasskeys


def _use(services: Services, context: StaffContext, sent: str, client: Client, now: datetime) -> Passkey:
    """Verify an answer, as a try at the second factor. Return the passkey with its new counter."""
    count_try(services, own_tries(client, context.member, now)[1], now)
    with _recorded(services, context.member, client, now):
        challenge, answer = _use_challenge(services, context), Assertion.parse(sent)
        own = [passkey for passkey in context.member.passkeys if passkey.id == encode(answer.id)]
        if not own:
            raise PasskeyRefused("credential")
        return verify(answer, own[0], challenge, relying_party_of(context.network))


def _use_challenge(services: Services, context: StaffContext) -> str:
    challenge = context.session.challenge
    if not challenge or not services.staff.sessions.use_challenge(context.session):
        raise PasskeyRefused("challenge")
    return challenge


@contextmanager
def _recorded(services: Services, member: Member, client: Client, now: datetime) -> Iterator[None]:
    """Record which check an answer failed: a counter that went back may mean a copied key."""
    try:
        yield
    except (PasskeyRefused, WriteConflict) as refusal:
        why = refusal.why if isinstance(refusal, PasskeyRefused) else "overtaken"
        services.record.write_of_staff(
            "staff_passkey_refused", now, client.request, member.email, address=client.address, why=why
        )
        raise PasskeyRefused(why) from None
