"""The stored summaries of families and re-enrolments: lists, texts and numbers.

Separate from the code that reads them, which a family's function never loads.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from chalicelib.domain.account.accounts import FAMILY, Account, Exclusion
from chalicelib.domain.account.coordinates import frozen_at
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile, State
from chalicelib.domain.enrolment.paperwork import Learner, next_disciplines
from chalicelib.domain.family.households import is_adult_on

# A summary of another version is ignored: the whole account or re-enrolment is read instead.
ACCOUNT_VERSION: Final = 1
ENROLMENT_VERSION: Final = 1
FLAGS: Final[dict[Exclusion, str]] = {"disabled": "d", "gone": "g", "newcomer": "n"}
FROZEN: Final = "f"
FAILING: Final = "b"
ACTIVATED: Final = "a"
EXTENDED: Final = "x"  # and a day, in digits: « x20270618 »


def summarise_account(account: Account) -> list[Any]:
    """Make the summary of a family. A guardian's own login, or a fictitious family, gets only a version."""
    if account.role != FAMILY:
        return [ACCOUNT_VERSION]
    household = account.household
    guardians = household.guardians
    emails = dict.fromkeys((*account.emails, *(guardian.email for guardian in guardians if guardian.email)))
    return [
        ACCOUNT_VERSION,
        _flags(account),
        account.display_identifier,
        account.name,
        [guardian.name for guardian in guardians],
        [guardian.telephone for guardian in guardians if guardian.telephone],
        list(emails),
        [guardian.login for guardian in guardians if guardian.login],
        " ".join(household.address),
        [
            [
                key,
                pupil.name,
                pupil.born_on.isoformat() if pupil.born_on else "",
                [[course.discipline, course.teacher] for course in pupil.courses],
            ]
            for key, pupil in household.pupils_by_key.items()
        ],
    ]


def _flags(account: Account) -> str:
    """Write one letter per fact."""
    apart = account.exclusion
    facts = {
        FROZEN: frozen_at(account) is not None,
        FAILING: bool(account.failing_mailboxes),
        ACTIVATED: account.is_activated,
    }
    until = f"{EXTENDED}{account.extension.until:%Y%m%d}" if account.extension else ""
    return (FLAGS[apart] if apart else "") + "".join(flag for flag, holds in facts.items() if holds) + until


def summarise_enrolment(enrolment: Enrolment) -> list[Any]:
    """Make the summary of a re-enrolment."""
    return [
        ENROLMENT_VERSION,
        [_file(file) for file in enrolment.pupils],
        [[one.code, one.owner, int(one.is_received)] for one in enrolment.provided if not one.is_refused],
        max((int(receipt.at.timestamp()) for receipt in enrolment.receipts), default=None),
    ]


def _file(file: PupilFile) -> list[Any]:
    answers = file.answers
    wishes = answers.wishes if answers else ()
    following = list(next_disciplines(wishes)) if wishes else None
    disciplines = dict.fromkeys(name for wish in wishes for name in (wish.discipline, wish.wanted) if name)
    other_disciplines = [name for name in disciplines if name not in (following or ())]
    since = int(file.since.timestamp()) if file.since else None
    return [file.key, file.name, file.state, since, answers.stays if answers else None, following, other_disciplines]


_EXCLUSIONS: Final = {flag: reason for reason, flag in FLAGS.items()}


class PupilSummary(NamedTuple):
    """A pupil: their key in the household, birth date (ISO, empty if unknown), and courses (discipline and teacher)."""

    key: str
    name: str
    born_on: str
    courses: Sequence[Sequence[str]]  # discipline, teacher

    def is_adult(self, today: date) -> bool:
        """Whether the pupil is an adult."""
        return is_adult_on(today, date.fromisoformat(self.born_on)) if self.born_on else False

    @property
    def disciplines(self) -> tuple[str, ...]:
        """The disciplines of this year."""
        return tuple(course[0] for course in self.courses)


class AccountSummary(NamedTuple):
    """A family's account. `flags`: one letter per fact. A search reads others in this shape too, at no site."""

    site: str
    identifier: str
    flags: str = ""
    display_identifier: str = ""
    name: str = ""
    guardians: Sequence[str] = ()
    telephones: Sequence[str] = ()
    emails: Sequence[str] = ()
    logins: Sequence[str] = ()  # the guardians' own
    address: str = ""
    pupils: Sequence[PupilSummary] = ()

    @property
    def exclusion(self) -> Exclusion | None:
        """Why a season is not about it. None if it is."""
        return next((_EXCLUSIONS[flag] for flag in self.flags if flag in _EXCLUSIONS), None)

    @property
    def is_frozen(self) -> bool:
        """Whether its family froze it by « Ce n'est pas moi »."""
        return FROZEN in self.flags

    @property
    def is_failing(self) -> bool:
        """Whether a mail to a current or former address failed."""
        return FAILING in self.flags

    @property
    def is_activated(self) -> bool:
        """Whether it has or was mailed a password."""
        return ACTIVATED in self.flags

    def is_extended(self, today: date) -> bool:
        """Whether it has more time to re-enrol, on a day."""
        return f"{today:%Y%m%d}" <= self.flags.partition(EXTENDED)[2]


def account_summary(site: str, identifier: str, words: Sequence[Any]) -> AccountSummary | None:
    """Parse a summary. None for a guardian's own login. Raises `ValueError` for another version."""
    if words[:1] != [ACCOUNT_VERSION]:
        raise ValueError("a summary of another version")
    if len(words) == 1:
        return None
    *facts, pupils = words[1:]
    return AccountSummary._make((site, identifier, *facts, tuple([PupilSummary(*pupil) for pupil in pupils])))


def summary_of(account: Account) -> AccountSummary | None:
    """Summarise a whole account."""
    return account_summary(account.ref.site, account.ref.identifier, summarise_account(account))


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
    """A pupil in a list: with their family, on file or only in the re-enrolment, and their state."""

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
    _, files, documents, sent_at = words
    return EnrolmentSummary(
        site,
        identifier,
        {file[0]: FileSummary(*file) for file in files},
        {(code, owner): bool(is_uploaded) for code, owner, is_uploaded in documents},
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


def pupil_states(family: AccountSummary, enrolment: EnrolmentSummary | None) -> list[State]:
    """List the states of the pupils that `listed_pupils` lists, in another order."""
    if enrolment is None:
        return [] if family.exclusion else ["none"] * len(family.pupils)
    files = enrolment.files
    return [file.state for file in files.values()] + ["none" for pupil in family.pupils if pupil.key not in files]


def _on_file(family: AccountSummary, enrolment: EnrolmentSummary) -> list[ListedPupil]:
    pupils = []
    for place, pupil in enumerate(family.pupils):
        file = enrolment.files.get(pupil.key)
        name, state = (file.name, file.state) if file else (pupil.name, "none")
        pupils.append(ListedPupil(family, enrolment, pupil.key, name, place, state, is_on_file=True))
    return pupils


def _in_enrolment_only(family: AccountSummary, enrolment: EnrolmentSummary) -> list[ListedPupil]:
    on_file = {pupil.key for pupil in family.pupils}
    other_files = (file for file in enrolment.files.values() if file.key not in on_file)
    return [
        ListedPupil(family, enrolment, file.key, file.name, len(on_file) + place, file.state, is_on_file=False)
        for place, file in enumerate(other_files)
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
