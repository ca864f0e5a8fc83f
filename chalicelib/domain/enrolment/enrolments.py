"""The re-enrolment of a family in one season: its answers, pupil by pupil, what it sent, what was decided."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.seasons import EnrolmentRef

Verdict = Literal["accepted", "declined", "to_complete"]
# Where a pupil stands. « changed »: sent, then answered otherwise; what was sent holds until it is sent anew.
State = Literal["none", "draft", "submitted", "changed", "leaving", "accepted", "declined", "to_complete"]
DECIDABLE: Final[frozenset[State]] = frozenset({"submitted", "changed", "to_complete"})
NOTED: Final = "noted_"  # begins the name of a file that was noted; its ETag follows
FOYER: Final = "foyer"  # in the place of a pupil's key: what is asked of the household


@dataclass(frozen=True)
class Saved:
    """Who saved a step, and when: a guardian by name, as the form asks where there are several."""

    by: str = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class Decision:
    """What the office decided of a pupil, in its words where it has some."""

    verdict: Verdict
    by: str = field(repr=False)
    at: datetime
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class Sent:
    """What was sent of a pupil, with which receipt; and what the office decided of it."""

    answers: PupilAnswers
    receipt: str
    at: datetime
    decision: Decision | None = None


@dataclass(frozen=True)
class PupilFile:
    """One pupil in a season. `draft` is what was answered and not sent, or None."""

    key: str
    name: str
    draft: PupilAnswers | None = None
    saved: Saved | None = None
    sent: Sent | None = None

    @property
    def answers(self) -> PupilAnswers | None:
        """Give what was answered last, sent or not; once the office has decided, what it decided on."""
        if self.sent is None:
            return self.draft
        return self.sent.answers if self.draft is None or not self.is_open else self.draft

    @property
    def state(self) -> State:
        """Tell where the pupil stands: what was answered and not sent counts no more once the office has decided."""
        if self.sent is None:
            return "none" if self.draft is None else "draft"
        if self.draft is not None and self.is_open:
            return "changed"
        if self.sent.decision:
            return self.sent.decision.verdict
        return "leaving" if self.sent.answers.stays is False else "submitted"

    @property
    def is_answered(self) -> bool:
        """Tell whether nothing lacks in what was answered last."""
        return self.answers is not None and not self.answers.lacking

    @property
    def verdict(self) -> Verdict | None:
        """Give what the office decided of what was sent, if it did."""
        return self.sent.decision.verdict if self.sent and self.sent.decision else None

    @property
    def is_open(self) -> bool:
        """Tell whether the family may still answer otherwise: the office has not accepted nor declined it."""
        return self.verdict in {None, "to_complete"}

    def drafted(self, answers: PupilAnswers, saved: Saved) -> "PupilFile":
        """Keep what is answered now; the very answers that were sent, and wait for no more, are no draft."""
        is_sent = self.sent is not None and self.sent.decision is None and self.sent.answers == answers
        return replace(self, draft=None if is_sent else answers, saved=saved)


@dataclass(frozen=True)
class Provided:
    """A document asked for, as a family provides it: the key of what was uploaded, or empty where promised on paper."""

    code: str
    owner: str  # a pupil's key, or `FOYER`
    saved: Saved
    object_key: str = field(default="", repr=False)

    @property
    def etag(self) -> str:
        """Name the very content, as the key of a noted file does; empty for what was noted before keys did."""
        name = self.object_key.rpartition("/")[2]
        return name.removeprefix(NOTED) if name.startswith(NOTED) else ""


@dataclass(frozen=True)
class Receipt:
    """What was sent at once, by whom and when; its number can be read on the telephone. Without pupils: the household.

    `with_household`: its answers had changed, and went along whoever was sent. `place`: how many came before; the
    seconds that the table keeps do not tell which of two is the last.
    """

    number: str
    at: datetime
    by: str = field(repr=False)
    household: HouseholdAnswers
    pupils: tuple[tuple[str, str, PupilAnswers], ...]  # key, name, answers
    provided: tuple[Provided, ...] = ()
    with_household: bool = False
    place: int = 0

    @property
    def somebody_stays(self) -> bool:
        """Tell whether one of the pupils that were sent goes on."""
        return any(answers.stays for _, _, answers in self.pupils)

    @property
    def tells_household(self) -> bool:
        """Tell whether the household's part was sent: with a pupil that goes on, alone, or because it had changed."""
        return self.somebody_stays or self.with_household or not self.pupils


@dataclass(frozen=True)
class Enrolment:
    """A family's whole re-enrolment in a season."""

    ref: EnrolmentRef
    started_at: datetime | None = None
    household: HouseholdAnswers = field(default_factory=HouseholdAnswers)
    household_saved: Saved | None = None
    pupils: tuple[PupilFile, ...] = ()
    provided: tuple[Provided, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    def pupil(self, key: str) -> PupilFile | None:
        """Find a pupil's file by its key."""
        return next((each for each in self.pupils if each.key == key), None)

    def file_of(self, key: str, name: str) -> PupilFile:
        """Give a pupil's file, a new one where there is none yet."""
        return self.pupil(key) or PupilFile(key, name)

    def with_pupil(self, changed: PupilFile, now: datetime) -> "Enrolment":
        """Keep a pupil's file."""
        others = tuple(each for each in self.pupils if each.key != changed.key)
        return replace(self._begun(now), pupils=tuple(sorted((*others, changed), key=lambda each: each.key)))

    def with_household(self, answers: HouseholdAnswers, saved: Saved) -> "Enrolment":
        """Keep the household's answers."""
        return replace(self._begun(saved.at), household=answers, household_saved=saved)

    def document(self, code: str, owner: str) -> Provided | None:
        """Find a document as it is provided."""
        return next((each for each in self.provided if (each.code, each.owner) == (code, owner)), None)

    def with_document(self, document: Provided) -> "Enrolment":
        """Note that a document is provided, in the place of what was noted before."""
        others = self.without_document(document.code, document.owner).provided
        together = sorted((*others, document), key=lambda each: (each.code, each.owner))
        return replace(self._begun(document.saved.at), provided=tuple(together))

    def without_document(self, code: str, owner: str) -> "Enrolment":
        """Note that a document is provided no more: a promise taken back."""
        return replace(self, provided=tuple(each for each in self.provided if (each.code, each.owner) != (code, owner)))

    @property
    def household_receipt(self) -> Receipt | None:
        """Give the last receipt that tells the household; none where all that were sent leave: then it does not count.

        Derived, and not stored: what any version has sent is read alike.
        """
        if not any(each.sent and each.sent.answers.stays for each in self.pupils):
            return None
        return next((each for each in reversed(self.receipts) if each.tells_household), None)

    @property
    def sent_household(self) -> HouseholdAnswers | None:
        """Give the household's answers as last sent: they hold until they are sent anew."""
        return self.household_receipt.household if self.household_receipt else None

    @property
    def household_state(self) -> State:
        """Tell where the household's answers stand: none, a draft, submitted as they are, or changed since."""
        if self.sent_household is None:
            return "draft" if self.household_saved else "none"
        return "submitted" if self.sent_household == self.household else "changed"

    def household_seen(self, decided: Sent) -> HouseholdAnswers | None:
        """Give the household's answers as they were sent when the office decided of a pupil; None before it did.

        Those that were sent in the very second of the decision count as unseen, unless with the pupil itself.
        """
        if decided.decision is None:
            return None
        at, own = decided.decision.at, decided.receipt
        told = [each for each in self.receipts if each.tells_household and (each.at < at or each.number == own)]
        return told[-1].household if told else None

    @property
    def last_saved(self) -> Saved | None:
        """Give who saved something last, of whatever part, and when."""
        parts = (self.household_saved, *(each.saved for each in self.pupils), *(each.saved for each in self.provided))
        return max((each for each in parts if each), key=lambda each: each.at, default=None)

    def receipt(self, number: str) -> Receipt | None:
        """Find a receipt by its number."""
        return next((each for each in self.receipts if each.number == number), None)

    def _begun(self, now: datetime) -> "Enrolment":
        return self if self.started_at else replace(self, started_at=now)
