"""An access closed, opened, given another role or reset. The last manager who can enter always stays."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.domain.refusals import Unavailable
from chalicelib.domain.staff.members import Member
from chalicelib.domain.staff.staff_sessions import StaffSession, new_token
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.access import change_role, disable, enable, reset
from chalicelib.office.staff.invitations import Invitee, invite
from chalicelib.office.staff.members import Grant, StaffInput, StaffResult, acts_on
from tests.support.aws import When
from tests.support.refusals import sentence_of
from tests.support.staff import (
    MANAGER,
    SECRETARY,
    SITES,
    at_once,
    enter_as_manager,
    is_in,
    just_in,
    read_member,
    stores,
)
from tests.support.staff import member as settle
from tests.support.world import World

OTHER = "huppe@example.org"
AUTHOR = Author("Odile Fauvette <fauvette@example.org>", "a quitté le conservatoire")
READER_THERE = Grant("reader", ("evry-magnard",))
WRITES = [("UpdateItem", 0), ("UpdateItem", 1), ("SendMessageBatch", 0)]
Act = Callable[[World, str], StaffResult]


def request(email: str = SECRETARY, by: str = MANAGER, version: str | None = None) -> StaffInput:
    return StaffInput(email, AUTHOR, by, version)


def disabling(world: World, email: str) -> StaffResult:
    return disable(world.services, request(email), world.now)


def demoting(world: World, email: str) -> StaffResult:
    return change_role(world.services, request(email), READER_THERE, world.now)


def resetting(world: World, email: str) -> StaffResult:
    return reset(world.services, request(email, by="another"), world.now)


TAKING_OUT = pytest.mark.parametrize("act", [disabling, demoting, resetting])


def settle_manager(world: World, email: str) -> Member:
    """Store a manager who has logged in since."""
    member = settle(world, email, "manager")
    enter_as_manager(world, email)
    return member


def is_let_in(world: World, email: str) -> bool:
    """Whether a new login of a member is accepted."""
    token = new_token()
    session = StaffSession.open(token, read_member(world, email), "open", world.now)
    world.database.write_together(stores(world).sessions.put(session))
    return is_in(world, token)


def is_manager(world: World, email: str) -> bool:
    return is_let_in(world, email) and read_member(world, email).role == "manager"


def kinds(world: World, email: str = SECRETARY) -> list[str]:
    return [act.kind for act in acts_on(world.services, email, world.now)]


def test_an_access_that_is_closed_ends_its_sessions_and_opens_again_with_its_password(world: World) -> None:
    before = settle(world)
    token = new_token()
    world.database.write_together(stores(world).sessions.put(StaffSession.open(token, before, "open", world.now)))

    assert disabling(world, SECRETARY).is_changed
    assert not is_in(world, token)
    assert not is_let_in(world, SECRETARY)
    assert enable(world.services, request(), world.now).is_changed

    assert is_let_in(world, SECRETARY)
    assert read_member(world).password == before.password
    assert not is_in(world, token)
    assert sorted(kinds(world)) == ["staff_disabled", "staff_enabled"]


def test_another_role_and_other_sites_count_at_once(world: World) -> None:
    settle(world)

    assert demoting(world, SECRETARY).is_changed
    assert not demoting(world, SECRETARY).is_changed

    assert Grant.of(read_member(world)) == READER_THERE
    (act,) = acts_on(world.services, SECRETARY, world.now)
    assert (act.kind, act.role, act.sites) == ("staff_role", "reader", ("evry-magnard",))


def test_a_reset_forgets_every_proof_and_mails_a_link_that_says_so(world: World) -> None:
    settle(world, recovery=("digest",), agent="agent-1")

    resetting(world, SECRETARY)
    world.deliver()

    staff = read_member(world)
    assert (staff.password, staff.totp, staff.passkeys, staff.recovery, staff.agent) == (None, None, (), (), "")
    assert not is_let_in(world, SECRETARY)
    (mail,) = world.mails()
    assert (mail.to, "a été réinitialisé" in mail.subject) == (SECRETARY, True)
    assert "Odile Fauvette <fauvette@example.org> a réinitialisé votre accès" in mail.text
    assert "/extranet/bureau/invitation/" in mail.text
    assert kinds(world) == ["staff_reset"]


def test_who_is_closed_out_let_in_again_or_given_another_role_is_told_so(world: World) -> None:
    settle(world)
    disabling(world, SECRETARY)
    enable(world.services, request(), world.now)
    demoting(world, SECRETARY)
    demoting(world, SECRETARY)  # already done: no second notice

    world.deliver_patiently()

    assert sorted(mail.subject.partition(" - ")[0] for mail in world.mails()) == [
        *("Votre accès au bureau est fermé", "Votre accès au bureau est rouvert", "Votre rôle au bureau a changé")
    ]
    assert {mail.to for mail in world.mails()} == {SECRETARY}
    assert all("Demandez à un responsable du réseau" in mail.text for mail in world.mails())


def test_a_reset_of_an_access_that_is_closed_opens_nothing_and_mails_nothing(world: World) -> None:
    settle(world)
    disabling(world, SECRETARY)

    resetting(world, SECRETARY)
    world.deliver_patiently()

    assert [mail.subject for mail in world.mails()] == ["Votre accès au bureau est fermé - Evry - Xénakis"]
    member = read_member(world)
    assert (member.disabled, member.password, member.invitation) == (True, None, None)


def test_nobody_resets_their_own_access(world: World) -> None:
    settle_manager(world, MANAGER)
    settle_manager(world, OTHER)

    with pytest.raises(OfficeRefusal, match="staff_reset_self"):
        reset(world.services, request("Fauvette@example.org "), world.now)

    assert is_let_in(world, MANAGER)


@TAKING_OUT
def test_the_last_manager_who_can_enter_stays(world: World, act: Act) -> None:
    settle_manager(world, MANAGER)
    invite(world.services, request(OTHER), Invitee("Ève Huppe", "manager"), "mailed", world.now)

    with pytest.raises(OfficeRefusal, match="staff_last_manager"):
        act(world, MANAGER)

    assert is_let_in(world, MANAGER)
    assert kinds(world, MANAGER) == []


@pytest.mark.parametrize("act", [disabling, demoting])
def test_a_manager_whom_the_list_does_not_count_yet_stays_where_nobody_else_enters(world: World, act: Act) -> None:
    settle(world, MANAGER, "manager")

    with pytest.raises(OfficeRefusal, match="staff_last_manager"):
        act(world, MANAGER)

    assert stores(world).managers.read().emails == (MANAGER,)


@TAKING_OUT
def test_one_of_two_managers_leaves(world: World, act: Act) -> None:
    settle_manager(world, MANAGER)
    settle_manager(world, OTHER)

    assert act(world, MANAGER).is_changed

    assert not stores(world).managers.read().is_last(MANAGER)
    assert stores(world).managers.read().entered == (OTHER,)


def test_who_has_rights_on_aws_resets_even_the_last_manager_who_stays_one(world: World) -> None:
    settle_manager(world, MANAGER)

    reset(world.services, request(MANAGER, by=""), world.now)

    assert stores(world).managers.read().emails == (MANAGER,)
    assert read_member(world, MANAGER).role == "manager"


@pytest.mark.parametrize(("act", "second_act"), [(disabling, disabling), (demoting, resetting), (resetting, disabling)])
def test_two_who_take_each_other_out_at_once_leave_one(world: World, act: Act, second_act: Act) -> None:
    for _ in range(5):
        world.aws.wipe(world.resources)
        settle_manager(world, MANAGER)
        settle_manager(world, OTHER)

        outcomes = at_once(lambda: act(world, OTHER), lambda: second_act(world, MANAGER))

        assert outcomes.count("staff_last_manager") == 1, outcomes
        assert [is_manager(world, email) for email in (MANAGER, OTHER)].count(True) == 1


def test_two_managers_on_one_member_have_one_winner_and_the_other_reads_who_when_and_what(world: World) -> None:
    settle(world)
    version = read_member(world).version

    disable(world.services, request(version=version), world.now)
    world.wait(timedelta(minutes=3))
    with pytest.raises(OfficeRefusal) as refusal:
        change_role(world.services, request(version=version), READER_THERE, world.now)

    assert refusal.value.code == "staff_moved_by"
    assert "accès désactivé, le 1er septembre 2026 à 9 h 00, par Odile Fauvette <" in sentence_of(refusal.value)
    assert read_member(world).role == "secretary"
    assert kinds(world) == ["staff_disabled"]


def test_of_two_at_once_on_one_page_one_is_refused(world: World) -> None:
    settle(world)
    version = read_member(world).version

    outcomes = at_once(
        lambda: reset(world.services, request(version=version), world.now),
        lambda: change_role(world.services, request(version=version), READER_THERE, world.now),
    )

    assert sorted(outcomes) == ["done", "staff_moved_by"]


def test_who_enters_while_being_taken_out_is_not_counted_as_one_who_is_left(world: World) -> None:
    """The list was read before the second proof was written: it has changed when the manager would be counted."""
    settle_manager(world, MANAGER)
    settle(world, OTHER, "manager")
    managers = stores(world).managers.read()

    disabling(world, OTHER)
    stores(world).managers.add(OTHER)  # like a concurrent reopening
    stores(world).managers.note_entry(OTHER, managers)

    with pytest.raises(OfficeRefusal, match="staff_last_manager"):
        disabling(world, MANAGER)


def test_what_was_decided_before_somebody_entered_is_decided_again(world: World) -> None:
    settle_manager(world, MANAGER)
    before = settle(world, OTHER, "manager")
    stores(world).members.change(before, before.with_login(just_in(world)))

    after = stores(world).members.revise(OTHER, lambda one: one.with_role("reader", SITES), before)

    assert after
    assert after[0].last_login == world.now, "it was read again"


@pytest.mark.parametrize("when", ["before", "after"])
@TAKING_OUT
def test_a_fault_leaves_a_manager_or_none_and_the_same_again_finishes(world: World, act: Act, when: When) -> None:
    settle_manager(world, MANAGER)
    for number, (call, spared) in enumerate([("GetItem", 0), ("GetItem", 1), ("BatchWriteItem", 0), *WRITES]):
        email = f"huppe{number}@example.org"
        settle_manager(world, email)
        with world.aws.failing(call, when, times=1, skips=spared), suppress(Unavailable):
            act(world, email)
        act(world, email)

        assert not is_manager(world, email), call
        assert stores(world).managers.read().entered == (MANAGER,)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("spared", [0, 1])
def test_a_fault_in_a_promotion_leaves_less_and_the_same_again_ends_it(world: World, when: When, spared: int) -> None:
    settle(world)
    seen = read_member(world).version
    with world.aws.failing("UpdateItem", when, times=1, skips=spared), pytest.raises(Unavailable):
        change_role(world.services, request(version=seen), Grant("manager", ()), world.now)

    assert read_member(world).role == "secretary" or when == "after" or not is_let_in(world, SECRETARY)
    change_role(world.services, request(version=seen), Grant("manager", ()), world.now)

    assert is_let_in(world, SECRETARY)
    assert stores(world).managers.read().emails == (SECRETARY,)


def test_a_page_that_shows_what_is_wanted_already_is_no_conflict(world: World) -> None:
    settle(world)
    version = read_member(world).version
    disable(world.services, request(version=version), world.now)

    assert not disable(world.services, request(version=version), world.now).is_changed


@pytest.mark.parametrize("author", [Author("", "parce que"), Author("Mme Houx", " ")])
def test_nobody_acts_without_a_name_and_a_reason(world: World, author: Author) -> None:
    settle(world)

    with pytest.raises(OfficeRefusal, match="author_missing"):
        disable(world.services, replace(request(), author=author), world.now)
