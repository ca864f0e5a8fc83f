"""A family's file as the desk shows it: all that is known of it, read together, and noted before it is shown."""

from datetime import datetime

from chalicelib.domain.account.accounts import GUARDIAN, AccountRef
from chalicelib.domain.account.logins import family_ref
from chalicelib.domain.billing.bills import Bills
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.office.consultations import consultations_of, note_consultation
from chalicelib.office.enrolment.show import EnrolmentOverview, family_overview
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.services.family import Services
from chalicelib.values import frozen


@frozen
class FamilyFile:
    """An account, its re-enrolment and its bills, and who looked at it before; of a guardian's login, no more."""

    overview: AccountOverview
    enrolment: EnrolmentOverview | None
    bills: Bills | None
    consultations: tuple[Consultation, ...]


def family_file(services: Services, ref: AccountRef, who: str, now: datetime) -> FamilyFile:
    """Read a family's file for a proven person, and note that it is shown. Raises `OfficeRefusal`, `Unavailable`.

    `ref`: as an address names it, which may be a guardian's own login: noted is the family's account, as it was found.
    """
    overview = account_overview(services, ref.identifier, ref.site, now)
    family = family_ref(overview.account)
    is_whole = overview.account.role != GUARDIAN
    found = FamilyFile(
        overview,
        family_overview(services, family, None, now) if is_whole else None,
        services.billing.find(family) if is_whole else None,
        consultations_of(services, family, now),
    )
    note_consultation(services, family, "family_read", who, now)
    return found
