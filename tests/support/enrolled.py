"""Families that have re-enrolled, or not: with pupils at every state, at two sites, for the office to look at."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Decision, Enrolment, Provided, PupilFile, Saved, Verdict
from chalicelib.domain.enrolment.periods import Periods
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.domain.enrolment.submissions import decided, submitted
from chalicelib.domain.family.households import Course, Household, Pupil
from tests.support.answers import WHOLE
from tests.support.enrolling import EVE, HOUSEHOLD, IN_JUNE, JUNE, LEO, ZELIE
from tests.support.world import ROSSIGNOL, World

SEASON: Final = "2027"
CANARI: Final = AccountRef("evry-magnard", "mag2")
GRIVE: Final = AccountRef("evry-magnard", "mag3")
MERLE: Final = AccountRef("evry-xenakis", "xen2")
BY: Final = "Mme Aimée Rossignol"
GOES_ON: Final = PupilAnswers(
    stays=True, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "keep"))
)
CHANGES: Final = PupilAnswers(
    stays=True,
    wishes=(CourseWish("Danse classique", "change", "Danse contemporaine", ("mardi", "jeudi")),),
    remark="Plutôt après 17 h.",
)
LEAVES: Final = PupilAnswers(stays=False, reason="Déménagement")
NUMBERS: Final = ("R27-K4TN-8WCB", "R27-B3CD-4FGH")


def key_of(pupil: Pupil, household: Household = HOUSEHOLD) -> str:
    """Give the key of a pupil of the Rossignol household, or of another one."""
    return next(key for key, each in household.keyed_pupils.items() if each == pupil)


def open_period(world: World, now: datetime = IN_JUNE) -> None:
    """Let the period be open at all sites."""
    world.now = now
    world.services.periods.write(world.services.periods.read(), Periods(JUNE))


def keep(world: World, enrolment: Enrolment) -> Enrolment:
    """Store a re-enrolment in the place of what is there."""
    world.services.enrolments.revise(world.services.enrolments.find(enrolment.ref), lambda _: enrolment)
    return enrolment


def begun(ref: AccountRef, answers: Iterable[tuple[str, str, PupilAnswers]], at: datetime = IN_JUNE) -> Enrolment:
    """Give a re-enrolment of which nothing is sent: the household, and pupils by key and name."""
    saved = Saved(BY, at)
    made = Enrolment(EnrolmentRef(ref, SEASON)).with_household(replace(WHOLE, payer=BY), saved)
    for key, name, given in answers:
        made = made.with_pupil(PupilFile(key, name, given, saved), at)
    return made


def sent(enrolment: Enrolment, number: str, *keys: str, at: datetime = IN_JUNE) -> Enrolment:
    """Send some pupils of a re-enrolment, or all."""
    files = tuple(each for each in enrolment.pupils if not keys or each.key in keys)
    return submitted(enrolment, files, number, Saved(BY, at))


def redrafted(enrolment: Enrolment, key: str, answers: PupilAnswers) -> Enrolment:
    """Let the family answer otherwise for a pupil, and not send it."""
    file = enrolment.pupil(key)
    assert file is not None
    return enrolment.with_pupil(replace(file, draft=answers), IN_JUNE)


def judged(enrolment: Enrolment, key: str, verdict: Verdict, words: str = "", by: str = "M. Orme") -> Enrolment:
    """Let the office decide of a pupil, an hour after the evening of `IN_JUNE`."""
    after = decided(enrolment, key, Decision(verdict, by, IN_JUNE + timedelta(hours=1), words))
    assert after is not None
    return after


def rossignol(world: World) -> Account:
    """Store the family of three pupils: one goes on and one leaves, both sent; the third changes, and is a draft."""
    account = world.settle(
        ROSSIGNOL,
        emails=("rossignol@example.org", "come@example.org"),
        household=HOUSEHOLD,
        written="XEN 1",
    )
    drafts = begun(
        ROSSIGNOL,
        (
            (key_of(ZELIE), ZELIE.name, GOES_ON),
            (key_of(LEO), LEO.name, CHANGES),
            (key_of(EVE), EVE.name, LEAVES),
        ),
    )
    certificate = Provided("certificat-danse", key_of(LEO), Saved(BY, IN_JUNE), "documents/2027/x")
    keep(world, sent(drafts.with_document(certificate), NUMBERS[0], key_of(ZELIE), key_of(EVE)))
    return account


def alone(world: World, ref: AccountRef, name: str, pupil: str, discipline: str = "Piano") -> tuple[Account, str]:
    """Store a family of one pupil that has answered nothing; give the pupil's key too."""
    household = Household(pupils=(Pupil(pupil, date(2014, 5, 6), (Course(discipline, "Cycle 2"),)),))
    account = world.settle(ref, name=name, emails=(f"{ref.identifier}@example.org",), household=household)
    return account, next(iter(household.keyed_pupils))


def submitted_alone(world: World, ref: AccountRef, name: str, pupil: str, number: str) -> str:
    """Store a family of one pupil that goes on with the piano, sent; give the pupil's key."""
    _, key = alone(world, ref, name, pupil)
    goes_on = PupilAnswers(stays=True, wishes=(CourseWish("Piano", "keep"),))
    keep(world, sent(begun(ref, ((key, pupil, goes_on),)), number))
    return key
