"""The pupils of an application: one to six, no duplicates, wishes from the site's offer, and removal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.enrolment.periods import EnrolmentPeriod
from chalicelib.domain.refusals import FieldsRefused, LessComplete, NotThere
from chalicelib.values import version_of
from chalicelib.wings.admission.domain.applications import MOST_CANDIDATES, Application, Candidate, Wish
from chalicelib.wings.admission.flows.candidate import NEW, candidate_of, remove_candidate, save_candidate
from chalicelib.wings.admission.flows.draft import ApplicationClosed, StepForm
from tests.support.admission import MERLE, announce, application_of, stores
from tests.support.application_form import at_once, context_of, draft, only, send_as_shown
from tests.support.applications import ALBA, NILS
from tests.support.world import World

MORE = replace(NILS, key=NEW, first_name="Ode")


@pytest.fixture(autouse=True)
def begun(world: World) -> None:
    announce(world)
    draft(world, MERLE, only(ALBA))


def save(world: World, candidate: Candidate, error: object = None, *, later: bool = False) -> Application:
    form = StepForm(version_of(error), later)
    return save_candidate(world.visit(), context_of(world, MERLE), candidate, form)


def refusals(world: World, candidate: Candidate, error: object = None, **more: Any) -> dict[str, tuple[str, ...]]:
    with pytest.raises(FieldsRefused) as refusal:
        save(world, candidate, error, **more)
    return refusal.value.fields


def names(world: World) -> list[str]:
    return [one.name for one in application_of(world).answers.candidates]


def test_one_more_has_a_key_of_its_own(world: World) -> None:
    save(world, MORE)

    first, more = application_of(world).answers.candidates
    assert first == ALBA
    assert (more.name, more.key in {NEW, ALBA.key}, len(more.key)) == ("Ode Geai", False, 8)


def test_the_same_form_twice_adds_one_pupil_even_at_once(world: World) -> None:
    save(world, MORE)
    save(world, MORE)
    at_once(lambda _: save(world, MORE), [1, 2, 3, 4])

    assert names(world) == ["Alba Geai", "Ode Geai"]


def test_a_pupil_that_is_there_already_is_refused(world: World) -> None:
    twice = replace(ALBA, key=NEW, first_name="ALBA", wishes=NILS.wishes, born_on=ALBA.born_on)
    wish = Wish("Violon", "evry-xenakis")

    assert refusals(world, replace(twice, wishes=(wish,))) == {"prenom": ("candidate_twice",)}
    save(world, MORE)
    ode = application_of(world).answers.candidates[1]
    assert refusals(world, replace(ALBA, key=ode.key), ode) == {"prenom": ("candidate_twice",)}


def test_the_seventh_pupil_is_refused_and_so_are_two_hundred(world: World) -> None:
    for number in range(MOST_CANDIDATES - 1):
        save(world, replace(MORE, first_name=f"Ode {'abcdef'[number]}"))

    for number in range(200):
        assert refusals(world, replace(MORE, first_name=f"Zoé {number}")) == {"prenom": ("candidates_too_many",)}

    assert len(names(world)) == MOST_CANDIDATES
    save(world, replace(ALBA, first_name="Elba"), ALBA)
    assert names(world)[0] == "Elba Geai"


def test_at_once_no_more_than_six_come_in(world: World) -> None:
    many = [replace(MORE, first_name=f"Ode {'abcdefgh'[number]}") for number in range(8)]

    at_once(lambda one: save(world, one), many)

    assert len(names(world)) <= MOST_CANDIDATES


def test_what_lacks_is_refused_or_kept_to_be_finished_later(world: World) -> None:
    half = Candidate(NEW, "Ode", "", None, (Wish("Piano", ""),))

    assert set(refusals(world, half)) == {"nom", "naissance", "site-1"}
    save(world, half, later=True)
    assert replace(application_of(world).answers.candidates[1], key=NEW) == half
    with pytest.raises(LessComplete):
        save(world, replace(ALBA, born_on=None), ALBA, later=True)


def test_a_wish_keeps_its_moment_while_it_is_the_same(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))
    candidate = application_of(world).answers.candidates[0]
    save(world, replace(ALBA, wishes=ALBA.wishes[::-1]), candidate)

    assert [wish.since for wish in application_of(world).answers.candidates[0].wishes] == [world.now, world.now]
    save(world, ALBA, application_of(world).answers.candidates[0])
    assert application_of(world).draft is None, "as it was sent: nothing waits"


def test_one_that_was_never_sent_is_taken_out_and_twice_is_once(world: World) -> None:
    context = context_of(world, MERLE)

    for _ in range(2):
        remove_candidate(world.visit(), context, ALBA.key)

    assert names(world) == []


def test_one_that_was_sent_is_withdrawn_and_not_taken_out(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))

    with pytest.raises(NotThere):
        remove_candidate(world.visit(), context_of(world, MERLE), ALBA.key)

    assert names(world) == ["Alba Geai"]


def test_who_is_withdrawn_changes_no_more_and_its_place_among_six_is_free(world: World) -> None:
    send_as_shown(world, context_of(world, MERLE))
    application = application_of(world)
    stores(world).applications.change(application, application.withdraw([ALBA.key], world.now))

    with pytest.raises(NotThere):
        candidate_of(context_of(world, MERLE), ALBA.key)
    for number in range(MOST_CANDIDATES):
        save(world, replace(MORE, first_name=f"Ode {'abcdef'[number]}"))
    assert len(names(world)) == 1 + MOST_CANDIDATES


def test_after_the_period_nobody_is_added_nor_taken_out(world: World) -> None:
    announce(world, EnrolmentPeriod(date(2026, 8, 1), date(2026, 8, 31)))

    with pytest.raises(ApplicationClosed):
        save(world, MORE)
    with pytest.raises(ApplicationClosed):
        remove_candidate(world.visit(), context_of(world, MERLE), ALBA.key)
