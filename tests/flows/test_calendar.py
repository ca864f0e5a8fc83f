"""A pupil's calendar where guardians have logins of their own, and what « Ce n'est pas moi » of one does to it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.coordinates import record_freeze
from chalicelib.domain.account.sealing import Seal
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import NotThere
from chalicelib.domain.teaching.calendars import seal_link
from chalicelib.flows.calendar import calendar_link, lessons_behind
from chalicelib.lesson_services import lesson_stores
from tests.support.enrolling import ZELIE
from tests.support.teaching import ref_of
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import ROSSIGNOL, World


def made(world: World, by: str = "") -> str:
    """Make an address of a pupil's calendar."""
    calendars = lesson_stores(world.services).calendars
    pupil = ref_of(ROSSIGNOL, ZELIE)
    _, calendar = calendars.revise(ROSSIGNOL.site, pupil, lambda calendar: calendar.renew(by, world.now))
    return calendar_link(world.services, calendar)


def test_not_me_of_a_guardian_s_own_login_closes_the_address_of_before(world: World) -> None:
    settle_two_logins(world)
    link = made(world)
    assert lessons_behind(world.services, link, world.now).pupil.name == ZELIE.name

    login = world.account(COMES)
    world.wait(timedelta(minutes=1))
    world.services.accounts.change(login, record_freeze(login, login, Actor("family"), world.now, "decision"))

    with pytest.raises(NotThere):
        lessons_behind(world.services, link, world.now)


def test_an_address_shows_nothing_once_the_guardian_who_made_it_left_the_family(world: World) -> None:
    settle_two_logins(world)
    family = world.account(ROSSIGNOL)
    stays, leaves = family.household.guardians[:2]
    link = made(world, leaves.name)
    assert lessons_behind(world.services, link, world.now)

    left = replace(family.household, guardians=(stays,))
    world.services.accounts.change(family, replace(family, household=left))

    with pytest.raises(NotThere):
        lessons_behind(world.services, link, world.now)
    assert lessons_behind(world.services, made(world, stays.name), world.now).pupil.name == ZELIE.name


@pytest.mark.parametrize("words", [("evry-xenakis", "xen1"), ("elsewhere", "xen1", "01234567", "nonce")])
def test_a_link_of_other_words_or_of_no_site_is_not_there(world: World, words: tuple[str, ...]) -> None:
    seal = Seal(world.services.settings.record_key, "calendar of a pupil")

    with pytest.raises(NotThere):
        lessons_behind(world.services, seal_link(seal, *words), world.now)


def test_a_guardian_s_own_login_is_no_family_s_account(world: World) -> None:
    settle_two_logins(world)
    seal = Seal(world.services.settings.record_key, "calendar of a pupil")

    with pytest.raises(NotThere):
        lessons_behind(world.services, seal_link(seal, COMES.site, COMES.identifier, "01234567", "n"), world.now)
