"""The mail jobs of a re-enrolment, as in the queue."""

from dataclasses import replace

from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision
from chalicelib.mail.enrolment_jobs import EnrolmentDecided, EnrolmentSubmitted
from chalicelib.office.enrolment.mails import decision_mails
from tests.support.answers import FULL, NOW, REF, STAYS, sent_answers
from tests.support.world import EMAIL, ROSSIGNOL, World

ASKED = EnrolmentDecision("to_complete", "Mme Houx", NOW, "Quel jour ?")


def send(world: World) -> Enrolment:
    """Store a re-enrolment whose answers are sent, with a decision on one pupil."""
    world.services.enrolments.change(Enrolment(REF), FULL)
    return FULL


def receipt_job(world: World, mailbox: str = EMAIL) -> EnrolmentSubmitted:
    """Make the job of a receipt."""
    return EnrolmentSubmitted(
        request="request-1",
        asked_at=world.now,
        site=ROSSIGNOL.site,
        identifier=ROSSIGNOL.identifier,
        season=REF.season,
        mailbox=world.services.record.pseudonyms.of_mailbox(mailbox),
        receipt="R27-AAAA-BBBB",
    )


def with_decision(key: str, decision: EnrolmentDecision = ASKED) -> Enrolment:
    """Return the re-enrolment with a decision on a pupil."""
    pupil = FULL.pupil(key) or FULL.pupils[0]
    return FULL.with_pupil(replace(pupil, key=key, sent=replace(sent_answers(STAYS), decision=decision)), NOW)


def decision_job(world: World, decision: EnrolmentDecision = ASKED, pupil: str = "b2") -> EnrolmentDecided:
    """Make the job of a decision as it is posted."""
    (job, *_) = decision_mails(world.services, world.account(), with_decision(pupil, decision), pupil, "enrolments-1")
    return job
