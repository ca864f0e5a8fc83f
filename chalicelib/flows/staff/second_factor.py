"""A new second factor: an authenticator, proven by a code of the key drawn by the page, or a passkey."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.identity.webauthn import PasskeyRefused, Registration, challenge_of_link, register
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.domain.staff.members import Member, Totp
from chalicelib.domain.staff.totp import matching_step, new_key
from chalicelib.flows.login_methods.ceremony import relying_party_of
from chalicelib.flows.staff.access import AccessAct, change_access
from chalicelib.flows.staff.entry import StaffContext
from chalicelib.flows.staff.login_code import seal_key
from chalicelib.services.family import Visit
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen

KEY_LASTS: Final = timedelta(hours=24)  # as long as an invitation
_WORDS: Final = 4  # of a sealed key: itself, the member, its page and its expiry
FIRST_PASSKEY: Final = "Première clé"  # until the member names it


@frozen
class SecondFactor:
    """A proven factor, or the errors by form field, shown together with the form's others."""

    totp: Totp | None = None
    passkeys: tuple[Passkey, ...] = ()
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@frozen
class ProposedKey:
    """The key of an authenticator that one view of a page drew. `seal`: the key as the form carries it."""

    email: str = field(repr=False)
    key: str = field(repr=False)
    seal: str = field(repr=False)


def propose(services: Services, email: str, place: str, text: str, now: datetime) -> ProposedKey:
    """Draw a key that only this view of a page shows, or keep the key that its refused form sent back.

    `place`: the digest of the secret of an invitation's link or of a session. The key is valid only there.
    """
    if former_key := _key_in(services, email, place, text, now):
        return ProposedKey(email, former_key, text)
    key, until = new_key(), str(int((now + KEY_LASTS).timestamp()))
    return ProposedKey(email, key, _seal(services).seal_text(key, email, place, until))


def _seal(services: Services) -> Seal:
    return Seal(services.settings.key_ring("staff-forms"), "proposed key")


def _key_in(services: Services, email: str, place: str, text: str, now: datetime) -> str | None:
    """Read the key that a form sends back, if a page of this place drew it for this member within a day."""
    key, *facts = _seal(services).open_sent(text, _WORDS) or ("",)
    if facts[:-1] != [email, place] or now >= datetime.fromtimestamp(int(facts[-1]), UTC):
        return None
    return key


@frozen
class AuthenticatorInput:
    """The input of an authenticator form: the sealed key of its page, and the code of the authenticator."""

    seal: str = field(repr=False)
    code: str = field(repr=False)


def verify_authenticator(
    services: Services, email: str, place: str, form: AuthenticatorInput, now: datetime
) -> SecondFactor:
    """Verify a code of the page's key, and use the code up (OWASP ASVS 5.0, 6.5.1)."""
    digits = "".join(form.code.split())
    if not digits:
        return SecondFactor(errors={"code": ("staff_code_missing",)})
    key = _key_in(services, email, place, form.seal, now)
    if key is None:
        return SecondFactor(errors={"code": ("staff_key_gone",)})
    step = matching_step(key, digits, now, last_step=0)
    if step is None:
        return SecondFactor(errors={"code": ("staff_code_differs",)})
    return SecondFactor(Totp(seal_key(services, email, key), step))


def first_passkey(services: Services, link_secret: str, answer: str, now: datetime) -> SecondFactor:
    """Register a passkey made on an invitation's page. Its challenge is derived from the link, which works once."""
    relying_party = relying_party_of(services.settings.network)
    try:
        key = register(Registration.parse(answer), challenge_of_link(link_secret), relying_party, FIRST_PASSKEY, now)
    except PasskeyRefused as refusal:
        return SecondFactor(errors={"cle": (refusal.code,)})
    return SecondFactor(passkeys=(key,))


def next_key(services: Services, context: StaffContext, text: str, now: datetime) -> ProposedKey:
    """Propose a key, valid in this session only."""
    return propose(services, context.member.email, context.token.fingerprint, text, now)


def replace_authenticator(visit: Visit[Services], context: StaffContext, form: AuthenticatorInput) -> Token:
    """Replace the authenticator, and end every other session. The password was just proven again.

    Raises `FieldsRefused` or `NotLoggedIn`.
    """
    factor = verify_authenticator(visit.services, context.member.email, context.token.fingerprint, form, visit.now)
    if factor.errors:
        raise FieldsRefused(factor.errors)

    def decide(member: Member) -> Member:
        return replace(member, totp=factor.totp)

    return change_access(visit, context, AccessAct("application", decide, ends_sessions=True))
