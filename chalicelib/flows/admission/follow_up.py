"""« Où en est ma demande »: a receipt's number is asked for, and a code goes to the address of its application."""

import re
from datetime import datetime
from typing import Final

from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.flows.admission.start import ask
from chalicelib.services import Client, Services

_NUMBER: Final = re.compile(r"[A-Z]\d{2}-[A-Z0-9]{4}-[A-Z0-9]{4}", re.ASCII)


def ask_where_it_stands(services: Services, typed: str, client: Client, now: datetime) -> str:
    """Have a code mailed to whoever sent the application of this number; give what the browser carries until then.

    Raises `FieldsRefused`, `QuestionsSlowedDown`: never for whether there is such an application.
    """
    number = number_from(typed)
    if not _NUMBER.fullmatch(number):
        raise FieldsRefused({"numero": ("number_malformed" if typed else "number_missing",)})
    return ask(services, "number", number, "", client, now)
