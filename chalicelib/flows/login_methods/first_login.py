"""« Première connexion »: a mailed code proves a login, then a password or passkey is chosen. Nothing opens before."""

from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import GUARDIAN, Account, AccountRef, new_stamp
from chalicelib.domain.account.coordinates import record_password_change
from chalicelib.domain.account.login_codes import LoginCodeRequest
from chalicelib.domain.account.login_methods import PASSKEYS_AT_MOST
from chalicelib.domain.account.logins import family_ref, opening_emails, without_mailed_passwords
from chalicelib.domain.account.sessions import Token
from chalicelib.domain.identity.seals import Seal
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, WriteConflict
from chalicelib.flows.family.change_password import PasswordChange, new_password_refusals, repeat
from chalicelib.flows.family.security_notices import password_notices
from chalicelib.flows.login_methods.ceremony import PasskeyOptions
from chalicelib.flows.login_methods.code import ask_code
from chalicelib.flows.login_methods.entry import open_account, open_logins
from chalicelib.flows.login_methods.passkeys import ask_for_new, new_passkey
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Visit
from chalicelib.services.login_methods import LoginMethodServices as Services
from chalicelib.values import frozen

LIFETIME: Final = timedelta(minutes=15)


class ProofOver(FormRefusal):
    """The code was proven too long ago, in another browser, or was used already: another one is needed."""

    code = "proof_over"


@frozen
class ProvenLogin:
    """A login that a code just proved, sealed in its browser. A choice renews the stamp, so it counts once."""

    ref: AccountRef
    stamp: str = field(repr=False)
    mailbox: str


def ask(visit: Visit[Services], ref: AccountRef, email: str) -> str:
    """Have a code mailed to an address, if it is on file for this login. Raises `LostSlowedDown`."""
    mailbox = visit.services.record.pseudonyms.of_mailbox(email)
    return ask_code(visit, LoginCodeRequest("first", ref.site, ref.identifier, mailbox, "", visit.now))


def seal_proof(services: Services, request: LoginCodeRequest, login: Account, now: datetime) -> str:
    """Seal a login that the code of a request just proved, for its browser."""
    ref, moment = login.ref, str(int(now.timestamp()))
    return _seal(services).seal_text(ref.site, ref.identifier, login.stamp, request.mailbox, moment)


def read_proof(services: Services, text: str, now: datetime) -> ProvenLogin:
    """Read a browser's proof. Raises `ProofOver`."""
    words = _seal(services).open_sent(text, 5)
    if words is None or now - datetime.fromtimestamp(int(words[4]), UTC) >= LIFETIME:
        raise ProofOver
    return ProvenLogin(AccountRef(words[0], words[1]), words[2], words[3])


def find_login(services: Services, proof: ProvenLogin) -> Account:
    """Find the proven login. Raises `ProofOver` if it was closed, changed or lost the address since then."""
    is_mailbox = services.record.pseudonyms.is_mailbox
    for login in open_logins(services, proof.ref):
        if login.stamp == proof.stamp and any(is_mailbox(proof.mailbox, email) for email in opening_emails(login)):
            return login
    raise ProofOver


def ask_for_passkey(services: Services, login: Account, now: datetime) -> PasskeyOptions | None:
    """Make the options of a passkey to choose. None if the network has none, or the login too many."""
    if not services.settings.network.passkeys or len(login.passkeys) >= PASSKEYS_AT_MOST:
        return None
    return ask_for_new(services, login, now)


def choose_password(visit: Visit[Services], proof: ProvenLogin, change: PasswordChange) -> Token:
    """Set the password of the proven login, end its sessions and mailed passwords, and open a session.

    The same form sent twice opens a session too. Raises `FieldsRefused`, or `NotLoggedIn` if another change came first.
    """
    services = visit.services
    try:
        login = find_login(services, proof)
        family = services.accounts.find(family_ref(login)) if login.role == GUARDIAN else login
        if errors := new_password_refusals(services, login, family or login, change):
            raise FieldsRefused(errors)
        after = login.with_password(services.hasher.hash(change.new), "chosen", visit.now)
        after = record_password_change(login, after, "code", visit.now)
        Outbox(services.post_box).post(*password_notices(visit, after))
        email = _address(services, proof, login)
        return open_account(visit, login, after, "code", proof=email)
    except (ProofOver, WriteConflict):
        return repeat(visit, proof.ref, change)


def choose_passkey(visit: Visit[Services], proof: ProvenLogin, answer: str, name: str) -> Token:
    """Add a passkey to the proven login, end its sessions and mailed passwords, and open a session.

    Raises `ProofOver`, and as `new_passkey` does.
    """
    login = find_login(visit.services, proof)
    passkey, email = new_passkey(visit.services, login, answer, name, visit.now), _address(visit.services, proof, login)
    account = login.with_passkey(replace(passkey, by=login.name if login.family else "", proof=email))
    try:
        after = record_password_change(
            login, replace(without_mailed_passwords(account), stamp=new_stamp()), "code", visit.now
        )
        return open_account(visit, login, after, "code", proof=email)
    except WriteConflict:
        raise ProofOver from None


def _address(services: Services, proof: ProvenLogin, login: Account) -> str:
    return login.mailbox(proof.mailbox, services.record.pseudonyms) or ""


def _seal(services: Services) -> Seal:
    return Seal(services.settings.key_ring("sign-in"), "first login")
