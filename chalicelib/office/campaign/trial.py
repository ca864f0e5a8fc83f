"""The notice before anybody gets it: as a made-up family would, on the screen or mailed to whom it may concern."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, PupilFile, Sent
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.family.households import Household, Pupil, pupil_key
from chalicelib.domain.refusals import Undeliverable
from chalicelib.mail.letters import Letter
from chalicelib.office.campaign.campaign import Plan
from chalicelib.office.campaign.notice_letter import NoticeLetter
from chalicelib.office.refused import Refused
from chalicelib.services import Services

_NAME = "Famille Exemple"
_IDENTIFIER = "EXEMPLE1"
_PUPIL = Pupil("Alix Exemple")
_WORDS = "Quel jour préférez-vous ?"


def sample(services: Services, planned: Plan, now: datetime, to: str = "") -> Letter:
    """Write what a made-up family of the first site that has a period would read. Raises `Refused`."""
    periods = services.periods.read()
    code = next((code for code in planned.sites if periods.of(code)), None)
    if code is None:
        raise Refused("campaign_no_period", site=next(iter(planned.sites)))
    ref, step = AccountRef(code, _IDENTIFIER.lower()), planned.asked.campaign.step
    family = Account(ref, _NAME, (), "", written=_IDENTIFIER, household=Household(pupils=(_PUPIL,)))
    enrolments = {ref: _enrolment(ref, now)} if step == "to_complete" else {}
    return NoticeLetter(services.settings.network, periods, step, (family,), enrolments).to(to, now)


def _enrolment(ref: AccountRef, now: datetime) -> Enrolment:
    """Make up a re-enrolment of which the office asked something."""
    asked = Sent(PupilAnswers(stays=True), "", now, Decision("to_complete", "", now, _WORDS))
    file = PupilFile(pupil_key(_PUPIL), _PUPIL.name, sent=asked)
    return Enrolment(EnrolmentRef(ref, str(now.year)), now, pupils=(file,))


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
