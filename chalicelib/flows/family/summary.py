"""The summary: pupils, and a household corrected since, sent under one receipt by one write; again finds the first."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.enrolment.enrolments import FOYER, Enrolment, PupilFile, Receipt, SavedBy
from chalicelib.domain.enrolment.paperwork import ReceiptDocument, household_waits, receipt_documents
from chalicelib.domain.enrolment.submissions import check_rate, is_waiting, new_number, number_from, sendable, submit
from chalicelib.domain.refusals import FieldsRefused, NotThere, PeriodClosed, SummaryMoved
from chalicelib.flows.family.reenrolment import EnrolmentContext, version_of
from chalicelib.flows.family.visit import FieldErrors
from chalicelib.mail.jobs import EnrolmentSubmitted
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Client, Services
from chalicelib.values import frozen

NEWS: Final = timedelta(minutes=10)  # how long a page says that this was just sent


@frozen
class EnrolmentReceipt:
    """A receipt as its page shows it: its documents, and each of its pupils as it stands now.

    `season`: in which it was sent. `first_number`: of that season's first receipt, the same whatever is sent after it.
    `household`: what became of the household's answers that it tells; None where they stand, or it tells none.
    """

    receipt: Receipt
    papers: tuple[ReceiptDocument, ...]
    files: tuple[PupilFile, ...]
    household: Literal["resent", "changed"] | None
    household_receipt: str  # under which they were sent last; empty where they do not count
    season: str
    first_number: str

    def just_sent(self, now: datetime) -> bool:
        """Whether the page should still say that it was sent."""
        return now - self.receipt.at < NEWS


def find(services: Services, context: EnrolmentContext, number: str) -> EnrolmentReceipt:
    """Find a receipt by its number, however it is written. Raises `NotThere`, also for another family's."""
    wanted = number_from(number)
    for enrolment in (context.enrolment, context.last):
        receipt = enrolment.receipt(wanted)
        if receipt:
            return receipt_view(services, enrolment, receipt)
    raise NotThere


def receipt_view(services: Services, enrolment: Enrolment, receipt: Receipt) -> EnrolmentReceipt:
    """Show a receipt of a re-enrolment."""
    rules = services.settings.network.enrolment.document_rules
    files = tuple(enrolment.file_of(key, name) for key, name, _ in receipt.pupils)
    last = enrolment.household_receipt
    documents = receipt_documents(rules, receipt, enrolment.provided)
    household, number = _household(enrolment, receipt), last.number if last else ""
    return EnrolmentReceipt(
        receipt, documents, files, household, number, enrolment.ref.season, enrolment.receipts[0].number
    )


def _household(enrolment: Enrolment, receipt: Receipt) -> Literal["resent", "changed"] | None:
    last = enrolment.household_receipt
    if last is None or not receipt.includes_household:
        return None
    if last.household != receipt.household:
        return "resent"
    return "changed" if enrolment.household_state == "changed" else None


@frozen
class SummarySubmission:
    """What the form says: whom to send, by key (`FOYER`: the household), who is at the keyboard, the version shown."""

    keys: tuple[str, ...]
    by: str = field(repr=False)
    version: str


@frozen
class SubmissionResult:
    """The receipt of what was asked for, and the re-enrolment that holds it; whether it is of this very request."""

    enrolment: Enrolment
    receipt: Receipt
    is_new: bool


def summary_version(context: EnrolmentContext) -> str:
    """Compute the version of all that would be sent; not of where it stands, which the sending itself changes."""
    enrolment = context.see(context.enrolment)
    files = (enrolment.pupil(key) for key in context.pupils)
    answers = tuple(file.answers if file else None for file in files)
    provided = tuple((document.code, document.owner, document.object_key) for document in enrolment.provided)
    return version_of((enrolment.household, answers, provided))


def household_is_sendable(context: EnrolmentContext) -> bool:
    """Check whether the household's answers changed since they were sent, and lack nothing."""
    return household_waits(context.enrolment, context.pupils) and not context.enrolment.household.lacking


@frozen
class Submission:
    """Something to send: which pupils (and `FOYER`), by whom, and what its page makes of the re-enrolment as it stands.

    `is_shown`: whether that is what the page showed. `complete`: adds what the form answers, and only decides.
    `lacking`: what hinders these pupils, or the household, from being sent, once complete.
    """

    keys: tuple[str, ...]
    by: str = field(repr=False)
    is_shown: Callable[[Enrolment], bool]
    complete: Callable[[Enrolment], Enrolment]
    lacking: Callable[[EnrolmentContext, tuple[PupilFile, ...]], FieldErrors]


def send(
    services: Services, context: EnrolmentContext, submission: SummarySubmission, client: Client
) -> SubmissionResult:
    """Send some pupils as the summary shows them. Raises as `send_once` does."""
    sending = Submission(
        submission.keys,
        submission.by,
        is_shown=lambda current: summary_version(replace(context, enrolment=current)) == submission.version,
        complete=lambda current: current,
        lacking=lambda complete, pupils: _lacking(services, complete, pupils),
    )
    return send_once(services, context, sending, client)


def send_once(services: Services, context: EnrolmentContext, sending: Submission, client: Client) -> SubmissionResult:
    """Send some pupils: one write. What was sent already, with the same answers, is given its receipt again.

    A household that changed since it was sent goes along with any pupil, or alone.
    Raises `FieldsRefused` for what lacks, `PeriodClosed` (what was saved is kept), `EnrolmentFull`, `SummaryMoved`
    where other answers were saved since, `SubmissionsSlowedDown` or `ReceiptsUsedUp` for too many receipts.
    """
    number, mails = new_number(context.enrolment.ref.season), Outbox(services.post_box)

    def decide(current: Enrolment) -> Enrolment:
        is_shown, complete = sending.is_shown(current), replace(context, enrolment=sending.complete(current))
        if is_shown and not _waits(complete, sending.keys) and _last_receipt(current, sending.keys):
            return current
        if not context.is_open:
            raise PeriodClosed
        if not is_shown:
            raise SummaryMoved(context.see(current))
        pupils = sendable(complete.enrolment, sending.keys)
        saved = _checked_by(complete, sending, pupils)
        check_rate(current, context.now)
        after = submit(complete.enrolment, pupils, number, saved, with_household=household_is_sendable(complete))
        return services.enrolments.check_room(current, after)

    def post(_before: Enrolment, _after: Enrolment) -> None:
        mails.post(*_receipt_mails(services, context, number, client))

    before, after = services.enrolments.revise(context.enrolment, decide, post)
    is_new = after is not before
    seen = context.see(after)
    receipt = seen.receipt(number) if is_new else _last_receipt(seen, sending.keys)
    assert receipt  # noqa: S101 - `decide` has seen or made it
    if is_new:
        ref = context.visitor.account.ref
        services.record.write("enrolment_sent", context.now, client.request, account=ref, pupils=len(receipt.pupils))
    return SubmissionResult(seen, receipt, is_new)


def _waits(context: EnrolmentContext, keys: tuple[str, ...]) -> bool:
    """Whether something of what is to be sent was not sent, or not as it is."""
    files = filter(None, map(context.enrolment.pupil, keys))
    return any(map(is_waiting, files)) or household_waits(context.enrolment, context.pupils)


def _checked_by(context: EnrolmentContext, sending: Submission, pupils: tuple[PupilFile, ...]) -> SavedBy:
    """Name who sends. Raises `FieldsRefused` for all that lacks, who sends included."""
    lacking = sending.lacking(context, pupils)
    saved = context.saved_by(sending.by, lacking)
    if lacking:
        raise FieldsRefused(lacking)
    return saved


def _last_receipt(enrolment: Enrolment, keys: tuple[str, ...]) -> Receipt | None:
    """Find the receipt under which the last of some pupils was sent, or the household."""
    numbers = {file.sent.receipt for file in enrolment.pupils if file.key in keys and file.sent}
    if FOYER in keys and enrolment.household_receipt:
        numbers.add(enrolment.household_receipt.number)
    return next((receipt for receipt in reversed(enrolment.receipts) if receipt.number in numbers), None)


def _lacking(services: Services, context: EnrolmentContext, pupils: tuple[PupilFile, ...]) -> FieldErrors:
    """List what lacks. Of a pupil that leaves nothing else is asked, nor of its household.

    No paper that lacks hinders a household that is corrected: it may be a consent that is withdrawn.
    """
    if not pupils and not household_is_sendable(context):
        waits = household_waits(context.enrolment, context.pupils)
        return {"foyer": ("household_missing",)} if waits else {"eleves": ("pupils_missing",)}
    staying = {pupil.key for pupil in pupils if pupil.answers and pupil.answers.stays}
    if not staying:
        return {}
    enrolment = context.enrolment
    slots = (document.slot for document in context.required_documents(services) if document.owner in staying | {FOYER})
    lacking = {
        "foyer": ("household_missing",) if enrolment.household.lacking else (),
        "pieces": () if all(enrolment.document(*slot) for slot in slots) else ("documents_missing",),
    }
    return {name: codes for name, codes in lacking.items() if codes}


def _receipt_mails(
    services: Services, context: EnrolmentContext, number: str, client: Client
) -> tuple[EnrolmentSubmitted, ...]:
    account = context.visitor.on_file  # every guardian is told, whoever sends
    return tuple(
        EnrolmentSubmitted(
            request=client.request,
            asked_at=context.now,
            site=account.ref.site,
            identifier=account.ref.identifier,
            season=context.enrolment.ref.season,
            mailbox=services.record.pseudonyms.of_mailbox(email),
            receipt=number,
        )
        for email in account.emails
    )
