"""The record: one JSON line for each significant event, without secrets, and impossible to forge."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, TextIO

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.pseudonyms import Pseudonyms

Event = Literal[
    "login_ok",
    "sign_in_changed",
    "login_refused",
    "login_slowed",
    "franceconnect_refused",
    "hash_damaged",
    "reset_asked",
    "reset_slowed",
    "reset_mailed",
    "reset_dropped",
    "reset_used",
    "identifier_asked",
    "identifier_slowed",
    "identifier_mailed",
    "identifier_dropped",
    "sign_in_code_asked",
    "sign_in_code_slowed",
    "sign_in_code_mailed",
    "sign_in_code_dropped",
    "sign_in_code_refused",
    "sign_in_proven",
    "sign_in_proof_refused",
    "password_changed",
    "password_change_refused",
    "notice_mailed",
    "notice_dropped",
    "access_frozen",
    "access_frozen_again",
    "link_gone",
    "frozen_mailed",
    "frozen_dropped",
    "campaign_mailed",
    "campaign_dropped",
    "campaign_uncertain",
    "campaign_delivered",
    "campaign_stopped",
    "mailbox_failing",
    "bounce_dropped",
    "enrolment_saved",
    "enrolment_sent",
    "enrolment_mailed",
    "enrolment_mail_dropped",
    "family_corrected",
    "family_confirmed",
    "login_invite_refused",
    "login_invited",
    "invitation_mailed",
    "invitation_dropped",
    "email_refused",
    "email_code_asked",
    "email_code_mailed",
    "email_code_dropped",
    "email_code_refused",
    "email_changed",
    "passkey_refused",
    "session_ended",
    "admission_asked",
    "admission_slowed",
    "admission_trapped",
    "admission_mailed",
    "admission_dropped",
    "admission_code_refused",
    "admission_entered",
    "admission_left",
    "admission_saved",
    "admission_answered",
    "admission_withdrawn",
    "admission_offers",
    "admission_sent",
    "admission_receipt_mailed",
    "admission_receipt_dropped",
    "course_mailed",
    "course_mail_dropped",
    "absence_mailed",
    "absence_mail_dropped",
    "absence_announced",
    "rolls_recalled",
    "rolls_mailed",
    "rolls_mail_dropped",
    "absence_taken_back",
    "payment_begun",
    "payment_ended",
    "payment_differs",
    "payment_late",
    "wing_saved",
    "wing_mailed",
    "wing_mail_dropped",
    "desk_job_done",
    "desk_job_failed",
    "routed",
    "cross_site_refused",
    "request_refused",
    "not_through_cdn",
    "job_left_out",
    "unavailable",
    "error",
]
StaffEvent = Literal[
    "staff_login_refused",
    "staff_code_refused",
    "staff_key_lost",
    "staff_login_ok",
    "staff_proof_refused",
    "staff_invited",
    "staff_accepted",
    "staff_reset",
    "staff_disabled",
    "staff_enabled",
    "staff_role_changed",
    "staff_linked",
    "staff_unlinked",
    "staff_password_changed",
    "staff_passkey_added",
    "staff_passkey_removed",
    "staff_passkey_refused",
    "staff_recovery_renewed",
    "staff_session_ended",
    "staff_application_replaced",
    "staff_link_asked",
    "staff_link_slowed",
    "staff_browser_known",
    "staff_mailed",
    "staff_mail_dropped",
    "staff_proconnect_attached",
    "staff_proconnect_refused",
]


class Record:
    """Writes events to a stream (standard output, which Lambda keeps in CloudWatch Logs).

    A line has `time` (ISO 8601, UTC), `event`, `request`, and if known `site`, `account`, `member` and `client`, the
    last three as pseudonyms (`Pseudonyms`). Further details of the event are codes, never typed text.
    """

    def __init__(self, pseudonyms: Pseudonyms, stream: TextIO | None = None) -> None:
        self.pseudonyms = pseudonyms
        self._stream = stream

    def write(
        self,
        event: Event,
        now: datetime,
        request: str,
        *,
        account: AccountRef | None = None,
        address: str | None = None,
        **details: str | int,
    ) -> None:
        """Write one event."""
        about = {}
        if account:
            about = {"site": account.site, "account": self.pseudonyms.of(account.site, account.identifier)}
        self._write(event, now, request, {**about, **self._client(address), **details})

    def write_of_staff(
        self,
        event: StaffEvent,
        now: datetime,
        request: str,
        member: str | None,
        *,
        address: str | None = None,
        **details: str | int,
    ) -> None:
        """Write one event of a member of staff, by the typed or stored address. None if it is unknown."""
        about = {"member": self.pseudonyms.of_mailbox(member)} if member else {}
        self._write(event, now, request, {**about, **self._client(address), **details})

    def _client(self, address: str | None) -> dict[str, str]:
        return {"client": self.pseudonyms.of_address(address)} if address else {}

    def _write(self, event: str, now: datetime, request: str, details: Mapping[str, str | int]) -> None:
        """Write one line. JSON escapes CR, LF and every non-ASCII character, so that no text can start another line."""
        line = {"time": now.astimezone(UTC).isoformat(), "event": event, "request": request, **details}
        stream = self._stream or sys.stdout
        stream.write(json.dumps(line) + "\n")  # in one write, as threads share the stream
        stream.flush()
