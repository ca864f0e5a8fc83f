"""The summary of a re-enrolment, for the desk's lists, which do not read it whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from chalicelib.domain.enrolment.enrolments import Enrolment, State
from chalicelib.domain.enrolment.paperwork import Learner
from chalicelib.domain.search.account_summary import AccountSummary
from chalicelib.domain.search.summaries import ENROLMENT_VERSION, summarise_enrolment


class FileSummary(NamedTuple):
    """A pupil in a season. `next`: its wished disciplines, None without wishes. `others`: further ones it named."""

    key: str
    name: str
    state: State
    since: int | None  # seconds
    stays: bool | None
    next: Sequence[str] | None
    others: Sequence[str]


class EnrolmentSummary(NamedTuple):
    """A started re-enrolment. `provided`: for each document, whether it is a file or a promise."""

    site: str
    identifier: str  # the account's
    files: Mapping[str, FileSummary]
    provided: Mapping[tuple[str, str], bool]
    sent_at: int | None  # seconds


class ListedPupil(NamedTuple):
    """A pupil in a list: with its family, on file or only in the re-enrolment, and its state."""

    family: AccountSummary
    enrolment: EnrolmentSummary | None
    key: str
    name: str
    place: int  # in the family
    state: State
    is_on_file: bool


def enrolment_summary(site: str, identifier: str, words: Sequence[Any]) -> EnrolmentSummary:
    """Parse a summary. Raises `ValueError` for another version."""
    if words[:1] != [ENROLMENT_VERSION]:
        raise ValueError("a summary of another version")
    _, files, provided, sent_at = words
    return EnrolmentSummary(
        site,
        identifier,
        {file[0]: FileSummary(*file) for file in files},
        {(code, owner): bool(is_uploaded) for code, owner, is_uploaded in provided},
        sent_at,
    )


def summary_of_enrolment(enrolment: Enrolment) -> EnrolmentSummary:
    """Summarise a whole re-enrolment."""
    account = enrolment.ref.account
    return enrolment_summary(account.site, account.identifier, summarise_enrolment(enrolment))


def listed_pupils(family: AccountSummary, enrolment: EnrolmentSummary | None) -> list[ListedPupil]:
    """List the pupils of a family that the season is about: those on file, then those in the re-enrolment only."""
    if enrolment is None:
        if family.exclusion:
            return []
        return [
            ListedPupil(family, None, pupil.key, pupil.name, place, "none", is_on_file=True)
            for place, pupil in enumerate(family.pupils)
        ]
    return [*_on_file(family, enrolment), *_in_enrolment_only(family, enrolment)]


def _on_file(family: AccountSummary, enrolment: EnrolmentSummary) -> list[ListedPupil]:
    pupils = []
    for place, pupil in enumerate(family.pupils):
        file = enrolment.files.get(pupil.key)
        name, state = (file.name, file.state) if file else (pupil.name, "none")
        pupils.append(ListedPupil(family, enrolment, pupil.key, name, place, state, is_on_file=True))
    return pupils


def _in_enrolment_only(family: AccountSummary, enrolment: EnrolmentSummary) -> list[ListedPupil]:
    on_file = {pupil.key for pupil in family.pupils}
    others = (file for file in enrolment.files.values() if file.key not in on_file)
    return [
        ListedPupil(family, enrolment, file.key, file.name, len(on_file) + place, file.state, is_on_file=False)
        for place, file in enumerate(others)
    ]


def learners(family: AccountSummary, enrolment: EnrolmentSummary, today: date) -> list[Learner]:
    """Make the input of the document rules from the pupils on file, without those that the office declined."""
    learning = []
    for pupil in family.pupils:
        file = enrolment.files.get(pupil.key)
        if file and file.state == "declined":
            continue
        disciplines = tuple(file.next) if file and file.next is not None else pupil.disciplines
        stays = file.stays if file else None
        learning.append(Learner(pupil.key, pupil.name, stays, disciplines, pupil.is_adult(today)))
    return learning
