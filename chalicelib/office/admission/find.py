"""One request as it is named on the telephone: by the number of its receipt; and which of its candidates are meant."""

import hashlib
import re
from collections.abc import Collection, Iterable
from typing import Final

from chalicelib.admission_services import admission_stores
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.admission.applications import OVER, Application, ApplicationRef, Candidate
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.text import fold
from chalicelib.mail.admission_jobs import tracked_as
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services import Services

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


def candidates_meant(
    application: Application, names: tuple[str, ...], *, everybody: bool, over: bool = False
) -> tuple[Candidate, ...]:
    """Find the candidates meant, by what one says of their names, or all that are open. Raises `OfficeRefusal`.

    The only one of a request need not be named. `over`: where none is open, those of which all is over.
    """
    known = application.sent.answers.candidates if application.sent else ()
    if names:
        return tuple(dict.fromkeys(_find_by_name(known, name) for name in names))
    if not everybody and len(known) > 1:
        raise OfficeRefusal("request_which", names=_names(known))
    still = tuple(one for one in known if application.state(one.key) not in OVER)
    meant = still or (known if over or len(known) == 1 else ())
    if not meant:
        raise OfficeRefusal("request_all_over")
    return meant


def _find_by_name(candidates: Iterable[Candidate], name: str) -> Candidate:
    wanted = fold(name)
    whole = [one for one in candidates if fold(one.name) == wanted]
    found = whole or [one for one in candidates if set(wanted.split()) <= set(fold(one.name).split())]
    if not found or not wanted:
        raise OfficeRefusal("request_pupil_unknown", name=name, names=_names(candidates))
    if len(found) > 1:
        raise OfficeRefusal("request_pupil_unsure", name=name, names=_names(found))
    return found[0]


def _names(candidates: Iterable[Candidate]) -> str:
    return ", ".join(one.name for one in candidates) or "aucun"
