"""A quick test whether an account may look like an application, from its summary: a page runs it on thousands.

It may give false positives. Whole accounts are compared by their traits (`look_alikes`).
"""

import re
from dataclasses import field

from chalicelib.domain.admission.applications import Application
from chalicelib.domain.admission.look_alikes import address_key, mailbox_key, telephones_in, telling_words
from chalicelib.domain.search.account_summary import AccountSummary
from chalicelib.domain.text import fold
from chalicelib.values import frozen

_LAST_DIGITS = 8  # of a telephone number, without its prefix


@frozen
class RequestLikeness:
    """The data searched for in summaries: a mailbox, ends of numbers, birth dates, and two words of the address."""

    mailbox: str = field(repr=False)
    telephones: frozenset[str] = field(repr=False)
    births: frozenset[str] = field(repr=False)
    address: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, application: Application) -> "RequestLikeness":
        """Extract the data to search for from an application."""
        answers = application.sent.answers if application.sent else application.answers
        return cls(
            mailbox_key(application.email),
            frozenset(number[-_LAST_DIGITS:] for number in telephones_in(answers.telephone)),
            frozenset(one.born_on.isoformat() for one in answers.candidates if one.born_on),
            telling_words(address_key(answers.address)),
        )

    def may_be(self, family: AccountSummary) -> bool:
        """Whether a family may look like the application."""
        return (
            any(pupil.born_on in self.births for pupil in family.pupils)
            or any(mailbox_key(email) == self.mailbox for email in family.emails)
            or any(self._has_number(telephone) for telephone in family.telephones)
            or self._has_address(fold(family.address))
        )

    def _has_address(self, folded: str) -> bool:
        return bool(self.address) and all(word in folded for word in self.address)

    def _has_number(self, telephone: str) -> bool:
        digits = re.sub(r"\D", "", telephone)
        return any(number in digits for number in self.telephones)
