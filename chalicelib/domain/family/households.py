"""The household of an account, from the administration's file: guardians, address, pupils."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import date
from typing import Final

from chalicelib.domain.text import fold
from chalicelib.values import frozen

_ADULT_AT: Final = 18  # years
_KEY_BYTES: Final = 4


@frozen
class Guardian:
    """An adult responsible for pupils, or an adult pupil. `email` is normalised. Unknown values are empty.

    `address`: their own postal address, if it is not the family's. `login`: the identifier of their own login.
    `is_added`: by the office, and not in a yearly file yet.
    """

    name: str
    email: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    login: str = ""
    is_added: bool = False


@frozen
class Course:
    """A course of a pupil this year. `slot`: as « mercredi 14 h 30 - 15 h 15 »."""

    discipline: str
    level: str = ""
    teacher: str = ""
    slot: str = field(default="", repr=False)
    place: str = field(default="", repr=False)


@frozen
class Pupil:
    """A person who takes lessons. `key`: their key before the office corrected their name or birth date.

    `is_added`: by the office, and not in a yearly file yet.
    """

    name: str
    born_on: date | None = field(default=None, repr=False)
    courses: tuple[Course, ...] = ()
    key: str = field(default="", compare=False)
    is_added: bool = False

    def is_adult(self, today: date) -> bool:
        """Whether the pupil is an adult. False for an unknown birth date."""
        return self.born_on is not None and is_adult_on(today, self.born_on)


@frozen
class Household:
    """The people of one account, its postal address, line by line, town last, and its payer if known."""

    guardians: tuple[Guardian, ...] = ()
    address: tuple[str, ...] = field(default=(), repr=False)
    pupils: tuple[Pupil, ...] = ()
    payer: str = field(default="", repr=False)

    @property
    def pupils_by_key(self) -> dict[str, Pupil]:
        """The pupils by their keys in URLs. Equal keys are numbered."""
        pupils: dict[str, Pupil] = {}
        for pupil in self.pupils:
            key = pupil_key(pupil)
            alike = sum(known.partition("-")[0] == key for known in pupils)
            pupils[f"{key}-{alike + 1}" if alike else key] = pupil
        return pupils


@frozen
class PupilRef:
    """The key of a pupil at a site: their family's identifier, and their key in the household (`pupil_key`)."""

    identifier: str = field(repr=False)
    key: str

    @property
    def name(self) -> str:
        """Its serialised form, unique at a site. No identifier has a tab."""
        return f"{self.identifier}\t{self.key}"

    def of_family(self, old: str, new: str) -> "PupilRef":
        """Return the pupil's key in the account that a merged family has become."""
        return replace(self, identifier=new) if self.identifier == old else self

    @classmethod
    def parse(cls, name: str) -> "PupilRef":
        """Parse the serialised form."""
        identifier, _, key = name.rpartition("\t")
        return cls(identifier, key)


def is_adult_on(today: date, born_on: date) -> bool:
    """Whether a person born on a day is an adult today."""
    birthday_to_come = (today.month, today.day) < (born_on.month, born_on.day)
    return today.year - born_on.year - birthday_to_come >= _ADULT_AT


def pupil_key(pupil: Pupil) -> str:
    """Make a pupil's key in their household: 8 hexadecimal digits, the same for all spellings of its name.

    A correction by the office keeps the key, and with it the pupil's re-enrolment, documents and lessons.
    """
    words = f"{fold(pupil.name)}\t{pupil.born_on}"
    return pupil.key or hashlib.blake2b(words.encode(), digest_size=_KEY_BYTES).hexdigest()


def keep_corrections(pupils: Iterable[Pupil], on_file: Iterable[Pupil]) -> tuple[Pupil, ...]:
    """Keep the office's corrections of the pupils that a file lists as before them, or as corrected.

    Courses are the file's. So is a pupil whom it lists with a third name or birth date. A pupil whom the office added
    stays until it lists them.
    """
    before = tuple(on_file)
    by_key = {key: pupil for pupil in before if pupil.key for key in (pupil.key, pupil_key(replace(pupil, key="")))}
    pairs = ((pupil, by_key.get(pupil_key(pupil))) for pupil in pupils)
    pupils_kept = (replace(own, courses=pupil.courses, is_added=False) if own else pupil for pupil, own in pairs)
    listed_pupils = merge_pupils(pupils_kept)
    keys = set(map(pupil_key, listed_pupils))
    return (*listed_pupils, *(own for own in before if own.is_added and pupil_key(own) not in keys))


def count_as_listed(pupils: Iterable[Pupil], on_file: Iterable[Pupil]) -> tuple[Pupil, ...]:
    """Return the pupils on file. Those that a file lists no longer count as added by the office."""
    keys = set(map(pupil_key, pupils))
    return tuple(
        replace(pupil, is_added=pupil.is_added and keys.isdisjoint({pupil.key, pupil_key(replace(pupil, key=""))}))
        for pupil in on_file
    )


def first_name(name: str) -> str:
    """Extract the first name from a full name: « Zélie Rossignol », « ROSSIGNOL Zélie », « Jean Pierre ROSSIGNOL »."""
    words = name.split()
    given_names = [word for word in words if not word.isupper()]
    return " ".join(given_names) if 0 < len(given_names) < len(words) else "".join(words[:1])


def merge_pupils(pupils: Iterable[Pupil]) -> tuple[Pupil, ...]:
    """Merge pupils of the same name and birth date into one with all their courses."""
    by_person: dict[tuple[str, date | None], Pupil] = {}
    for pupil in pupils:
        key = fold(pupil.name), pupil.born_on
        first = by_person.setdefault(key, pupil)
        new_courses = () if first is pupil else tuple(course for course in pupil.courses if course not in first.courses)
        if new_courses:
            by_person[key] = replace(first, courses=first.courses + new_courses)
    return tuple(by_person.values())


def given_names(pupils: Iterable[Pupil], family: str) -> tuple[str, ...]:
    """List the distinct first names of a family's pupils, or the whole name if ambiguous."""
    return tuple(dict.fromkeys(_given_name(pupil.name, family) for pupil in pupils))


def _given_name(name: str, family: str) -> str:
    return " ".join(_given_words(name.split(), fold(family).split())) or name


def _given_words(words: list[str], of_family: list[str]) -> Iterator[str]:
    """Skip the words of the family name, and capitals in a name with other words: « MERLE Léo »."""
    is_mixed = not all(map(str.isupper, words))
    for word in words:
        is_own = any(part in of_family for part in fold(word).split())
        if not is_own and not (is_mixed and word.isupper() and len(word) > 1):
            yield word
