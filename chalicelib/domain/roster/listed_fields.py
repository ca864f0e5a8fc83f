"""The fields of a family in the yearly file, their columns, and the values that stay for want of a column."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final, Literal

from chalicelib.domain.family.households import Course, Pupil, pupil_key
from chalicelib.domain.text import fold

ListedField = Literal[
    "name", "written", "emails", "guardians", "address", "pupils", "telephones", "payer", "guardian_addresses"
]
TELEPHONE_WORDS: Final = ("mobile", "telephone")
ADDRESS_WORDS: Final = ("guardian_address", "guardian_postcode", "guardian_town", "guardian_country")
PUPIL_WORDS: Final = ("pupil_first", "pupil", "born_on")
COURSE_WORDS: Final = ("discipline", "level", "teacher", "day", "time", "place", "room")
# A field is listed if the file has one of these columns.
COLUMNS: Final[Mapping[ListedField, tuple[str, ...]]] = {
    "name": ("name",),
    "written": ("identifier",),
    "emails": ("email",),
    "guardians": ("guardian", "guardian_first"),
    "address": ("address", "postcode", "town", "country"),
    "pupils": ("pupil", "pupil_first"),
    "telephones": TELEPHONE_WORDS,
    "payer": ("payer",),
    "guardian_addresses": ADDRESS_WORDS,
}
_BESIDE: Final[Mapping[ListedField, tuple[str, ...]]] = {"guardians": ("guardian_title",)}
# The columns of each part of a course. Two are joined into one text.
_PARTS: Final = {
    "discipline": ("discipline",),
    "level": ("level",),
    "teacher": ("teacher",),
    "slot": ("day", "time"),
    "place": ("place", "room"),
}
_JOINED_BY: Final = {"slot": " ", "place": ", "}
NOTED: Final = "columns"  # in `imported`: the columns that gave a value, last time that the file had them


def lost_words(imported: Mapping[str, str], absent: Collection[str]) -> frozenset[str]:
    """List the absent columns that gave the account a value.

    Of an account from before they were noted, the absent ones of pupils and courses, without one half of a joined text.
    """
    if NOTED in imported:
        return frozenset(imported[NOTED].split()).intersection(absent)
    halves = {word for words in _PARTS.values() if not set(words) <= set(absent) for word in words}
    return frozenset(absent).intersection(("born_on", *COURSE_WORDS)) - halves


def partial_fields(
    lost: frozenset[str], listed: tuple[Pupil, ...], on_file: tuple[Pupil, ...]
) -> frozenset[ListedField]:
    """List the fields that cannot be composed without the lost columns.

    Pupils are among them if only birth dates identify them, all fields of guardians if a part of their names is lost.
    """
    composed = {what for what, words in COLUMNS.items() if not lost.isdisjoint((*words, *_BESIDE.get(what, ())))}
    if loses_guardians(lost):
        composed |= {"telephones", "guardian_addresses"}
    is_unclear = any(sum(_is_same(pupil, own, lost) for own in on_file) > 1 for pupil in listed) or any(
        own.key and not any(_is_same(pupil, own, lost) for pupil in listed) for own in on_file
    )
    return frozenset(composed | ({"pupils"} if "born_on" in lost and is_unclear else set()))


def loses_guardians(lost: frozenset[str]) -> bool:
    """Whether a row no longer identifies its guardians, as a column of their names is lost."""
    return not lost.isdisjoint(COLUMNS["guardians"])


def with_lost_values(listed: tuple[Pupil, ...], on_file: Iterable[Pupil], lost: frozenset[str]) -> tuple[Pupil, ...]:
    """Complete the file's pupils with the birth dates and parts of courses that only lost columns would give."""
    if lost.isdisjoint(("born_on", *COURSE_WORDS)):
        return listed
    pupils = []
    for pupil in listed:
        alike = [own for own in on_file if _is_same(pupil, own, lost)]
        pupils.append(_complete(pupil, alike[0], lost) if len(alike) == 1 else pupil)
    return tuple(pupils)


def _is_same(pupil: Pupil, own: Pupil, lost: frozenset[str]) -> bool:
    dated = replace(pupil, born_on=own.born_on) if "born_on" in lost else pupil
    return pupil_key(dated) in {pupil_key(own), pupil_key(replace(own, key=""))}


def _complete(pupil: Pupil, own: Pupil, lost: frozenset[str]) -> Pupil:
    born_on = own.born_on if "born_on" in lost else pupil.born_on
    return replace(pupil, born_on=born_on, courses=_courses(pupil.courses, own.courses, lost))


def _courses(listed: tuple[Course, ...], on_file: tuple[Course, ...], lost: frozenset[str]) -> tuple[Course, ...]:
    """Keep the courses that the file repeats or cannot list. Complete a changed one from that of its discipline."""
    if lost.isdisjoint(COURSE_WORDS):
        return listed
    repeated = tuple(own for own in on_file if any(_repeats(course, own, lost) for course in (*listed, Course(""))))
    left = [own for own in on_file if own not in repeated]
    new = (course for course in listed if not any(_repeats(course, own, lost) for own in repeated))
    return (*repeated, *(_completed(course, left, lost) for course in new))


def _repeats(course: Course, own: Course, lost: frozenset[str]) -> bool:
    return all(_is_part(part, getattr(course, part), getattr(own, part), lost) for part in _PARTS)


def _is_part(part: str, listed: str, own: str, lost: frozenset[str]) -> bool:
    """Whether a text of the file is ours, or the half of ours that it has a column for."""
    words = _PARTS[part]
    if lost.isdisjoint(words) or lost.issuperset(words):
        return listed == own or words[-1] in lost
    joint = _JOINED_BY[part]
    is_half = own.endswith(f"{joint}{listed}") if words[0] in lost else own.startswith(f"{listed}{joint}")
    return is_half or listed in {"", own}


def _completed(course: Course, left: list[Course], lost: frozenset[str]) -> Course:
    alike = [own for own in left if fold(own.discipline) == fold(course.discipline)]
    if len(alike) != 1:
        return course
    values = {part: getattr(alike[0], part) for part, words in _PARTS.items() if lost.issuperset(words)}
    day, hours = split_slot(alike[0].slot)
    slots = {frozenset({"day"}): f"{day} {course.slot}", frozenset({"time"}): f"{course.slot} {hours}"}
    slot = slots.get(lost & {"day", "time"}, course.slot).strip() if course.slot else ""
    return replace(course, **({"slot": slot} | values))


def split_slot(slot: str) -> tuple[str, str]:
    """Split a slot into its day and its hours: « mercredi », « 14 h 30 »."""
    day = re.sub(r"\d.*", "", slot)
    return day.strip(), slot.removeprefix(day)
