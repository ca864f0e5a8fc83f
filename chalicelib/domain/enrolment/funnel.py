"""The funnel: each family's progress in a season, from the yearly file to the decision. Its counts always add up."""

from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.notices import Notice, NoticeState
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile

Step = Literal[
    "imported", "uncertain", "notified", "bounced", "delivered", "password", "logged_in",
    "started", "submitted", "to_complete", "validated",
]  # fmt: skip

# In the order of progress. Each account that a season is about is at exactly one step.
STEPS: Final[tuple[Step, ...]] = (
    "imported",  # on file, not written to by this campaign (no working address, or not its turn yet)
    "uncertain",  # it is unknown whether the mail was sent
    "notified",  # the mail was sent
    "bounced",  # it bounced, or was reported as unwanted
    "delivered",  # it arrived
    "password",  # notified, and has a password: mailed this year, or from last year
    "logged_in",  # has logged in since the campaign began
    "started",  # something of its re-enrolment is saved, not all pupils are sent
    "submitted",  # every pupil is sent, at least one decision is missing
    "to_complete",  # every pupil is sent, the office awaits an answer about one
    "validated",  # every pupil is accepted, declined or leaving
)

# At these steps the family has to do or complete its re-enrolment.
TO_ENROL: Final[frozenset[Step]] = frozenset({"logged_in", "started", "to_complete"})
# At these steps the family has nothing to do.
NOTHING_TO_DO: Final[frozenset[Step]] = frozenset({"submitted", "validated"})

# The outcomes of a mail, worst first.
_OUTCOMES: Final[tuple[NoticeState, ...]] = ("complained", "bounced", "sending", "sent", "delivered")


def best_notice(account: Account, campaign: str, since: datetime) -> Notice | None:
    """Find the best notice of a campaign that began at `since`, or of its reminders.

    A reminder to a corrected address makes up for a bounced mail.
    """
    notices = [notice for notice in account.notices if notice.campaign == campaign or notice.at >= since]
    return max(notices, key=lambda notice: _OUTCOMES.index(notice.state), default=None)


def step_of(account: Account, campaign: str, since: datetime, enrolment: Enrolment | None = None) -> Step:
    """Return the step of an account in a campaign that began at `since`, from its re-enrolment of the season too.

    A bounced mail prevails over last year's password: that family has not been notified of the dates.
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
            mail_step: Step = "delivered" if state == "delivered" else "notified"
            return "password" if account.is_activated else mail_step


def enrolment_step(account: Account, enrolment: Enrolment | None) -> Step | None:
    """Return the step of a family's re-enrolment. None if nothing is saved.

    A sent re-enrolment counts as sent, even if a later draft differs.
    """
    if enrolment is None or enrolment.started_at is None:
        return None
    sent_files = _sent_files(account, enrolment)
    if not sent_files:
        return "started"
    if any(pupil.verdict == "to_complete" for pupil in sent_files):
        return "to_complete"
    return "validated" if all(map(_is_over, sent_files)) else "submitted"


def _sent_files(account: Account, enrolment: Enrolment) -> tuple[PupilFile, ...]:
    """List the files of all pupils on file, or in the re-enrolment. Empty unless all are sent."""
    keys = account.household.pupils_by_key or (pupil.key for pupil in enrolment.pupils)
    files = tuple(map(enrolment.pupil, keys))
    sent_files = tuple(file for file in files if file and file.sent)
    return sent_files if len(sent_files) == len(files) else ()


def _is_over(pupil: PupilFile) -> bool:
    return pupil.verdict is not None or pupil.state == "leaving"
