"""The re-enrolment of a family in one season: its answers for each pupil, as sent, and the office's decisions."""

from dataclasses import field, replace
from datetime import date, datetime
from typing import Final, Literal, get_args

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.dossiers.decisions import Decision
from chalicelib.domain.dossiers.documents import HasDocuments, ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.periods import EnrolmentRef
from chalicelib.domain.family.corrections import KEPT_AT_MOST, Correction, limit_trail
from chalicelib.domain.family.redaction import hide
from chalicelib.domain.refusals import FormRefusal
from chalicelib.values import frozen

Verdict = Literal["accepted", "declined", "to_complete"]
# The state of a pupil. « changed »: sent, then changed in a draft. The sent answers hold until the draft is sent.
State = Literal["none", "draft", "submitted", "changed", "leaving", "accepted", "declined", "to_complete"]
DECIDABLE: Final[frozenset[State]] = frozenset({"submitted", "changed", "to_complete"})


class EnrolmentFull(FormRefusal):
    """The re-enrolment has no room for more. Saved answers stay, new ones are refused."""

    code = "enrolment_full"


@frozen
class EnrolmentDecision(Decision):
    """The office's decision about a pupil."""

    verdicts = get_args(Verdict)

    verdict: Verdict


@frozen
class SentAnswers:
    """A pupil's sent answers, their receipt, and the office's decision."""

    answers: PupilAnswers
    receipt: str
    at: datetime
    decision: EnrolmentDecision | None = None


@frozen
class PupilFile:
    """One pupil in a season. `draft`: their unsent answers, or None."""

    key: str
    name: str
    draft: PupilAnswers | None = None
    saved: SavedBy | None = None
    sent: SentAnswers | None = None

    @property
    def answers(self) -> PupilAnswers | None:
        """The last answers, sent or not. Once the office has decided, those that were sent."""
        if self.sent is None:
            return self.draft
        return self.sent.answers if self.draft is None or not self.is_open else self.draft

    @property
    def state(self) -> State:
        """The pupil's state. Unsent answers no longer count once the office has decided."""
        if self.sent is None:
            return "none" if self.draft is None else "draft"
        if self.draft is not None and self.is_open:
            return "changed"
        if self.sent.decision and self.sent.decision.is_known:
            return self.sent.decision.verdict
        return "leaving" if self.sent.answers.stays is False else "submitted"

    @property
    def since(self) -> datetime | None:
        """Since when the file has its state. None if nothing was answered."""
        if self.state in {"draft", "changed"}:
            return self.saved.at if self.saved else None
        if self.sent is None:
            return None
        return self.sent.decision.at if self.sent.decision else self.sent.at

    @property
    def is_answered(self) -> bool:
        """Whether the last answers are complete."""
        return self.answers is not None and not self.answers.lacking

    @property
    def verdict(self) -> Verdict | None:
        """The office's decision on the sent answers, if any."""
        return self.sent.decision.verdict if self.sent and self.sent.decision else None

    @property
    def is_open(self) -> bool:
        """Whether the family may still change its answers: the office has neither accepted nor declined them."""
        return self.verdict in {None, "to_complete"}

    def with_draft(self, answers: PupilAnswers, saved_by: SavedBy) -> "PupilFile":
        """Save a draft. If it equals the sent, undecided answers, there is no draft."""
        is_sent = self.sent is not None and self.sent.decision is None and self.sent.answers == answers
        return replace(self, draft=None if is_sent else answers, saved=saved_by)

    def with_image_rights(self, saved_by: SavedBy, *, agrees: bool | None) -> "PupilFile":
        """Save a consent on its own. For a pupil already decided on, it takes effect at once."""
        if self.sent is None or self.is_open:
            return self.with_draft(replace(self.answers or PupilAnswers(), image_rights=agrees), saved_by)
        answers = replace(self.sent.answers, image_rights=agrees)
        return replace(self, sent=replace(self.sent, answers=answers), saved=saved_by)


# How answers that the office enters reached it.
Channel = Literal["desk", "post", "telephone"]


@frozen
class PaperForm:
    """The source of answers that the office entered for a family: their channel, the day of the paper or call.

    `by`: the member who entered them.
    """

    channel: Channel
    day: date
    by: str = field(repr=False)


@frozen
class Receipt:
    """Everything sent at once, its author and time. Its number is easy to read aloud. Without pupils: the household.

    `with_household`: the household's answers had changed, and were sent along. `place`: the number of earlier receipts,
    since two may have the same second in the table. `paper`: where the answers come from, if the office entered them.
    """

    number: str
    at: datetime
    by: str = field(repr=False)
    household: HouseholdAnswers
    pupils: tuple[tuple[str, str, PupilAnswers], ...]  # key, name, answers
    provided: tuple[ProvidedDocument, ...] = ()
    with_household: bool = False
    place: int = 0
    paper: PaperForm | None = None

    @property
    def somebody_stays(self) -> bool:
        """Whether a sent pupil stays."""
        return any(answers.stays for _, _, answers in self.pupils)

    @property
    def includes_household(self) -> bool:
        """Whether it includes the household's answers: with a pupil that stays, alone, or because they had changed."""
        return self.somebody_stays or self.with_household or not self.pupils


@frozen
class Enrolment(HasDocuments):
    """A family's whole re-enrolment in a season."""

    ref: EnrolmentRef
    started_at: datetime | None = None
    household: HouseholdAnswers = field(default_factory=HouseholdAnswers)
    household_saved: SavedBy | None = None
    pupils: tuple[PupilFile, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    corrections: tuple[Correction, ...] = ()  # of the emergency contact, by the office, oldest first
    is_partly_hidden: bool = field(default=False, compare=False)  # the view of one login, read-only

    def pupil(self, key: str) -> PupilFile | None:
        """Find a pupil's file by their key."""
        return next((pupil for pupil in self.pupils if pupil.key == key), None)

    def file_of(self, key: str, name: str) -> PupilFile:
        """Find a pupil's file, under their current name, or make a new one."""
        file = self.pupil(key)
        return replace(file, name=name) if file else PupilFile(key, name)

    def with_pupil(self, file: PupilFile, now: datetime) -> "Enrolment":
        """Add or replace a pupil's file."""
        other_pupils = tuple(pupil for pupil in self.pupils if pupil.key != file.key)
        return replace(self._start(now), pupils=tuple(sorted((*other_pupils, file), key=lambda pupil: pupil.key)))

    def with_decision(self, key: str, decision: EnrolmentDecision | None) -> "Enrolment":
        """Decide on the sent answers of a pupil, by their key. It replaces an earlier one. None: undecided again."""
        pupil = self.pupil(key)
        if pupil is None or pupil.sent is None:
            return self
        after = replace(pupil, sent=replace(pupil.sent, decision=decision))
        return replace(self, pupils=tuple(after if file is pupil else file for file in self.pupils))

    def with_household(self, answers: HouseholdAnswers, saved_by: SavedBy) -> "Enrolment":
        """Set the household's answers."""
        return replace(self._start(saved_by.at), household=answers, household_saved=saved_by)

    def with_image_rights(self, file: PupilFile) -> PupilFile:
        """Copy the household's answer about images, once asked there, to a pupil without their own.

        Sent answers get the one that was sent.
        """
        draft = file.draft and file.draft.with_image_rights(standing=self.household.image_rights)
        if file.sent is None or self.sent_household is None:
            return replace(file, draft=draft)
        answers = file.sent.answers.with_image_rights(standing=self.sent_household.image_rights)
        return replace(file, draft=draft, sent=replace(file.sent, answers=answers))

    def standing_image_rights(self, key: str) -> bool | None:
        """Return a pupil's sent consent to images, if the question said that it stands until changed.

        The household's question did not say so: an old « yes » is asked again, an old « no » stands.
        """
        file = self.pupil(key)
        consent = file.sent.answers.image_rights if file and file.sent else None
        return None if consent and self.household.image_rights else consent

    def with_document(self, document: ProvidedDocument) -> "Enrolment":
        """Add or replace a provided document."""
        return HasDocuments.with_document(self._start(document.saved.at), document)

    @property
    def household_receipt(self) -> Receipt | None:
        """The last receipt with the household's answers. None if all sent pupils leave, since they then do not count.

        Derived rather than stored, so that receipts of any version are read alike.
        """
        if not any(pupil.sent and pupil.sent.answers.stays for pupil in self.pupils):
            return None
        return next((receipt for receipt in reversed(self.receipts) if receipt.includes_household), None)

    @property
    def sent_household(self) -> HouseholdAnswers | None:
        """The household's answers as last sent. They hold until sent again."""
        return self._with_corrected_contact(self.household_receipt) if self.household_receipt else None

    def _with_corrected_contact(self, receipt: Receipt) -> HouseholdAnswers:
        """Return the household's answers of a receipt, with the emergency contact that the office corrected since."""
        last = self.corrections[-1] if self.corrections else None
        return receipt.household if last is None or last.at < receipt.at else _with_contact(receipt.household, last.new)

    @property
    def emergency_contact(self) -> tuple[str, str]:
        """The name and telephone of the emergency contact. Empty if not answered."""
        return self.household.emergency_name, self.household.emergency_telephone

    def with_emergency_contact(self, contact: tuple[str, ...]) -> "Enrolment":
        """Change the emergency contact of the current answers."""
        return replace(self, household=_with_contact(self.household, contact))

    def with_correction(self, correction: Correction) -> "Enrolment":
        """Record that the office corrected the emergency contact, also as sent. The receipts stay as sent."""
        return replace(
            self,
            household_saved=SavedBy(correction.by_for_family, correction.at),
            corrections=limit_trail((*self.corrections, correction), KEPT_AT_MOST, correction.at),
        )

    @property
    def household_state(self) -> State:
        """The state of the household's answers: none, draft, submitted or changed."""
        if self.sent_household is None:
            return "draft" if self.household_saved else "none"
        return "submitted" if self.sent_household == self.household else "changed"

    def household_seen(self, answers: SentAnswers) -> HouseholdAnswers | None:
        """Return the household's answers last sent before the office decided about a pupil. None without a decision.

        Answers sent in the same second as the decision count as unseen, unless sent with the pupil.
        """
        if answers.decision is None:
            return None
        at, own_receipt = answers.decision.at, answers.receipt
        receipts = [
            receipt
            for receipt in self.receipts
            if receipt.includes_household and (receipt.at < at or receipt.number == own_receipt)
        ]
        return self._with_corrected_contact(receipts[-1]) if receipts else None

    @property
    def last_saved(self) -> SavedBy | None:
        """The last save of any part: its author and time."""
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


def _with_contact(household: HouseholdAnswers, contact: tuple[str, ...]) -> HouseholdAnswers:
    name, telephone = (*contact, "", "")[:2]
    return replace(household, emergency_name=name, emergency_telephone=telephone)


def see_enrolment(enrolment: Enrolment, account: Account) -> Enrolment:
    """Hide in a re-enrolment the coordinates that one login may not see. The same one if nothing is hidden."""
    secrets = account.view.secrets if account.view else ()
    seen_enrolment: Enrolment = hide(enrolment, secrets)
    return replace(seen_enrolment, item={}, is_partly_hidden=True) if seen_enrolment != enrolment else enrolment
