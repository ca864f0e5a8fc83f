"""The re-enrolment of a family in one season: its answers, pupil by pupil, what it sent, what was decided."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final, Literal, get_args

from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.values import frozen

Verdict = Literal["accepted", "declined", "to_complete"]
# Where a pupil stands. « changed »: sent, then answered otherwise; what was sent holds until it is sent anew.
State = Literal["none", "draft", "submitted", "changed", "leaving", "accepted", "declined", "to_complete"]
DECIDABLE: Final[frozenset[State]] = frozenset({"submitted", "changed", "to_complete"})
NOTED: Final = "noted_"  # begins the name of a file that was noted; its ETag follows
FOYER: Final = "foyer"  # in the place of a pupil's key: what is asked of the household


@frozen
class SavedBy:
    """Who saved a step, and when: a guardian by name, as the form asks where there are several."""

    by: str = field(repr=False)
    at: datetime


@frozen
class Decision:
    """What the office decided of a pupil, in its words where it has some."""

    verdict: Verdict
    by: str = field(repr=False)
    at: datetime
    words: str = field(default="", repr=False)

    @property
    def is_known(self) -> bool:
        """Whether this version knows such a verdict; one that it does not is neither told nor written over."""
        return self.verdict in get_args(Verdict)

    def says_the_same(self, other: "Decision") -> bool:
        """Whether both are one person's, with one verdict in the same words, whenever that was."""
        return replace(self, at=other.at) == other


@frozen
class SentAnswers:
    """What was sent of a pupil, with which receipt; and what the office decided of it."""

    answers: PupilAnswers
    receipt: str
    at: datetime
    decision: Decision | None = None


@frozen
class PupilFile:
    """One pupil in a season. `draft` is what was answered and not sent, or None."""

    key: str
    name: str
    draft: PupilAnswers | None = None
    saved: SavedBy | None = None
    sent: SentAnswers | None = None

    @property
    def answers(self) -> PupilAnswers | None:
        """The last answers, sent or not; once the office has decided, those that it decided on."""
        if self.sent is None:
            return self.draft
        return self.sent.answers if self.draft is None or not self.is_open else self.draft

    @property
    def state(self) -> State:
        """Where the pupil stands: what was answered and not sent counts no more once the office has decided."""
        if self.sent is None:
            return "none" if self.draft is None else "draft"
        if self.draft is not None and self.is_open:
            return "changed"
        if self.sent.decision and self.sent.decision.is_known:
            return self.sent.decision.verdict
        return "leaving" if self.sent.answers.stays is False else "submitted"

    @property
    def since(self) -> datetime | None:
        """Since when it stands there; None where nothing was answered."""
        if self.state in {"draft", "changed"}:
            return self.saved.at if self.saved else None
        if self.sent is None:
            return None
        return self.sent.decision.at if self.sent.decision else self.sent.at

    @property
    def is_answered(self) -> bool:
        """Whether nothing lacks in what was answered last."""
        return self.answers is not None and not self.answers.lacking

    @property
    def verdict(self) -> Verdict | None:
        """The office's decision on what was sent, if there is one."""
        return self.sent.decision.verdict if self.sent and self.sent.decision else None

    @property
    def is_open(self) -> bool:
        """Whether the family may still answer otherwise: the office has not accepted nor declined it."""
        return self.verdict in {None, "to_complete"}

    def with_draft(self, answers: PupilAnswers, saved: SavedBy) -> "PupilFile":
        """Keep what is answered now; the very answers that were sent, and wait for no more, are no draft."""
        is_sent = self.sent is not None and self.sent.decision is None and self.sent.answers == answers
        return replace(self, draft=None if is_sent else answers, saved=saved)

    def with_image_rights(self, saved: SavedBy, *, agrees: bool | None) -> "PupilFile":
        """Keep a consent by itself; of a pupil that the office has decided on, it counts at once."""
        if self.sent is None or self.is_open:
            return self.with_draft(replace(self.answers or PupilAnswers(), image_rights=agrees), saved)
        answers = replace(self.sent.answers, image_rights=agrees)
        return replace(self, sent=replace(self.sent, answers=answers), saved=saved)


@frozen
class ProvidedDocument:
    """A document asked for, as a family provides it: the key of what was uploaded, or empty where promised on paper."""

    code: str
    owner: str  # a pupil's key, or `FOYER`
    saved: SavedBy
    object_key: str = field(default="", repr=False)

    @property
    def etag(self) -> str:
        """Name the very content, as the key of a noted file does; empty for what was noted before keys did."""
        name = self.object_key.rpartition("/")[2]
        return name.removeprefix(NOTED) if name.startswith(NOTED) else ""


@frozen
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
    provided: tuple[ProvidedDocument, ...] = ()
    with_household: bool = False
    place: int = 0

    @property
    def somebody_stays(self) -> bool:
        """Whether one of the pupils that were sent goes on."""
        return any(answers.stays for _, _, answers in self.pupils)

    @property
    def includes_household(self) -> bool:
        """Whether the household's part was sent: with a pupil that goes on, alone, or because it had changed."""
        return self.somebody_stays or self.with_household or not self.pupils


@frozen
class Enrolment:
    """A family's whole re-enrolment in a season."""

    ref: EnrolmentRef
    started_at: datetime | None = None
    household: HouseholdAnswers = field(default_factory=HouseholdAnswers)
    household_saved: SavedBy | None = None
    pupils: tuple[PupilFile, ...] = ()
    provided: tuple[ProvidedDocument, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    item: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  # as it was read, if it was
    is_partly_hidden: bool = field(default=False, compare=False)  # as one login sees it: for reading only

    def pupil(self, key: str) -> PupilFile | None:
        """Find a pupil's file by its key."""
        return next((pupil for pupil in self.pupils if pupil.key == key), None)

    def file_of(self, key: str, name: str) -> PupilFile:
        """Find a pupil's file, or make a new one."""
        return self.pupil(key) or PupilFile(key, name)

    def with_pupil(self, changed: PupilFile, now: datetime) -> "Enrolment":
        """Keep a pupil's file."""
        others = tuple(pupil for pupil in self.pupils if pupil.key != changed.key)
        return replace(self._start(now), pupils=tuple(sorted((*others, changed), key=lambda pupil: pupil.key)))

    def with_household(self, answers: HouseholdAnswers, saved: SavedBy) -> "Enrolment":
        """Keep the household's answers."""
        return replace(self._start(saved.at), household=answers, household_saved=saved)

    def with_image_rights(self, file: PupilFile) -> PupilFile:
        """Give a pupil the household's answer about images, of when it was asked there, where it has none of its own.

        What was sent keeps the one that was sent.
        """
        draft = file.draft and file.draft.with_image_rights(standing=self.household.image_rights)
        if file.sent is None or self.sent_household is None:
            return replace(file, draft=draft)
        answers = file.sent.answers.with_image_rights(standing=self.sent_household.image_rights)
        return replace(file, draft=draft, sent=replace(file.sent, answers=answers))

    def standing_image_rights(self, key: str) -> bool | None:
        """Find what was sent of a pupil about images, where the question said that the answer stands until changed.

        So it did not where the household was asked: a « yes » of then is asked for again, a « no » goes on.
        """
        file = self.pupil(key)
        said = file.sent.answers.image_rights if file and file.sent else None
        return None if said and self.household.image_rights else said

    def document(self, code: str, owner: str) -> ProvidedDocument | None:
        """Find a document as it is provided."""
        return next((document for document in self.provided if (document.code, document.owner) == (code, owner)), None)

    def with_document(self, document: ProvidedDocument) -> "Enrolment":
        """Note that a document is provided, in the place of what was noted before."""
        others = self.without_document(document.code, document.owner).provided
        together = sorted((*others, document), key=lambda document: (document.code, document.owner))
        return replace(self._start(document.saved.at), provided=tuple(together))

    def without_document(self, code: str, owner: str) -> "Enrolment":
        """Note that a document is provided no more: a promise taken back."""
        return replace(
            self,
            provided=tuple(document for document in self.provided if (document.code, document.owner) != (code, owner)),
        )

    @property
    def household_receipt(self) -> Receipt | None:
        """The last receipt that tells the household; none where all that were sent leave: then it does not count.

        Derived, and not stored: what any version has sent is read alike.
        """
        if not any(pupil.sent and pupil.sent.answers.stays for pupil in self.pupils):
            return None
        return next((receipt for receipt in reversed(self.receipts) if receipt.includes_household), None)

    @property
    def sent_household(self) -> HouseholdAnswers | None:
        """The household's answers as last sent: they hold until they are sent anew."""
        return self.household_receipt.household if self.household_receipt else None

    @property
    def household_state(self) -> State:
        """Where the household's answers stand: none, a draft, submitted as they are, or changed since."""
        if self.sent_household is None:
            return "draft" if self.household_saved else "none"
        return "submitted" if self.sent_household == self.household else "changed"

    def household_seen(self, decided: SentAnswers) -> HouseholdAnswers | None:
        """Find the household's answers as they were sent when the office decided of a pupil; None before it did.

        Those that were sent in the very second of the decision count as unseen, unless with the pupil itself.
        """
        if decided.decision is None:
            return None
        at, own = decided.decision.at, decided.receipt
        sent = [
            receipt
            for receipt in self.receipts
            if receipt.includes_household and (receipt.at < at or receipt.number == own)
        ]
        return sent[-1].household if sent else None

    @property
    def last_saved(self) -> SavedBy | None:
        """The last to have saved something, of whatever part, and when."""
        parts = (
            self.household_saved,
            *(pupil.saved for pupil in self.pupils),
            *(document.saved for document in self.provided),
        )
        return max((saved for saved in parts if saved), key=lambda saved: saved.at, default=None)

    def receipt(self, number: str) -> Receipt | None:
        """Find a receipt by its number."""
        return next((receipt for receipt in self.receipts if receipt.number == number), None)

    def _start(self, now: datetime) -> "Enrolment":
        return self if self.started_at else replace(self, started_at=now)
