"""Who of the staff looks at a file is noted before it is shown: a fault of that write, and nothing is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.staff.consultations import Consultation, ConsultationKind
from chalicelib.infra.dynamo.database import Delete
from chalicelib.office.account import pseudonym
from chalicelib.services.family import Services
from chalicelib.services.staff import staff_stores

_WHOLE_SITE: Final = "report"  # in the place of an account's pseudonym, as an export has it in the audit trail


def note_consultation(services: Services, ref: AccountRef, kind: ConsultationKind, who: str, now: datetime) -> None:
    """Note that a proven person (`Member.known_as`) is about to read a file. Raises `Unavailable`: show nothing then.

    `ref`: the family's account, as it was found; of a guardian's own login, its family's.
    """
    consultation = Consultation(kind, ref.site, pseudonym(services, ref), who, now, now)
    staff_stores(services).consultations.add(consultation)


def note_report(services: Services, site: str, who: str, now: datetime) -> None:
    """Note that a proven person is about to read the closing report of a site. Raises `Unavailable`."""
    staff_stores(services).consultations.add(Consultation("report_read", site, _WHOLE_SITE, who, now, now))


def consultations_of(services: Services, ref: AccountRef, now: datetime) -> tuple[Consultation, ...]:
    """List who looked at a file, oldest first."""
    return tuple(staff_stores(services).consultations.on(ref.site, pseudonym(services, ref), now))


def trail_deletions(services: Services, ref: AccountRef) -> Iterator[Delete]:
    """Delete the office's acts on a file, and the notes of its readers: the account is erased."""
    account = pseudonym(services, ref)
    yield from services.audit_trail.deletions(ref.site, account)
    yield from staff_stores(services).consultations.deletions(ref.site, account)
