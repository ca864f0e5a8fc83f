"""The letters of a site on paper, and the families that get none: nobody is left out in silence."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agency.printing.document import print_letters
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.office.campaign.letters import Mail, Posting, Reason
from chalicelib.settings import Site

_NOWHERE: Final = "aucune adresse postale au dossier"


@dataclass(frozen=True)
class Aside:
    """A family whose letter was not printed, and why."""

    ref: AccountRef
    identifier: str
    name: str
    why: str


@dataclass(frozen=True)
class Printed:
    """What was printed for one site: how many letters for which reason, and who has none. Holds no letter any more."""

    site: Site
    period: EnrolmentPeriod | None
    file: Path  # not there without letters
    reasons: Counter[Reason]
    left: Counter[Mail]
    aside: tuple[Aside, ...]

    @property
    def pages(self) -> int:
        """How many letters are in the PDF."""
        return self.reasons.total()


def print_posting(posting: Posting, author: str, folder: Path, advance: Callable[[], None]) -> Printed:
    """Print the letters of a site into the folder; the PDF of an earlier run gives way."""
    site, file = posting.site, folder / f"courrier-{posting.site.code}.pdf"
    unprinted = print_letters(file, f"Courrier aux familles : {site.name}", author, posting.letters, advance)
    aside = (
        *(Aside(each.ref, each.written or each.ref.identifier, each.name, _NOWHERE) for each in posting.nowhere),
        *(Aside(each.letter.ref, each.letter.identifier, each.letter.addressee[0], each.why) for each in unprinted),
    )
    refs = {each.ref for each in aside}
    reasons = Counter(reason for ref, reason in posting.reasons.items() if ref not in refs)
    return Printed(site, posting.period, file, reasons, posting.left, aside)
