"""The summary: pupils and a corrected household, sent under one receipt in one write. Idempotent."""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

from chalicelib.domain.dossiers.documents import FOYER, DocumentCheck, ProvidedDocument, RequiredDocument, SavedBy
from chalicelib.domain.enrolment.enrolments import Enrolment, PaperForm, PupilFile, Receipt
from chalicelib.domain.enrolment.paperwork import ReceiptDocument, household_waits, receipt_documents
from chalicelib.domain.enrolment.periods import PeriodClosed
from chalicelib.domain.enrolment.submissions import check_rate, is_waiting, new_number, number_from, sendable, submit
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.flows.family.visit import FieldErrors
from chalicelib.mail.enrolment_jobs import EnrolmentSubmitted
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Services, Visit
from chalicelib.services.mails import jobs_to_each
from chalicelib.values import frozen, version_of

NEWS: Final = timedelta(minutes=10)  # how long a page says that this was just sent


class SummaryMoved(FormRefusal):
    """Other answers were saved since the summary was shown, and nothing was sent. `enrolment`: its current state."""

    code = "summary_moved"

    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__(self.code)
        self.enrolment = enrolment


@frozen
class EnrolmentReceipt:
    """A receipt as its page shows it: its documents, and each of its pupils in its current state.

    `season`: of the sending. `first_number`: of that season's first receipt, which later sendings do not change.
    `household`: how its household's answers have changed since then. None if they have not, or it has none.
    """

    receipt: Receipt
    papers: tuple[ReceiptDocument, ...]
    files: tuple[PupilFile, ...]
    household: Literal["resent", "changed"] | None
    household_receipt: str  # the last one with the household's answers, empty if they do not count
    season: str
    first_number: str

    def just_sent(self, now: datetime) -> bool:
        """Whether the page should still say that it was sent."""
        return now - self.receipt.at < NEWS


def find(services: Services, context: EnrolmentContext, number: str) -> EnrolmentReceipt:
    """Find a receipt by its number, in any spelling. Raises `NotThere`, also for another family's."""
    reference = number_from(number)
    for enrolment in (context.enrolment, context.last):
        receipt = enrolment.receipt(reference)
        if receipt:
            return receipt_view(services, enrolment, receipt)
    raise NotThere


def receipt_view(services: Services, enrolment: Enrolment, receipt: Receipt) -> EnrolmentReceipt:
    """Build the page of a receipt."""
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
    """The summary's form: the keys to send (`FOYER`: the household), the sender, and the version shown.

    `paper`: where the answers come from, if the office entered them. `papers`: the documents that came with them.
    """

    keys: tuple[str, ...]
    by: str = field(repr=False)
    version: str
    paper: PaperForm | None = None
    papers: tuple[RequiredDocument, ...] = ()


@frozen
class SubmissionResult:
    """A receipt and the re-enrolment that contains it. `is_new`: whether this very request made it."""

    enrolment: Enrolment
    receipt: Receipt
    is_new: bool


def summary_version(context: EnrolmentContext) -> str:
    """Compute the version of the content to send, without its state, which sending changes."""
    enrolment = context.see(context.enrolment)
    files = (enrolment.pupil(key) for key in context.pupils)
    answers = tuple(file.answers if file else None for file in files)
    documents = tuple((document.code, document.owner, document.object_key) for document in enrolment.provided)
    return version_of((enrolment.household, answers, documents))


def household_is_sendable(context: EnrolmentContext) -> bool:
    """Check whether the household's answers are complete, and changed since they were sent."""
    return household_waits(context.enrolment, context.pupils) and not context.enrolment.household.lacking


@frozen
class Submission:
    """Answers to send: the keys of pupils (and `FOYER`), the sender, and how the page completes the re-enrolment.

    `is_shown`: whether the page showed the stored answers. `complete`: adds the form's answers, a pure function.
    `lacking`: the errors that prevent the sending, once complete. `paper`: as of `SummarySubmission`.
    """

    keys: tuple[str, ...]
    by: str = field(repr=False)
    is_shown: Callable[[Enrolment], bool]
    complete: Callable[[Enrolment], Enrolment]
    lacking: Callable[[EnrolmentContext, tuple[PupilFile, ...]], FieldErrors]
    paper: PaperForm | None = None


def send(visit: Visit[Services], context: EnrolmentContext, submission: SummarySubmission) -> SubmissionResult:
    """Send some pupils as the summary shows them. Raises as `send_once` does.

    Of answers on paper, the documents handed in with them are received, the others are promised.
    """

    def complete(current: Enrolment) -> Enrolment:
        files = sendable(current, submission.keys) if submission.paper else ()
        after = promise(visit.services, replace(context, enrolment=current), files, context.saved_by(submission.by))
        for paper in submission.papers:
            document = after.document(*paper.slot)
            if submission.paper and document and not document.is_received:
                check = DocumentCheck("received", submission.paper.by, context.now)
                after = after.with_document(replace(document, check=check))
        return after

    sending = Submission(
        submission.keys,
        submission.by,
        is_shown=lambda current: summary_version(replace(context, enrolment=current)) == submission.version,
        complete=complete if submission.paper else lambda current: current,
        lacking=lambda complete, pupils: _lacking(visit.services, complete, pupils),
        paper=submission.paper,
    )
    return send_once(visit, context, sending)


def send_once(visit: Visit[Services], context: EnrolmentContext, sending: Submission) -> SubmissionResult:
    """Send some pupils in one write. Idempotent: the same answers get the same receipt.

    A household that changed since it was sent is sent with any pupil, or alone. Raises `FieldsRefused` for missing
    answers, `PeriodClosed` (saved answers are kept), `EnrolmentFull`, `SummaryMoved` if other answers were saved since
    the page was shown, and `SubmissionsSlowedDown` or `ReceiptsUsedUp` after too many receipts.
    """
    services = visit.services
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
        author = _checked_by(complete, sending, pupils)
        check_rate(current, context.now)
        after = submit(complete.enrolment, pupils, number, author, with_household=household_is_sendable(complete))
        after = replace(after, receipts=(*after.receipts[:-1], replace(after.receipts[-1], paper=sending.paper)))
        return services.enrolments.check_room(current, after)

    def post(_before: Enrolment, _after: Enrolment) -> None:
        if sending.paper and context.note:
            context.note(sending.paper)
        account = context.visitor.on_file  # every guardian is notified, whichever sends
        job = partial(EnrolmentSubmitted, season=context.enrolment.ref.season, receipt=number)
        mails.post(*jobs_to_each(services, account, job, visit.client.request, context.now))

    before, after = services.enrolments.revise(context.enrolment, decide, post)
    is_new = after is not before
    visible = context.see(after)
    receipt = visible.receipt(number) if is_new else _last_receipt(visible, sending.keys)
    assert receipt  # noqa: S101 - `decide` found or made it
    if is_new:
        ref = context.visitor.account.ref
        visit.record("enrolment_sent", account=ref, pupils=len(receipt.pupils))
    return SubmissionResult(visible, receipt, is_new)


def papers_of(
    services: Services, context: EnrolmentContext, files: tuple[PupilFile, ...]
) -> tuple[RequiredDocument, ...]:
    """List the documents required for some pupils that stay, and for their household."""
    owners = {file.key for file in files if file.answers and file.answers.stays}
    for file in files:
        context = replace(context, enrolment=context.enrolment.with_pupil(file, context.now))
    return (
        tuple(document for document in context.required_documents(services) if document.owner in owners | {FOYER})
        if owners
        else ()
    )


def promise(services: Services, context: EnrolmentContext, files: tuple[PupilFile, ...], author: SavedBy) -> Enrolment:
    """Promise on paper the missing documents of some pupils that stay, and of their household."""
    after = context.enrolment
    for document in papers_of(services, context, files):
        if not after.document(*document.slot):
            after = after.with_document(ProvidedDocument(*document.slot, author))
    return after


def _waits(context: EnrolmentContext, keys: tuple[str, ...]) -> bool:
    """Whether any of these pupils, or the household, has answers not sent yet."""
    files = filter(None, map(context.enrolment.pupil, keys))
    return any(map(is_waiting, files)) or household_waits(context.enrolment, context.pupils)


def _checked_by(context: EnrolmentContext, sending: Submission, pupils: tuple[PupilFile, ...]) -> SavedBy:
    """Return the sender. Raises `FieldsRefused` for everything missing, including the sender."""
    lacking = sending.lacking(context, pupils)
    author = context.saved_by(sending.by, lacking)
    if lacking:
        raise FieldsRefused(lacking)
    return author


def _last_receipt(enrolment: Enrolment, keys: tuple[str, ...]) -> Receipt | None:
    """Find the receipt under which the last of some pupils was sent, or the household."""
    numbers = {file.sent.receipt for file in enrolment.pupils if file.key in keys and file.sent}
    if FOYER in keys and enrolment.household_receipt:
        numbers.add(enrolment.household_receipt.number)
    return next((receipt for receipt in reversed(enrolment.receipts) if receipt.number in numbers), None)


def _lacking(services: Services, context: EnrolmentContext, pupils: tuple[PupilFile, ...]) -> FieldErrors:
    """List the missing answers. A pupil who leaves needs no others, nor does the household.

    A corrected household needs no documents: the correction may withdraw a consent.
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
