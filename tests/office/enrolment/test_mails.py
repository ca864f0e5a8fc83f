"""The mails of a re-enrolment: sent once their write is confirmed, to every address, late rather than never."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, PupilFile, SentAnswers
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, pupil_key
from chalicelib.office.enrolment import mails
from chalicelib.office.enrolment.mails import decision_mails
from tests.support.answers import FULL, NOW, REF
from tests.support.enrolment_jobs import decision_job, receipt_job, send
from tests.support.world import EMAIL, World


def test_a_mail_that_no_longer_applies_is_dropped_with_its_reason(world: World) -> None:
    account = world.settle()
    send(world)
    after = timedelta(minutes=2)
    for pupil in ("a1", "c3", "zz"):
        mails.MAIL.send(world.services, decision_job(world, pupil=pupil), NOW + after)
    mails.MAIL.send(world.services, receipt_job(world, "a mailbox of before"), world.now)
    job = receipt_job(world)
    world.services.accounts.erase(account)
    mails.MAIL.send(world.services, job, world.now + after)

    assert world.mails() == []
    assert [event["reason"] for event in world.events()] == [*3 * ["not_so"], "undeliverable", "not_so"]


AIMEE, COME = Guardian("Mme Rossignol", EMAIL), Guardian("M. Rossignol", "come@example.fr")
BOTH = (AIMEE, COME)


@pytest.mark.parametrize(
    ("guardians", "email", "by", "reader"),
    [
        (BOTH, EMAIL, "Mme Rossignol", "sender"),
        (BOTH, "come@example.fr", "Mme Rossignol", "other"),
        (BOTH, "nid@example.org", "Mme Rossignol", "unknown"),  # no single guardian's
        (BOTH, EMAIL, "Mme Martin", "unknown"),  # a guardian gone from the file, or renamed since
        ((AIMEE, replace(COME, email=EMAIL)), EMAIL, "Mme Rossignol", "unknown"),  # one mailbox for two
        ((AIMEE,), "nid@example.org", "Mme Rossignol", "sender"),
        ((), EMAIL, "Famille Rossignol", "sender"),
    ],
)
def test_who_reads_a_receipt_is_who_sent_it_or_another_guardian(
    world: World, guardians: tuple[Guardian, ...], email: str, by: str, reader: str
) -> None:
    account = world.settle(emails=(EMAIL, "come@example.fr", "nid@example.org"), household=Household(guardians))

    assert mails.reader_of(account, replace(FULL.receipts[0], by=by), email) == reader


JUNE = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15))


@pytest.mark.parametrize(
    ("period", "now", "says"),
    [
        (JUNE, NOW, "Vous pouvez changer vos réponses sur l'extranet jusqu'au 15 juin 2027 inclus"),
        (JUNE, NOW + timedelta(days=14), "La réinscription est terminée depuis le 15 juin 2027"),
        (None, NOW, "Pour changer une réponse, appelez l'administration."),
        (EnrolmentPeriod(date(2028, 6, 1), date(2028, 6, 15)), NOW, "Pour changer une réponse, appelez"),
    ],
)
def test_a_receipt_says_until_when_by_the_period_of_its_own_season(
    world: World, period: EnrolmentPeriod | None, now: datetime, says: str
) -> None:
    world.settle()
    send(world)
    world.services.periods.write(world.services.periods.read(), Periods(period))

    mails.MAIL.send(world.services, replace(receipt_job(world), asked_at=now), now)

    assert says in world.mails()[0].text


def test_an_accepted_pupil_reads_its_courses_with_their_day_and_what_is_still_due(world: World) -> None:
    zelie = Pupil(
        "Zélie", date(2015, 3, 14), (Course("Hautbois", slot="mercredi 14 h 30"), Course("Chant", slot="jeudi 18 h"))
    )
    key = pupil_key(zelie)
    world.settle(household=Household(BOTH, pupils=(zelie,)))
    world.services.periods.write(world.services.periods.read(), Periods(JUNE))
    wishes = (CourseWish("Hautbois", "keep"), CourseWish("Chant", "change", "Alto", ("mardi",)))
    answers = SentAnswers(
        PupilAnswers(stays=True, wishes=wishes), "R27-AAAA-BBBB", NOW, EnrolmentDecision("accepted", "Mme Houx", NOW)
    )
    enrolment = Enrolment(REF, NOW).with_pupil(PupilFile(key, "Zélie", sent=answers), NOW)
    world.services.enrolments.change(Enrolment(REF), enrolment)
    (job,) = decision_mails(world.services, world.account(), enrolment, key, "enrolments-1")

    mails.MAIL.send(world.services, job, NOW)

    text = world.mails()[0].text
    assert "Cours : Hautbois : continue (cette année : mercredi 14 h 30)" in text
    assert "Cours : Chant : change pour Alto ; jours souhaités, dans l'ordre : mardi" in text
    assert "Pièce à remettre jusqu'au 15 juin 2027 inclus :" in text
