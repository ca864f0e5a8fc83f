"""Why a family cannot log in, from its account, its tries and the audit trail, in the order to check."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import MAILED_LIFETIME, Account, Failure, Suppression
from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.account.coordinates import frozen_at
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, MAIL_OF_ACCOUNT
from chalicelib.values import frozen

CauseCode = Literal[
    "disabled",
    "frozen",
    "gone",
    "waiting",
    "ceiling",
    "no_address",
    "all_failing",
    "suppressed",
    "complained",
    "never_activated",
    "mailed_unused",
    "mailed_in_vain",
    "mailed_expired",
    "letters_limit",
    "wrong_site",
    "twins",
    "no_password",
    "nothing",
]
_EXPLAINS_NOTHING: Final = {"gone", "twins"}  # a family may log in all the same
_SUPPRESSED: Final[dict[Failure, CauseCode]] = {"bounced": "suppressed", "complained": "complained"}
_UNREACHABLE: Final = {"no_address", "all_failing", *_SUPPRESSED.values()}  # a login method opens without mails


@frozen
class Evidence:
    """The data read: the account, its tries, and the accounts and tries of the same identifier at other sites."""

    account: Account
    tries: tuple[datetime, ...] = ()
    elsewhere: tuple[tuple[str, tuple[datetime, ...]], ...] = ()  # tries at sites without such an account
    twins: tuple[str, ...] = ()  # sites with such an account
    audit_entries: tuple[AuditEntry, ...] = ()  # oldest first
    suppressions: Mapping[str, Suppression] = field(default_factory=dict)  # addresses that SES no longer sends to


@frozen
class Cause:
    """A cause and its facts. `at`: since when or until when. `emails`: those to use, or to correct."""

    code: CauseCode
    at: datetime | None = None
    emails: tuple[str, ...] = field(default=(), repr=False)
    sites: tuple[str, ...] = ()
    count: int = 0
    audit_entry: AuditEntry | None = None


def diagnosis(evidence: Evidence, pseudonyms: Pseudonyms, now: datetime) -> tuple[Cause, ...]:
    """List the causes found, permanent ones first. If none explains the failure: `no_password` or `nothing`.

    `no_password`: a passkey or FranceConnect opens the account, and no password does.
    """
    account = evidence.account
    not_failing = account.reachable(pseudonyms)
    reachable = tuple(email for email in not_failing if email not in evidence.suppressions)
    causes = (
        *_closed_account(evidence),
        *_freeze(account, reachable),
        *_rate_limit(evidence.tries, now),
        *_addresses(account, not_failing),
        *_suppressed_addresses(evidence),
        *_password(evidence, reachable, now),
        *_letters(account, now),
        *_elsewhere(evidence, now),
    )
    minor = _EXPLAINS_NOTHING | (_UNREACHABLE if account.password or account.has_login_methods or reachable else set())
    if any(cause.code not in minor for cause in causes):
        return causes
    recent = LOGIN_OF_ACCOUNT.recent(evidence.tries, now)
    code: CauseCode = "no_password" if account.has_login_methods and not account.password else "nothing"
    return (*causes, Cause(code, recent[-1] if recent else None, reachable, count=len(recent)))


def _closed_account(evidence: Evidence) -> Iterator[Cause]:
    if evidence.account.disabled:
        switches = [entry for entry in evidence.audit_entries if entry.kind in {"disabled", "enabled"}]
        last = switches[-1] if switches and switches[-1].kind == "disabled" else None
        yield Cause("disabled", last.at if last else None, audit_entry=last)
    if evidence.account.gone_at:
        yield Cause("gone", evidence.account.gone_at)


def _freeze(account: Account, reachable: tuple[str, ...]) -> Iterator[Cause]:
    if at := frozen_at(account):
        yield Cause("frozen", at, reachable)


def _rate_limit(tries: tuple[datetime, ...], now: datetime) -> Iterator[Cause]:
    until = LOGIN_OF_ACCOUNT.waits_until(tries, now)
    if until:
        count = len(LOGIN_OF_ACCOUNT.recent(tries, now))
        yield Cause("ceiling" if count >= LOGIN_OF_ACCOUNT.ceiling else "waiting", until, count=count)


def _addresses(account: Account, reachable: tuple[str, ...]) -> Iterator[Cause]:
    if not account.emails:
        yield Cause("no_address")
    elif not reachable:
        yield Cause("all_failing", max(failure.at for failure in account.failing_mailboxes), account.emails)


def _suppressed_addresses(evidence: Evidence) -> Iterator[Cause]:
    for email in evidence.account.emails:
        if suppression := evidence.suppressions.get(email):
            yield Cause(_SUPPRESSED[suppression.kind], suppression.at, (email,))


def _password(evidence: Evidence, reachable: tuple[str, ...], now: datetime) -> Iterator[Cause]:
    """Find the state of the last mailed password that waits for its first use, or that none was ever set.

    If it was mailed before the office lifted a suppression, it bounced or was never sent.
    """
    account = evidence.account
    if account.mailed_passwords:
        until = max(password.expires_at for password in account.mailed_passwords)
        mailed_at = until - MAILED_LIFETIME
        limits = [
            entry.at for entry in evidence.audit_entries if entry.kind == "unsuppressed" and entry.at >= mailed_at
        ]
        if account.last_login is None or account.last_login < mailed_at:
            if until <= now:
                yield Cause("mailed_expired", until, reachable)
            elif limits and reachable:
                yield Cause("mailed_in_vain", max(limits), reachable)
            else:
                yield Cause("mailed_unused", until, reachable)
    elif account.password is None and not account.has_login_methods and not frozen_at(account):
        yield Cause("never_activated", emails=reachable)


def _letters(account: Account, now: datetime) -> Iterator[Cause]:
    recent_mails = MAIL_OF_ACCOUNT.recent(tuple(letter.at for letter in account.letters), now)
    if len(recent_mails) >= MAIL_OF_ACCOUNT.ceiling:
        yield Cause("letters_limit", MAIL_OF_ACCOUNT.waits_until(recent_mails, now), count=len(recent_mails))


def _elsewhere(evidence: Evidence, now: datetime) -> Iterator[Cause]:
    last = evidence.account.last_login
    recent = [(site, LOGIN_OF_ACCOUNT.recent(tries, now)) for site, tries in evidence.elsewhere]
    elsewhere = [(site, tries) for site, tries in recent if tries and (last is None or tries[-1] > last)]
    if elsewhere:
        moments = [moment for _, tries in elsewhere for moment in tries]
        yield Cause("wrong_site", max(moments), sites=tuple(site for site, _ in elsewhere), count=len(moments))
    if evidence.twins:
        yield Cause("twins", sites=evidence.twins)
