"""The summary: pupils, and a household corrected since, sent under one receipt by one write; again finds the first."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from chalicelib.domain.enrolment.checklist import household_waits
from chalicelib.domain.enrolment.enrolments import FOYER, Enrolment, PupilFile, Receipt
from chalicelib.domain.enrolment.submissions import check_pace, new_number, sendable, submitted
from chalicelib.domain.refusals import FieldsRefused, PeriodClosed, SummaryMoved
from chalicelib.flows.reenrolment import Enrolling, mark_of
from chalicelib.mail.jobs import EnrolmentSubmitted
from chalicelib.services import Client, Services

# The mails are posted before the receipt is written (docs/decisions/0006); they leave once it surely is.
_DELAY: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Sending:
    """What the form says: whom to send, by key (`FOYER`: the household), who is at the keyboard, the mark shown."""

    keys: tuple[str, ...]
    by: str = field(repr=False)
    shown: str


@dataclass(frozen=True)
class Outcome:
    """The receipt of what was asked for, and the re-enrolment that holds it; whether it is of this very request."""

    enrolment: Enrolment
    receipt: Receipt
    is_new: bool


def mark_of_summary(enrolling: Enrolling) -> str:
    """Give the mark of all that would be sent; not of where it stands, which the sending itself changes."""
    enrolment = enrolling.enrolment
    files = (enrolment.pupil(key) for key in enrolling.pupils)
    answers = tuple(file.answers if file else None for file in files)
    provided = tuple((each.code, each.owner, each.object_key) for each in enrolment.provided)
    return mark_of((enrolment.household, answers, provided))


def household_is_sendable(enrolling: Enrolling) -> bool:
    """Tell whether the household's answers changed since they were sent, and lack nothing."""
    return household_waits(enrolling.enrolment, enrolling.pupils) and not enrolling.enrolment.household.lacking


def send(services: Services, enrolling: Enrolling, sending: Sending, client: Client) -> Outcome:
    """Send some pupils: one write. What was sent already, with the same answers, is given its receipt again.

    A household that changed since it was sent goes along with any pupil, or alone.
    Raises `FieldsRefused` for what lacks, `PeriodClosed` (what was saved is kept), `EnrolmentFull`, `SummaryMoved`
    where other answers were saved since, `SendingsSlowedDown` or `ReceiptsUsedUp` for too many receipts.
    """
    number = new_number(enrolling.enrolment.ref.season)

    def decide(found: Enrolment) -> Enrolment:
        shown = replace(enrolling, enrolment=found)
        pupils = sendable(found, sending.keys)
        household = household_is_sendable(shown)
        something_waits = pupils or household_waits(found, enrolling.pupils)
        is_same = mark_of_summary(shown) == sending.shown
        if is_same and not something_waits and _last_receipt(found, sending.keys):
            return found
        if not enrolling.is_open:
            raise PeriodClosed
        if not is_same:
            raise SummaryMoved(found)
        _check(services, shown, pupils, household=household)
        saved = enrolling.saved_by(sending.by)
        check_pace(found, enrolling.now)
        after = submitted(found, pupils, number, saved, with_household=household)
        return services.enrolments.fitting(found, after)

    if decide(enrolling.enrolment) is not enrolling.enrolment:
        _post(services, enrolling, number, client)
    before, after = services.enrolments.revise(enrolling.enrolment, decide)
    is_new = after is not before
    receipt = after.receipt(number) if is_new else _last_receipt(after, sending.keys)
    assert receipt  # noqa: S101 - `decide` has seen or made it
    if is_new:
        ref = enrolling.visitor.account.ref
        services.record.write("enrolment_sent", enrolling.now, client.request, account=ref, pupils=len(receipt.pupils))
    return Outcome(after, receipt, is_new)


def _last_receipt(enrolment: Enrolment, keys: tuple[str, ...]) -> Receipt | None:
    """Find the receipt under which the last of some pupils was sent, or the household."""
    numbers = {file.sent.receipt for file in enrolment.pupils if file.key in keys and file.sent}
    if FOYER in keys and enrolment.household_receipt:
        numbers.add(enrolment.household_receipt.number)
    return next((each for each in reversed(enrolment.receipts) if each.number in numbers), None)


def _check(services: Services, enrolling: Enrolling, pupils: tuple[PupilFile, ...], *, household: bool) -> None:
    """Refuse what lacks. Of a pupil that leaves nothing else is asked, nor of its household.

    No paper that lacks hinders a household that is corrected: it may be a consent that is withdrawn.
    """
    if not pupils and not household:
        waits = household_waits(enrolling.enrolment, enrolling.pupils)
        raise FieldsRefused({"foyer": ("household_missing",)} if waits else {"eleves": ("pupils_missing",)})
    staying = {each.key for each in pupils if each.answers and each.answers.stays}
    if not staying:
        return
    enrolment = enrolling.enrolment
    asked = (each.slot for each in enrolling.asked(services) if each.owner in staying | {FOYER})
    lacking = {
        "foyer": ("household_missing",) if enrolment.household.lacking else (),
        "pieces": () if all(enrolment.document(*slot) for slot in asked) else ("documents_missing",),
    }
    if any(lacking.values()):
        raise FieldsRefused({name: codes for name, codes in lacking.items() if codes})


def _post(services: Services, enrolling: Enrolling, number: str, client: Client) -> None:
    account = enrolling.visitor.account
    services.post_box.post(
        *(
            EnrolmentSubmitted(
                request=client.request,
                asked_at=enrolling.now,
                site=account.ref.site,
                identifier=account.ref.identifier,
                season=enrolling.enrolment.ref.season,
                mailbox=services.record.pseudonyms.of_mailbox(email),
                receipt=number,
            )
            for email in account.emails
        ),
        delay=_DELAY,
    )
