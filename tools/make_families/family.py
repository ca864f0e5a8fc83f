"""One fictitious family: the same from the same seed and number; and what becomes of it a year later."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final, Literal

from tools.make_families import names

Fate = Literal["stays", "goes", "moves", "changes"]

_DOMAINS: Final = ("example.org", "example.fr")
_OF_A_CENT: Final[dict[Fate, int]] = {"goes": 12, "moves": 2, "changes": 6}
_SEPTEMBER: Final = date(2026, 9, 1)
_FIRST_IDENTIFIER: Final = 10001
_ADULT_OF: Final = 15  # one family in so many


@dataclass(frozen=True)
class Guardian:
    """An adult, and how to reach him or her."""

    name: str
    email: str
    telephone: str = ""


@dataclass(frozen=True)
class Course:
    """What a pupil learns."""

    discipline: str
    level: str
    teacher: str = ""
    day: str = ""
    time: str = ""
    place: str = ""


@dataclass(frozen=True)
class Pupil:
    """A child, now and then an adult, born on a day as a French spreadsheet writes it."""

    name: str
    born_on: str
    courses: tuple[Course, ...]


@dataclass(frozen=True)
class Family:
    """What the file tells of one."""

    site: str
    identifier: str
    name: str
    guardians: tuple[Guardian, ...]
    address: tuple[str, str]
    postcode: str
    town: str
    pupils: tuple[Pupil, ...]
    payer: str = ""


def family(seed: int, number: int, sites: tuple[str, ...]) -> Family:
    """Make a family; its identifier begins like its site."""
    chance = Random(f"{seed}:{number}")  # noqa: S311 - the same each time is what is wanted
    last = names.surname(chance)
    site = chance.choice(sites)
    postcode, town = chance.choice(names.TOWNS)
    made = Family(
        site=site,
        identifier=f"{site.split('-')[-1][:3].upper()}{_FIRST_IDENTIFIER + number}",
        name=f"Famille {last}",
        guardians=tuple(_guardian(chance, last, number, place) for place in range(chance.choice((1, 1, 1, 2, 2)))),
        address=(names.street(chance), chance.choice(("", "", "", "Bâtiment C", "Résidence « Les Tilleuls »"))),
        postcode=postcode,
        town=town,
        pupils=tuple(_pupil(chance, last) for _ in range(chance.choice((1, 1, 1, 2, 2, 3)))),
    )
    return _told_whole(made, Random(f"{seed}:{number}:more"))  # noqa: S311 - as above


def fate(seed: int, number: int) -> Fate:
    """Tell what becomes of a family within the year."""
    throw = Random(f"{seed}:{number}:fate").randrange(100)  # noqa: S311 - as above
    for each, cents in _OF_A_CENT.items():
        if throw < cents:
            return each
        throw -= cents
    return "stays"


def a_year_later(made: Family, what: Fate, sites: tuple[str, ...]) -> Family:
    """Give what the next file says of a family that is still in it."""
    if what == "moves":
        others = [site for site in sites if site != made.site]
        return replace(made, site=others[len(made.name) % len(others)]) if others else made
    if what == "changes":
        first, *more = made.guardians
        mailbox, _, domain = first.email.partition("@")
        return replace(made, guardians=(replace(first, email=f"{mailbox}.nouvelle@{domain}"), *more))
    return made


def _guardian(chance: Random, last: str, number: int, place: int) -> Guardian:
    title, first_names = chance.choice((("Mme", names.WOMEN), ("M.", names.MEN)))
    first = chance.choice(first_names)
    return Guardian(f"{title} {first} {last}", names.mailbox(first, last, 10 * number + place, chance.choice(_DOMAINS)))


def _pupil(chance: Random, last: str) -> Pupil:
    born = _SEPTEMBER - timedelta(days=chance.randint(5 * 365, 18 * 365))
    name = f"{chance.choice(names.WOMEN + names.MEN)} {last}"
    return Pupil(name, f"{born:%d/%m/%Y}", (Course(chance.choice(names.DISCIPLINES), chance.choice(names.LEVELS)),))


def _told_whole(made: Family, chance: Random) -> Family:
    """Give telephones, the payer now and then, who teaches whom when and where; an adult pupil now and then."""
    guardians = tuple(replace(each, telephone=names.telephone(chance)) for each in made.guardians)
    first, *others = (
        replace(each, courses=tuple(_placed(course, chance) for course in each.courses)) for each in made.pupils
    )
    if chance.randrange(5) == 0:
        second = Course("Formation musicale", first.courses[0].level)
        first = replace(first, courses=(*first.courses, _placed(second, chance)))
    if chance.randrange(_ADULT_OF) == 0:
        born = _SEPTEMBER - timedelta(days=chance.randint(19 * 365, 70 * 365))
        first = replace(first, name=guardians[0].name.partition(" ")[2], born_on=f"{born:%d/%m/%Y}")
    payer = chance.choice(guardians).name if chance.randrange(4) == 0 else ""
    return replace(made, guardians=guardians, pupils=(first, *others), payer=payer)


def _placed(course: Course, chance: Random) -> Course:
    return replace(
        course,
        teacher=names.teacher(chance),
        day=chance.choice(names.DAYS),
        time=names.hours(chance),
        place=chance.choice(names.PLACES),
    )
