"""A Wednesday of thirty lessons and four hundred pupils: their rolls, called by the teachers, and the mails."""

import random
from collections import Counter
from datetime import date, timedelta

from chalicelib.domain.account.accounts import Account, AccountRef, new_stamp
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, PupilRef, pupil_key
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.mail import AbsencesDue
from chalicelib.wings.teaching.office.timetables import rebuild
from chalicelib.wings.teaching.web.teacher.roll import fields_of
from tests.support.absences import deliver
from tests.support.forms import forms_of
from tests.support.staff import enter
from tests.support.teaching import SITE, WEDNESDAY, course_address, link, stores
from tests.support.world import Visitor, World

TEACHERS, LESSONS, PUPILS, ANNOUNCED = 6, 30, 400, 20
DAY = WEDNESDAY.date()
BATCH = 25  # the limit of BatchWriteItem
SECRET = "Loriot6Jaune"
HANDED = ["present"] * 6 + ["absent", "absent", "retard", "excuse"]


def course(number: int) -> Course:
    hour = 15 + number // TEACHERS
    slot = f"mercredi {hour} h - {hour + 1} h"
    return Course("Violon", "Cycle 1", f"Mme Hirondelle {number % TEACHERS}", slot, "salle Lully")


def family(world: World, number: int, secret: str) -> Account:
    """Make a family of one pupil. In every third one, both guardians have an address."""
    emails = tuple(f"{who}{number}@example.org" for who in ("mere", "pere")[: 1 + (number % 3 == 0)])
    pupil = Pupil(f"Élève {number:03} Hirondelle", date(2014, 1, 1), (course(number % LESSONS),))
    household = Household(tuple(Guardian(f"Responsable {email}", email) for email in emails), (), (pupil,))
    ref = AccountRef(SITE, f"f{number:03}")
    account = Account(ref, f"Famille {number}", emails, new_stamp(), household=household)
    return account.with_password(secret, "chosen", world.now)


def ref_of(account: Account) -> PupilRef:
    return PupilRef(account.ref.identifier, pupil_key(account.household.pupils[0]))


def announce(visitor: Visitor, account: Account) -> None:
    """Log in as a family, and announce its pupil's absence."""
    visitor.log_in(account.ref, SECRET)
    page = f"/extranet/compte/eleves/{ref_of(account).key}"
    lesson = f"{course_key(account.household.pupils[0].courses[0])}#{DAY.isoformat()}"
    assert visitor.post(page, {"quoi": "annonce", "seance": lesson, "motif_absence": ""}).status_code == 303


def call(visitor: Visitor, number: int, marks: dict[PupilRef, str]) -> None:
    """Open the roll of a lesson, and save it with these marks."""
    page = course_address(course(number), "appel", DAY.isoformat())
    (form,) = [form.fields for form in forms_of(visitor.get(page).text) if form.path.startswith(page)]
    answer = visitor.post(page, form | {name: marks[pupil] for pupil, name in fields_of(marks).items()})
    assert answer.status_code == 303


def due(world: World, number: int) -> AbsencesDue:
    """Make the job that a roll posted, as SQS may deliver it once more."""
    key = course_key(course(number))
    return AbsencesDue(
        request="again", asked_at=world.now, site=SITE, course=key, day=DAY.isoformat(), due_at=world.now
    )


def told(world: World) -> Counter[str]:
    return Counter(mail.to for mail in world.mails())


def test_one_mail_leaves_for_each_guardian_and_absence_and_none_twice(world: World, visitor: Visitor) -> None:
    chance = random.Random(30)
    world.now = WEDNESDAY
    password = world.services.hasher.hash(SECRET)
    families = [family(world, number, password) for number in range(PUPILS)]
    for start in range(0, PUPILS, BATCH):
        world.database.write_together(*map(world.services.accounts.put, families[start : start + BATCH]))
    rebuild(world.services, (SITE,), world.now)
    timetables = list(stores(world).timetables.all(SITE))
    courses = [course for timetable in timetables for course in timetable.courses]
    assert (len(timetables), len(courses)) == (TEACHERS, LESSONS)
    assert sum(len(course.pupils) for course in courses) == PUPILS
    marks = [chance.choice(HANDED) for _ in families]
    absent = [number for number, mark in enumerate(marks) if mark == "absent"]
    absences = set(chance.sample(absent, ANNOUNCED))
    for number in absences:
        announce(visitor, families[number])
    expected = Counter(email for number in absent if number not in absences for email in families[number].emails)

    world.wait(timedelta(hours=2))
    for teacher in range(TEACHERS):
        email = f"hirondelle{teacher}@example.org"
        link(world, f"Mme Hirondelle {teacher}", email)
        enter(world, visitor, email, role="teacher")
        for number in range(teacher, LESSONS, TEACHERS):
            call(visitor, number, {ref_of(families[pupil]): marks[pupil] for pupil in range(number, PUPILS, LESSONS)})
    world.wait(timedelta(minutes=29))
    deliver(world)
    assert world.mails() == []

    world.wait(timedelta(minutes=2))
    deliver(world, times=16)
    assert told(world) == expected
    assert len(expected) > 60

    world.services.post_box.post(*(due(world, number) for number in range(LESSONS)))
    deliver(world, times=16)
    assert told(world) == expected, "none leaves twice, though every job ran again"
