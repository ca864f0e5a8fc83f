"""The funnel: how far each family has come in a season, from the yearly file to the first login; it always adds up."""

from datetime import datetime
from typing import Final, Literal

from chalicelib.domain.accounts import Account
from chalicelib.domain.campaigns import Notice, NoticeState

Step = Literal["imported", "uncertain", "notified", "bounced", "delivered", "password", "logged_in"]
Apart = Literal["disabled", "gone"]

# In the order families go; each account that a season is about stands at exactly one of them.
STEPS: Final[tuple[Step, ...]] = (
    "imported",  # on file, not written to by this campaign (no address that works, or not its turn yet)
    "uncertain",  # nobody can say whether the mail left
    "notified",  # the mail left
    "bounced",  # it came back, or its reader calls it unwanted
    "delivered",  # it arrived
    "password",  # told, and has a password: this year's by mail, or last year's
    "logged_in",  # has logged in since the campaign began
)

# What became of a mail, from the worst to the best.
_OUTCOMES: Final[tuple[NoticeState, ...]] = ("complained", "bounced", "sending", "sent", "delivered")


def has_password(account: Account) -> bool:
    """Tell whether a family has a password, or was mailed one, used or not: it was activated."""
    return bool(account.password or account.mailed or account.letters)


def apart(account: Account) -> Apart | None:
    """Tell why a season is not about an account: it may not log in, or the yearly file lists it no more."""
    if account.disabled:
        return "disabled"
    return "gone" if account.gone_at else None


def told(account: Account, campaign: str, since: datetime) -> Notice | None:
    """Find the best that came of what it was written by a campaign that began at `since`, or by its reminders.

    A reminder to an address put right makes up for the mail that came back.
    """
    notices = [each for each in account.notices if each.campaign == campaign or each.at >= since]
    return max(notices, key=lambda each: _OUTCOMES.index(each.state), default=None)


def standing(account: Account, campaign: str, since: datetime) -> Step:
    """Tell where an account stands in a campaign that began at `since`.

    A mail that came back counts for more than last year's password: that family does not know the dates.
    """
    if account.last_login is not None and account.last_login >= since:
        return "logged_in"
    notice = told(account, campaign, since)
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
