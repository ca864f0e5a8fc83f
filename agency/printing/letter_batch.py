"""The letters of a site on paper, and the families that get none: nobody is left out in silence."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agency.printing.document import print_letters
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.office.campaign.letters import LetterBatch, MailState, Reason
from chalicelib.settings.environment import Site

_NO_ADDRESS: Final = "aucune adresse postale au dossier"


@dataclass(frozen=True)
class NotPrinted:
    """A family whose letter was not printed, and why."""

    ref: AccountRef
    identifier: str
    name: str
    why: str


@dataclass(frozen=True)
class PrintedBatch:
    """The letters printed for one site, counted by reason, and the families without one. Holds no letter itself.

    `too_long`: families whose letter has an address of more lines than La Poste reads.
    """

    site: Site
    period: EnrolmentPeriod | None
    file: Path  # not there without letters
    reasons: Counter[Reason]
    not_asked_for: Counter[MailState]
    aside: tuple[NotPrinted, ...]
    too_long: tuple[Account, ...]

    @property
    def pages(self) -> int:
        """How many letters are in the PDF."""
        return self.reasons.total()


def print_batch(batch: LetterBatch, author: str, folder: Path, advance: Callable[[], None]) -> PrintedBatch:
    """Print the letters of a site into the folder; the PDF of an earlier run gives way."""
    site, file = batch.site, folder / f"courrier-{batch.site.code}.pdf"
    unprinted = print_letters(file, f"Courrier aux familles : {site.name}", author, batch.letters, advance)
    aside = (
        *(
            NotPrinted(account.ref, account.display_identifier or account.ref.identifier, account.name, _NO_ADDRESS)
            for account in batch.without_address
        ),
        *(
            NotPrinted(letter.letter.ref, letter.letter.identifier, letter.letter.addressee[0], letter.why)
            for letter in unprinted
        ),
    )
    refs = {family.ref for family in aside}
    reasons = Counter(reason for ref, reason in batch.reasons.items() if ref not in refs)
    too_long = tuple(account for account in batch.too_long if account.ref not in refs)
    return PrintedBatch(site, batch.period, file, reasons, batch.not_asked_for, aside, too_long)
