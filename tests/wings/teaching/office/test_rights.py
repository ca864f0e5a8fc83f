"""A family's lesson data is exported and erased with the rest. Other pupils' marks on its rolls stay."""

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author, Erasure
from chalicelib.domain.family.households import PupilRef
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.rights.erasure import ErasureHooks, erase, erase_all
from chalicelib.office.rights.subject_access import export, personal_data
from chalicelib.settings import wings
from chalicelib.wings.teaching.domain.announcements import AnnouncedAbsence, LessonChange
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef
from chalicelib.wings.teaching.office.rights import LessonData, forget_in_rolls, lesson_data, lesson_deletions
from tests.support.households import HOUSEHOLD, settle_whole
from tests.support.staff import in_parallel
from tests.support.teaching import settle_courses, stores
from tests.support.two_logins import AIMEE, settle_two_logins
from tests.support.world import ROSSIGNOL, World

(KEY,) = HOUSEHOLD.pupils_by_key
PUPIL = PupilRef(ROSSIGNOL.identifier, KEY)
NEIGHBOUR = PupilRef("lor8", "01234567")
COURSE = course_key(HOUSEHOLD.pupils[0].courses[0])


def lesson(world: World) -> RollRef:
    return RollRef(ROSSIGNOL.site, COURSE, world.now.date())


def roll(world: World) -> Roll:
    return stores(world).rolls.find(lesson(world))


def test_a_family_is_told_all_of_it_published_or_not(world: World) -> None:
    account = settle_whole(world)

    data = personal_data(world.services, account, world.now).lessons

    assert [(one.pupil, one.course, one.fact.why) for one in data.absences] == [
        (KEY, COURSE, "Rendez-vous chez M. Héron")
    ]
    assert [(one.pupil, one.day, one.fact.mark) for one in data.marks] == [(KEY, world.now.date(), "absent")]
    assert [(one.course, one.fact.discipline) for one in data.unexcused_absences] == [(COURSE, "hautbois")]
    assert [(one.pupil, one.ref.year, one.assessment.text) for one in data.assessments] == [
        (KEY, "2025", "Un beau vibrato."),
        (KEY, "2026", "Le coup de langue est à travailler."),
    ]
    assert [(calendar.pupil, calendar.at) for calendar in data.calendars] == [(PUPIL, world.now)]
    assert lesson_data(world.services, AccountRef(ROSSIGNOL.site, "xen")) == LessonData()


@pytest.mark.parametrize("is_left_out", [False, True])
def test_a_moved_lesson_and_its_substitute_are_the_course_s(
    world: World, monkeypatch: pytest.MonkeyPatch, is_left_out: bool
) -> None:
    """Neither in the copy of a family's data nor erased with it, also where the network left teaching out."""
    account, day = settle_whole(world), world.now.date()
    data = personal_data(world.services, account, world.now)
    change = LessonChange("Mme Houx", world.now, begins=world.now, ends=world.now, teacher="Mme Sorbier")
    stores(world).changes.revise_at(ROSSIGNOL.site, COURSE, lambda changes: changes.with_change(day, change))
    if is_left_out:
        monkeypatch.setattr(wings, "WINGS", ())

    assert personal_data(world.services, account, world.now) == data
    erase(world.services, account, Erasure.of((account.ref,), "Mme Houx", "asked", world.now), lambda: None)

    changes = world.database.read(stores(world).changes.lookup(ROSSIGNOL.site, COURSE))
    assert changes.changes[day].teacher == "Mme Sorbier"


def test_the_marks_of_others_stay_as_they_were_and_whose_they_are(world: World) -> None:
    account = settle_whole(world)
    before = roll(world)

    erase(world.services, account, Erasure.of((account.ref,), "Mme Houx", "asked", world.now), lambda: None)

    assert roll(world).marks == {NEIGHBOUR: before.marks[NEIGHBOUR]}
    assert (roll(world).taken_at, roll(world).by) == (before.taken_at, before.by)
    pupils = world.database.read(stores(world).absences.counted.lookup(lesson(world)))
    assert pupils.pupils == {NEIGHBOUR}
    assert pupils.item["expires"]


def test_a_roll_that_is_saved_at_that_moment_keeps_what_is_marked_and_not_the_family(world: World) -> None:
    settle_whole(world)

    def save(current: Roll) -> Roll:
        marks = {pupil: one.mark for pupil, one in current.marks.items()}
        return current.save(marks | {NEIGHBOUR: "absent"}, "M. Roitelet", world.now)

    def act(index: int) -> None:
        if index:
            stores(world).rolls.revise_at(lesson(world), save)
        else:
            forget_in_rolls(world.services, {ROSSIGNOL: ()})

    in_parallel(4, act)

    assert {pupil: one.mark for pupil, one in roll(world).marks.items()} == {NEIGHBOUR: "absent"}


def test_many_families_leave_a_roll_by_one_write(world: World) -> None:
    settle_whole(world)
    world.aws.calls.clear()

    families = (ROSSIGNOL, AccountRef(ROSSIGNOL.site, "lor8"), AccountRef("evry-magnard", "xen1"))
    forget_in_rolls(world.services, dict.fromkeys(families, ()))

    assert roll(world).marks == {}
    pupils = world.database.read(stores(world).absences.counted.lookup(lesson(world)))
    assert (pupils.pupils, "expires" in pupils.item) == (frozenset(), True)
    assert world.aws.calls.count("UpdateItem") == 2  # of the roll, and of its counted pupil


def test_again_it_changes_nothing(world: World) -> None:
    settle_whole(world)
    for _ in range(2):
        world.aws.calls.clear()
        forget_in_rolls(world.services, {ROSSIGNOL: ()})
        world.database.write_all(lesson_deletions(world.services, ROSSIGNOL, ()))

    assert set(world.aws.calls) == {"Query"}
    assert lesson_data(world.services, ROSSIGNOL) == LessonData()


def test_a_teacher_finds_the_pupil_no_more_from_before_the_requests_under_way_end(world: World) -> None:
    """Otherwise a teacher's concurrent change would remain."""
    settle_courses(world)
    answers: list[bool] = []

    def wait() -> None:
        timetables = stores(world).timetables.all(ROSSIGNOL.site)
        answers.append(any(timetable.mentions(ROSSIGNOL.identifier) for timetable in timetables))

    account = world.account()
    hooks = ErasureHooks(wait)
    erasure = Erasure.of((account.ref,), "Mme Houx", "purged", world.now)
    erase_all(world.services, (account.ref,), erasure, lambda _: True, hooks)

    assert answers == [False]


def test_where_coordinates_are_separated_the_other_s_telephone_is_in_no_words(world: World) -> None:
    account = settle_two_logins(world, separated_at=world.now)
    pupil = PupilRef(ROSSIGNOL.identifier, next(iter(account.household.pupils_by_key)))
    why = "Appelez le 06 99 00 10 01"
    absence = AnnouncedAbsence(world.now, AIMEE, why)
    stores(world).announcements.revise_at(
        ROSSIGNOL.site, pupil, lambda found: found.with_announced((COURSE, world.now.date()), absence)
    )

    data_by_name = {
        login: export(world.services, HelpdeskCase(login, None, Author("Mme Houx", "demande")), world.now).lessons
        for login in ("XEN 1", "XEN 1 R2")
    }

    assert [one.fact.why for one in data_by_name["XEN 1"].absences] == [why]
    assert [one.fact.why for one in data_by_name["XEN 1 R2"].absences] == ["Appelez le non communiqué"]
