"""Proof of an applicant's mailbox: the page's stamp, the signed question, and the limit on a client's questions."""

import re
import secrets
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.account.email_proof import CODE_LIFETIME
from chalicelib.domain.account.keys import KeyRing
from chalicelib.domain.account.mailed_codes import QuestionKind
from chalicelib.domain.account.rate_limits import RateLimit
from chalicelib.values import frozen

_SHORTEST: Final = timedelta(seconds=3)  # no person reads the page and types an address in less
_PAGE_STAMPS_LONGEST: Final = timedelta(hours=2)
_STAMP: Final = re.compile(r"([1-9]\d{9,10})\.(\d{1,3}\.[A-Za-z0-9_-]{24})", re.ASCII)


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


QUESTIONS_OF_CLIENT: Final = RateLimit(free=30, ceiling=30, window=timedelta(minutes=10))


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
