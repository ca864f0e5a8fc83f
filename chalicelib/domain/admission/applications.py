"""An application: what a new family asks for its children, what it sent of that, and what the office decided."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from chalicelib.domain.enrolment.enrolments import ProvidedDocument
from chalicelib.domain.text import fold
from chalicelib.values import frozen

MOST_CANDIDATES: Final = 6
MOST_WISHES: Final = 3
_KEY_BYTES: Final = 4

Verdict = Literal["waiting", "to_complete", "declined", "accepted"]
# Where a candidate stands, as far as its application tells: who holds a place is told by the pools alone.
State = Literal["draft", "sent", "waiting", "to_complete", "declined", "accepted", "withdrawn"]
# What is over, for good: nothing is offered any more, and another application may ask for the same child.
OVER: Final[frozenset[State]] = frozenset({"declined", "accepted", "withdrawn"})


@frozen
class ApplicationRef:
    """Which application: of which mailbox, by its pseudonym, in which season (« 2027 »)."""

    mailbox: str
    season: str


@frozen
class CandidateRef:
    """Which candidate: the number of its application, and its key within it; written « P27-K4TN-8WCB/3f9a12bc »."""

    number: str
    key: str

    def __str__(self) -> str:
        """Write it as pools and lists hold it."""
        return f"{self.number}/{self.key}"

    @classmethod
    def parse(cls, text: str) -> "CandidateRef":
        """Read what `str` wrote."""
        number, _, key = text.partition("/")
        return cls(number, key)


@frozen
class Wish:
    """A place that is wished for. `level` is the one told; `days`: those that suit, best first.

    `since`: when it was first sent, while site, discipline and level stay; None until it is.
    """

    discipline: str
    site: str
    level: str = ""
    days: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def slot(self) -> tuple[str, str, str]:
        """What makes it the same wish, whatever days suit."""
        return self.site, self.discipline, self.level


@frozen
class Candidate:
    """A child, or an adult, for whom a place is asked; its wishes, best first. `key` names it in its application."""

    key: str
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    born_on: date | None = field(default=None, repr=False)
    wishes: tuple[Wish, ...] = ()

    @property
    def name(self) -> str:
        """Name it as an account does: « Zélie Rossignol »."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def person(self) -> tuple[str, str]:
        """Who it is, however its name is written: what one live application of a season may ask for."""
        return fold(self.name), self.born_on.isoformat() if self.born_on else ""


def new_key() -> str:
    """Make the key of a new candidate: 8 hexadecimal digits."""
    return secrets.token_hex(_KEY_BYTES)


@frozen
class Answers:
    """What a family answers. `guardian`: who asks; `address`: lines, the town last; `groups`: its priority groups."""

    guardian: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    groups: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    def candidate(self, key: str) -> Candidate | None:
        """Find a candidate by its key."""
        return next((candidate for candidate in self.candidates if candidate.key == key), None)

    def with_candidate(self, changed: Candidate) -> "Answers":
        """Keep a candidate in its place, or as the last one."""
        known = tuple(changed if candidate.key == changed.key else candidate for candidate in self.candidates)
        return replace(self, candidates=known if self.candidate(changed.key) else (*known, changed))

    def without_candidate(self, key: str) -> "Answers":
        """Take a candidate out."""
        return replace(self, candidates=tuple(one for one in self.candidates if one.key != key))


@frozen
class Sent:
    """What was sent last, under which number, when it was first sent and last; `provided`: the documents with it."""

    answers: Answers
    number: str
    first_at: datetime
    at: datetime
    provided: tuple[ProvidedDocument, ...] = ()
    first_persons: tuple[tuple[str, tuple[str, str]], ...] = ()  # by its key, who each candidate first was


@frozen
class Decision:
    """What was decided of a candidate, by whom, in words that the family reads where there are some.

    « waiting »: it is on a waiting list, and was told so. `until`: the last day of what is to be completed.
    """

    verdict: Verdict
    by: str = field(repr=False)
    at: datetime
    words: str = field(default="", repr=False)
    until: date | None = None

    @property
    def is_known(self) -> bool:
        """Whether this version knows such a verdict."""
        return self.verdict in get_args(Verdict)

    def says_the_same(self, other: "Decision") -> bool:
        """Whether both are one person's, with one verdict in the same words, whenever that was."""
        return replace(self, at=other.at) == other


@frozen
class Standing:
    """What became of a candidate since it was sent. `account`: (site, identifier) of the account that it was given.

    `slot`: of the wish that was accepted; `joined`: that account was there, and the office said it is this family's.
    """

    key: str
    withdrawn_at: datetime | None = None
    decision: Decision | None = None
    account: tuple[str, str] | None = None
    slot: tuple[str, str, str] | None = None
    joined: bool = False


@frozen
class Application:
    """A family's whole request of a season. `draft`: what is answered and not sent, or None."""

    ref: ApplicationRef
    email: str = field(default="", repr=False)
    started_at: datetime | None = None
    saved_at: datetime | None = None
    draft: Answers | None = None
    sent: Sent | None = None
    standings: tuple[Standing, ...] = ()
    provided: tuple[ProvidedDocument, ...] = ()
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was

    @property
    def number(self) -> str:
        """The number of its receipt; empty until it is sent."""
        return self.sent.number if self.sent else ""

    @property
    def answers(self) -> Answers:
        """The last answers, sent or not."""
        return self.draft or (self.sent.answers if self.sent else Answers())

    @property
    def live(self) -> tuple[Candidate, ...]:
        """The candidates that were sent and still ask for a place."""
        sent = self.sent.answers.candidates if self.sent else ()
        return tuple(candidate for candidate in sent if self.state(candidate.key) not in OVER)

    def standing(self, key: str) -> Standing:
        """Find what became of a candidate."""
        return next((standing for standing in self.standings if standing.key == key), Standing(key))

    def other_accounts(self, account: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """List the other accounts that its candidates were given, each by its site and identifier."""
        given = (standing.account for standing in self.standings if standing.account not in {None, account})
        return tuple(dict.fromkeys(filter(None, given)))

    def state(self, key: str) -> State:
        """Find where a candidate stands."""
        if self.sent is None or self.sent.answers.candidate(key) is None:
            return "draft"
        standing = self.standing(key)
        if standing.withdrawn_at:
            return "withdrawn"
        return standing.decision.verdict if standing.decision and standing.decision.is_known else "sent"

    def is_awaited(self, today: date) -> bool:
        """Whether the office asked for something that may still come: until the day that it gave, or decides anew."""
        decisions = (self.standing(one.key).decision for one in self.live if self.state(one.key) == "to_complete")
        return any(decision and (decision.until is None or today <= decision.until) for decision in decisions)

    def is_another(self, candidate: Candidate) -> bool:
        """Whether a candidate has neither the name nor the birth date any more with which it was first sent.

        A place in line is a child's: it is not handed to another one, in one correction or in several.
        """
        first = dict(self.sent.first_persons).get(candidate.key) if self.sent else None
        return first is not None and not any(map(str.__eq__, first, candidate.person))

    def with_standing(self, changed: Standing) -> "Application":
        """Keep what became of a candidate."""
        others = (standing for standing in self.standings if standing.key != changed.key)
        return replace(self, standings=tuple(sorted((*others, changed), key=lambda standing: standing.key)))

    def withdraw(self, keys: Iterable[str], now: datetime) -> "Application":
        """Withdraw candidates that still ask for a place; the others stay as they are."""
        after = self
        for key in {candidate.key for candidate in self.live} & set(keys):
            after = after.with_standing(replace(after.standing(key), withdrawn_at=now))
        return after

    def document(self, code: str, owner: str) -> ProvidedDocument | None:
        """Find a document as it is provided."""
        return next((one for one in self.provided if (one.code, one.owner) == (code, owner)), None)

    def with_document(self, document: ProvidedDocument) -> "Application":
        """Note that a document is provided, in the place of what was noted before."""
        others = self.without_document(document.code, document.owner).provided
        return replace(self, provided=tuple(sorted((*others, document), key=lambda one: (one.code, one.owner))))

    def without_document(self, code: str, owner: str) -> "Application":
        """Note that a document is provided no more."""
        return replace(self, provided=tuple(one for one in self.provided if (one.code, one.owner) != (code, owner)))


def submit(application: Application, number: str, now: datetime) -> Application:
    """Send the answers as they are: under the number that it has, else this one; a wish sent before keeps its moment.

    A candidate sent again after « to_complete » waits for the office anew. One of whom it is over stays as it was sent:
    the office decided of that child, and a draft from before may say another.
    """
    before = application.sent
    over = {one.key: one for one in (before.answers.candidates if before else ()) if application.state(one.key) in OVER}
    known = {
        (candidate.key, wish.slot): wish.since
        for candidate in (before.answers.candidates if before else ())
        for wish in candidate.wishes
    }
    answers = application.answers
    candidates = tuple(
        replace(
            candidate,
            wishes=tuple(
                replace(wish, since=known.get((candidate.key, wish.slot)) or now) for wish in candidate.wishes
            ),
        )
        for candidate in (over.get(one.key, one) for one in answers.candidates)
    )
    sent = Sent(
        replace(answers, candidates=candidates),
        before.number if before else number,
        before.first_at if before else now,
        now,
        application.provided,
        _first_persons(before, candidates),
    )
    standings = tuple(
        replace(standing, decision=None)
        if standing.decision and standing.decision.verdict == "to_complete"
        else standing
        for standing in application.standings
    )
    return replace(application, draft=None, sent=sent, standings=standings)


def _first_persons(before: Sent | None, candidates: Iterable[Candidate]) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Keep who each candidate first was, by its key."""
    known = dict(before.first_persons) if before else {}
    return tuple(sorted(({one.key: one.person for one in candidates} | known).items()))
