"""A family in few words: what the desk's lists and its search read of each account, instead of the whole of it.

Named tuples: a list reads thousands of them, and they are made ten times as quickly as a `frozen` value.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from chalicelib.domain.account.accounts import GUARDIAN, Account
from chalicelib.domain.account.disowning import frozen_at
from chalicelib.domain.campaign.funnel import Exclusion, exclusion, has_password
from chalicelib.domain.family.households import is_adult_on

_VERSION: Final = 1  # another one is read as no summary at all: the whole account is read instead
_EXCLUSIONS: Final[dict[str, Exclusion]] = {"d": "disabled", "g": "gone", "n": "newcomer"}


class PupilSummary(NamedTuple):
    """A pupil: its key in the household, its birth date (ISO, empty where unknown), its courses: what, and by whom."""

    key: str
    name: str
    born_on: str
    courses: Sequence[Sequence[str]]  # discipline, teacher

    def is_adult(self, today: date) -> bool:
        """Whether it is of age."""
        return is_adult_on(today, date.fromisoformat(self.born_on)) if self.born_on else False

    @property
    def disciplines(self) -> tuple[str, ...]:
        """What it learns this year."""
        return tuple(course[0] for course in self.courses)


class AccountSummary(NamedTuple):
    """A family's account. `flags`: a letter for each thing that is so (`_flags`)."""

    site: str
    identifier: str
    flags: str
    display_identifier: str
    name: str
    guardians: Sequence[str]
    telephones: Sequence[str]
    emails: Sequence[str]
    logins: Sequence[str]  # the guardians' own
    address: str
    pupils: Sequence[PupilSummary]

    @property
    def exclusion(self) -> Exclusion | None:
        """Why a season is not about it; None where it is."""
        return next((_EXCLUSIONS[flag] for flag in self.flags if flag in _EXCLUSIONS), None)

    @property
    def is_frozen(self) -> bool:
        """Whether its family froze it by « Ce n'est pas moi »."""
        return "f" in self.flags

    @property
    def is_failing(self) -> bool:
        """Whether a mail to it came back: to an address on file, or to one that was."""
        return "b" in self.flags

    @property
    def is_activated(self) -> bool:
        """Whether it has a password, or was mailed one."""
        return "a" in self.flags


def summarise_account(account: Account) -> list[Any]:
    """Write a family in few words, as lists and texts; of a guardian's own login, that it is none."""
    if account.role == GUARDIAN:
        return [_VERSION]
    household = account.household
    guardians = household.guardians
    emails = dict.fromkeys((*account.emails, *(guardian.email for guardian in guardians if guardian.email)))
    return [
        _VERSION,
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


def account_summary(site: str, identifier: str, words: Sequence[Any]) -> AccountSummary | None:
    """Read it back; None for a guardian's own login. Raises ValueError for what another version wrote."""
    if words[:1] != [_VERSION]:
        raise ValueError("a summary of another version")
    if len(words) == 1:
        return None
    *facts, pupils = words[1:]
    return AccountSummary._make((site, identifier, *facts, tuple(PupilSummary(*pupil) for pupil in pupils)))


def summary_of(account: Account) -> AccountSummary | None:
    """Summarise an account that was read whole."""
    return account_summary(account.ref.site, account.ref.identifier, summarise_account(account))


def _flags(account: Account) -> str:
    apart = exclusion(account)
    facts = {flag: reason == apart for flag, reason in _EXCLUSIONS.items()} | {
        "f": frozen_at(account) is not None,
        "b": bool(account.failing_mailboxes),
        "a": has_password(account),
    }
    return "".join(flag for flag, holds in facts.items() if holds)
