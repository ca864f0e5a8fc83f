"""Which pupils of a family the office means: by what one says of a name, or all that wait; and only what was sent."""

from collections.abc import Iterable

from chalicelib.domain.enrolment.enrolments import DECIDABLE
from chalicelib.domain.text import fold
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, Family
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.texts import day_and_hour


def sent_pupils(
    family: Family, names: tuple[str, ...], *, everybody: bool, number: str | None
) -> tuple[EnrolledPupil, ...]:
    """Find the pupils meant, each of which was sent and stays; `number`: of the receipt that the office looks at.

    `everybody`: those that wait; where none does, those that were decided of. Raises `OfficeRefusal`: for a name
    that is none's or several's, for nothing sent, for a receipt that is not the last.
    """
    pupils = tuple(family.pupils)
    if names:
        meant = tuple(dict.fromkeys(_find_by_name(pupils, name) for name in names))
    elif everybody:
        own = tuple(pupil for pupil in pupils if _stays(pupil) and _is_on_receipt(pupil, number))
        meant = tuple(pupil for pupil in own if pupil.file.state in DECIDABLE) or own
    else:
        raise OfficeRefusal("decide_nobody", names=_names(pupils))
    if not meant:
        raise OfficeRefusal("decide_nothing")
    for pupil in meant:
        check_sent(pupil, number)
    return meant


def _find_by_name(pupils: Iterable[EnrolledPupil], name: str) -> EnrolledPupil:
    """Find the pupil of a name, the whole of it or some of its words, whatever its accents and case."""
    wanted = fold(name)
    whole = [pupil for pupil in pupils if fold(pupil.file.name) == wanted]
    found = whole or [pupil for pupil in pupils if set(wanted.split()) <= set(fold(pupil.file.name).split())]
    if not found or not wanted:
        raise OfficeRefusal("decide_pupil_unknown", name=name, names=_names(pupils))
    if len(found) > 1:
        raise OfficeRefusal("decide_pupil_unsure", name=name, names=_names(found))
    return found[0]


def _stays(pupil: EnrolledPupil) -> bool:
    return pupil.file.sent is not None and pupil.file.sent.answers.stays is not False


def _is_on_receipt(pupil: EnrolledPupil, number: str | None) -> bool:
    """Whether a pupil was sent last under a receipt; one of the household alone is of all of them."""
    receipt = pupil.family.enrolment.receipt(number) if number else None
    if number is None or (receipt and not receipt.pupils):
        return True
    return pupil.file.sent is not None and pupil.file.sent.receipt == number


def check_sent(pupil: EnrolledPupil, number: str | None = None) -> None:
    """Check that a pupil was sent, stays, and is on a receipt where one is looked at. Raises `OfficeRefusal`."""
    name, sent = pupil.file.name, pupil.file.sent
    if sent is None:
        raise OfficeRefusal("decide_nothing_sent", name=name)
    if sent.answers.stays is False:
        raise OfficeRefusal("decide_leaving", name=name)
    if not _is_on_receipt(pupil, number):
        raise OfficeRefusal("decide_receipt_old", name=name, number=sent.receipt, at=day_and_hour(sent.at))


def _names(pupils: Iterable[EnrolledPupil]) -> str:
    return ", ".join(pupil.file.name for pupil in pupils) or "aucun"
