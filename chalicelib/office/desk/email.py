"""An address on file changed by the office: the former mailboxes are told first, then all is changed in one write."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import traced
from chalicelib.domain.account.email_addresses import Readdressing, readdressed
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.family.corrections import Hand
from chalicelib.domain.refusals import Undeliverable
from chalicelib.mail import letters
from chalicelib.office.account import account_called, checked, note
from chalicelib.office.desk.access import Asked
from chalicelib.office.refused import Refused
from chalicelib.services import Services


@dataclass(frozen=True)
class Wish:
    """What was typed: a new address, the one it replaces, or one to take away; `may_empty` lets the last one go."""

    new: str | None = None
    replaced: str | None = None
    is_added: bool = False
    removed: str | None = None
    may_empty: bool = False


@dataclass(frozen=True)
class Readdressed:
    """The account before and after, who was told, and whether a mailed password ended with the change."""

    before: Account
    after: Account
    told: tuple[str, ...]
    password_ended: bool


def change_email(services: Services, asked: Asked, wish: Wish, now: datetime) -> Readdressed:
    """Change the addresses on file of an account and of its guardians. Raises `Refused`.

    The notice leaves before the change, so that no change goes untold; one that then fails was told for nothing.
    """
    author = checked(asked.author)
    account = account_called(services, asked.identifier, asked.site)
    _readdressing(account, wish)
    note(services, account.ref, "email_changed", author, now)
    told: list[str] = []

    def decide(found: Account) -> Account:
        after = readdressed(found, _readdressing(found, wish), services.record.pseudonyms)
        told.extend(_tell(services, found, told, now, password_ended=after.password != found.password))
        return traced(found, after, Hand("office", author.who), now)

    changed = services.accounts.revise(account.ref, decide, account)
    if changed is None:
        raise Refused("family_vanished", typed=asked.identifier)
    return Readdressed(*changed, tuple(told), _has_ended(*changed, now))


def _has_ended(before: Account, after: Account, now: datetime) -> bool:
    """Tell whether a mailed password that still opened the account does so no more."""
    unused = {each.digest for each in before.mailed if each.expires_at > now}
    return before.password != after.password or not unused <= {each.digest for each in after.mailed}


def is_last(services: Services, asked: Asked, wish: Wish) -> bool:
    """Tell whether the wish takes away the last address, which must be confirmed. Raises `Refused`."""
    account = account_called(services, asked.identifier, asked.site)
    readdressing = _readdressing(account, replace(wish, may_empty=True))
    return readdressing.added is None and account.emails == (readdressing.removed,)


def _readdressing(account: Account, wish: Wish) -> Readdressing:
    added, removed = _added(account, wish.new), _on_file(account, wish.removed or wish.replaced)
    if added and not wish.is_added and removed is None and account.emails:
        if len(account.emails) > 1:
            raise Refused("email_which", emails=", ".join(account.emails))
        removed = account.emails[0]
    if added is None and account.emails == (removed,) and not wish.may_empty:
        raise Refused("email_last")
    return Readdressing(added, removed)


def _added(account: Account, typed: str | None) -> str | None:
    if typed is None:
        return None
    email = email_from(typed)
    if not email:
        raise Refused("email_unreadable", email=typed)
    if not email.isascii():
        raise Refused("email_not_ascii", email=typed)
    if email in account.emails:
        raise Refused("email_known", email=email)
    return email


def _on_file(account: Account, typed: str | None) -> str | None:
    if typed is None:
        return None
    email = email_from(typed) or typed
    if email not in account.emails:
        raise Refused("email_not_on_file", email=typed, emails=", ".join(account.emails) or "aucune")
    return email


def _tell(services: Services, account: Account, told: list[str], now: datetime, *, password_ended: bool) -> list[str]:
    """Mail the notice to the addresses on file that work and were not told yet; give those it was sent to."""
    facts = {
        "network": services.settings.network,
        "site": services.settings.network.site(account.ref.site),
        "account": account,
        "changed_at": now,
        "who": "L'administration",
        "password_ended": password_ended,
    }
    sent = []
    for email in account.reachable(services.record.pseudonyms):
        if email in told:
            continue
        try:
            services.mailer.send(letters.fill("email_changed", email, now, facts), account.ref)
        except Undeliverable:
            continue
        sent.append(email)
    return sent
