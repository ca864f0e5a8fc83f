"""The start page: its stamp, and the request that mails a code to an address. The post has no key of its stamps."""

from datetime import datetime

from chalicelib.domain.refusals import FormRefusal
from chalicelib.services.family import Visit
from chalicelib.wings.admission.domain.email_codes import CodeRequest, PageStamps, sign_code_request
from chalicelib.wings.admission.flows.access import ask
from chalicelib.wings.admission.flows.entry import AdmissionPeriods
from chalicelib.wings.admission.services.applicants import ApplicantServices as Services


class AdmissionClosed(FormRefusal):
    """No site takes applications now: the page shows when they open, and the telephone."""

    code = "requests_closed"


class PageUnripe(FormRefusal):
    """The form came back too fast for a person, or from a page that is too old, or not ours."""

    code = "page_unripe"


def page_stamp(services: Services, now: datetime, before: str = "") -> str:
    """Stamp the start page, so that its form carries the time it was made.

    `before`: the stamp in the submitted form. A ripe one is kept, so that a user who corrects an address need not wait.
    """
    stamps = PageStamps(services.settings.key_ring("page-stamps"))
    return before if stamps.is_ripe(before, now) else stamps.stamp(now)


def ask_for_place(visit: Visit[Services], email: str, stamp: str, admission_periods: AdmissionPeriods) -> str:
    """Have a code mailed to a normalised address. Return the signed request that the browser carries until then.

    Raises `PageUnripe`, `AdmissionClosed`, `CodesAskedTooOften`: never depending on the address.
    """
    if not PageStamps(visit.services.settings.key_ring("page-stamps")).is_ripe(stamp, admission_periods.now):
        raise PageUnripe
    if not admission_periods.is_open:
        raise AdmissionClosed
    return ask(visit, "email", email, admission_periods.season)


def answer_bot(visit: Visit[Services]) -> str:
    """Answer a bot as if its request had been accepted. Only a record is written."""
    visit.record("admission_trapped", address=visit.client.address)
    return sign_code_request(visit.services.settings.key_ring("questions"), CodeRequest("email", "", "", visit.now))
