"""Log in by one button: the product's own flows, with the secrets of a fictitious person."""

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from chalice.app import Response

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.refusals import FormRefusal
from chalicelib.domain.staff.totp import PERIOD, code_at, step_at
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.staff.login import StaffCredentials
from chalicelib.flows.staff.login import log_in as log_in_staff
from chalicelib.flows.staff.login_code import enter_half_open, prove_code
from chalicelib.services.family import Client, Visit
from chalicelib.services.office import OfficeServices
from chalicelib.web.family.edge import FAMILY, HOME_PAGE
from chalicelib.web.office import edge as desk_edge
from chalicelib.wings.admission.flows.access import ask, code_request_of, prove
from chalicelib.wings.admission.flows.entry import read_admission_periods
from chalicelib.wings.admission.web import edge as applicant_edge
from tools.local.families import FAMILIES, SampleFamily
from tools.local.post import Mail
from tools.local.staff import STAFF, Staff

NEW_FAMILY: Final = "nouvelle-famille"
_CODE: Final = re.compile(r"^Code\s:\s(\d{3}\s\d{3})$", re.MULTILINE)
_PATIENCE: Final = 100  # looks into the mailbox
_PAUSE: Final = 0.1  # seconds


@dataclass(frozen=True)
class TotpCode:
    """The code that an authenticator now shows, and the seconds until the next one."""

    code: str
    seconds_left: int


@dataclass(frozen=True)
class LocalLogin:
    """Opens the session of a fictitious person."""

    services: OfficeServices
    mails: Callable[..., list[Mail]]

    def enter(self, key: str) -> Response | None:
        """Log in, and redirect to the person's first page. None if the key is unknown, or its password no longer opens.

        The key is an address of the staff or of an applicant, « site/identifier » of a family, or « nouvelle-famille ».
        """
        visit = Visit(self.services, Client("127.0.0.1", "local"), self.services.clock())
        with suppress(FormRefusal):
            if key == NEW_FAMILY:
                return self._enter_applicant(visit, f"famille-{secrets.token_hex(3)}@example.org")
            for staff in STAFF:
                if staff.email == key:
                    return self._enter_staff(visit, staff)
            for family in FAMILIES:
                if key == f"{family.site}/{family.identifier}" and family.password:
                    return self._enter_family(visit, family, family.password)
            if "@" in key:
                return self._enter_applicant(visit, key)
        return None

    def _enter_family(self, visit: Visit[OfficeServices], family: SampleFamily, password: str) -> Response:
        token = log_in(visit, Credentials(family.ref, password))
        return FAMILY.redirect(self.services, HOME_PAGE, token.cookie)

    def _enter_staff(self, visit: Visit[OfficeServices], staff: Staff) -> Response:
        self.forget_used_code(staff)
        half_open = log_in_staff(visit, StaffCredentials(email_from(staff.email), staff.password))
        context = enter_half_open(replace(visit, token=half_open))
        token = prove_code(visit, context, self.code(staff).code)
        return desk_edge.redirect(self.services, desk_edge.DESK, token.cookie)

    def _enter_applicant(self, visit: Visit[OfficeServices], email: str) -> Response:
        """Have a code mailed to an address, and open the mail."""
        mail_count = len(self.mails())
        request = ask(visit, "email", email, read_admission_periods(visit.services, visit.now).season)
        code_request = code_request_of(self.services, request)
        assert code_request  # noqa: S101 - just signed
        token = prove(visit, code_request, self._mailed_code(email, mail_count))
        return applicant_edge.redirect(self.services, applicant_edge.OVERVIEW_PAGE, token.cookie)

    def _mailed_code(self, email: str, mail_count: int) -> str:
        for _ in range(_PATIENCE):
            for mail in self.mails(mail_count):
                if mail.to == email and (match := _CODE.search(mail.text)):
                    return match[1]
            time.sleep(_PAUSE)
        return ""

    def code(self, staff: Staff) -> TotpCode:
        """Compute the code of a member's authenticator, by the service's clock."""
        now = self.services.clock()
        return TotpCode(code_at(staff.totp, step_at(now)), PERIOD - int(now.timestamp()) % PERIOD)

    def forget_used_code(self, staff: Staff) -> None:
        """Let a code open twice: two presses in half a minute, or a clock that was turned back."""
        members = self.services.staff.members
        member = members.find(email_from(staff.email))
        if member and member.totp and member.totp.last_step:
            members.change(member, replace(member, totp=replace(member.totp, last_step=0)))
