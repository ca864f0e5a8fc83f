"""A receipt found again: this season's and last season's, of the family itself."""

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, Receipt
from chalicelib.domain.enrolment.paperwork import ReceiptDocument, receipt_documents
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.refusals import NotThere
from chalicelib.flows.family.reenrolment import EnrolmentContext
from chalicelib.services.family import Services
from chalicelib.values import frozen

NEWS: Final = timedelta(minutes=10)  # how long a page says that this was just sent


@frozen
class ReceiptView:
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


def find(services: Services, context: EnrolmentContext, number: str) -> ReceiptView:
    """Find a receipt by its number, however it is written. Raises `NotThere`, also for another family's."""
    wanted = number_from(number)
    for enrolment in (context.enrolment, context.last):
        receipt = enrolment.receipt(wanted)
        if receipt:
            return receipt_view(services, enrolment, receipt)
    raise NotThere


def receipt_view(services: Services, enrolment: Enrolment, receipt: Receipt) -> ReceiptView:
    """Show a receipt of a re-enrolment."""
    rules = services.settings.network.enrolment.document_rules
    files = tuple(enrolment.file_of(key, name) for key, name, _ in receipt.pupils)
    last = enrolment.household_receipt
    documents = receipt_documents(rules, receipt, enrolment.provided)
    household, number = _household(enrolment, receipt), last.number if last else ""
    return ReceiptView(receipt, documents, files, household, number, enrolment.ref.season, enrolment.receipts[0].number)


def _household(enrolment: Enrolment, receipt: Receipt) -> Literal["resent", "changed"] | None:
    last = enrolment.household_receipt
    if last is None or not receipt.includes_household:
        return None
    if last.household != receipt.household:
        return "resent"
    return "changed" if enrolment.household_state == "changed" else None
