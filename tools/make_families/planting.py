"""Slips planted in a file: each under the code by which an import tells it, so that a test can count them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tools.make_families.family import Family, Pupil

_EVERY: Final = 25  # one family of so many carries a slip


def _email(made: Family, email: str) -> Family:
    """Give a family one guardian with this address."""
    return replace(made, guardians=(replace(made.guardians[0], email=email),))


def _telephone(made: Family, telephone: str) -> Family:
    first, *others = made.guardians
    return replace(made, guardians=(replace(first, telephone=telephone), *others))


def _local(made: Family) -> str:
    return made.guardians[0].email.partition("@")[0]


def _pupil(made: Family, **given: Any) -> Family:  # noqa: ANN401 - any field
    first: Pupil = made.pupils[0]
    return replace(made, pupils=(replace(first, **given),))


# Each takes the family, and the one before it in the file, and gives the family's rows.
_SLIPS: Final[dict[str, Callable[[Family, Family], tuple[Family, ...]]]] = {
    "row_without_site": lambda made, _: (replace(made, site=""),),
    "row_site_unknown": lambda made, _: (replace(made, site="Conservatoire de Nulle-Part"),),
    "row_without_identifier": lambda made, _: (replace(made, identifier=""),),
    "row_identifier_unreadable": lambda made, _: (replace(made, identifier=f"{made.identifier}-" * 8),),
    "row_without_name": lambda made, _: (replace(made, name=""),),
    "row_formula_error": lambda made, _: (replace(made, town="#N/A"),),
    "row_control": lambda made, _: (replace(made, name=made.name.replace(" ", "\n", 1)),),
    "row_contradicts": lambda made, _: (made, _email(made, f"{_local(made)}.autre@example.org")),
    "row_repeated": lambda made, _: (made, made),
    "row_without_email": lambda made, _: (_email(made, ""),),
    "row_email_unreadable": lambda made, _: (_email(made, f"{_local(made)}@example"),),
    "row_email_accented": lambda made, _: (_email(made, f"hélène.{_local(made)}@example.org"),),
    "row_email_typing": lambda made, _: (_email(made, f"{_local(made)}@{_slipped(made)}"),),
    "row_email_shared": lambda made, before: (_email(made, before.guardians[0].email),),
    "row_date_unreadable": lambda made, _: (_pupil(made, born_on="31/02/2015"),),
    "row_pupil_nameless": lambda made, _: (_pupil(made, name=""),),
    "row_telephone_unreadable": lambda made, _: (_telephone(made, "liste rouge"),),
    "row_telephones_differ": lambda made, _: (made, _telephone(made, "+352 99 00 99")),
    "row_payers_differ": lambda made, _: (made, replace(made, payer=f"{made.guardians[0].name}-Autre")),
}
CODES: Final = tuple(_SLIPS)
ROWS_LEFT_OUT: Final = dict.fromkeys(CODES[:7], 1) | {"row_contradicts": 2}
NOT_REACHABLE: Final = frozenset({"row_without_email", "row_email_unreadable", "row_email_accented"})


def slip(number: int) -> str | None:
    """Tell which slip a family carries; the one before such a family carries none."""
    return CODES[number // _EVERY % len(CODES)] if number % _EVERY == _EVERY // 2 else None


def is_looked_at(number: int) -> bool:
    """Tell whether a slip is in a family or in the next one, which may take up its address: it stays as it is."""
    return bool(slip(number) or slip(number + 1))


def planted(made: Family, before: Family, code: str) -> tuple[Family, ...]:
    """Give the rows of a family with a slip; one pupil of one course, so that the slip stands once in any layout."""
    first = made.pupils[0]
    return _SLIPS[code](replace(made, pupils=(replace(first, courses=first.courses[:1]),)), before)


def _slipped(made: Family) -> str:
    return ("gmial.com", "orang.fr", "wanadoo.ft", "hotmial.fr")[len(made.name) % 4]
