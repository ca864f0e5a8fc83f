"""Mailed codes, compared with the typed one and made for a mail: families' and applicants', each in their table."""

from datetime import datetime

from chalicelib.domain.account.email_proof import code_from, new_code
from chalicelib.domain.account.mailed_codes import TRIES, Code, CodeUsedUp, digest
from chalicelib.domain.refusals import FieldsRefused, SlowedDown
from chalicelib.services.family import Services, Visit
from chalicelib.stores.mailed_codes import Codes, tries_at


def match_code(visit: Visit[Services], codes: Codes, name: str, until: datetime, text: str) -> Code | None:
    """Return the code of a request, by its name, if it was typed. None alike for a wrong code and without a code.

    Each of the five tries is counted by a write before the code is compared. Raises `FieldsRefused` if it is no code,
    and `CodeUsedUp`.
    """
    code = code_from(text)
    if not code:
        raise FieldsRefused({"code": ("code_missing",)})
    if visit.now >= until:
        raise CodeUsedUp
    try:
        codes.tries.reserve(tries_at(name), TRIES, visit.now)
    except SlowedDown:
        raise CodeUsedUp from None
    record = codes.find(name)
    is_right = record and record.opens(digest(visit.services.record.pseudonyms, record, code), visit.now)
    return record if is_right else None


def store_new_code(services: Services, codes: Codes, empty: Code) -> str:
    """Store the digest of a new code, about to be mailed. Empty if enough were mailed for its request, or one used."""
    code = new_code()
    return code if codes.add_digest(empty, digest(services.record.pseudonyms, empty, code)) else ""
