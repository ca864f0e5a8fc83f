"""Three unexcused absences, and one excused afterwards: in the roll, in the count, in the trail."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import NotThere, Unavailable
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.wings.teaching.office.absences import finalise_absences
from chalicelib.wings.teaching.office.unexcused import count_often_absent, excuse, often_absent
from tests.support.absences import due
from tests.support.missed_lessons import BASILES, DAYS, ZELIES, miss, roll_of, settle_absent
from tests.support.teaching import SITE, stores
from tests.support.world import ROSSIGNOL, World

AUTHOR = Author("Basile Troglodyte <troglodyte@example.org>", "certificat médical")


@pytest.fixture(autouse=True)
def absent(world: World) -> None:
    """Let a pupil miss three lessons."""
    settle_absent(world)


def often(world: World) -> list[str]:
    absent_pupils = often_absent(world.services, (SITE,), world.now)
    days = [lesson.day for pupil in absent_pupils for lesson in pupil.lessons]
    assert count_often_absent(world.services, SITE, world.now) == (len(absent_pupils), min(days, default=None))
    return [pupil.name for pupil in absent_pupils]


def do(world: World, pupil: PupilRef = ZELIES) -> bool:
    return excuse(world.services, roll_of(), pupil, AUTHOR, world.now)


def test_a_pupil_is_listed_from_three_absences_on_the_latest_first(world: World) -> None:
    miss(world, BASILES, DAYS[:2])

    (absent_pupil,) = often_absent(world.services, (SITE,), world.now)

    assert (absent_pupil.name, absent_pupil.account.ref) == ("Zélie Rossignol", ROSSIGNOL)
    assert [lesson.day for lesson in absent_pupil.lessons] == list(reversed(DAYS))


def test_an_absence_excused_is_so_in_the_roll_counts_no_more_and_is_noted_in_the_family_s_trail(world: World) -> None:
    assert do(world)

    roll = stores(world).rolls.find(roll_of())
    assert (roll.mark_of(ZELIES), roll.mark_of(BASILES), roll.by) == ("excused", "absent", AUTHOR.who)
    assert often(world) == []
    (entry,) = world.services.audit_trail.of_site(SITE)
    assert (entry.kind, entry.author.who) == ("absence_excused", AUTHOR.who)
    assert entry.author.why == "Zélie Rossignol, Violon, 4 novembre 2026 : certificat médical"
    world.deliver()
    assert world.mails() == []


def test_again_it_changes_nothing_and_notes_nothing(world: World) -> None:
    do(world)

    assert not do(world)
    assert len(list(world.services.audit_trail.of_site(SITE))) == 1


def test_what_a_fault_left_undone_is_made_good_by_the_same_act_again(world: World) -> None:
    with world.aws.failing("UpdateItem", "after", error=(500, "InternalServerError")), pytest.raises(Unavailable):
        do(world)

    do(world)

    assert often(world) == []
    assert stores(world).rolls.find(roll_of()).mark_of(ZELIES) == "excused"


def test_an_absence_excused_while_its_roll_is_being_counted_is_not_counted(world: World) -> None:
    job = due(world, DAYS[-1])
    stores(world).absences.revise_at(SITE, ZELIES, lambda counted: counted.without((job.course, DAYS[-1])))

    with world.aws.interrupted(
        "UpdateItem", lambda: excuse(world.services, roll_of(DAYS[-1]), ZELIES, AUTHOR, world.now)
    ):
        finalise_absences(world.services, job, job.due_at)

    assert stores(world).rolls.find(roll_of(DAYS[-1])).mark_of(ZELIES) == "excused"
    assert often(world) == []


def test_without_a_reason_or_for_a_pupil_of_nobody_nothing_is_done(world: World) -> None:
    with pytest.raises(OfficeRefusal):
        excuse(world.services, roll_of(), ZELIES, Author("Basile Troglodyte", " "), world.now)
    with pytest.raises(NotThere):
        do(world, PupilRef(ROSSIGNOL.identifier, "nobody"))

    assert often(world) == ["Zélie Rossignol"]


def test_another_school_year_begins_at_none(world: World) -> None:
    world.wait(timedelta(days=365))

    assert often(world) == []
