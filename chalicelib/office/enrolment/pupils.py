"""Which pupils of a family the office means: by what one says of a name, or all that wait; and only what was sent."""

from collections.abc import Iterable

from chalicelib.domain.enrolment.enrolments import DECIDABLE
from chalicelib.domain.text import folded
from chalicelib.office.enrolment.reenrolments import EnrolledPupil, Family
from chalicelib.office.refused import Refused
from chalicelib.texts import day_and_hour


def sent_pupils(
    family: Family, names: tuple[str, ...], *, everybody: bool, number: str | None
) -> tuple[EnrolledPupil, ...]:
    """Give the pupils meant, each of which was sent and stays; `number`: of the receipt that the office looks at.

    `everybody`: those that wait; where none does, those that were decided of. Raises `Refused`: for a name that is
    none's or several's, for nothing sent, for a receipt that is not the last.
    """
    pupils = tuple(family.pupils)
    if names:
        meant = tuple(dict.fromkeys(_called(pupils, name) for name in names))
    elif everybody:
        own = tuple(each for each in pupils if _stays(each) and _is_of(each, number))
        meant = tuple(each for each in own if each.file.state in DECIDABLE) or own
    else:
        raise Refused("decide_nobody", names=_names(pupils))
    if not meant:
        raise Refused("decide_nothing")
    for each in meant:
        _check_sent(each, number)
    return meant


def _called(pupils: Iterable[EnrolledPupil], name: str) -> EnrolledPupil:
    """Find the pupil of a name, the whole of it or some of its words, whatever its accents and case."""
    wanted = folded(name)
    whole = [each for each in pupils if folded(each.file.name) == wanted]
    found = whole or [each for each in pupils if set(wanted.split()) <= set(folded(each.file.name).split())]
    if not found or not wanted:
        raise Refused("decide_pupil_unknown", name=name, names=_names(pupils))
    if len(found) > 1:
        raise Refused("decide_pupil_unsure", name=name, names=_names(found))
    return found[0]


def _stays(pupil: EnrolledPupil) -> bool:
    return pupil.file.sent is not None and pupil.file.sent.answers.stays is not False


def _is_of(pupil: EnrolledPupil, number: str | None) -> bool:
    """Tell whether a pupil was sent last under a receipt; one of the household alone is of all of them."""
    receipt = pupil.family.enrolment.receipt(number) if number else None
    if number is None or (receipt and not receipt.pupils):
        return True
    return pupil.file.sent is not None and pupil.file.sent.receipt == number


def _check_sent(pupil: EnrolledPupil, number: str | None) -> None:
    name, sent = pupil.file.name, pupil.file.sent
    if sent is None:
        raise Refused("decide_nothing_sent", name=name)
    if sent.answers.stays is False:
        raise Refused("decide_leaving", name=name)
    if not _is_of(pupil, number):
        raise Refused("decide_receipt_old", name=name, number=sent.receipt, at=day_and_hour(sent.at))


def _names(pupils: Iterable[EnrolledPupil]) -> str:
    return ", ".join(each.file.name for each in pupils) or "aucun"
