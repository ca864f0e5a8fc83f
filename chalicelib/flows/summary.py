"""The summary: pupils, and a household corrected since, sent under one receipt by one write; again finds the first."""

from dataclasses import field, replace

from chalicelib.domain.enrolment.checklist import household_waits
from chalicelib.domain.enrolment.enrolments import FOYER, Enrolment, PupilFile, Receipt
from chalicelib.domain.enrolment.submissions import check_rate, new_number, sendable, submit
from chalicelib.domain.refusals import FieldsRefused, PeriodClosed, SummaryMoved
from chalicelib.flows.reenrolment import EnrolmentContext, version_of
from chalicelib.mail.jobs import EnrolmentSubmitted
from chalicelib.mail.posted_first import PostedFirst
from chalicelib.services import Client, Services
from chalicelib.values import frozen


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


def send(
    services: Services, context: EnrolmentContext, submission: SummarySubmission, client: Client
) -> SubmissionResult:
    """Send some pupils: one write. What was sent already, with the same answers, is given its receipt again.

    A household that changed since it was sent goes along with any pupil, or alone.
    Raises `FieldsRefused` for what lacks, `PeriodClosed` (what was saved is kept), `EnrolmentFull`, `SummaryMoved`
    where other answers were saved since, `SendingsSlowedDown` or `ReceiptsUsedUp` for too many receipts.
    """
    number, mails = new_number(context.enrolment.ref.season), PostedFirst(services.post_box)

    def decide(current: Enrolment) -> Enrolment:
        updated = replace(context, enrolment=current)
        pupils = sendable(current, submission.keys)
        household = household_is_sendable(updated)
        something_waits = pupils or household_waits(current, context.pupils)
        is_same = summary_version(updated) == submission.version
        if is_same and not something_waits and _last_receipt(current, submission.keys):
            return current
        if not context.is_open:
            raise PeriodClosed
        if not is_same:
            raise SummaryMoved(context.see(current))
        _check(services, updated, pupils, household=household)
        saved = context.saved_by(submission.by)
        check_rate(current, context.now)
        after = submit(current, pupils, number, saved, with_household=household)
        return services.enrolments.check_room(current, after)

    def post(_before: Enrolment, _after: Enrolment) -> None:
        mails.post(*_receipt_mails(services, context, number, client))

    before, after = services.enrolments.revise(context.enrolment, decide, post)
    is_new = after is not before
    seen = context.see(after)
    receipt = seen.receipt(number) if is_new else _last_receipt(seen, submission.keys)
    assert receipt  # noqa: S101 - `decide` has seen or made it
    if is_new:
        ref = context.visitor.account.ref
        services.record.write("enrolment_sent", context.now, client.request, account=ref, pupils=len(receipt.pupils))
    return SubmissionResult(seen, receipt, is_new)


def _last_receipt(enrolment: Enrolment, keys: tuple[str, ...]) -> Receipt | None:
    """Find the receipt under which the last of some pupils was sent, or the household."""
    numbers = {file.sent.receipt for file in enrolment.pupils if file.key in keys and file.sent}
    if FOYER in keys and enrolment.household_receipt:
        numbers.add(enrolment.household_receipt.number)
    return next((receipt for receipt in reversed(enrolment.receipts) if receipt.number in numbers), None)


def _check(services: Services, context: EnrolmentContext, pupils: tuple[PupilFile, ...], *, household: bool) -> None:
    """Refuse what lacks. Of a pupil that leaves nothing else is asked, nor of its household.

    No paper that lacks hinders a household that is corrected: it may be a consent that is withdrawn.
    """
    if not pupils and not household:
        waits = household_waits(context.enrolment, context.pupils)
        raise FieldsRefused({"foyer": ("household_missing",)} if waits else {"eleves": ("pupils_missing",)})
    staying = {pupil.key for pupil in pupils if pupil.answers and pupil.answers.stays}
    if not staying:
        return
    enrolment = context.enrolment
    slots = (document.slot for document in context.required_documents(services) if document.owner in staying | {FOYER})
    lacking = {
        "foyer": ("household_missing",) if enrolment.household.lacking else (),
        "pieces": () if all(enrolment.document(*slot) for slot in slots) else ("documents_missing",),
    }
    if any(lacking.values()):
        raise FieldsRefused({name: codes for name, codes in lacking.items() if codes})


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
