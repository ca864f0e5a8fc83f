"""Passkeys of a family's login: added after a proof, and a login by one alone (docs/decisions/0130)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.login_methods import PASSKEYS_AT_MOST, Passkey, is_held, passkey_name
from chalicelib.domain.account.rate_limits import LOGIN_OF_ADDRESS
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.identity.base64url import encode
from chalicelib.domain.identity.challenges import Challenge, Challenges
from chalicelib.domain.identity.webauthn import Assertion, PasskeyRefused, Registration, register, verify
from chalicelib.domain.refusals import FormRefusal, LoginRefused, NotLoggedIn, Unavailable, WriteConflict
from chalicelib.flows.family.login import OpenedSession
from chalicelib.flows.family.visit import Visitor
from chalicelib.flows.login_methods.ceremony import PasskeyOptions, relying_party_of
from chalicelib.flows.login_methods.changes import MethodsAuthor, change_methods
from chalicelib.flows.login_methods.entry import open_account, open_logins, read_failures
from chalicelib.infra.dynamo.revise import RACES
from chalicelib.services.family import Services, Visit

_NOBODY: Final = AccountRef("-", "-")
_POINT: Final = bytes.fromhex(  # a public key, P-256's base point, checked where no passkey is known
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


class PasskeyUnusable(LoginRefused):
    """An unknown or removed passkey, a closed account, a wrong signature. The answer never shows which."""

    code = "passkey_unusable"


class PasskeyNotMade(FormRefusal):
    """The browser's new passkey could not be verified. Nothing was stored."""

    code = "passkey_not_made"


class PasskeysFull(FormRefusal):
    """The login has the maximum number of passkeys: one has to be removed first."""

    code = "passkeys_full"


def ask_to_log_in(services: Services, now: datetime) -> PasskeyOptions:
    """Make the options of a login by any passkey of this host. It calls nothing."""
    return PasskeyOptions(_to_use(services).new(now), relying_party_of(services.settings.network).id)


def ask_for_new(services: Services, login: Account, now: datetime) -> PasskeyOptions:
    """Make the options of a new passkey of a login, just proven. It calls nothing. Raises `PasskeysFull`."""
    _check_room(login)
    network, ref = services.settings.network, login.ref
    site = network.site(ref.site)
    return PasskeyOptions(
        _challenges_of(services, login).new(now),
        relying_party_of(network).id,
        tuple(passkey.id for passkey in login.passkeys),
        network.name,
        encode(services.record.pseudonyms.of("passkey", ref.site, ref.identifier).encode()),
        f"{login.display_identifier or ref.identifier}{f' - {site.name}' if site else ''}",
        login.name,
    )


def _to_use(services: Services) -> Challenges:
    return Challenges(services.settings.key_ring("sign-in"), ("use",))


def _challenges_of(services: Services, login: Account) -> Challenges:
    """Make challenges for a new passkey of a login. They are void once its sessions end: its stamp is in them."""
    return Challenges(
        services.settings.key_ring("sign-in"), ("make", login.ref.site, login.ref.identifier, login.stamp)
    )


def _check_room(login: Account) -> None:
    if len(login.passkeys) >= PASSKEYS_AT_MOST:
        raise PasskeysFull


def new_passkey(services: Services, login: Account, answer: str, name: str, now: datetime) -> Passkey:
    """Verify a new passkey of a login, whose page was shown after a proof. Two calls.

    Raises `PasskeyNotMade` or `ChallengeExpired`. A credential that opens another login is refused (7.1, step 22).
    """
    try:
        registration = Registration.parse(answer)
        challenge = _challenges_of(services, login).check(registration.client_data, now)
        passkey = register(registration, challenge.text, relying_party_of(services.settings.network), name, now)
    except PasskeyRefused:
        raise PasskeyNotMade from None
    if any(other.ref != login.ref for other, _ in _owners(services, passkey.id)):
        raise PasskeyNotMade
    return passkey


def add_passkey(visit: Visit[Services], visitor: Visitor, answer: str, name: str) -> None:
    """Add a passkey to the visitor's login. Its page was shown after a proof. The same form again changes nothing.

    Raises as `new_passkey`, and `PasskeysFull`.
    """
    proof = visitor.session.proof_of(visitor.login)
    new = new_passkey(visit.services, visitor.login, answer, name, visit.now)
    passkey = replace(new, by=visitor.author, proof=proof)

    def add(login: Account) -> Account:
        if any(own.id == passkey.id for own in login.passkeys):
            return login
        if not is_held(proof, login.emails):
            raise NotLoggedIn
        _check_room(login)
        return login.with_passkey(passkey)

    by = Actor("family", visitor.author)
    change_methods(visit, visitor.login, add, MethodsAuthor(by, visitor.session.opened_by))


def log_in(visit: Visit[Services], answer: str) -> OpenedSession:
    """Open a session by a passkey's assertion alone, once, in place of the browser's former one.

    Raises `PasskeyUnusable`, `ChallengeExpired` or `SlowedDown`. An unknown credential makes the same calls as one
    whose signature is wrong. A login that lost a race reads again: of two uses of one assertion, one opens.
    """
    try:
        assertion = Assertion.parse(answer)
        challenge = _to_use(visit.services).check(assertion.client_data, visit.now)
    except PasskeyRefused as refusal:
        raise _refused(visit, refusal, None) from None
    failures = read_failures(visit)
    unknown = None, Passkey(encode(assertion.id), encode(_POINT), 0, "", visit.now)
    for _ in range(RACES):
        owner = next(iter(_owners(visit.services, encode(assertion.id))), unknown)
        try:
            before, after = _use(visit, owner, assertion, challenge)
        except PasskeyRefused as refusal:
            visit.services.attempts.reserve(failures, LOGIN_OF_ADDRESS, visit.now)
            raise _refused(visit, refusal, owner[0]) from None
        try:
            token = open_account(visit, before, after, "passkey")
        except WriteConflict:
            continue
        return OpenedSession(token, after.ref)
    raise Unavailable("the account keeps changing")


def _owners(services: Services, passkey_id: str) -> list[tuple[Account, Passkey]]:
    """List the open logins that have a passkey: two calls, also for an unknown one.

    The index may name others, which no longer have it.
    """
    refs = services.mailboxes.find(passkey_name(passkey_id)).refs or (_NOBODY,)
    logins = open_logins(services, *refs)
    return [(login, passkey) for login in logins for passkey in login.passkeys if passkey.id == passkey_id]


def _use(
    visit: Visit[Services], owner: tuple[Account | None, Passkey], assertion: Assertion, challenge: Challenge
) -> tuple[Account, Account]:
    """Verify an assertion. Return its login before and after it. Raises `PasskeyRefused`."""
    login, passkey = owner
    challenges = challenge.use(passkey.challenges, visit.now)
    after = verify(assertion, passkey, challenge.text, relying_party_of(visit.services.settings.network))
    if login is None:
        raise PasskeyRefused("credential")
    return login, login.with_passkey(replace(after, used_at=visit.now, challenges=challenges))


def _refused(visit: Visit[Services], refusal: PasskeyRefused, login: Account | None) -> PasskeyUnusable:
    """Record the failed check: a counter that went back may mean a copied key."""
    ref = login.ref if login else None
    visit.record("passkey_refused", account=ref, address=visit.client.address, why=refusal.why)
    return PasskeyUnusable()
