"""Families, re-enrolled or not, with pupils in every state, at two sites, for the office to read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import DECIDABLE, Enrolment, EnrolmentDecision, PupilFile, Verdict
from chalicelib.domain.enrolment.periods import EnrolmentRef, Periods
from chalicelib.domain.enrolment.submissions import submit
from chalicelib.domain.family.households import Course, Household, Pupil
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput, PupilDecision, PupilVersion, decide_as_shown
from chalicelib.office.enrolment.reenrolments import family_of
from chalicelib.services.office import OfficeServices
from tests.support.answers import WHOLE
from tests.support.enrolment import EVE, HOUSEHOLD, IN_JUNE, JUNE, LEO, ZELIE
from tests.support.world import ROSSIGNOL, World

SEASON: Final = "2027"
CANARI: Final = AccountRef("evry-magnard", "mag2")
GRIVE: Final = AccountRef("evry-magnard", "mag3")
MERLE: Final = AccountRef("evry-xenakis", "xen2")
BY: Final = "Mme Aimée Rossignol"
GOES_ON: Final = PupilAnswers(
    stays=True, wishes=(CourseWish("Hautbois", "keep"), CourseWish("Formation musicale", "keep")), image_rights=False
)
CHANGES: Final = PupilAnswers(
    stays=True,
    wishes=(CourseWish("Danse classique", "change", "Danse contemporaine", ("mardi", "jeudi")),),
    image_rights=False,
    remark="Plutôt après 17 h.",
)
LEAVES: Final = PupilAnswers(stays=False, reason="Déménagement")
NUMBERS: Final = ("R27-K4TN-8WCB", "R27-B3CD-4FGH")


def key_of(pupil: Pupil, household: Household = HOUSEHOLD) -> str:
    """Find the key of a pupil of the Rossignol household, or of another one."""
    return next(key for key, other in household.pupils_by_key.items() if other == pupil)


def open_period(world: World, now: datetime = IN_JUNE) -> None:
    """Open the period at all sites."""
    world.now = now
    world.services.periods.write(world.services.periods.read(), Periods(JUNE))


def keep(world: World, enrolment: Enrolment) -> Enrolment:
    """Store a re-enrolment, replacing an existing one."""
    world.services.enrolments.revise(world.services.enrolments.find(enrolment.ref), lambda _: enrolment)
    return enrolment


def new_enrolment(
    ref: AccountRef, answers: Iterable[tuple[str, str, PupilAnswers]], at: datetime = IN_JUNE
) -> Enrolment:
    """Make an unsent re-enrolment: the household, and pupils by key and name."""
    author = SavedBy(BY, at)
    enrolment = Enrolment(EnrolmentRef(ref, SEASON)).with_household(replace(WHOLE, payer=BY), author)
    for key, name, pupil_answers in answers:
        enrolment = enrolment.with_pupil(PupilFile(key, name, pupil_answers, author), at)
    return enrolment


def send_pupils(enrolment: Enrolment, number: str, *keys: str, at: datetime = IN_JUNE) -> Enrolment:
    """Submit some pupils of a re-enrolment, or all."""
    files = tuple(file for file in enrolment.pupils if not keys or file.key in keys)
    return submit(enrolment, files, number, SavedBy(BY, at))


def draft_again(enrolment: Enrolment, key: str, answers: PupilAnswers) -> Enrolment:
    """Change the draft of a pupil's answers without sending it."""
    file = enrolment.pupil(key)
    assert file is not None
    return enrolment.with_pupil(replace(file, draft=answers), IN_JUNE)


def judge(enrolment: Enrolment, key: str, verdict: Verdict, words: str = "", by: str = "M. Orme") -> Enrolment:
    """Decide on a pupil as the office, an hour after the evening of `IN_JUNE`."""
    return enrolment.with_decision(key, EnrolmentDecision(verdict, by, IN_JUNE + timedelta(hours=1), words))


def decide(
    services: OfficeServices,
    decision_input: EnrolmentDecisionInput,
    now: datetime,
    *names: str,
    ref: AccountRef = ROSSIGNOL,
    season: str = SEASON,
) -> tuple[PupilDecision, ...]:
    """Decide on pupils as the office's page shows them now: by name, or all that wait."""
    family = family_of(services, EnrolmentRef(ref, season))
    pupils_meant = [
        pupil
        for pupil in family.pupils
        if (any(name in pupil.file.name for name in names) if names else pupil.file.state in DECIDABLE)
    ]
    return decide_as_shown(services, family, [PupilVersion.of(pupil) for pupil in pupils_meant], decision_input, now)


def rossignol(world: World) -> Account:
    """Store the family of three pupils: one stays and one leaves, both sent. The third changes, and is a draft."""
    account = world.settle(
        ROSSIGNOL, emails=("rossignol@example.org", "come@example.org"), household=HOUSEHOLD, display_identifier="XEN 1"
    )
    drafts = new_enrolment(
        ROSSIGNOL,
        ((key_of(ZELIE), ZELIE.name, GOES_ON), (key_of(LEO), LEO.name, CHANGES), (key_of(EVE), EVE.name, LEAVES)),
    )
    certificate = ProvidedDocument("certificat-danse", key_of(LEO), SavedBy(BY, IN_JUNE), "documents/2027/x")
    keep(world, send_pupils(drafts.with_document(certificate), NUMBERS[0], key_of(ZELIE), key_of(EVE)))
    return account


def open_for_rossignol(world: World, *, days: int = 0, is_all_sent: bool = False) -> None:
    """Open the period some days after `IN_JUNE`, and store the Rossignols, whose draft may be sent too."""
    open_period(world, IN_JUNE + timedelta(days))
    rossignol(world)
    if is_all_sent:
        keep(
            world, send_pupils(world.services.enrolments.find(EnrolmentRef(ROSSIGNOL, SEASON)), NUMBERS[1], key_of(LEO))
        )


def alone(world: World, ref: AccountRef, name: str, pupil: str, discipline: str = "Piano") -> tuple[Account, str]:
    """Store a family of one pupil without answers, and return the pupil's key too."""
    household = Household(pupils=(Pupil(pupil, date(2014, 5, 6), (Course(discipline, "Cycle 2"),)),))
    account = world.settle(ref, name=name, emails=(f"{ref.identifier}@example.org",), household=household)
    return account, next(iter(household.pupils_by_key))


def submitted_alone(world: World, ref: AccountRef, name: str, pupil: str, number: str) -> str:
    """Store a family of one pupil that keeps the piano, sent, and return the pupil's key."""
    _, key = alone(world, ref, name, pupil)
    goes_on = PupilAnswers(stays=True, wishes=(CourseWish("Piano", "keep"),), image_rights=False)
    keep(world, send_pupils(new_enrolment(ref, ((key, pupil, goes_on),)), number))
    return key
