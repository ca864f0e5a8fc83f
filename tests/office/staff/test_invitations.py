"""A member invited, once or again, by mail or a handed link, and names of the yearly file linked to a teacher."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.browser_links import read_link
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.access import disable
from chalicelib.office.staff.invitations import Delivery, InvitationResult, Invitee, invite
from chalicelib.office.staff.members import StaffInput, acts_on
from tests.support.aws import When, faults_of
from tests.support.refusals import sentence_of
from tests.support.staff import MANAGER, SECRETARY, SITES, at_once, links, opens, read_member, stores
from tests.support.staff import member as settle
from tests.support.world import World

AUTHOR = Author("Odile Fauvette <fauvette@example.org>", "arrive en septembre")
REQUEST = StaffInput(" Troglodyte@Example.org", AUTHOR, by=MANAGER)
INVITEE = Invitee("Basile  Troglodyte", "secretary", SITES)


def ask(world: World, delivery: Delivery = "mailed", invitee: Invitee = INVITEE, **values: str) -> InvitationResult:
    staff_input = StaffInput(values.get("email", REQUEST.email), AUTHOR, values.get("by", ""), values.get("seen"))
    return invite(world.services, staff_input, invitee, delivery, world.now)


def test_who_is_invited_gets_a_link_good_for_24_hours(world: World) -> None:
    result = ask(world)
    world.deliver()

    ((email, secret),) = links(world)
    staff = read_member(world)
    assert (result.is_new, result.link) == (True, "")
    assert (staff.name, staff.role, staff.sites, staff.is_active) == ("Basile Troglodyte", "secretary", SITES, False)
    assert [mail.to for mail in world.mails()] == [SECRETARY]
    assert email == SECRETARY
    assert opens(world, secret)
    world.wait(timedelta(hours=24))
    assert not opens(world, secret)


def test_no_queue_table_or_record_has_the_link_or_says_whom_it_is_for(world: World) -> None:
    ask(world)
    queue = world.aws.queue_bodies()
    world.deliver()

    ((_, secret),) = links(world)
    assert not re.search("troglodyte|Basile|xenakis|invitation/", queue, re.IGNORECASE)
    assert secret not in world.aws.everything(world.resources) + world.log.getvalue()
    assert SECRETARY not in world.log.getvalue()


def test_a_link_that_is_handed_over_opens_and_nothing_is_mailed(world: World) -> None:
    result = ask(world, "handed_over")
    world.deliver()

    email, secret = read_link(world.services.settings.key_ring("staff-links"), result.link.rpartition("/")[2]) or (
        "",
        "",
    )
    assert result.link.startswith("http://127.0.0.1:8000/extranet/bureau/invitation/")
    assert email == SECRETARY
    assert opens(world, secret)
    assert world.mails() == []
    assert secret not in world.aws.everything(world.resources) + world.log.getvalue()


def test_who_is_invited_again_enters_by_the_newest_link_only(world: World) -> None:
    ask(world)
    world.deliver()
    world.wait(timedelta(hours=30))

    again = ask(world, invitee=Invitee())
    world.deliver()

    (_, former), (_, newest) = links(world)
    assert not again.is_new
    assert (opens(world, former), opens(world, newest)) == (False, True)


def test_each_invitation_is_noted_with_who_asked_and_why_for_a_year(world: World) -> None:
    ask(world)

    (act,) = acts_on(world.services, SECRETARY, world.now)

    assert (act.kind, act.author, act.role, act.sites) == ("staff_invited", AUTHOR, "secretary", SITES)
    assert acts_on(world.services, SECRETARY, world.now + timedelta(days=365)) == ()


@pytest.mark.parametrize(
    ("email", "invitee", "code"),
    [
        ("troglodyte", INVITEE, "email_unreadable"),
        ("trogłodyte@example.org", INVITEE, "email_not_ascii"),
        (SECRETARY, Invitee("", "secretary", SITES), "staff_name_missing"),
        (SECRETARY, Invitee("Basile"), "staff_role_missing"),
        (SECRETARY, Invitee("Basile", "director", SITES), "staff_role_unknown"),
        *((SECRETARY, Invitee("Basile", role), "staff_sites_missing") for role in ("secretary", "reader", "teacher")),
        (SECRETARY, Invitee("Basile", "reader", ("paris",)), "site_unknown"),
    ],
)
@pytest.mark.wing("teaching")
def test_what_lacks_or_is_wrong_writes_nothing(world: World, email: str, invitee: Invitee, code: str) -> None:
    before = world.aws.everything(world.resources)

    with pytest.raises(OfficeRefusal, match=code):
        ask(world, email=email, invitee=invitee)

    assert world.aws.everything(world.resources) == before


def test_who_has_an_access_is_not_invited_over_it(world: World) -> None:
    settle(world)
    before = read_member(world)

    with pytest.raises(OfficeRefusal, match="staff_active"):
        ask(world)
    disable(world.services, REQUEST, world.now)
    with pytest.raises(OfficeRefusal, match="staff_disabled"):
        ask(world)

    assert read_member(world).password == before.password


def test_an_invitation_changes_no_role(world: World) -> None:
    ask(world)

    with pytest.raises(OfficeRefusal, match="staff_other_role"):
        ask(world, invitee=Invitee("Basile", "manager"))

    assert read_member(world).role == "secretary"
    assert SECRETARY not in stores(world).managers.read()


def test_a_manager_who_is_invited_is_on_the_list_and_does_not_count_yet(world: World) -> None:
    ask(world, invitee=Invitee("Basile", "manager"))

    managers = stores(world).managers.read()
    assert managers.emails == (SECRETARY,)
    assert managers.entered == ()


def test_a_name_that_was_mistyped_is_corrected_by_another_invitation(world: World) -> None:
    ask(world, invitee=Invitee("Bazile", "secretary", SITES))

    ask(world)

    assert read_member(world).name == "Basile Troglodyte"


def test_of_two_managers_who_invite_at_once_one_wins_and_the_other_reads_who(world: World) -> None:
    ask(world)
    version = read_member(world).version
    world.wait(timedelta(minutes=5))

    outcomes = at_once(*[lambda: ask(world, seen=version)] * 2)
    world.deliver()

    assert sorted(outcomes) == ["done", "staff_moved_by"]
    with pytest.raises(OfficeRefusal) as refusal:
        ask(world, seen=version)
    assert "Odile Fauvette" in sentence_of(refusal.value)
    assert any(opens(world, secret) for _, secret in links(world))


@faults_of("GetItem", "BatchWriteItem", "SendMessageBatch", "PutItem", "UpdateItem")
def test_a_fault_leaves_nobody_half_invited_and_the_same_again_finishes(world: World, call: str, when: When) -> None:
    manager = Invitee("Basile", "manager")
    with world.aws.failing(call, when, times=1), pytest.raises(Unavailable):
        ask(world, invitee=manager)

    ask(world, invitee=manager)
    world.deliver_patiently()

    email, secret = links(world)[-1]
    assert (email, opens(world, secret)) == (SECRETARY, True)
    assert stores(world).managers.read().emails == (SECRETARY,)
