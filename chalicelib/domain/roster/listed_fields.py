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


def lost_words(digests: Mapping[str, str], absent: Collection[str]) -> frozenset[str]:
    """List the absent columns that gave the account a value.

    Of an account from before they were noted, the absent ones of pupils and courses, without one half of a joined text.
    """
    if NOTED in digests:
        return frozenset(digests[NOTED].split()).intersection(absent)
    halves = {word for words in _PARTS.values() if not set(words) <= set(absent) for word in words}
    return frozenset(absent).intersection(("born_on", *COURSE_WORDS)) - halves


def partial_fields(
    gaps: frozenset[str], pupils: tuple[Pupil, ...], on_file: tuple[Pupil, ...]
) -> frozenset[ListedField]:
    """List the fields that cannot be composed without the lost columns.

    Pupils are among them if only birth dates identify them, all fields of guardians if a part of their names is lost.
    """
    wholes = {what for what, words in COLUMNS.items() if not gaps.isdisjoint((*words, *_BESIDE.get(what, ())))}
    if loses_guardians(gaps):
        wholes |= {"telephones", "guardian_addresses"}
    is_unclear = any(sum(_is_same(pupil, own, gaps) for own in on_file) > 1 for pupil in pupils) or any(
        former.key and not any(_is_same(pupil, former, gaps) for pupil in pupils) for former in on_file
    )
    return frozenset(wholes | ({"pupils"} if "born_on" in gaps and is_unclear else set()))


def loses_guardians(gaps: frozenset[str]) -> bool:
    """Whether a row no longer identifies its guardians, as a column of their names is lost."""
    return not gaps.isdisjoint(COLUMNS["guardians"])


def with_lost_values(in_file: tuple[Pupil, ...], on_file: Iterable[Pupil], gaps: frozenset[str]) -> tuple[Pupil, ...]:
    """Complete the file's pupils with the birth dates and parts of courses that only lost columns would give."""
    if gaps.isdisjoint(("born_on", *COURSE_WORDS)):
        return in_file
    pupils = []
    for pupil in in_file:
        alike = [own for own in on_file if _is_same(pupil, own, gaps)]
        pupils.append(_complete(pupil, alike[0], gaps) if len(alike) == 1 else pupil)
    return tuple(pupils)


def _is_same(pupil: Pupil, former: Pupil, gaps: frozenset[str]) -> bool:
    same_day = replace(pupil, born_on=former.born_on) if "born_on" in gaps else pupil
    return pupil_key(same_day) in {pupil_key(former), pupil_key(replace(former, key=""))}


def _complete(pupil: Pupil, former: Pupil, gaps: frozenset[str]) -> Pupil:
    born_on = former.born_on if "born_on" in gaps else pupil.born_on
    return replace(pupil, born_on=born_on, courses=_courses(pupil.courses, former.courses, gaps))


def _courses(courses: tuple[Course, ...], on_file: tuple[Course, ...], gaps: frozenset[str]) -> tuple[Course, ...]:
    """Keep the courses that the file repeats or cannot list. Complete a changed one from that of its discipline."""
    if gaps.isdisjoint(COURSE_WORDS):
        return courses
    repeats = tuple(own for own in on_file if any(_repeats(course, own, gaps) for course in (*courses, Course(""))))
    rest = [own for own in on_file if own not in repeats]
    new = (course for course in courses if not any(_repeats(course, own, gaps) for own in repeats))
    return (*repeats, *(_completed(course, rest, gaps) for course in new))


def _repeats(course: Course, former: Course, gaps: frozenset[str]) -> bool:
    return all(_is_part(part, getattr(course, part), getattr(former, part), gaps) for part in _PARTS)


def _is_part(part: str, text: str, whole: str, gaps: frozenset[str]) -> bool:
    """Whether a text of the file is ours, or the half of ours that it has a column for."""
    words = _PARTS[part]
    if gaps.isdisjoint(words) or gaps.issuperset(words):
        return text == whole or words[-1] in gaps
    joint = _JOINED_BY[part]
    is_half = whole.endswith(f"{joint}{text}") if words[0] in gaps else whole.startswith(f"{text}{joint}")
    return is_half or text in {"", whole}


def _completed(course: Course, rest: list[Course], gaps: frozenset[str]) -> Course:
    alike = [own for own in rest if fold(own.discipline) == fold(course.discipline)]
    if len(alike) != 1:
        return course
    values = {part: getattr(alike[0], part) for part, words in _PARTS.items() if gaps.issuperset(words)}
    day, hours = split_slot(alike[0].slot)
    slots = {frozenset({"day"}): f"{day} {course.slot}", frozenset({"time"}): f"{course.slot} {hours}"}
    slot = slots.get(gaps & {"day", "time"}, course.slot).strip() if course.slot else ""
    return replace(course, **({"slot": slot} | values))


def split_slot(slot: str) -> tuple[str, str]:
    """Split a slot into its day and its hours: « mercredi », « 14 h 30 »."""
    day = re.sub(r"\d.*", "", slot)
    return day.strip(), slot.removeprefix(day)
