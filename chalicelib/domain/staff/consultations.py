"""Consultations: who of the staff looked at a family's file, and when; kept for a year, told to a family that asks."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.values import frozen

# The journal of who reads personal data is kept six months to a year (CNIL, deliberation 2021-122 of 14 October 2021).
KEPT_FOR: Final = timedelta(days=365)
TOGETHER: Final = timedelta(minutes=30)  # what one person opens of one file within it is one consultation

# The page of a family, its re-enrolment, its bills, a request. Documents, maybe about health, are an act (`audit`).
# « report_read »: the closing report of a site, which names those to call, of no one family.
# « telephones_read »: of its guardians, by a teacher of a pupil.
ConsultationKind = Literal[
    "family_read", "enrolment_read", "bills_read", "request_read", "report_read", "telephones_read"
]


@frozen
class Consultation:
    """One person at one file for half an hour at most: first and last opened when, and how many times in all."""

    kind: ConsultationKind
    site: str
    account: str  # its pseudonym, as in the audit trail
    who: str = field(repr=False)
    at: datetime
    last_at: datetime
    times: int = 1

    @property
    def half_hour(self) -> datetime:
        """When the half hour began that it is counted in."""
        return self.at - (self.at - datetime.min.replace(tzinfo=self.at.tzinfo)) % TOGETHER

    @property
    def expires_at(self) -> datetime:
        """When it is forgotten."""
        return self.last_at + KEPT_FOR
