"""A family that re-enrols: three pupils, two guardians, an open period, and its answers as the forms send them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.dossiers.documents import FOYER as FOYER_KEY
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, EnrolmentRef, Periods
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil
from tests.support.answers import WHOLE
from tests.support.world import ROSSIGNOL, World

JUNE: Final = EnrolmentPeriod(date(2027, 6, 1), date(2027, 6, 15))
IN_JUNE: Final = datetime(2027, 6, 2, 18, 0, tzinfo=UTC)  # 20 h 00 in Paris
LAST_SECOND: Final = datetime(2027, 6, 15, 21, 59, 59, tzinfo=UTC)  # 23 h 59 min 59 s in Paris
REF: Final = EnrolmentRef(ROSSIGNOL, "2027")
ZELIE: Final = Pupil(
    "Zélie Rossignol",
    date(2015, 3, 14),
    (
        Course("Hautbois", "Cycle 1", "Mme Saule", "mercredi 14 h 30 - 15 h 15", "salle Ravel"),
        Course("Formation musicale", "Cycle 1"),
    ),
)
LEO: Final = Pupil("Léo Rossignol", date(2018, 7, 1), (Course("Danse classique", "Éveil"),))
EVE: Final = Pupil("Ève Rossignol", date(1999, 1, 2), (Course("Chant"),))
HOUSEHOLD: Final = Household(
    guardians=(
        Guardian("Mme Aimée Rossignol", "rossignol@example.org", "06 99 00 10 01"),
        Guardian("M. Côme Rossignol", "come@example.org"),
    ),
    address=("3 allée des Tilleuls", "91000 Evry"),
    pupils=(ZELIE, LEO, EVE),
)
ZELIE_KEY, LEO_KEY, EVE_KEY = HOUSEHOLD.pupils_by_key

FOYER: Final = {
    "coordonnees": "oui",
    "payeur": "Mme Aimée Rossignol",
    "urgence_nom": "M. Merle",
    "urgence_telephone": "0699001002",
    "reglement": "oui",
    "par": "1",
}
CONTINUES: Final = {"choix": "oui", "cours-1": "continuer", "cours-2": "continuer", "image": "non", "par": "1"}
CHANGES: Final = {
    "choix": "oui",
    "cours-1": "changer",
    "discipline-1": "Danse contemporaine",
    "jour-1-1": "mardi",
    "jour-1-2": "jeudi",
    "image": "non",
    "par": "2",
}
LEAVES: Final = {"choix": "non", "motif": "Déménagement", "par": "1"}


def open_season(world: World, now: datetime = IN_JUNE, **values: Any) -> Account:
    """Open the period, and store the family."""
    world.now = now
    world.services.periods.write(world.services.periods.read(), Periods(JUNE))
    account = world.settle(emails=("rossignol@example.org", "come@example.org"), household=HOUSEHOLD, **values)
    world.aws.calls.clear()
    return account


def next_season(world: World) -> None:
    """Advance a year: the period is open again."""
    world.now = datetime(2028, 6, 2, 18, 0, tzinfo=UTC)
    period = EnrolmentPeriod(date(2028, 6, 1), date(2028, 6, 15))
    world.services.periods.write(world.services.periods.read(), Periods(period))


def enrolment(world: World) -> Enrolment:
    """Read the family's re-enrolment."""
    return world.services.enrolments.find(REF)


SAVED: Final = SavedBy("Mme Aimée Rossignol", IN_JUNE)
ANSWERED: Final = (
    PupilFile(
        ZELIE_KEY,
        ZELIE.name,
        PupilAnswers(
            stays=True,
            wishes=(
                CourseWish("Hautbois", "change", "Alto", ("mardi", "jeudi")),
                CourseWish("Formation musicale", "stop"),
            ),
            image_rights=False,
            remark="Plutôt après 17 h.",
        ),
        SAVED,
    ),
    PupilFile(
        LEO_KEY,
        LEO.name,
        PupilAnswers(stays=True, wishes=(CourseWish("Danse classique", "keep"),), image_rights=False),
        SAVED,
    ),
    PupilFile(EVE_KEY, EVE.name, PupilAnswers(stays=False, reason="Déménagement"), SAVED),
)
PROMISED: Final = (
    ProvidedDocument("certificat-danse", LEO_KEY, SAVED),
    ProvidedDocument("quotient-familial", FOYER_KEY, SAVED),
)


def answer_all(world: World, **values: Any) -> Enrolment:
    """Store all answers of the family, ready to be sent, or with other parts."""
    before = enrolment(world)
    parts: dict[str, Any] = {
        "household": WHOLE,
        "household_saved": SAVED,
        "pupils": ANSWERED,
        "provided": PROMISED,
    } | values
    world.services.enrolments.change(before, replace(before, started_at=world.now, **parts))
    return enrolment(world)
