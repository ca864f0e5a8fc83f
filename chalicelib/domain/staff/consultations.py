"""Consultations: views of a family's file by staff. Kept for a year, disclosed to the family on request."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.values import frozen

# Logs of access to personal data are kept six months to a year (CNIL, deliberation 2021-122 of 14 October 2021).
KEPT_FOR: Final = timedelta(days=365)
TOGETHER: Final = timedelta(minutes=30)  # views of one file by one person within this time are one consultation

# A family's page, its re-enrolment, its bills, an application. Documents, perhaps about health, are an act (`audit`). «
# report_read »: a site's closing report, with families to call, not about one family. « telephones_read »: those of its
# guardians, by a teacher of a pupil.
ConsultationKind = Literal[
    "family_read", "enrolment_read", "bills_read", "request_read", "report_read", "telephones_read"
]


@frozen
class Consultation:
    """One person's views of one file within half an hour: the first, the last, and their number."""

    kind: ConsultationKind
    site: str
    account: str  # its pseudonym, as in the audit trail
    who: str = field(repr=False)
    at: datetime
    last_at: datetime
    times: int = 1

    @property
    def half_hour(self) -> datetime:
        """The start of its half hour."""
        return self.at - (self.at - datetime.min.replace(tzinfo=self.at.tzinfo)) % TOGETHER

    @property
    def expires_at(self) -> datetime:
        """When its record is deleted."""
        return self.last_at + KEPT_FOR
