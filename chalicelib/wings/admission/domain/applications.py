"""An application: a new family's answers for its children, as sent, and the office's decisions."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import field, replace
from datetime import date, datetime
from typing import Final, Literal, get_args

from chalicelib.domain.dossiers.decisions import Decision
from chalicelib.domain.dossiers.documents import HasDocuments, ProvidedDocument
from chalicelib.domain.enrolment.periods import PARIS, Periods
from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.text import fold
from chalicelib.values import frozen


class ApplicationFull(FormRefusal):
    """The application has no room for more. Saved answers stay, new ones are refused."""

    code = "application_full"


def current_season(periods: Periods, sites: Iterable[str], now: datetime) -> str:
    """Return the season of a day: of the period that opened last, else of the next to open, else its year."""
    site_periods = [period for period in map(periods.of, sites) if period]
    open_periods = [period for period in site_periods if period.state(now) != "before"]
    if open_periods:
        return max(open_periods, key=lambda period: period.opens_on).season
    if site_periods:
        return min(site_periods, key=lambda period: period.opens_on).season
    return str(now.astimezone(PARIS).year)


def is_open_at(periods: Periods, site: str, season: str, now: datetime) -> bool:
    """Whether a site takes applications of a season."""
    period = periods.of(site)
    return period is not None and period.season == season and period.state(now) == "during"


TRACKED_AT: Final = "demande"  # in the audit trail, in the place of a site: no site has this code
MOST_CANDIDATES: Final = 6
MOST_WISHES: Final = 3
_KEY_BYTES: Final = 4

Verdict = Literal["waiting", "to_complete", "declined", "accepted"]
# The state of a candidate, from its application alone. The holders of places are in the pools.
State = Literal["draft", "sent", "waiting", "to_complete", "declined", "accepted", "withdrawn"]
# Final states: no place is offered, and another application may ask for the same child.
OVER: Final[frozenset[State]] = frozenset({"declined", "accepted", "withdrawn"})


@frozen
class ApplicationRef:
    """The key of an application: its mailbox, as a pseudonym, and the season (« 2027 »)."""

    mailbox: str
    season: str


@frozen
class CandidateRef:
    """The key of a candidate: the number of their application, and their key there, as « P27-K4TN-8WCB/3f9a12bc »."""

    number: str
    key: str

    def __str__(self) -> str:
        """Format it as in pools and lists."""
        return f"{self.number}/{self.key}"

    @classmethod
    def parse(cls, text: str) -> "CandidateRef":
        """Parse the format of `str`."""
        number, _, key = text.partition("/")
        return cls(number, key)


@frozen
class Wish:
    """A place wished for. `level`: as answered. `days`: those that suit, best first.

    `since`: when it was first sent with this site, discipline and level. None for an unsent wish.
    """

    discipline: str
    site: str
    level: str = ""
    days: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def slot(self) -> tuple[str, str, str]:
        """The identity of the wish, regardless of its days."""
        return self.site, self.discipline, self.level


@frozen
class Candidate:
    """A child or adult who asks for a place, with their wishes, best first. `key`: unique in their application."""

    key: str
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    born_on: date | None = field(default=None, repr=False)
    wishes: tuple[Wish, ...] = ()

    @property
    def name(self) -> str:
        """The name, as on an account: « Zélie Rossignol »."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def person(self) -> tuple[str, str]:
        """The person, however the name is spelt. Only one live application of a season may ask for a place for them."""
        return fold(self.name), self.born_on.isoformat() if self.born_on else ""


def new_key() -> str:
    """Make the key of a new candidate: 8 hexadecimal digits."""
    return secrets.token_hex(_KEY_BYTES)


@frozen
class Answers:
    """A family's answers. `guardian`: the applicant. `address`: lines, town last. `groups`: its priority groups."""

    guardian: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    groups: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    def candidate(self, key: str) -> Candidate | None:
        """Find a candidate by key."""
        return next((candidate for candidate in self.candidates if candidate.key == key), None)

    def with_candidate(self, new: Candidate) -> "Answers":
        """Replace a candidate in their place, or append them."""
        candidates = tuple(new if candidate.key == new.key else candidate for candidate in self.candidates)
        return replace(self, candidates=candidates if self.candidate(new.key) else (*candidates, new))

    def without_candidate(self, key: str) -> "Answers":
        """Remove a candidate."""
        return replace(self, candidates=tuple(one for one in self.candidates if one.key != key))


@frozen
class Sent:
    """The answers last sent, their number, and the first and last sending. `provided`: the documents sent along."""

    answers: Answers
    number: str
    first_at: datetime
    at: datetime
    provided: tuple[ProvidedDocument, ...] = ()
    first_persons: tuple[tuple[str, tuple[str, str]], ...] = ()  # for each candidate's key, the person it first was


@frozen
class AdmissionDecision(Decision):
    """The office's decision about a candidate. `until`: the last day to complete the answers.

    « waiting »: it is on a waiting list, and its family has been notified.
    """

    verdicts = get_args(Verdict)

    verdict: Verdict
    until: date | None = None

    @property
    def facts(self) -> tuple[object, ...]:
        """The facts that another decision does not share, with whole seconds, as stored."""
        return *super().facts, self.until


@frozen
class Standing:
    """The outcome of a sent candidate. `account`: (site, identifier) of the account it was given.

    `slot`: of the accepted wish. `joined`: the account already existed, and the office said that it is this family's.
    """

    key: str
    withdrawn_at: datetime | None = None
    decision: AdmissionDecision | None = None
    account: tuple[str, str] | None = None
    slot: tuple[str, str, str] | None = None
    joined: bool = False


@frozen
class Application(HasDocuments):
    """A family's whole application of a season. `draft`: its unsent answers, or None."""

    ref: ApplicationRef
    email: str = field(default="", repr=False)
    started_at: datetime | None = None
    saved_at: datetime | None = None
    draft: Answers | None = None
    sent: Sent | None = None
    standings: tuple[Standing, ...] = ()

    @property
    def number(self) -> str:
        """The number of its receipt. Empty until it is sent."""
        return self.sent.number if self.sent else ""

    @property
    def answers(self) -> Answers:
        """The last answers, sent or not."""
        return self.draft or (self.sent.answers if self.sent else Answers())

    @property
    def live(self) -> tuple[Candidate, ...]:
        """The sent candidates that still ask for a place."""
        sent_candidates = self.sent.answers.candidates if self.sent else ()
        return tuple(candidate for candidate in sent_candidates if self.state(candidate.key) not in OVER)

    @property
    def wished_sites(self) -> tuple[str, ...]:
        """The sites of all sent wishes, each once."""
        sent_candidates = self.sent.answers.candidates if self.sent else ()
        return tuple(dict.fromkeys(wish.site for candidate in sent_candidates for wish in candidate.wishes))

    def is_at(self, sites: Collection[str]) -> bool:
        """Whether it was sent with a wish at one of some sites."""
        return any(site in sites for site in self.wished_sites)

    def standing(self, key: str) -> Standing:
        """Return the outcome of a candidate, empty by default."""
        return next((standing for standing in self.standings if standing.key == key), Standing(key))

    def other_accounts(self, account: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """List the other accounts given to its candidates, by site and identifier."""
        accounts = (standing.account for standing in self.standings if standing.account not in {None, account})
        return tuple(dict.fromkeys(filter(None, accounts)))

    def state(self, key: str) -> State:
        """Return the state of a candidate."""
        if self.sent is None or self.sent.answers.candidate(key) is None:
            return "draft"
        standing = self.standing(key)
        if standing.withdrawn_at:
            return "withdrawn"
        return standing.decision.verdict if standing.decision and standing.decision.is_known else "sent"

    def is_awaited(self, today: date) -> bool:
        """Whether the office still awaits a completion: it has asked for one, and its deadline has not passed."""
        decisions = (self.standing(one.key).decision for one in self.live if self.state(one.key) == "to_complete")
        return any(decision and (decision.until is None or today <= decision.until) for decision in decisions)

    def is_another(self, candidate: Candidate) -> bool:
        """Whether neither the name nor the birth date is that of the person first sent.

        A place in line is one child's: it cannot be handed to another, by one correction or several.
        """
        first = dict(self.sent.first_persons).get(candidate.key) if self.sent else None
        return first is not None and not any(map(str.__eq__, first, candidate.person))

    def with_standing(self, new: Standing) -> "Application":
        """Set the outcome of a candidate."""
        other_standings = (standing for standing in self.standings if standing.key != new.key)
        return replace(self, standings=tuple(sorted((*other_standings, new), key=lambda standing: standing.key)))

    def withdraw(self, keys: Iterable[str], now: datetime) -> "Application":
        """Withdraw candidates that still ask for a place. The others stay."""
        after = self
        for key in {candidate.key for candidate in self.live} & set(keys):
            after = after.with_standing(replace(after.standing(key), withdrawn_at=now))
        return after


def submit(application: Application, number: str, now: datetime) -> Application:
    """Send the current answers, under the application's number or this new one. A wish sent before keeps its date.

    A candidate sent again after « to_complete » waits for a new decision. One in a final state stays as last sent: the
    office decided about that child, and an older draft may have changed it.
    """
    before = application.sent
    over = {one.key: one for one in (before.answers.candidates if before else ()) if application.state(one.key) in OVER}
    keys = {
        (candidate.key, wish.slot): wish.since
        for candidate in (before.answers.candidates if before else ())
        for wish in candidate.wishes
    }
    answers = application.answers
    candidates = tuple(
        replace(
            candidate,
            wishes=tuple(replace(wish, since=keys.get((candidate.key, wish.slot)) or now) for wish in candidate.wishes),
        )
        for candidate in (over.get(one.key, one) for one in answers.candidates)
    )
    submission = Sent(
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
    return replace(application, draft=None, sent=submission, standings=standings)


def _first_persons(before: Sent | None, candidates: Iterable[Candidate]) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Record who each candidate first was, by key."""
    persons = dict(before.first_persons) if before else {}
    return tuple(sorted(({one.key: one.person for one in candidates} | persons).items()))
