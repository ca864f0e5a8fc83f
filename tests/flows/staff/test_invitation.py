"""An invitation: accepted once, by one of several at once, and by the same form however often it is sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.flows.staff.access import NewPassword
from chalicelib.flows.staff.invitation import Accepted, AccessChoice, InvitationGone, accept, find_invited, find_sender
from chalicelib.flows.staff.login_code import prove_code
from chalicelib.flows.staff.second_factor import AuthenticatorInput, ProposedKey, propose, verify_authenticator
from chalicelib.infra.dynamo.revise import RACES
from tests.support.aws import OVERTAKEN, When, faults_of
from tests.support.staff import (
    MANAGER,
    SECRETARY,
    code_of,
    half_enter,
    in_parallel,
    invite,
    is_in,
    outcome_of,
    read_member,
    stores,
)
from tests.support.world import World

CHOSEN = "quatre hautbois sous la neige"


def view(world: World, link: str) -> ProposedKey:
    """Open the page of a link, and return the key that it draws."""
    invitation = find_sender(world.visit(), link)
    return propose(world.services, invitation.member.email, invitation.place, "", world.now)


def send(world: World, link: str, password: str = CHOSEN, code: str = "", page: ProposedKey | None = None) -> Accepted:
    """Send the form of a page, or of a new view of it, with a code or the authenticator's current one."""
    visit, page = world.visit(), page or view(world, link)
    invitation = find_sender(visit, link)
    authenticator = AuthenticatorInput(page.seal, code or code_of(world, page.key))
    factor = verify_authenticator(visit.services, invitation.member.email, invitation.place, authenticator, world.now)
    return accept(visit, invitation, AccessChoice(NewPassword(password, password), factor))


def outcome(world: World, link: str, password: str = CHOSEN, code: str = "", page: ProposedKey | None = None) -> str:
    return outcome_of(lambda: send(world, link, password, code, page), "open")


def test_who_accepts_has_a_password_an_application_codes_and_a_session(world: World) -> None:
    link = invite(world)

    result = send(world, link)

    member = read_member(world)
    assert member.is_active
    assert member.invitation is None
    assert world.services.hasher.verify(member.password, CHOSEN)
    assert (member.last_login, member.password_changed_at) == (world.now, world.now)
    assert len(member.recovery) == len(set(result.codes)) == 8
    assert is_in(world, result.token)


def test_a_manager_who_accepts_counts_as_one_who_is_left(world: World) -> None:
    send(world, invite(world, MANAGER))

    assert stores(world).managers.read().entered == (MANAGER,)


def test_a_link_opens_for_24_hours_to_the_second(world: World) -> None:
    link = invite(world)

    world.wait(timedelta(hours=23, minutes=59, seconds=59))
    assert find_invited(world.services, link, world.now).member.email == SECRETARY
    world.wait(timedelta(seconds=1))
    assert outcome(world, link) == "InvitationGone"


def test_a_link_that_was_accepted_opens_nothing_more(world: World) -> None:
    link = invite(world)
    page, second = view(world, link), view(world, link)
    result = send(world, link, page=page)
    before = read_member(world)

    assert outcome(world, link, page=second) == "InvitationGone", "the key of another view"
    world.wait(timedelta(seconds=30))
    assert outcome(world, link, page=page) == "InvitationGone", "another code is another form"
    assert outcome(world, link, "cinq bassons dans la brume", page=page) == "InvitationGone"
    with pytest.raises(InvitationGone):
        find_invited(world.services, link, world.now)

    assert read_member(world) == before
    assert is_in(world, result.token)


def test_a_link_before_another_one_and_one_of_a_closed_access_open_nothing(world: World) -> None:
    link = invite(world)
    stores(world).members.revise(SECRETARY, lambda one: one.with_invitation("another", "Odile Fauvette", world.now))
    assert outcome(world, link) == "InvitationGone"

    second = invite(world, "corneille@example.org", "reader")
    stores(world).members.revise("corneille@example.org", lambda one: replace(one, disabled=True))
    assert outcome(world, second) == "InvitationGone"


def test_what_is_refused_is_told_of_every_field_and_changes_nothing(world: World) -> None:
    link = invite(world)
    before = world.aws.everything(world.resources)

    with pytest.raises(FieldsRefused) as refusal:
        send(world, link, "Troglodyte2026", "123456")

    assert refusal.value.fields == {"nouveau": ("staff_password_own_name",), "code": ("staff_code_differs",)}
    assert world.aws.everything(world.resources) == before


def test_of_eight_who_choose_at_once_one_wins(world: World) -> None:
    link = invite(world)

    came = in_parallel(8, lambda which: send(world, link, f"{CHOSEN} {which}"))

    (winner,) = (which for which, one in enumerate(came) if isinstance(one, Accepted))
    assert {one for one in came if not isinstance(one, Accepted)} == {InvitationGone}
    assert world.services.hasher.verify(read_member(world).password, f"{CHOSEN} {winner}")


def test_a_form_that_is_overtaken_each_time_is_unavailable_and_opens_nothing(world: World) -> None:
    link = invite(world)
    page = view(world, link)
    world.aws.calls.clear()

    with world.aws.failing("UpdateItem", "before", error=OVERTAKEN), pytest.raises(Unavailable):
        send(world, link, page=page)

    assert world.aws.calls.count("UpdateItem") == RACES
    assert read_member(world).invitation


def test_clicks_on_one_form_leave_one_session_and_one_sheet_of_codes(world: World) -> None:
    link = invite(world)
    page = view(world, link)

    came = [one for one in in_parallel(4, lambda _: send(world, link, page=page)) if isinstance(one, Accepted)]

    alive = [one for one in came if is_in(world, one.token)]
    assert len(alive) == 1
    assert alive[0].member.recovery == read_member(world).recovery
    assert len(read_member(world).changes) == 1
    world.deliver_patiently()
    assert len(world.mails()) == 1


@faults_of("BatchGetItem", "SendMessageBatch", "BatchWriteItem", "UpdateItem")
def test_after_a_failure_the_same_form_works_and_nothing_was_half_done(world: World, call: str, when: When) -> None:
    link = invite(world)
    page = view(world, link)
    with world.aws.failing(call, when):
        assert outcome(world, link, page=page) == "Unavailable"
    assert read_member(world).is_active is ((call, when) == ("UpdateItem", "after"))

    result = send(world, link, page=page)

    assert is_in(world, result.token)
    assert result.member.recovery == read_member(world).recovery
    world.deliver_patiently()
    assert len(world.mails()) == 1


def test_a_link_that_was_accepted_takes_no_code_that_opened_the_desk_later(world: World) -> None:
    link = invite(world)
    page = view(world, link)
    send(world, link, page=page)
    world.wait(timedelta(days=1))
    code = code_of(world, page.key)
    token = prove_code(world.visit(), half_enter(world, password=CHOSEN), code)

    assert outcome(world, link, code=code, page=page) == "InvitationGone", (
        "it works once, and whoever has the link has the mailbox"
    )

    assert is_in(world, token)


def test_a_link_that_was_accepted_does_not_tell_a_right_code_from_a_wrong_one(world: World) -> None:
    link = invite(world)
    page = view(world, link)
    send(world, link, page=page)

    assert {outcome(world, link, "court", page=page), outcome(world, link, code="000000", page=page)} == {
        "InvitationGone"
    }
