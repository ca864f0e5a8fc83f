"""Pairing of the yearly file's guardians with those on file, so that no value goes to the wrong guardian."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from chalicelib.domain.family.households import Guardian
from chalicelib.domain.text import fold
from chalicelib.values import frozen

Attribute = Literal["email", "telephone", "address"]
Sign = Literal["email", "telephone"]
Guardians = tuple[Guardian, ...]
_SIGNS: Final[tuple[Sign, ...]] = ("email", "telephone")


@frozen
class Pairing:
    """The file's guardians, those on file, and the place on file of each of the former, None if new."""

    listed: Guardians
    on_file: Guardians
    places: tuple[int | None, ...]

    @property
    def is_in_order(self) -> bool:
        """Whether the file lists the guardians on file, each at its place."""
        return self.places == tuple(range(len(self.on_file)))

    @property
    def unlisted(self) -> Guardians:
        """The guardians on file whom the file does not list, with their own login or added by the office. They stay."""
        pairs = enumerate(self.on_file)
        return tuple(own for place, own in pairs if (own.login or own.is_added) and place not in self.places)

    def merge(self, attributes: Collection[Attribute], emails: Collection[str], *, as_listed: bool) -> Guardians:
        """Merge the file's values into the guardians: all for new ones, those in `attributes` for others.

        `as_listed`: only the file's guardians, in its order. `emails`: the account's addresses, others are dropped.
        """

        def merged(name: str, row: Guardian | None, former: Guardian) -> Guardian:
            values = {attribute: getattr(row, attribute) for attribute in attributes} if row else {}
            after = replace(former, name=name, is_added=former.is_added and row is None, **values)
            candidates = (after.email, former.email, row.email if row else former.email)
            return replace(after, email=after.email and next((email for email in candidates if email in emails), ""))

        if as_listed:
            pairs = zip(self.listed, self.places, strict=True)
            people = (
                merged(guardian.name, guardian, guardian if place is None else self.on_file[place])
                for guardian, place in pairs
            )
            return (*people, *self.unlisted)
        by_place = {place: guardian for guardian, place in zip(self.listed, self.places, strict=True)}
        return tuple(merged(own.name, by_place.get(place), own) for place, own in enumerate(self.on_file))


def pair_guardians(in_file: Guardians, on_file: Guardians, repeats: Collection[Sign] = ()) -> Pairing:
    """Find the place on file of each listed guardian.

    By name if names differ. If names are equal, by an address or telephone that only one has, then by place. A renamed
    guardian is found by such a value. At the same place, also by a more or less complete name, or by a value that the
    file repeats since last time.
    """
    names, old_names = ([fold(guardian.name) for guardian in guardians] for guardians in (in_file, on_file))
    places: dict[int, int] = {}
    for name in dict.fromkeys(names):
        rows, alike = (
            [place for place, other in enumerate(all_names) if other == name] for all_names in (names, old_names)
        )
        if len(rows) > 1 or len(alike) > 1:
            places |= _by_sign(in_file, on_file, rows, alike)
        if len(rows) == len(alike):
            places |= zip(_free(rows, places), _free(alike, places.values()), strict=True)
    places |= _by_sign(
        in_file, on_file, _free(range(len(in_file)), places), _free(range(len(on_file)), places.values())
    )
    if len(in_file) == len(on_file):
        rows = [row for row in _free(range(len(in_file)), places) if row not in places.values()]
        places |= {row: row for row in rows if _is_renamed(in_file[row], on_file[row], repeats)}
    return Pairing(in_file, on_file, tuple(places.get(row) for row in range(len(in_file))))


def _free(places: Sequence[int], used_places: Collection[int]) -> list[int]:
    return [place for place in places if place not in used_places]


def _by_sign(in_file: Guardians, on_file: Guardians, rows: list[int], places: list[int]) -> dict[int, int]:
    """Pair by values unique on both sides. A telephone of a whole family identifies no one."""
    pairs: dict[int, int] = {}
    for sign in _SIGNS:
        for row, place in _common(
            *([getattr(guardian, sign) for guardian in guardians] for guardians in (in_file, on_file))
        ):
            if row in _free(rows, pairs) and place in _free(places, pairs.values()):
                pairs[row] = place
    return pairs


def _common(signs: list[str], old_signs: list[str]) -> Iterator[tuple[int, int]]:
    for row, sign in enumerate(signs):
        if sign and signs.count(sign) == 1 and old_signs.count(sign) == 1:
            yield row, old_signs.index(sign)


def _is_renamed(guardian: Guardian, former: Guardian, repeats: Collection[Sign]) -> bool:
    """Whether the file has renamed the guardian of the same place: « Mme Dupont » for « Dupont »."""
    if any(getattr(guardian, sign) for sign in repeats):
        return True
    words, old_words = set(fold(guardian.name).split()), set(fold(former.name).split())
    is_other = former.login or (guardian.email and former.email and guardian.email != former.email)
    return bool(words and old_words) and not is_other and (words <= old_words or old_words <= words)
