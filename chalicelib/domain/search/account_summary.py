"""The summary of a family, for the desk's lists and search, which do not read whole accounts.

Named tuples: a list reads thousands, and making one is ten times as fast as a `frozen` value.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.campaign.funnel import Exclusion
from chalicelib.domain.family.households import is_adult_on
from chalicelib.domain.search.summaries import ACCOUNT_VERSION, ACTIVATED, FAILING, FLAGS, FROZEN, summarise_account

_EXCLUSIONS: Final = {flag: reason for reason, flag in FLAGS.items()}


class PupilSummary(NamedTuple):
    """A pupil: its key in the household, birth date (ISO, empty if unknown), and courses (discipline and teacher)."""

    key: str
    name: str
    born_on: str
    courses: Sequence[Sequence[str]]  # discipline, teacher

    def is_adult(self, today: date) -> bool:
        """Whether it is an adult."""
        return is_adult_on(today, date.fromisoformat(self.born_on)) if self.born_on else False

    @property
    def disciplines(self) -> tuple[str, ...]:
        """The disciplines of this year."""
        return tuple(course[0] for course in self.courses)


class AccountSummary(NamedTuple):
    """A family's account. `flags`: one letter per fact (`written_summaries`)."""

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


def account_summary(site: str, identifier: str, words: Sequence[Any]) -> AccountSummary | None:
    """Parse a summary. None for a guardian's own login. Raises `ValueError` for another version."""
    if words[:1] != [ACCOUNT_VERSION]:
        raise ValueError("a summary of another version")
    if len(words) == 1:
        return None
    *facts, pupils = words[1:]
    return AccountSummary._make((site, identifier, *facts, tuple(PupilSummary(*pupil) for pupil in pupils)))


def summary_of(account: Account) -> AccountSummary | None:
    """Summarise a whole account."""
    return account_summary(account.ref.site, account.ref.identifier, summarise_account(account))
