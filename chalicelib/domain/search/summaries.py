"""The stored summaries of families and re-enrolments: lists, texts and numbers.

Separate from the code that reads them, which a family's function never loads.
"""

from typing import Any, Final

from chalicelib.domain.account.accounts import GUARDIAN, Account
from chalicelib.domain.account.disown import frozen_at
from chalicelib.domain.campaign.funnel import Exclusion, exclusion, has_password
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.paperwork import next_disciplines

# A summary of another version is ignored: the whole account or re-enrolment is read instead.
ACCOUNT_VERSION: Final = 1
ENROLMENT_VERSION: Final = 1
FLAGS: Final[dict[Exclusion, str]] = {"disabled": "d", "gone": "g", "newcomer": "n"}
FROZEN: Final = "f"
FAILING: Final = "b"
ACTIVATED: Final = "a"


def summarise_account(account: Account) -> list[Any]:
    """Make the summary of a family. A guardian's own login gets only a version."""
    if account.role == GUARDIAN:
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
    apart = exclusion(account)
    facts = {
        FROZEN: frozen_at(account) is not None,
        FAILING: bool(account.failing_mailboxes),
        ACTIVATED: has_password(account),
    }
    return (FLAGS[apart] if apart else "") + "".join(flag for flag, holds in facts.items() if holds)


def summarise_enrolment(enrolment: Enrolment) -> list[Any]:
    """Make the summary of a re-enrolment."""
    return [
        ENROLMENT_VERSION,
        [_file(file) for file in enrolment.pupils],
        [[document.code, document.owner, int(bool(document.object_key))] for document in enrolment.provided],
        max((int(receipt.at.timestamp()) for receipt in enrolment.receipts), default=None),
    ]


def _file(file: PupilFile) -> list[Any]:
    answers = file.answers
    wishes = answers.wishes if answers else ()
    following = list(next_disciplines(wishes)) if wishes else None
    named = dict.fromkeys(name for wish in wishes for name in (wish.discipline, wish.wanted) if name)
    others = [name for name in named if name not in (following or ())]
    since = int(file.since.timestamp()) if file.since else None
    return [file.key, file.name, file.state, since, answers.stays if answers else None, following, others]
