"""The notice before anybody gets it: as a made-up family would, on the screen or mailed to whom it may concern."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.enrolment.answers import PupilAnswers
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, PupilFile, SentAnswers
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.family.households import Household, Pupil, pupil_key
from chalicelib.domain.refusals import Undeliverable
from chalicelib.mail.letters import Letter
from chalicelib.office.campaign.campaign import Plan
from chalicelib.office.campaign.notice_letter import NoticeLetter
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services

_NAME = "Famille Exemple"
_IDENTIFIER = "EXEMPLE1"
_PUPIL = Pupil("Alix Exemple")
_WORDS = "Quel jour préférez-vous ?"


def sample(services: Services, plan: Plan, now: datetime, to: str = "") -> Letter:
    """Write what a made-up family of the first site that has a period would read. Raises `OfficeRefusal`."""
    periods = services.periods.read()
    code = next((code for code in plan.sites if periods.of(code)), None)
    if code is None:
        raise OfficeRefusal("campaign_no_period", site=next(iter(plan.sites)))
    ref, step = AccountRef(code, _IDENTIFIER.lower()), plan.request.campaign.step
    family = Account(ref, _NAME, (), "", display_identifier=_IDENTIFIER, household=Household(pupils=(_PUPIL,)))
    enrolments = {ref: _enrolment(ref, now)} if step == "to_complete" else {}
    return NoticeLetter(services.settings.network, periods, step, (family,), enrolments).to(to, now)


def _enrolment(ref: AccountRef, now: datetime) -> Enrolment:
    """Make up a re-enrolment of which the office asked something."""
    answers = SentAnswers(PupilAnswers(stays=True), "", now, Decision("to_complete", "", now, _WORDS))
    file = PupilFile(pupil_key(_PUPIL), _PUPIL.name, sent=answers)
    return Enrolment(EnrolmentRef(ref, str(now.year)), now, pupils=(file,))


def mail_trial(services: Services, plan: Plan, typed: str, now: datetime) -> Letter:
    """Send the sample to one address, marked as a trial; counted nowhere. Raises `OfficeRefusal`, `Unavailable`."""
    address = email_from(typed)
    if not address:
        raise OfficeRefusal("email_unreadable", email=typed)
    letter = sample(services, plan, now, address)
    letter = replace(letter, subject=f"[Essai] {letter.subject}")
    try:
        services.mailer.send(letter, AccountRef(next(iter(plan.sites)), _IDENTIFIER.lower()))
    except Undeliverable:
        raise OfficeRefusal("trial_undeliverable", email=typed) from None
    return letter
