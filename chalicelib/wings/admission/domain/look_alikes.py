"""Look-alikes: a mailbox, child, telephone or postal address shared by two applications, or by one and an account.

They decide nothing. A secretary checks: a block of flats has one address, and twins one telephone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.identifiers import email_from, mailbox_key
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.domain.search.summaries import AccountSummary
from chalicelib.domain.text import fold
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application

Sign = Literal["email", "child", "telephone", "address"]
Owner = str | AccountRef  # an application by its number, or an account

_FEWEST_DIGITS: Final = 8  # digits: an unparsed text with this many may still be a telephone number
_POSTCODE: Final = re.compile(r"\b\d{5}\b")
_SHORT_WORDS: Final = {
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "boul": "boulevard",
    "all": "allee",
    "pl": "place",
    "imp": "impasse",
    "ch": "chemin",
    "chem": "chemin",
    "rte": "route",
    "sq": "square",
    "r": "rue",
    "fg": "faubourg",
    "fbg": "faubourg",
    "res": "residence",
    "st": "saint",
    "ste": "sainte",
    "dr": "docteur",
}
_LONG_WORDS: Final = frozenset(_SHORT_WORDS.values())


@frozen
class Traits:
    """The comparable data of an application or account, normalised across spellings.

    `signs`: kind, value, and the candidate's key for a child of an application.
    """

    owner: Owner
    name: str = field(repr=False)
    signs: tuple[tuple[Sign, str, str], ...] = field(repr=False)


@frozen
class LookAlike:
    """Another application, or an account, that shares data with an application. `key`: of the shared child."""

    sign: Sign
    owner: Owner
    name: str = field(repr=False)
    key: str = ""


class LookAlikes:
    """Finds data that applications share with each other, and with accounts read one by one. Only matches are kept."""

    def __init__(self, applications: Iterable[Traits]) -> None:
        self._holders: dict[tuple[Sign, str], list[tuple[Traits, str]]] = defaultdict(list)
        for traits in applications:
            for sign, value, key in traits.signs:
                self._holders[sign, value].append((traits, key))
        self._accounts: dict[tuple[Sign, str], list[Traits]] = defaultdict(list)

    def compare(self, account: Traits) -> None:
        """Compare an account with every application."""
        for sign, value, _ in account.signs:
            if (sign, value) in self._holders:
                self._accounts[sign, value].append(account)

    def of(self, traits: Traits) -> tuple[LookAlike, ...]:
        """List the look-alikes of an application: other applications first, then accounts."""
        return tuple(dict.fromkeys(self._found(traits)))

    def _found(self, traits: Traits) -> Iterator[LookAlike]:
        for sign, value, key in traits.signs:
            other_holders = [other for other, _ in self._holders.get((sign, value), ()) if other.owner != traits.owner]
            for holder in (*other_holders, *self._accounts.get((sign, value), ())):
                yield LookAlike(sign, holder.owner, holder.name, key)


def traits_of_application(application: Application) -> Traits | None:
    """Extract the comparable data of a sent application. None if it was never sent."""
    if application.sent is None:
        return None
    answers = application.sent.answers
    signs = [
        *_signs("email", [mailbox_key(email_from(application.email))]),
        *_signs("telephone", telephones_in(answers.telephone)),
        *_signs("address", (address_key(answers.address),)),
        *((*sign[:2], one.key) for one in answers.candidates for sign in _child(one.name, one.born_on)),
    ]
    return Traits(application.number, answers.guardian, tuple(signs))


def traits_of_account(account: Account) -> Traits:
    """Extract the comparable data of an account."""
    household = account.household
    telephones = (number for guardian in household.guardians for number in telephones_in(guardian.telephone))
    addresses = (household.address, *(guardian.address for guardian in household.guardians))
    signs = [
        *_signs("email", map(mailbox_key, map(email_from, account.emails))),
        *_signs("telephone", telephones),
        *_signs("address", map(address_key, addresses)),
        *(sign for pupil in household.pupils for sign in _child(pupil.name, pupil.born_on)),
    ]
    return Traits(account.ref, account.name, tuple(dict.fromkeys(signs)))


def child_key(name: str, born_on: date) -> str:
    """Normalise a child to their sorted name words and birth date: « GEAI Alba » is « Alba Geai »."""
    return f"{' '.join(sorted(fold(name).split()))} {born_on.isoformat()}"


def telephones_in(text: str) -> tuple[str, ...]:
    """Parse the telephone numbers of a cell to digits: « +33 6 99 00 20 01 » is « 06.99.00.20.01 »."""
    digits = (re.sub(r"\D", "", number) for number in (telephone_from(text) or text).split(" / "))
    return tuple(number.removeprefix("00") for number in digits if len(number) >= _FEWEST_DIGITS)


def address_key(lines: tuple[str, ...]) -> str:
    """Normalise an address to street and postcode: « 4, av. du Lac » at 91000 is « 4 avenue du lac » there.

    The street is the last line before the town that starts with a number, or else the last one.
    """
    *before, town = lines or ("",)
    numbered_lines = [line for line in before if line[:1].isdigit()]
    street = (numbered_lines or before or [""])[-1]
    words = " ".join(_SHORT_WORDS.get(word, word) for word in fold(street).split())
    postcode = _POSTCODE.search(town)
    return f"{postcode[0] if postcode else fold(town)} {words}" if words else ""


def distinctive_words(key: str) -> tuple[str, ...]:
    """Choose the rare and stable words of an address key: its postcode and its longest word."""
    postcode, *other_words = key.split() or [""]
    longest = max((word for word in other_words if word not in _LONG_WORDS), key=len, default="")
    return tuple(filter(None, (postcode, longest)))


def _child(name: str, born_on: date | None) -> tuple[tuple[Sign, str, str], ...]:
    return (("child", child_key(name, born_on), ""),) if born_on and fold(name) else ()


def _signs(sign: Sign, values: Iterable[str]) -> Iterator[tuple[Sign, str, str]]:
    yield from ((sign, value, "") for value in values if value)


_LAST_DIGITS = 8  # of a telephone number, without its prefix


@frozen
class ApplicationLikeness:
    """The data searched for in summaries: a mailbox, ends of numbers, birth dates, and two words of the address."""

    mailbox: str = field(repr=False)
    telephones: frozenset[str] = field(repr=False)
    births: frozenset[str] = field(repr=False)
    address: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, application: Application) -> "ApplicationLikeness":
        """Extract the data to search for from an application."""
        answers = application.sent.answers if application.sent else application.answers
        return cls(
            mailbox_key(email_from(application.email)),
            frozenset(number[-_LAST_DIGITS:] for number in telephones_in(answers.telephone)),
            frozenset(one.born_on.isoformat() for one in answers.candidates if one.born_on),
            distinctive_words(address_key(answers.address)),
        )

    def may_be(self, family: AccountSummary) -> bool:
        """Whether a family may look like the application."""
        return (
            any(pupil.born_on in self.births for pupil in family.pupils)
            or any(mailbox_key(email_from(email)) == self.mailbox for email in family.emails)
            or any(self._has_number(telephone) for telephone in family.telephones)
            or self._has_address(fold(family.address))
        )

    def _has_address(self, folded_text: str) -> bool:
        return bool(self.address) and all(word in folded_text for word in self.address)

    def _has_number(self, telephone: str) -> bool:
        digits = re.sub(r"\D", "", telephone)
        return any(number in digits for number in self.telephones)


def look_alikes(applications: Iterable[Application], accounts: Iterable[Account]) -> LookAlikes:
    """Compare applications with one another, and with accounts."""
    matches = LookAlikes(filter(None, map(traits_of_application, applications)))
    for account in accounts:
        matches.compare(traits_of_account(account))
    return matches
