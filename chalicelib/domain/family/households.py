"""The household behind an account: its guardians, where it lives, its pupils; as the administration's file tells it."""

import hashlib
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date
from typing import Final

from chalicelib.domain.text import fold
from chalicelib.values import frozen

_ADULT_AT: Final = 18  # years
_KEY_BYTES: Final = 4


@frozen
class Guardian:
    """An adult who answers for the pupils, or an adult pupil; `email` is normalised, both are empty where unknown.

    `address`: its own postal address, where it is not the family's. `login`: the identifier of its own login.
    """

    name: str
    email: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    login: str = ""


@frozen
class Course:
    """What a pupil learns this year, and where it goes for that: `slot` is « mercredi 14 h 30 - 15 h 15 »."""

    discipline: str
    level: str = ""
    teacher: str = ""
    slot: str = field(default="", repr=False)
    place: str = field(default="", repr=False)


@frozen
class Pupil:
    """Somebody who takes lessons."""

    name: str
    born_on: date | None = field(default=None, repr=False)
    courses: tuple[Course, ...] = ()

    def is_adult(self, today: date) -> bool:
        """Whether the pupil is of age; one of an unknown birth date is not."""
        return self.born_on is not None and is_adult_on(today, self.born_on)


@frozen
class Household:
    """Everybody of one account, its postal address, line by line, the town last, and who pays, where that is told."""

    guardians: tuple[Guardian, ...] = ()
    address: tuple[str, ...] = field(default=(), repr=False)
    pupils: tuple[Pupil, ...] = ()
    payer: str = field(default="", repr=False)

    @property
    def pupils_by_key(self) -> dict[str, Pupil]:
        """The pupils by the keys that name them in an address of a page; two that would share one are numbered."""
        found: dict[str, Pupil] = {}
        for pupil in self.pupils:
            key = pupil_key(pupil)
            alike = sum(known.partition("-")[0] == key for known in found)
            found[f"{key}-{alike + 1}" if alike else key] = pupil
        return found


def is_adult_on(today: date, born_on: date) -> bool:
    """Whether who was born on a day is of age."""
    birthday_to_come = (today.month, today.day) < (born_on.month, born_on.day)
    return today.year - born_on.year - birthday_to_come >= _ADULT_AT


def pupil_key(pupil: Pupil) -> str:
    """Name a pupil within its household by 8 hexadecimal digits, however its name is spelt."""
    return hashlib.blake2b(f"{fold(pupil.name)}\t{pupil.born_on}".encode(), digest_size=_KEY_BYTES).hexdigest()


def first_name(name: str) -> str:
    """Find the first name in a whole one: « Zélie Rossignol », « ROSSIGNOL Zélie », « Jean Pierre ROSSIGNOL »."""
    words = name.split()
    given = [word for word in words if not word.isupper()]
    return " ".join(given) if 0 < len(given) < len(words) else "".join(words[:1])


def merge_pupils(pupils: Iterable[Pupil]) -> tuple[Pupil, ...]:
    """Make one pupil, with all courses, of each that is listed several times: the same name and birth date."""
    found: dict[tuple[str, date | None], Pupil] = {}
    for pupil in pupils:
        key = fold(pupil.name), pupil.born_on
        known = found.setdefault(key, pupil)
        added = () if known is pupil else tuple(course for course in pupil.courses if course not in known.courses)
        if added:
            found[key] = replace(known, courses=known.courses + added)
    return tuple(found.values())
