"""Proof of an applicant's mailbox: the page's stamp, the signed question, the code mailed, and the limit on codes."""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.email_proof import CODE_LIFETIME
from chalicelib.domain.account.identifiers import mailbox_key
from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import RateLimit
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import frozen

_SHORTEST: Final = timedelta(seconds=3)  # no person reads the page and types an address in less
_PAGE_STAMPS_LONGEST: Final = timedelta(hours=2)
_STAMP: Final = re.compile(r"([1-9]\d{9,10})\.(\d{1,3}\.[A-Za-z0-9_-]{24})", re.ASCII)


class CodeUsedUp(FormRefusal):
    """Five tries were made at this code, or its half hour is over: the applicant needs another one."""

    code = "code_used_up"


class PageStamps:
    """Makes and checks page stamps, under the keys of `page-stamps`."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def stamp(self, now: datetime) -> str:
        """Make the stamp of a page rendered now."""
        moment = str(int(now.timestamp()))
        return f"{moment}.{self._keys.sign(moment)}"

    def is_ripe(self, stamp: str, now: datetime) -> bool:
        """Whether a form comes from a page of ours between three seconds and two hours old."""
        match = _STAMP.fullmatch(stamp)
        if not match or not self._keys.verify(match[2], match[1]):
            return False
        return _SHORTEST <= now - datetime.fromtimestamp(int(match[1]), UTC) <= _PAGE_STAMPS_LONGEST


TRIES: Final = RateLimit(free=5, ceiling=5, window=timedelta(hours=1))  # for one code, however many come at once
CODES_AN_HOUR: Final = RateLimit(free=3, ceiling=3, window=timedelta(hours=1))  # mailed to one address
CODES_A_DAY: Final = RateLimit(free=6, ceiling=6, window=timedelta(hours=24))
# Of these, for a number. A draw's numbers are public, and a stranger must not use up the family's codes.
NUMBERS_AN_HOUR: Final = RateLimit(free=2, ceiling=2, window=timedelta(hours=1))
NUMBERS_A_DAY: Final = RateLimit(free=3, ceiling=3, window=timedelta(hours=24))
QUESTIONS_OF_CLIENT: Final = RateLimit(free=30, ceiling=30, window=timedelta(minutes=10))
CODES_AT_MOST: Final = 3  # for one job, which the queue may redeliver
_SENT_TWICE: Final = timedelta(minutes=1)  # a double click

_OF_NUMBER: Final = "number "  # prefix of a job's name, if its mail was asked for by number

# The typed text: an address to apply, an address to see an application's progress, or the number of a receipt, whose
# application has the address.
QuestionKind = Literal["email", "sender", "number"]


@frozen
class CodeRequest:
    """A request for a code, and its time. `name` is random: a code belongs to one question only.

    `season`: the requested one. Empty if a number determines it.
    """

    kind: QuestionKind
    words: str = field(repr=False)
    season: str
    asked_at: datetime
    name: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    @property
    def expires_at(self) -> datetime:
        """When its code expires."""
        return self.asked_at + CODE_LIFETIME


def sign_code_request(key_ring: KeyRing, code_request: CodeRequest) -> str:
    """Sign a question, to be carried by a browser and the queue."""
    moment = str(int(code_request.asked_at.timestamp()))
    return key_ring.sign_text(code_request.kind, code_request.words, code_request.season, moment, code_request.name)


def read_code_request(key_ring: KeyRing, text: str) -> CodeRequest | None:
    """Read a question. None if we did not sign it, or if a newer version did, in another form."""
    match key_ring.read_text(text):
        case ("email" | "sender" | "number") as kind, address, season, moment, name:
            return CodeRequest(kind, address, season, datetime.fromtimestamp(int(moment), UTC), name)
        case _:
            return None


@frozen
class Code:
    """A question's code, stored for an hour as digests, and the application that it opens.

    `ref`: of a login's code, the pseudonym of its owner and no season (`flows/sign_in/code.py`).
    `digests`: one per mail of the job, as a queue may redeliver it. `used_at`: when it first opened a session.
    """

    question: str = field(repr=False)  # the question's name
    ref: ApplicationRef
    asked_at: datetime
    digests: tuple[str, ...] = field(default=(), repr=False)
    used_at: datetime | None = None

    def opens(self, digest: str, now: datetime) -> bool:
        """Whether a code of this digest opens a session: once, or again for a form sent twice."""
        is_open = now < self.asked_at + CODE_LIFETIME and (self.used_at is None or now - self.used_at < _SENT_TWICE)
        return any(hmac.compare_digest(digest, known) for known in self.digests) and is_open

    def use(self, now: datetime) -> "Code":
        """Record that it opened a session."""
        return replace(self, used_at=self.used_at or now)


def digest(pseudonyms: Pseudonyms, question: str, ref: ApplicationRef, code: str) -> str:
    """Hash a code under the deployment's key, bound to its question, mailbox and season."""
    return pseudonyms.of("code of an applicant", question, ref.mailbox, ref.season, code)


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
        of_numbers = tuple(at for known, at in self.mailed.items() if known.startswith(_OF_NUMBER))
        limits = [(CODES_AN_HOUR, times), (CODES_A_DAY, times)]
        limits += [(NUMBERS_AN_HOUR, of_numbers), (NUMBERS_A_DAY, of_numbers)] if kind == "number" else []
        return name in self.mailed or all(limit.waits_until(counted, now) is None for limit, counted in limits)

    def with_mail(self, request: str, now: datetime, kind: QuestionKind = "email") -> "MailedCodes":
        """Count a mail. Idempotent for a redelivered application."""
        name = _name_of(request, kind)
        recent = {known: at for known, at in self.mailed.items() if at > now - CODES_A_DAY.window}
        return replace(self, mailed={**recent, name: recent.get(name, now)})


def _name_of(request: str, kind: QuestionKind) -> str:
    return f"{_OF_NUMBER}{request}" if kind == "number" else request


def name_of_mailed(pseudonyms: Pseudonyms, email: str, counter: str = "mails to an applicant") -> str:
    """Make the name of a mailbox for its count of mails, used nowhere else. All its addresses count together."""
    return pseudonyms.of(counter, mailbox_key(email))
