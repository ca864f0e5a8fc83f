"""Why a family cannot log in: what its account, its tries and the acts of the office say, in the order to look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import MAILED_LIFETIME, Account, Failure, Suppression
from chalicelib.domain.account.audit import Act
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT, MAIL_OF_ACCOUNT

Cause = Literal[
    "disabled",
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
    "nothing",
]
_EXPLAINS_NOTHING: Final = {"gone", "twins"}  # a family may log in all the same
_SUPPRESSED: Final[dict[Failure, Cause]] = {"bounced": "suppressed", "complained": "complained"}
_UNREACHABLE: Final = {"no_address", "all_failing", *_SUPPRESSED.values()}  # and so it may here, with a password it has


@dataclass(frozen=True)
class Evidence:
    """What was read: the account, the tries at it, and what the other sites have under the same identifier."""

    account: Account
    tries: tuple[datetime, ...] = ()
    elsewhere: tuple[tuple[str, tuple[datetime, ...]], ...] = ()  # tries at sites that have no such account
    twins: tuple[str, ...] = ()  # sites that have one
    acts: tuple[Act, ...] = ()  # oldest first
    suppressed: Mapping[str, Suppression] = field(default_factory=dict)  # addresses that SES writes to no more


@dataclass(frozen=True)
class Finding:
    """A cause and its facts: `at` is since when or until when; `emails` are those to use, or to mend."""

    cause: Cause
    at: datetime | None = None
    emails: tuple[str, ...] = field(default=(), repr=False)
    sites: tuple[str, ...] = ()
    count: int = 0
    act: Act | None = None


def diagnosis(evidence: Evidence, pseudonyms: Pseudonyms, now: datetime) -> tuple[Finding, ...]:
    """List the causes found, what stops a family for good first; `nothing` where none explains it."""
    marked = evidence.account.reachable(pseudonyms)
    reachable = tuple(email for email in marked if email not in evidence.suppressed)
    found = (
        *_closed(evidence),
        *_slowed(evidence.tries, now),
        *_addresses(evidence.account, marked),
        *_suppressed(evidence),
        *_password(evidence, reachable, now),
        *_letters(evidence.account, now),
        *_elsewhere(evidence, now),
    )
    harmless = _EXPLAINS_NOTHING | (_UNREACHABLE if evidence.account.password or reachable else set())
    if any(finding.cause not in harmless for finding in found):
        return found
    recent = LOGIN_OF_ACCOUNT.recent(evidence.tries, now)
    return (*found, Finding("nothing", recent[-1] if recent else None, reachable, count=len(recent)))


def _closed(evidence: Evidence) -> Iterator[Finding]:
    if evidence.account.disabled:
        switches = [act for act in evidence.acts if act.kind in {"disabled", "enabled"}]
        last = switches[-1] if switches and switches[-1].kind == "disabled" else None
        yield Finding("disabled", last.at if last else None, act=last)
    if evidence.account.gone_at:
        yield Finding("gone", evidence.account.gone_at)


def _slowed(tries: tuple[datetime, ...], now: datetime) -> Iterator[Finding]:
    until = LOGIN_OF_ACCOUNT.waits_until(tries, now)
    if until:
        count = len(LOGIN_OF_ACCOUNT.recent(tries, now))
        yield Finding("ceiling" if count >= LOGIN_OF_ACCOUNT.ceiling else "waiting", until, count=count)


def _addresses(account: Account, reachable: tuple[str, ...]) -> Iterator[Finding]:
    if not account.emails:
        yield Finding("no_address")
    elif not reachable:
        yield Finding("all_failing", max(each.at for each in account.failing), account.emails)


def _suppressed(evidence: Evidence) -> Iterator[Finding]:
    for email in evidence.account.emails:
        if listed := evidence.suppressed.get(email):
            yield Finding(_SUPPRESSED[listed.kind], listed.at, (email,))


def _password(evidence: Evidence, reachable: tuple[str, ...], now: datetime) -> Iterator[Finding]:
    """Tell of the last mailed password that waits, or waited, for its first use; or that there was never any.

    Mailed before the office had mails leave again, it came back or never left.
    """
    account = evidence.account
    if account.mailed:
        until = max(each.expires_at for each in account.mailed)
        mailed_at = until - MAILED_LIFETIME
        lifted = [act.at for act in evidence.acts if act.kind == "unsuppressed" and act.at >= mailed_at]
        if account.last_login is None or account.last_login < mailed_at:
            if until <= now:
                yield Finding("mailed_expired", until, reachable)
            elif lifted and reachable:
                yield Finding("mailed_in_vain", max(lifted), reachable)
            else:
                yield Finding("mailed_unused", until, reachable)
    elif account.password is None:
        yield Finding("never_activated", emails=reachable)


def _letters(account: Account, now: datetime) -> Iterator[Finding]:
    sent = MAIL_OF_ACCOUNT.recent(tuple(letter.at for letter in account.letters), now)
    if len(sent) >= MAIL_OF_ACCOUNT.ceiling:
        yield Finding("letters_limit", MAIL_OF_ACCOUNT.waits_until(sent, now), count=len(sent))


def _elsewhere(evidence: Evidence, now: datetime) -> Iterator[Finding]:
    last = evidence.account.last_login
    recent = [(site, LOGIN_OF_ACCOUNT.recent(tries, now)) for site, tries in evidence.elsewhere]
    tried = [(site, tries) for site, tries in recent if tries and (last is None or tries[-1] > last)]
    if tried:
        moments = [moment for _, tries in tried for moment in tries]
        yield Finding("wrong_site", max(moments), sites=tuple(site for site, _ in tried), count=len(moments))
    if evidence.twins:
        yield Finding("twins", sites=evidence.twins)
