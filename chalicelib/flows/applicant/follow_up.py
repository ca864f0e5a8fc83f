"""« Où en est ma demande »: a code goes to the address of a request, asked for by its receipt's number or by itself."""

import re
from datetime import datetime
from typing import Final

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.applicant.entry import read_opening
from chalicelib.flows.applicant.start import ask
from chalicelib.services.family import Client, Services

_NUMBER: Final = re.compile(r"[A-Z]\d{2}-[A-Z0-9]{4}-[A-Z0-9]{4}", re.ASCII)


def ask_where_it_stands(services: Services, typed: str, client: Client, now: datetime) -> str:
    """Have a code mailed to whoever sent a request, by its number or address; give what the browser carries until then.

    An address opens what is begun in the season, whatever the period; it begins nothing. Raises `FieldsRefused`,
    `QuestionsSlowedDown`: never for whether there is such an application.
    """
    if "@" in typed:
        return _ask_by_email(services, typed, client, now)
    number = number_from(typed)
    if not _NUMBER.fullmatch(number):
        raise FieldsRefused({"numero": ("number_malformed" if typed else "number_missing",)})
    return ask(services, "number", number, "", client, now)


def _ask_by_email(services: Services, typed: str, client: Client, now: datetime) -> str:
    email = email_from(typed)
    if not email or not email.isascii():
        raise FieldsRefused({"numero": ("email_not_ascii" if email else "email_malformed",)})
    return ask(services, "sender", email, read_opening(services, now).season, client, now)
