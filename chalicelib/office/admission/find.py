"""One request by the number of its receipt, and how the audit trail and the command line name it."""

import hashlib
import re
from collections.abc import Collection
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.admission.applications import Application, ApplicationRef
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.mail.admission_jobs import tracked_as
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.admission import admission_stores
from chalicelib.services.family import Services

_NUMBER: Final = re.compile(r"P\d\d(-[A-Z0-9]{4}){2}")


def audited_as(ref: ApplicationRef) -> AccountRef:
    """Name a request in the audit trail, as its mails do: by its mailbox's pseudonym, at no site."""
    return tracked_as(ref)


def is_number(typed: str) -> bool:
    """Whether what is typed is the number of a request, however it is spelt."""
    return bool(_NUMBER.fullmatch(number_from(typed)))


def find_request(services: Services, typed: str) -> Application:
    """Find the request that was sent under a number, however it is spelt. Raises `OfficeRefusal`."""
    number = number_from(typed)
    if not is_number(typed):
        raise OfficeRefusal("request_number", typed=typed)
    found = admission_stores(services).applications.find_by_number(number)
    if found is None:
        raise OfficeRefusal("request_unknown", number=number)
    return found


def is_at(application: Application, sites: Collection[str]) -> bool:
    """Whether a request that was sent wishes for one of some sites."""
    candidates = application.sent.answers.candidates if application.sent else ()
    return any(wish.site in sites for candidate in candidates for wish in candidate.wishes)


def version_of(application: Application) -> str:
    """Name what was sent last, by four signs that somebody may type: what was read is what is decided of."""
    moment = application.sent.at.isoformat() if application.sent else ""
    return hashlib.blake2b(moment.encode(), digest_size=2).hexdigest()
