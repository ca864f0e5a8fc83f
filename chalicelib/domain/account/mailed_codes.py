"""Codes mailed to prove a mailbox or a login: digests that open once, and the limits on tries and on mails."""

import hmac
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.email_proof import CODE_LIFETIME
from chalicelib.domain.account.identifiers import mailbox_key
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import RateLimit
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import frozen

TRIES: Final = RateLimit(free=5, ceiling=5, window=timedelta(hours=1))  # for one code, however many come at once
CODES_AN_HOUR: Final = RateLimit(free=3, ceiling=3, window=timedelta(hours=1))  # mailed to one address
CODES_A_DAY: Final = RateLimit(free=6, ceiling=6, window=timedelta(hours=24))
# Of these, for a number. A draw's numbers are public, and a stranger must not use up the family's codes.
NUMBERS_AN_HOUR: Final = RateLimit(free=2, ceiling=2, window=timedelta(hours=1))
NUMBERS_A_DAY: Final = RateLimit(free=3, ceiling=3, window=timedelta(hours=24))
CODES_AT_MOST: Final = 3  # for one job, which the queue may redeliver
_SENT_TWICE: Final = timedelta(minutes=1)  # a double click

_OF_NUMBER: Final = "number "  # prefix of a job's name, if its mail was asked for by number

# The typed text: an address to apply, an address to see an application's progress, or the number of a receipt, whose
# application has the address.
QuestionKind = Literal["email", "sender", "number"]


class CodeUsedUp(FormRefusal):
    """Five tries were made at this code, or its half hour is over: another one is needed."""

    code = "code_used_up"


@frozen
class Code:
    """A question's code, stored for an hour as digests, with its owner and its scope.

    `owner`: a pseudonym. `scope`: a season's application, or `sign-in`.
    `digests`: one per mail of the job, as a queue may redeliver it. `used_at`: when it first opened a session.
    """

    question: str = field(repr=False)  # the question's name
    owner: str
    scope: str
    asked_at: datetime
    digests: tuple[str, ...] = field(default=(), repr=False)
    used_at: datetime | None = None

    def opens(self, digest: str, now: datetime) -> bool:
        """Whether a code of this digest opens a session: once, or again for a form sent twice."""
        is_open = now < self.asked_at + CODE_LIFETIME and (self.used_at is None or now - self.used_at < _SENT_TWICE)
        return any(hmac.compare_digest(digest, own_digest) for own_digest in self.digests) and is_open

    def use(self, now: datetime) -> "Code":
        """Record that it opened a session."""
        return replace(self, used_at=self.used_at or now)


def digest(pseudonyms: Pseudonyms, mailed_code: Code, typed: str) -> str:
    """Hash a code under the deployment's key, bound to its question, owner and scope."""
    return pseudonyms.of("code of an applicant", mailed_code.question, mailed_code.owner, mailed_code.scope, typed)


@frozen
class MailedCodes:
    """The codes mailed to one address in a day: application to time. `name`: a pseudonym used only here."""

    name: str
    mailed: Mapping[str, datetime] = field(default_factory=dict)

    def may_mail(self, request: str, now: datetime, kind: QuestionKind = "email") -> bool:
        """Whether a mail may be sent: three an hour and six a day, of which two and three for a number.

        A redelivered application may go on.
        """
        name = _name_of(request, kind)
        times = tuple(self.mailed.values())
        of_numbers = tuple(at for request, at in self.mailed.items() if request.startswith(_OF_NUMBER))
        limits = [(CODES_AN_HOUR, times), (CODES_A_DAY, times)]
        limits += [(NUMBERS_AN_HOUR, of_numbers), (NUMBERS_A_DAY, of_numbers)] if kind == "number" else []
        return name in self.mailed or all(limit.waits_until(counted, now) is None for limit, counted in limits)

    def with_mail(self, request: str, now: datetime, kind: QuestionKind = "email") -> "MailedCodes":
        """Count a mail of a code. A job that the queue delivers again counts once."""
        name = _name_of(request, kind)
        recent = {known: at for known, at in self.mailed.items() if at > now - CODES_A_DAY.window}
        return replace(self, mailed={**recent, name: recent.get(name, now)})


def _name_of(request: str, kind: QuestionKind) -> str:
    return f"{_OF_NUMBER}{request}" if kind == "number" else request


def name_of_mailed(pseudonyms: Pseudonyms, email: str, counter: str) -> str:
    """Make the name of a mailbox for its count of mails, used nowhere else. All its addresses count together."""
    return pseudonyms.of(counter, mailbox_key(email))
