"""The logins of a family: the first is its account, and each guardian may have one of its own (record 57).

A login has its own password. Only the family's account says which guardian it belongs to, and is read at each request.
"""

from dataclasses import replace
from typing import Final

from chalicelib.domain.account.accounts import ALIAS, CANARY, GUARDIAN, Account, AccountRef, new_stamp
from chalicelib.domain.account.aliases import is_alias_of
from chalicelib.domain.account.identifiers import IDENTIFIER_LENGTH, identifier_from
from chalicelib.domain.account.login_methods import is_held
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.family.households import Guardian

_SUFFIX: Final = "r"  # « responsable »: easy to say on the telephone, and without a dash that users may omit
_NUMBERS: Final = "23456789"


def own_login_ref(family: AccountRef, number: str) -> AccountRef:
    """Make the reference of a family's further login from its number."""
    return AccountRef(family.site, f"{family.identifier}{_SUFFIX}{number}")


def candidates(family: AccountRef) -> tuple[AccountRef, ...]:
    """List the possible identifiers of a family's further logins, without those too long to be typed."""
    refs = (own_login_ref(family, number) for number in _NUMBERS)
    return tuple(ref for ref in refs if len(ref.identifier) <= IDENTIFIER_LENGTH)


def presumed_family(ref: AccountRef) -> AccountRef | None:
    """Guess the family of an identifier that looks like a guardian's login. Only its stored item proves it."""
    family, suffix, number = ref.identifier[:-2], ref.identifier[-2:-1], ref.identifier[-1:]
    is_likely = bool(family) and suffix == _SUFFIX and number in _NUMBERS
    return AccountRef(ref.site, family) if is_likely else None


def new_login(family: Account, guardian: Guardian, ref: AccountRef) -> Account:
    """Make a guardian's own login. It stays closed until a password is mailed."""
    return Account(
        ref=ref,
        name=guardian.name,
        emails=(guardian.email,),
        stamp=new_stamp(),
        role=GUARDIAN,
        display_identifier=display_identifier(family, ref),
        family=family.ref.identifier,
    )


def display_identifier(family: Account, login: AccountRef) -> str:
    """Format the identifier of a guardian's own login: « UN 7005 R2 »."""
    is_first = identifier_from(family.display_identifier) == family.ref.identifier
    identifier = family.display_identifier if is_first else family.ref.identifier.upper()
    return f"{identifier} {login.identifier[len(family.ref.identifier) :].upper()}"


def is_begun_for(login: Account, family: Account, guardian: Guardian) -> bool:
    """Whether a login is, or was started as, this guardian's in this family."""
    alike = [other for other in family.household.guardians if other.name == login.name]
    is_named = login.name == guardian.name and (len(alike) == 1 or guardian.email in login.emails)
    is_own = login.ref.identifier == guardian.login or (not guardian.login and is_named)
    return login.role == GUARDIAN and login.family == family.ref.identifier and is_own


def family_ref(account: Account) -> AccountRef:
    """Return the family's account of any login."""
    return AccountRef(account.ref.site, account.family or account.ref.identifier)


def login_refs(family: Account) -> tuple[AccountRef, ...]:
    """List the guardians' own logins."""
    logins = (guardian.login for guardian in family.household.guardians)
    return tuple(AccountRef(family.ref.site, login) for login in logins if login)


def guardian_of(family: Account, login: AccountRef) -> Guardian | None:
    """Find the guardian of an own login. None for the family's first login, or one that has lost its guardian."""
    guardians = family.household.guardians
    return next((guardian for guardian in guardians if guardian.login == login.identifier), None)


def opens(family: Account | None, login: Account) -> bool:
    """Whether a login still opens its family. A guardian's ends with the family, or when the family drops it."""
    if login.role == ALIAS:
        return is_alias_of(login, family)
    if login.role != GUARDIAN:
        return True
    return family is not None and not family.disabled and guardian_of(family, login.ref) is not None


def first_guardians(family: Account) -> tuple[Guardian, ...]:
    """List the guardians of the first login: those without their own. If separated, only the first of them."""
    without = tuple(guardian for guardian in family.household.guardians if not guardian.login)
    return without[:1] if family.separated_at else without


def opening_emails(account: Account) -> tuple[str, ...]:
    """List the addresses that may receive this login's passwords, without those of another guardian's login."""
    if account.role == GUARDIAN:
        return account.emails
    if account.role == CANARY:
        return ()
    first_emails = {guardian.email for guardian in first_guardians(account)}
    guardians = account.household.guardians
    login_emails = {guardian.email for guardian in guardians if guardian.login or guardian.email not in first_emails}
    return tuple(email for email in account.emails if email not in login_emails)


def login_of_mailbox(family: Account, mailbox: str, pseudonyms: Pseudonyms) -> AccountRef | None:
    """Find the login whose passwords an address on file (a pseudonym) receives. None if it receives none."""
    email = family.mailbox(mailbox, pseudonyms)
    if email is None:
        return None
    owner = next((one for one in family.household.guardians if one.login and one.email == email), None)
    if owner:
        return AccountRef(family.ref.site, owner.login)
    return family.ref if email in opening_emails(family) else None


def invitable(family: Account) -> tuple[Guardian, ...]:
    """List the guardians who may have or have their own login. One guardian must keep the first login."""
    keeper = first_guardians(family)[:1]
    return tuple(guardian for guardian in family.household.guardians if guardian not in keeper)


def why_no_login(family: Account, guardian: Guardian) -> str | None:
    """Return a refusal's code if a guardian cannot have their own login, or else None."""
    sharing = [one for one in family.household.guardians if one.email == guardian.email]
    if not guardian.email or guardian.email not in family.emails:
        return "login_without_email"
    if len(sharing) > 1:
        return "login_email_shared"
    emails_left = opening_emails(with_login(family, guardian, family.ref))
    return None if guardian.login or emails_left else "login_last_email"


def same_guardian(family: Account, guardian: Guardian) -> Guardian | None:
    """Find the same guardian in the current account: by name, and by address too if two share the name."""
    alike = [other for other in family.household.guardians if other.name == guardian.name]
    return next((other for other in alike if len(alike) == 1 or other.email == guardian.email), None)


def with_login(family: Account, guardian: Guardian, login: AccountRef) -> Account:
    """Give a guardian their own login."""
    with_own_login = replace(guardian, login=login.identifier)
    guardians = (with_own_login if other == guardian else other for other in family.household.guardians)
    return replace(family, household=replace(family.household, guardians=tuple(guardians)))


def end_mailed_proofs(before: Account, after: Account) -> Account:
    """End the mailed passwords, passkeys and links that an address proved which leaves the file (docs/decisions/0133).

    A mailed password in use or a login method ends with the sessions. One whose proof is not recorded ends with any
    address. Idempotent. Another login follows its own guardian (`follow_guardian`).
    """
    old_emails = set(before.emails) - set(after.emails)
    if not old_emails:
        return after
    passkeys = tuple(passkey for passkey in after.passkeys if is_held(passkey.proof, after.emails))
    links = tuple(link for link in after.links if is_held(link.proof, after.emails))
    account = replace(after, passkeys=passkeys, links=links)
    if not old_emails.isdisjoint(opening_emails(before)):
        account = without_mailed_passwords(account)
    is_open = (account.password, account.passkeys, account.links) == (after.password, after.passkeys, after.links)
    return account if is_open else replace(account, stamp=new_stamp())


def without_mailed_passwords(account: Account) -> Account:
    """Remove the mailed passwords, unused and in use. The caller ends the sessions."""
    is_mailed = account.password is not None and account.password.origin == "mailed"
    return replace(account, mailed_passwords=(), password=None if is_mailed else account.password)


def follow_guardian(login: Account, guardian: Guardian) -> Account:
    """Copy the guardian's current name and address to their login. The proofs of a former address end."""
    emails = (guardian.email,) if guardian.email else ()
    if (login.emails, login.name) == (emails, guardian.name):
        return login
    return end_mailed_proofs(login, replace(login, emails=emails, name=guardian.name))


def moved_logins(before: Account, after: Account) -> tuple[tuple[AccountRef, Guardian], ...]:
    """List the logins whose guardian's address or name differs after a change, each with its guardian."""
    logins_before = {guardian.login: (guardian.email, guardian.name) for guardian in before.household.guardians}
    return tuple(
        (AccountRef(after.ref.site, guardian.login), guardian)
        for guardian in after.household.guardians
        if guardian.login in logins_before
        and guardian.login
        and logins_before[guardian.login] != (guardian.email, guardian.name)
    )
