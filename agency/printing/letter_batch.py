"""The letters of a site on paper, and the families without one, each with its reason."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from agency.console.private_file import private_file, remove
from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.presentation.office.postal_letter import PostalLetter, write_letter
from chalicelib.presentation.printing.letters import UnprintableLetter, write_letters
from chalicelib.settings.environment import Network, Site
from chalicelib.wings.campaign.office.letters import LetterBatch, MailState, Reason


def print_letters(
    path: Path, title: str, network: Network, letters: Iterable[PostalLetter], advance: Callable[[], None]
) -> list[UnprintableLetter]:
    """Write the printable letters into a PDF, in their order. Without any, there is no PDF."""
    content = BytesIO()
    letters_left = write_letters(content, title, network, letters, advance)
    if content.getbuffer().nbytes:
        with private_file(path) as file:
            file.write(content.getbuffer())
    else:
        remove(path)
    return letters_left


FILE_NAME: Final = "courrier-{}.pdf"  # with a site's code
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

    `too_long`: families whose address has more lines than La Poste reads.
    """

    site: Site
    period: EnrolmentPeriod | None
    file: Path  # does not exist without letters
    reasons: Counter[Reason]
    not_asked_for: Counter[MailState]
    aside: tuple[NotPrinted, ...]
    too_long: tuple[Account, ...]

    @property
    def pages(self) -> int:
        """The number of letters in the PDF."""
        return self.reasons.total()


def print_batch(batch: LetterBatch, network: Network, folder: Path, advance: Callable[[], None]) -> PrintedBatch:
    """Print the letters of a site into the folder, over the PDF of an earlier run."""
    site, file = batch.site, folder / FILE_NAME.format(batch.site.code)
    letters = [write_letter(letter, network) for letter in batch.letters]
    letters_left = print_letters(file, f"Courrier aux familles : {site.name}", network, letters, advance)
    aside = (
        *(
            NotPrinted(account.ref, account.display_identifier or account.ref.identifier, account.name, _NO_ADDRESS)
            for account in batch.without_address
        ),
        *(
            NotPrinted(letter.letter.ref, letter.letter.identifier, letter.letter.addressee[0], letter.why)
            for letter in letters_left
        ),
    )
    refs = {family.ref for family in aside}
    reasons = Counter(reason for ref, reason in batch.reasons.items() if ref not in refs)
    too_long = tuple(account for account in batch.too_long if account.ref not in refs)
    return PrintedBatch(site, batch.period, file, reasons, batch.not_asked_for, aside, too_long)
