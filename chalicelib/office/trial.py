"""The notice before anybody gets it: as a made-up family would, on the screen or mailed to whom it may concern."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.accounts import Account, AccountRef
from chalicelib.domain.identifiers import email_from
from chalicelib.domain.refusals import Undeliverable
from chalicelib.mail.letters import Letter
from chalicelib.office.campaign import Plan
from chalicelib.office.notice_letter import NoticeLetter
from chalicelib.office.refused import Refused
from chalicelib.services import Services

_NAME = "Famille Exemple"
_IDENTIFIER = "EXEMPLE1"


def sample(services: Services, planned: Plan, now: datetime, to: str = "") -> Letter:
    """Write what a made-up family of the first site that has a period would read. Raises `Refused`."""
    periods = services.periods.read()
    code = next((code for code in planned.sites if periods.of(code)), None)
    if code is None:
        raise Refused("campaign_no_period", site=next(iter(planned.sites)))
    family = Account(AccountRef(code, _IDENTIFIER.lower()), _NAME, (), "", written=_IDENTIFIER)
    return NoticeLetter(services.settings.network, periods, planned.asked.campaign.step, (family,)).to(to, now)


def mail_trial(services: Services, planned: Plan, typed: str, now: datetime) -> Letter:
    """Send the sample to one address, marked as a trial; it is counted nowhere. Raises `Refused`, `Unavailable`."""
    address = email_from(typed)
    if not address:
        raise Refused("email_unreadable", email=typed)
    letter = sample(services, planned, now, address)
    letter = replace(letter, subject=f"[Essai] {letter.subject}")
    try:
        services.mailer.send(letter, AccountRef(next(iter(planned.sites)), _IDENTIFIER.lower()))
    except Undeliverable:
        raise Refused("trial_undeliverable", email=typed) from None
    return letter
