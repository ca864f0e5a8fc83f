"""The funnel: how far each family has come in a season, from the yearly file to the decision; it always adds up."""

from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.notices import Notice, NoticeState
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile

Step = Literal[
    "imported", "uncertain", "notified", "bounced", "delivered", "password", "logged_in",
    "started", "submitted", "to_complete", "validated",
]  # fmt: skip
Exclusion = Literal["disabled", "gone", "newcomer"]

# In the order families go; each account that a season is about stands at exactly one of them.
STEPS: Final[tuple[Step, ...]] = (
    "imported",  # on file, not written to by this campaign (no address that works, or not its turn yet)
    "uncertain",  # nobody can say whether the mail left
    "notified",  # the mail left
    "bounced",  # it came back, or its reader calls it unwanted
    "delivered",  # it arrived
    "password",  # told, and has a password: this year's by mail, or last year's
    "logged_in",  # has logged in since the campaign began
    "started",  # something of its re-enrolment is saved, a pupil is still to be sent
    "submitted",  # every pupil is sent, the office has yet to decide of one
    "to_complete",  # every pupil is sent, the office asked something about one and waits
    "validated",  # every pupil is accepted, declined or leaving
)

# Who stands at one of these has the re-enrolment itself to do, or to complete.
TO_ENROL: Final[frozenset[Step]] = frozenset({"logged_in", "started", "to_complete"})
# Who stands at one of these has nothing to do: the office has, or nobody.
NOTHING_TO_DO: Final[frozenset[Step]] = frozenset({"submitted", "validated"})

# What became of a mail, from the worst to the best.
_OUTCOMES: Final[tuple[NoticeState, ...]] = ("complained", "bounced", "sending", "sent", "delivered")


def has_password(account: Account) -> bool:
    """Whether a family has a password, or was mailed one, used or not: it was activated."""
    return bool(account.password or account.mailed_passwords or account.letters)


def exclusion(account: Account) -> Exclusion | None:
    """Why a season is not about an account: it may not log in, or the yearly file lists it no more, or not yet."""
    if account.disabled:
        return "disabled"
    if account.gone_at:
        return "gone"
    return "newcomer" if account.is_newcomer else None


def best_notice(account: Account, campaign: str, since: datetime) -> Notice | None:
    """Find the best that came of what it was written by a campaign that began at `since`, or by its reminders.

    A reminder to an address put right makes up for the mail that came back.
    """
    notices = [notice for notice in account.notices if notice.campaign == campaign or notice.at >= since]
    return max(notices, key=lambda notice: _OUTCOMES.index(notice.state), default=None)


def step_of(account: Account, campaign: str, since: datetime, enrolment: Enrolment | None = None) -> Step:
    """Find the step of an account in a campaign that began at `since`, with its re-enrolment of the season.

    A mail that came back counts for more than last year's password: that family does not know the dates.
    """
    step = enrolment_step(account, enrolment)
    if step:
        return step
    if account.last_login is not None and account.last_login >= since:
        return "logged_in"
    notice = best_notice(account, campaign, since)
    if notice is None:
        return "imported"
    match notice.state:
        case "sending":
            return "uncertain"
        case "bounced" | "complained":
            return "bounced"
        case state:
            reached: Step = "delivered" if state == "delivered" else "notified"
            return "password" if has_password(account) else reached


def enrolment_step(account: Account, enrolment: Enrolment | None) -> Step | None:
    """Find how far the re-enrolment of a family has come; None where nothing is saved of it.

    What was sent holds, though the family may have begun to answer otherwise.
    """
    if enrolment is None or enrolment.started_at is None:
        return None
    sent = _sent_files(account, enrolment)
    if not sent:
        return "started"
    if any(pupil.verdict == "to_complete" for pupil in sent):
        return "to_complete"
    return "validated" if all(map(_is_over, sent)) else "submitted"


def _sent_files(account: Account, enrolment: Enrolment) -> tuple[PupilFile, ...]:
    """List the files of the pupils on file, or of those that there are; none unless all are sent."""
    keys = account.household.pupils_by_key or (pupil.key for pupil in enrolment.pupils)
    files = tuple(map(enrolment.pupil, keys))
    sent = tuple(file for file in files if file and file.sent)
    return sent if len(sent) == len(files) else ()


def _is_over(pupil: PupilFile) -> bool:
    return pupil.verdict is not None or pupil.state == "leaving"
