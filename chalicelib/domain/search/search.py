"""Search of families: every typed word is on file, regardless of accents, case and blanks, or else nearly so.

Each search reads thousands of families: their texts are folded all at once, and split afterwards.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from chalicelib.domain.family.telephones import telephone_from
from chalicelib.domain.search.summaries import AccountSummary
from chalicelib.domain.text import letters_of, without_case

_ONE_SLIP_FROM: Final = 4  # letters: a shorter word is either right or another word
_ONE_SLIP_BESIDE_OTHERS_FROM: Final = 3
_TWO_SLIPS_FROM: Final = 7
# In this order: a spelling, and its sound.
_HEARD: Final = (
    (r"(?<=[aeiouy])s(?=[aeiouy])", "z"),
    (r"(.)\1+", r"\1"),
    (r"^h|(?<=[^cps])h", ""),
    (r"ph", "f"),
    (r"^x", "z"),
    (r"e?au", "o"),
    (r"ai|ei|ey|ay|oe", "e"),
    (r"(?<=o)l(?=[dt]s?$)", ""),
    (r"y", "i"),
    (r"gu(?=[eiy])", "G"),
    (r"c?qu?|ck|ch(?=[rl])|c(?=[^eihy]|$)", "k"),
    (r"c(?=[eiy])|x$|sc(?=[ei])", "s"),
    (r"g(?=[eiy])", "j"),
    (r"w", "v"),
    (r"(?<=[aeio])(b|p)(?=v)", ""),
    (r"[aei]n(?=[^aeiouy]|$)|[aei]m(?=[bp])", "an"),
    (r"(?<=[a-zG]{2})e[rtz]$", "e"),
    (r"(?<=[a-zG]{2})e?s?$", ""),
    (r"(?<=[a-zG]{2})[dtp]+$", ""),
)
_RULES: Final = tuple((re.compile(written), heard) for written, heard in _HEARD)


def slips_allowed(word: str, *, is_alone: bool = True) -> int:
    """Return how many slips a word of this length may have, alone or beside others."""
    shortest = _ONE_SLIP_FROM if is_alone else _ONE_SLIP_BESIDE_OTHERS_FROM
    return (len(word) >= shortest) + (len(word) >= _TWO_SLIPS_FROM)


def slips(word: str, target: str, limit: int) -> int | None:
    """Count the letters omitted, added, doubled, replaced, or swapped with the next. None above `limit`."""
    if abs(len(word) - len(target)) > limit:
        return None
    word, target = _without_ends_in_common(word, target)
    before: list[int] = []
    row = list(range(len(target) + 1))
    for number, letter in enumerate(word, 1):
        two_before, before = before, row
        row = [number]
        for place, other_letter in enumerate(target, 1):
            least = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != other_letter))
            if number > 1 and place > 1 and letter == target[place - 2] and word[number - 2] == other_letter:
                least = min(least, two_before[place - 2] + 1)
            row.append(least)
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None


def sound_of(word: str) -> str:
    """Reduce a name, in plain lower-case letters, to its sound: « lefebvre » and « lefevre » are equal."""
    for spelling, sound in _RULES:
        word = spelling.sub(sound, word)
    return word


def _without_ends_in_common(word: str, other: str) -> tuple[str, str]:
    shortest = min(len(word), len(other))
    start = 0
    while start < shortest and word[start] == other[start]:
        start += 1
    end = 0
    while end < shortest - start and word[-1 - end] == other[-1 - end]:
        end += 1
    return word[start : len(word) - end], other[start : len(other) - end]


CLOSE_AT_MOST: Final = 10
_ENOUGH: Final = 5  # exact matches above which no close ones are searched for
_HEARD_ALIKE: Final = 0.5  # the cost, in slips
_BETWEEN_FIELDS: Final = "\x1f"  # in no text
_BETWEEN_FAMILIES: Final = "\x1e"
_PUNCTUATION: Final = bytes(code for code in range(0x80) if not chr(code).isalnum() and code not in b"\x1e\x1f")
_FRENCH: Final = dict(zip("àâäçéèêëîïôöùûüÿ«»’", 'aaaceeeeiioouuuy""\'', strict=True))
_NO_LETTERS: Final = re.compile(rf"[^\w{_BETWEEN_FIELDS}{_BETWEEN_FAMILIES}]+|_+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_PARTS: Final = re.compile(r"[^\W_]+")
_BEGINS_A_NUMBER: Final = re.compile(r"(?:\+|00)33|[+0(]")
_OF_A_NUMBER: Final = re.compile(r"[0-9+()./-]+")

MatchKind = Literal["family", "guardian", "pupil", "identifier", "login", "email", "telephone", "address", "invoice"]
_Costs = dict[int, float]  # by a family's place


class Match(NamedTuple):
    """A field of a family that matches, as on file."""

    kind: MatchKind
    text: str


class Hit(NamedTuple):
    """A family that matches. `is_close`: only nearly."""

    family: AccountSummary
    is_close: bool
    matches: tuple[Match, ...]


class SearchHits(NamedTuple):
    """The first matches, exact ones before close ones, and whether there are more."""

    hits: tuple[Hit, ...]
    more: bool


class _Word(NamedTuple):
    letters: str
    mailbox: str  # of an address, the part before the @


class _Near(NamedTuple):
    """The words on file near a typed word, each with its distance."""

    word: _Word
    costs: Mapping[str, float]


def is_searchable(query: str) -> bool:
    """Whether it has a letter or digit to search for."""
    return bool(letters_of(query))


def search(families: Sequence[AccountSummary], query: str, limit: int) -> SearchHits:
    """Find the families that match every typed word. If they are few, close matches too."""
    words = _words(query)
    texts = _without_case(families)
    letters = list(_letters(texts))
    exact = [place for place, text in enumerate(letters) if all(word.letters in text for word in words)]
    ranks = {place: (_rank(texts[place], words), *_order(families[place])) for place in exact}
    hits = [
        Hit(families[place], is_close=False, matches=_matches(families[place], words))
        for place in sorted(exact, key=ranks.__getitem__)
    ]
    if len(exact) < _ENOUGH and any(word.mailbox or word.letters.isalpha() for word in words):
        hits += _close(families, texts, letters, words, exact)
    return SearchHits(tuple(hits[:limit]), len(exact) > limit)


def _words(query: str) -> list[_Word]:
    """Split the typed text at blanks. The pairs of a telephone number make one word, as on file."""
    if number := telephone_from(query):
        return [_Word(_digits(number), "")]
    words: list[str] = []
    is_number = False
    for part in query.split():
        is_digits = bool(_OF_A_NUMBER.fullmatch(part)) and any(map(str.isdigit, part))
        if is_digits and is_number:
            words[-1] += part
        else:
            words.append(part)
            is_number = is_digits and bool(_BEGINS_A_NUMBER.match(part))
        is_number = is_number and is_digits
    return [word for word in map(_word, words) if word.letters]


def _word(part: str) -> _Word:
    is_number = _OF_A_NUMBER.fullmatch(part) and _BEGINS_A_NUMBER.match(part)
    mailbox, sign, _ = part.rpartition("@")
    return _Word(_digits(part) if is_number else letters_of(part), letters_of(mailbox) if sign else "")


def _digits(number: str) -> str:
    """Extract the digits of a number. A French one starts with its zero, a foreign one with its country code."""
    digits = "".join(filter(str.isdigit, number.replace("(0)", "")))
    if number.startswith("+33") or digits.startswith("0033"):
        return "0" + digits.removeprefix("00").removeprefix("33")
    return digits.removeprefix("00")


def _texts(family: AccountSummary) -> tuple[str, ...]:
    """List the searchable texts of a family, names first (`_names`). Fast: a search makes those of all families."""
    pupils = [pupil.name for pupil in family.pupils]
    identifiers = family.display_identifier or family.identifier, family.identifier
    coordinates = *family.emails, *family.logins, *family.telephones, family.address
    return family.name, *family.guardians, *pupils, *identifiers, *coordinates


def _fields(family: AccountSummary) -> list[Match]:
    """List the searchable texts of a family with their kinds."""
    counts: tuple[tuple[MatchKind, int], ...] = (
        *(("family", 1), ("guardian", len(family.guardians)), ("pupil", len(family.pupils)), ("identifier", 2)),
        *(("email", len(family.emails)), ("login", len(family.logins)), ("telephone", len(family.telephones))),
        ("address", 1),
    )
    kinds = (kind for kind, count in counts for _ in range(count))
    return [Match(*both) for both in zip(kinds, _texts(family), strict=True)]


def _without_case(families: Sequence[AccountSummary]) -> list[str]:
    """Fold case and accents of all families' fields: French signs in one pass, others where they are."""
    whole = _BETWEEN_FAMILIES.join(
        _BETWEEN_FIELDS.join(_texts(family)).replace(_BETWEEN_FAMILIES, " ") for family in families
    ).casefold()
    for letter, plain_letter in _FRENCH.items():
        whole = whole.replace(letter, plain_letter)
    texts = whole.split(_BETWEEN_FAMILIES) if families else []
    return [text if text.isascii() else _ACCENTS.sub("", without_case(text)) for text in texts]


def _letters(texts: Sequence[str]) -> Iterator[str]:
    """Reduce each family's fields to letters and digits: punctuation of ASCII at once, other signs where they are."""
    plain = _BETWEEN_FAMILIES.join(texts).encode().translate(None, _PUNCTUATION).decode()
    for text in plain.split(_BETWEEN_FAMILIES):
        yield text if text.isascii() else _NO_LETTERS.sub("", text)


def _order(family: AccountSummary) -> tuple[str, str, str]:
    return letters_of(family.name), family.site, family.identifier


def _rank(text: str, words: Sequence[_Word]) -> int:
    """Rank a match: the family's own name first, then whole words of the rest, then parts of words."""
    family, *fields = text.split(_BETWEEN_FIELDS)
    own_words = {*_PARTS.findall(family), letters_of(family)}
    if all(word.letters in own_words for word in words):
        return 0
    whole = own_words.union(*map(_PARTS.findall, fields), map(letters_of, fields))
    return 1 if all(word.letters in whole for word in words) else 2


def _matches(family: AccountSummary, words: Sequence[_Word], near: Sequence[_Near] = ()) -> tuple[Match, ...]:
    """Find the field that matches each word, or else the nearest."""
    fields = _fields(family)
    matches = []
    for number, word in enumerate(words):
        exact = next((field for field in fields if word.letters in letters_of(field.text)), None)
        if exact:
            matches.append(exact)
        elif near:
            costs = near[number].costs
            matches.append(
                min(fields, key=lambda field: min((costs.get(name, 9) for name in _parts(field)), default=9))
            )
    return tuple(dict.fromkeys(matches))


def _close(
    families: Sequence[AccountSummary],
    texts: Sequence[str],
    letters: Sequence[str],
    words: Sequence[_Word],
    exact: Sequence[int],
) -> Iterator[Hit]:
    """Find the closest families for all words. If there are exact matches, only those one slip away."""
    owners = _names(families, texts, any(word.mailbox for word in words))
    near = [_Near(word, _near(word, owners, is_alone=len(words) == 1)) for word in words]
    costs: _Costs | None = None
    for word, names in near:
        own_costs: _Costs = {place: 0 for place, text in enumerate(letters) if word.letters in text}
        for name, cost in names.items():
            own_costs |= {place: min(cost, own_costs.get(place, cost)) for place in owners[name]}
        costs = (
            own_costs
            if costs is None
            else {place: costs[place] + own_costs[place] for place in costs.keys() & own_costs.keys()}
        )
    exact_places = set(exact)
    close = {place: cost for place, cost in (costs or {}).items() if place not in exact_places}
    limit = 1 if exact else min(close.values(), default=0) + 1
    names_near = {name for _, names in near for name in names}
    by_cost = sorted(
        (
            cost,
            names_near.isdisjoint(_parts_of(texts[place].split(_BETWEEN_FIELDS)[0])),
            *_order(families[place]),
            place,
        )
        for place, cost in close.items()
        if cost <= limit
    )
    for *_, place in by_cost[:CLOSE_AT_MOST]:
        yield Hit(families[place], is_close=True, matches=_matches(families[place], words, near))


def _names(families: Sequence[AccountSummary], texts: Sequence[str], with_mailboxes: bool) -> dict[str, set[int]]:  # noqa: FBT001 - one fact
    """Map the names on file to the places of their families, with mailboxes if one was typed."""
    by_word, owners = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for place, (family, text) in enumerate(zip(families, texts, strict=True)):
        for word in " ".join(text.split(_BETWEEN_FIELDS, _count(family))[:-1]).split():
            by_word[word].add(place)
        for email in family.emails if with_mailboxes else ():
            owners[_mailbox(email)].add(place)
    for word, places in by_word.items():
        for name in _parts_of(word):
            owners[name] |= places
    return owners


def _count(family: AccountSummary) -> int:
    return 1 + len(family.guardians) + len(family.pupils)


def _parts_of(names: str) -> list[str]:
    """Split names without case and accents: « jean-paul » is « jean », « paul » and also « jeanpaul »."""
    parts: list[str] = []
    for word in names.split():
        parts_of_word = _PARTS.findall(word)
        parts += parts_of_word if len(parts_of_word) == 1 else [*parts_of_word, "".join(parts_of_word)]
    return list(filter(None, parts))


def _parts(field: Match) -> list[str]:
    if field.kind == "email":
        return [_mailbox(field.text)]
    return (
        _parts_of(_ACCENTS.sub("", without_case(field.text))) if field.kind in {"family", "guardian", "pupil"} else []
    )


def _mailbox(email: str) -> str:
    """Make the name of a mailbox, different from any person's name."""
    return "@" + letters_of(email.rpartition("@")[0])


def _near(word: _Word, owners: Mapping[str, object], *, is_alone: bool) -> dict[str, float]:
    """Find the names on file near a word, by slips or by sound."""
    text = f"@{word.mailbox}" if word.mailbox else word.letters
    if not (word.mailbox or text.isalpha()):
        return {}  # a number has no close matches
    limit, sound = slips_allowed(text, is_alone=is_alone), sound_of(text)
    costs: dict[str, float] = {}
    for name in owners:
        if (name[0] == "@") != bool(word.mailbox):
            continue
        count = slips(text, name, limit)
        if count is not None:
            costs[name] = max(count, _HEARD_ALIKE)
        if limit and name[0] != "@" and count != 0 and sound_of(name) == sound:
            costs[name] = _HEARD_ALIKE
    return costs
