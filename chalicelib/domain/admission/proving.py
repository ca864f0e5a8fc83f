"""An applicant proves a mailbox: the signed question, the code mailed to it, and how many may be mailed."""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.account.email_proof import CODE_LIFETIME
from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.pseudonyms import Pseudonyms
from chalicelib.domain.account.rate_limits import RateLimit
from chalicelib.domain.admission.applications import ApplicationRef
from chalicelib.values import frozen

TRIES: Final = RateLimit(free=5, ceiling=5, window=timedelta(hours=1))  # at one code, whoever comes at once
CODES_AN_HOUR: Final = RateLimit(free=3, ceiling=3, window=timedelta(hours=1))  # mailed to one address
CODES_A_DAY: Final = RateLimit(free=6, ceiling=6, window=timedelta(hours=24))
# Of these, for a number: those of a draw are public, and whoever types them shall not use up what its family needs.
NUMBERS_AN_HOUR: Final = RateLimit(free=2, ceiling=2, window=timedelta(hours=1))
NUMBERS_A_DAY: Final = RateLimit(free=3, ceiling=3, window=timedelta(hours=24))
QUESTIONS_OF_CLIENT: Final = RateLimit(free=30, ceiling=30, window=timedelta(minutes=10))
CODES_AT_MOST: Final = 3  # of one job, which the queue may deliver again
_SENT_TWICE: Final = timedelta(minutes=1)  # a form whose button was pressed twice
_LONGEST: Final = 1600  # characters of a signed question; an address has 254, of four bytes each at most
_BETWEEN: Final = "\0"

_OF_NUMBER: Final = "number "  # before a request's name, where its mail was asked for by a number
_DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})  # a dot in an address of theirs means nothing

# What was typed: an address that asks for a place, one that asks where its request stands, or the number of a receipt,
# whose application tells the address.
QuestionKind = Literal["email", "sender", "number"]


@frozen
class Question:
    """What somebody asks a code for, and when. `name` is random: a code belongs to this very question, or to none.

    `season`: the one asked for; empty where a number tells it.
    """

    kind: QuestionKind
    words: str = field(repr=False)
    season: str
    asked_at: datetime
    name: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    @property
    def expires_at(self) -> datetime:
        """Until when its code is good."""
        return self.asked_at + CODE_LIFETIME


def write_question(key_ring: KeyRing, question: Question) -> str:
    """Write a question, signed, as a browser and the queue carry it: neither can forge one."""
    moment = str(int(question.asked_at.timestamp()))
    words = _BETWEEN.join((question.kind, question.words, question.season, moment, question.name))
    written = base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")
    return f"{written}.{key_ring.sign(written)}"


def read_question(key_ring: KeyRing, carried: str) -> Question | None:
    """Read a question. None if we did not sign it."""
    written, _, signature = carried.partition(".")
    if len(carried) > _LONGEST or not key_ring.verify(signature, written):
        return None
    words = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode().split(_BETWEEN)
    return _question(*words)


def _question(kind: str, typed: str, season: str, moment: str, name: str) -> Question:
    at = datetime.fromtimestamp(int(moment), UTC)
    known: QuestionKind = "email" if kind == "email" else "sender" if kind == "sender" else "number"
    return Question(known, typed, season, at, name)


@frozen
class Code:
    """The code of a question, as it is kept for an hour: digests only, and which application it opens.

    `digests`: of each mail that one job sent, for a queue delivers again. `used_at`: when it first opened a session.
    """

    question: str = field(repr=False)  # its name
    ref: ApplicationRef
    asked_at: datetime
    digests: tuple[str, ...] = field(default=(), repr=False)
    used_at: datetime | None = None

    def opens(self, digest: str, now: datetime) -> bool:
        """Whether a code of this digest opens a session: once, or again where the same form was sent twice."""
        is_open = now < self.asked_at + CODE_LIFETIME and (self.used_at is None or now - self.used_at < _SENT_TWICE)
        return any(hmac.compare_digest(digest, known) for known in self.digests) and is_open

    def use(self, now: datetime) -> "Code":
        """Note that it opened a session."""
        return replace(self, used_at=self.used_at or now)


def digest(pseudonyms: Pseudonyms, question: str, ref: ApplicationRef, code: str) -> str:
    """Hash a code under the deployment's key, bound to its question, its mailbox and its season."""
    return pseudonyms.of("code of an applicant", question, ref.mailbox, ref.season, code)


@frozen
class MailedCodes:
    """The codes mailed to one address in a day: request to moment. `name`: a pseudonym of its own, for this alone."""

    name: str
    mailed: Mapping[str, datetime] = field(default_factory=dict)

    def may_mail(self, request: str, now: datetime, kind: QuestionKind = "email") -> bool:
        """Whether a mail may leave: three in an hour, six in a day, of which two and three for a number.

        A request that is delivered again may go on.
        """
        name = _name_of(request, kind)
        times = tuple(self.mailed.values())
        of_numbers = tuple(at for known, at in self.mailed.items() if known.startswith(_OF_NUMBER))
        limits = [(CODES_AN_HOUR, times), (CODES_A_DAY, times)]
        limits += [(NUMBERS_AN_HOUR, of_numbers), (NUMBERS_A_DAY, of_numbers)] if kind == "number" else []
        return name in self.mailed or all(limit.waits_until(counted, now) is None for limit, counted in limits)

    def with_mail(self, request: str, now: datetime, kind: QuestionKind = "email") -> "MailedCodes":
        """Count a mail; one of a request that is delivered again is counted already."""
        name = _name_of(request, kind)
        recent = {known: at for known, at in self.mailed.items() if at > now - CODES_A_DAY.window}
        return replace(self, mailed={**recent, name: recent.get(name, now)})


def _name_of(request: str, kind: QuestionKind) -> str:
    return f"{_OF_NUMBER}{request}" if kind == "number" else request


def name_of_mailed(pseudonyms: Pseudonyms, email: str) -> str:
    """Name a mailbox for the count of its mails, by no name that stands anywhere else.

    « merle+1@… » is read by who reads « merle@… », however many are made up: they are counted together.
    """
    local, _, domain = email.rpartition("@")
    box = local.partition("+")[0] or local
    return pseudonyms.of("mails to an applicant", f"{box.replace('.', '') if domain in _DOTLESS else box}@{domain}")
