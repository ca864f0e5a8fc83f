"""A pupil's calendar when guardians have separate logins, and the effect of « Ce n'est pas moi » on one of them."""

from datetime import timedelta

import pytest

from chalicelib.domain.account.coordinates import record_freeze
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.refusals import NotThere
from chalicelib.wings.teaching.flows.family.calendar import calendar_link, lessons_behind
from tests.support.enrolment import ZELIE
from tests.support.households import change_household
from tests.support.teaching import ref_of
from tests.support.two_logins import COMES, settle_two_logins
from tests.support.world import ROSSIGNOL, World


def made(world: World, by: str = "") -> str:
    """Create the address of a pupil's calendar."""
    calendars = world.services.lessons.calendars
    pupil = ref_of(ROSSIGNOL, ZELIE)
    _, calendar = calendars.revise_at(ROSSIGNOL.site, pupil, lambda calendar: calendar.renew(by, world.now))
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
    stays, leaves = world.account(ROSSIGNOL).household.guardians[:2]
    link = made(world, leaves.name)
    assert lessons_behind(world.services, link, world.now)

    change_household(world, guardians=(stays,))

    with pytest.raises(NotThere):
        lessons_behind(world.services, link, world.now)
    assert lessons_behind(world.services, made(world, stays.name), world.now).pupil.name == ZELIE.name


def test_an_address_shows_the_lessons_until_it_is_renewed_and_a_forged_one_reads_nothing(world: World) -> None:
    settle_two_logins(world)
    link = made(world)
    assert lessons_behind(world.services, link, world.now).pupil.name == ZELIE.name

    token = made(world)

    with pytest.raises(NotThere):
        lessons_behind(world.services, link, world.now)
    world.aws.calls.clear()
    for forgery in (token[:-1], token[1:], "former_link-" * 5):
        with pytest.raises(NotThere):
            lessons_behind(world.services, forgery, world.now)
    assert world.aws.calls == []


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="nobody's"),
        pytest.param((ROSSIGNOL.site, ROSSIGNOL.identifier), id="of fewer words"),
        pytest.param(("elsewhere", "xen1", "01234567"), id="of no site"),
        pytest.param((COMES.site, COMES.identifier, "01234567"), id="of a guardian's own login"),
    ],
)
def test_a_link_that_leads_to_no_pupil_of_a_family_is_not_there(world: World, words: tuple[str, ...]) -> None:
    settle_two_logins(world)
    link, name = made(world), world.services.lessons.calendars.find(ROSSIGNOL.site, ref_of(ROSSIGNOL, ZELIE)).links[0]
    key, table = {"site": "@link", "identifier": name}, world.services.settings.table("Lessons")
    world.database.update(table, key, "SET #of = :of", "attribute_exists(#of)", of=list(words))

    with pytest.raises(NotThere):
        lessons_behind(world.services, link, world.now)
