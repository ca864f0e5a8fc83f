"""The stored URL of a pupil's calendar."""

from contextlib import suppress

from chalicelib.domain.family.households import PupilRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.wings.teaching.domain.calendars import LinkOwner
from tests.support.aws import When, faults_of
from tests.support.world import World

REF = PupilRef("xen1", "01234567")


def test_an_address_is_found_again_and_forgotten_with_the_school_year(world: World) -> None:
    calendars = world.services.lessons.calendars

    _, year = calendars.revise_at("evry-xenakis", REF, lambda calendar: calendar.renew("Mme Rossignol", world.now))

    assert calendars.find("evry-xenakis", REF) == year
    assert calendars.find("evry-xenakis", PupilRef("xen2", "01234567")).nonce == ""
    item = world.database.read(calendars.lookup("evry-xenakis", REF)).item
    assert int(item["expires"]) == int(year.expires_at.timestamp()) if year.expires_at else False


def test_what_a_later_version_wrote_stays_and_an_address_taken_away_leaves_nothing_of_it(world: World) -> None:
    calendars = world.services.lessons.calendars
    calendars.revise_at("evry-xenakis", REF, lambda calendar: calendar.renew("Mme Rossignol", world.now))
    key = {"site": "evry-xenakis", "identifier": f"calendar\t{REF.name}"}
    table = world.services.settings.table("Lessons")
    world.database.update(table, key, "SET #later = :later", "attribute_exists(#version)", later="kept")

    calendars.revise_at("evry-xenakis", REF, lambda calendar: calendar.revoke())

    item = calendars.find("evry-xenakis", REF).item
    assert item["later"] == "kept"
    assert item.keys() == {"site", "identifier", "later", "version", "expires", "links"}


def test_an_owner_in_the_form_of_a_newer_version_has_no_words(world: World) -> None:
    calendars, item = (world.services.lessons.calendars, {"site": "@link", "identifier": "a name", "later": "pupil"})
    world.database.create(world.services.settings.table("Lessons"), item)

    assert calendars.find_owner("a name") == LinkOwner(())


@faults_of("PutItem", "UpdateItem", "BatchWriteItem")
def test_no_fault_leaves_an_address_that_leads_to_no_pupil(world: World, call: str, when: When) -> None:
    calendars = world.services.lessons.calendars

    with world.aws.failing(call, when), suppress(Unavailable):
        calendars.revise_at("evry-xenakis", REF, lambda calendar: calendar.renew("", world.now))

    calendar = calendars.find("evry-xenakis", REF)
    assert calendars.find_owner(calendar.name(world.services.record.pseudonyms)) or not calendar.nonce
