"""A re-enrolment line by line, as `clef` and the desk say it: what differs from the file and from last year."""

from dataclasses import replace

from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.seasons import EnrolmentRef
from chalicelib.office import enrolment_lines as lines
from chalicelib.office.enrolment.show import EnrolmentOverview, family_overview
from tests.support.enrolled import CHANGES, GOES_ON, keep, key_of, new_enrolment, open_period, rossignol, send_pupils
from tests.support.enrolling import IN_JUNE, ZELIE
from tests.support.world import ROSSIGNOL, World


def overview(world: World) -> EnrolmentOverview:
    open_period(world, IN_JUNE)
    rossignol(world)
    return family_overview(world.services, ROSSIGNOL, None, world.now)


def last_year(world: World) -> Enrolment:
    answers = replace(GOES_ON, wishes=CHANGES.wishes)
    made = new_enrolment(ROSSIGNOL, ((key_of(ZELIE), ZELIE.name, answers),))
    return keep(world, send_pupils(replace(made, ref=EnrolmentRef(ROSSIGNOL, "2026")), "R26-K4TN-8WCB"))


def test_without_last_year_and_with_the_same_payer_nothing_differs(world: World) -> None:
    found = overview(world)

    assert lines.household_since_last_year(found) == []
    assert lines.not_as_on_file(found) == []
    assert lines.corrections(found) == []
    assert dict(lines.progress(found))["Étape"] == "réinscription commencée"


def test_what_was_otherwise_last_year_is_told_course_by_course(world: World) -> None:
    last_year(world)
    found = overview(world)
    zelie = next(pupil for pupil in found.family.pupils if pupil.file.name == ZELIE.name)

    changed = {title: (old, new) for title, old, new in lines.pupil_since_last_year(found, zelie)}

    assert changed["Hautbois"] == ("pas indiqué", "continue")
    assert changed["Danse classique"][1] == "pas indiqué"
