"""The staff table: members are read back, one writer wins, and the list of managers is never empty."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.staff.members import Member, Totp
from tests.support.staff import MANAGER, SECRETARY, enter_as_manager, member, read_member, stores
from tests.support.world import World


def test_a_key_that_the_first_versions_sealed_is_read_and_stays_for_a_rollback(world: World) -> None:
    member(world)
    key, first = {"site": "@member", "identifier": SECRETARY}, {"sealed": "by the first versions", "last_step": 3}
    world.database.update(world.resources.staff_table, key, "SET #totp = :totp", "attribute_exists(#site)", totp=first)
    before = read_member(world)
    assert before.totp == Totp("", 3)

    stores(world).members.change(before, replace(before, totp=Totp("by keys with versions", 4)))

    assert read_member(world).item["totp"] == first | {"key": "by keys with versions", "last_step": 4}


def test_the_last_manager_stays(world: World) -> None:
    managers = stores(world).managers
    enter_as_manager(world, MANAGER)
    managers.add("invited@example.org")

    assert managers.read().entered == (MANAGER,)
    assert not managers.remove(MANAGER)
    assert not managers.mark_unenrolled(MANAGER, even_last=False)
    assert managers.read().emails == (MANAGER, "invited@example.org")
    assert managers.remove("invited@example.org")
    assert managers.mark_unenrolled(MANAGER, even_last=True)
    assert managers.read().entered == ()
    assert managers.read().emails == (MANAGER,)


def test_who_enters_counts_unless_the_list_has_changed_since_it_was_read(world: World) -> None:
    managers = stores(world).managers
    managers.add(MANAGER)
    manager_list = managers.read()
    managers.add("invited@example.org")

    managers.note_entry(MANAGER, manager_list)
    managers.note_entry("stranger@example.org", managers.read())
    assert managers.read().entered == ()

    managers.note_entry(MANAGER, managers.read())
    assert managers.read().entered == (MANAGER,)


def test_a_member_s_life_at_the_desk_has_no_end_of_its_own(world: World) -> None:
    """TTL deletes sessions, but a member stays until they are removed."""
    member(world)
    world.wait(timedelta(days=400))

    person = stores(world).members.find(SECRETARY)

    assert person
    assert isinstance(person, Member)
    assert "expires" not in person.item
