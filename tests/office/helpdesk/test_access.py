"""Access by the helpdesk: waits ended, accounts closed and opened, passwords mailed, each act audited first."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.passwords import mailed_password
from chalicelib.domain.account.rate_limits import LOGIN_OF_ACCOUNT
from chalicelib.domain.refusals import LoginRefused, NotLoggedIn, SlowedDown, Unavailable
from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.visit import enter as authenticate
from chalicelib.office.helpdesk import access as helpdesk
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.stores.attempts import AttemptTimes
from chalicelib.stores.audit_trail import AuditTrail
from tests.support.aws import When, faults_of
from tests.support.helpdesk import acts_on, beside, enter, keep_logging_in, kinds, try_in_vain
from tests.support.households import open_session
from tests.support.login_methods import LINK, TELEPHONE
from tests.support.refusals import sentence_of
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

AUTHOR = Author("Mme Houx", "la famille a appelé")
ASKED = HelpdeskCase(" XEN 1 ", None, AUTHOR)
COME = "come@example.org"


def fail(world: World, times: int) -> None:
    for _ in range(times):
        with pytest.raises((LoginRefused, SlowedDown)):
            enter(world, "Faux12345")


def test_a_dash_more_or_less_lifts_the_wait_at_the_same_account(world: World) -> None:
    ref = AccountRef("evry-magnard", "un-7005")
    world.settle(ref)
    try_in_vain(world, ref=ref)

    assert helpdesk.unlock(world.services, replace(ASKED, identifier="UN7005"), world.now)

    assert world.services.attempts.at(ref) == ()


def mark_failing(world: World, account: Account, *emails: str) -> None:
    mailboxes = map(world.services.record.pseudonyms.of_mailbox, emails)
    failing = tuple(FailingMailbox(mailbox, "bounced", world.now) for mailbox in mailboxes)
    world.services.accounts.change(account, replace(account, failing_mailboxes=failing))


def test_a_family_that_waits_may_try_at_once(world: World) -> None:
    world.settle()
    fail(world, 6)

    result = helpdesk.unlock(world.services, ASKED, world.now)

    enter(world)
    assert result
    assert acts_on(world) == [AuditEntry("unlocked", ROSSIGNOL.site, acts_on(world)[0].account, AUTHOR, world.now)]


def test_a_browser_that_the_account_knows_may_try_at_once_too(world: World) -> None:
    world.settle()
    device_visit = world.visit(devices=world.device())
    wrong, right = (Credentials(ROSSIGNOL, typed) for typed in ("Faux12345", PASSWORD))
    for _ in range(6):
        with pytest.raises((LoginRefused, SlowedDown)):
            log_in(device_visit, wrong)

    assert helpdesk.unlock(world.services, ASKED, world.now)

    assert log_in(device_visit, right)


def test_the_ceiling_of_a_day_is_lifted_too(world: World) -> None:
    world.settle()
    for _ in range(25):
        tries = world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ROSSIGNOL)))
        world.services.attempts.reserve(tries, LOGIN_OF_ACCOUNT, world.wait(timedelta(minutes=16)))

    helpdesk.unlock(world.services, ASKED, world.now)

    enter(world)


def test_where_nobody_failed_there_is_nothing_to_lift_nor_to_note(world: World) -> None:
    world.settle()

    assert not helpdesk.unlock(world.services, ASKED, world.now)
    assert acts_on(world) == []


def test_a_disabled_account_opens_to_nobody_and_its_sessions_are_over(world: World) -> None:
    token = open_session(world, world.settle())

    helpdesk.switch(world.services, ASKED, world.now, is_disabled=True)

    session = world.services.sessions.find(token)
    assert session
    assert not session.is_of(world.account(), world.now)
    with pytest.raises(LoginRefused):
        enter(world)
    assert kinds(world) == ["disabled"]


def test_an_account_opened_again_has_its_password_but_not_its_sessions(world: World) -> None:
    token = open_session(world, world.settle())
    helpdesk.switch(world.services, ASKED, world.now, is_disabled=True)

    helpdesk.switch(world.services, ASKED, world.wait(timedelta(seconds=1)), is_disabled=False)

    session = world.services.sessions.find(token)
    assert session
    assert not session.is_of(world.account(), world.now)
    enter(world)
    assert kinds(world) == ["disabled", "enabled"]


@pytest.mark.parametrize("is_disabled", [True, False])
def test_the_same_again_changes_nothing_and_notes_nothing(world: World, is_disabled: bool) -> None:
    world.settle(disabled=is_disabled)
    before = world.account()

    result = helpdesk.switch(world.services, ASKED, world.now, is_disabled=is_disabled)

    assert not result
    assert world.account() == before
    assert acts_on(world) == []


def test_logins_at_the_same_time_do_not_bring_a_disabled_account_back(world: World) -> None:
    world.settle()

    with beside(keep_logging_in(world)):
        helpdesk.switch(world.services, ASKED, world.now, is_disabled=True)

    account = world.account()
    assert account.disabled
    assert not any(session.is_of(account, world.now) for session in world.services.sessions.of_account(ROSSIGNOL))


def test_a_password_goes_to_each_address_that_works_and_both_open(world: World) -> None:
    world.settle(emails=(EMAIL, COME))

    password = helpdesk.resend(world.services, ASKED, None, world.now)
    world.deliver()

    assert password.to == (EMAIL, COME)
    assert [mail.to for mail in world.mails()] == [EMAIL, COME]
    assert len(world.account().mailed_passwords) == 2
    enter(world, world.mailed_password())
    assert kinds(world) == ["resent"]


def test_a_failing_address_is_left_out_unless_it_is_asked_for(world: World) -> None:
    mark_failing(world, world.settle(emails=(EMAIL, COME)), COME)

    assert helpdesk.resend(world.services, ASKED, None, world.now).left_out == (COME,)
    assert helpdesk.resend(world.services, ASKED, " Come@Example.org", world.now).to == (COME,)


def test_of_many_addresses_two_are_written_to_so_that_each_password_works(world: World) -> None:
    world.settle(emails=(EMAIL, COME, "zelie@example.org"))

    password = helpdesk.resend(world.services, ASKED, None, world.now)

    assert password.to == (EMAIL, COME)
    assert password.left_out == ("zelie@example.org",)


def test_nothing_is_sent_where_no_address_works(world: World) -> None:
    mark_failing(world, world.settle(), EMAIL)

    with pytest.raises(OfficeRefusal, match="resend_nowhere"):
        helpdesk.resend(world.services, ASKED, None, world.now)
    with pytest.raises(OfficeRefusal, match="email_not_on_file"):
        helpdesk.resend(world.services, ASKED, "ailleurs@example.org", world.now)
    assert acts_on(world) == []
    assert world.aws.queue_bodies() == ""


def test_nothing_is_sent_to_a_disabled_account(world: World) -> None:
    world.settle(disabled=True)

    with pytest.raises(OfficeRefusal, match="resend_disabled"):
        helpdesk.resend(world.services, ASKED, None, world.now)
    assert acts_on(world) == []


def test_the_limits_of_letters_hold(world: World) -> None:
    world.settle()
    helpdesk.resend(world.services, ASKED, None, world.now)
    world.deliver()

    with pytest.raises(OfficeRefusal, match="resend_too_soon") as refusal:
        helpdesk.resend(world.services, ASKED, None, world.now)

    assert "9 h 02" in sentence_of(refusal.value)
    assert kinds(world) == ["resent"]


def test_no_secretary_sees_a_password(world: World) -> None:
    """No result of a flow contains a password that opens the account."""
    world.settle(password=mailed_password())

    password = helpdesk.resend(world.services, ASKED, None, world.now)
    world.deliver()

    assert world.mailed_password() not in repr(password)


def test_an_account_erased_meanwhile_is_told_and_not_made_again(world: World) -> None:
    account = world.settle()

    class Interrupted(AuditTrail):
        """Adds an entry while the account is erased concurrently."""

        def add(self, entry: AuditEntry) -> None:
            super().add(entry)
            world.services.accounts.erase(account)

    acts = Interrupted(world.database, world.resources.office_table)
    world.services = replace(world.services, audit_trail=acts)

    with pytest.raises(OfficeRefusal, match="family_vanished"):
        helpdesk.switch(world.services, ASKED, world.now, is_disabled=True)
    assert world.services.accounts.find(ROSSIGNOL) is None


ACTS: dict[str, Callable[[World], object]] = {
    "unlock": lambda world: helpdesk.unlock(world.services, ASKED, world.now),
    "disable": lambda world: helpdesk.switch(world.services, ASKED, world.now, is_disabled=True),
    "resend": lambda world: helpdesk.resend(world.services, ASKED, None, world.now),
}


@pytest.mark.parametrize("name", ACTS)
@faults_of("BatchGetItem", "GetItem", "BatchWriteItem", "UpdateItem", "SendMessageBatch")
@pytest.mark.parametrize("calls", [0, 1])
def test_no_fault_leaves_an_act_done_and_not_noted(world: World, name: str, when: Any, call: str, calls: int) -> None:
    world.settle(password=None)
    try_in_vain(world)
    before = world.account()
    waiting = world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ROSSIGNOL)))

    try:
        with world.aws.failing(call, when, times=1, skips=calls):
            ACTS[name](world)
    except Unavailable:
        pass

    tries = world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ROSSIGNOL)))
    is_done = world.account() != before or tries != waiting or world.aws.queue_bodies() != ""
    assert acts_on(world) or not is_done


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_fault_the_same_command_ends_it(world: World, name: str, when: Any) -> None:
    world.settle(password=None)
    try_in_vain(world)
    call = {"unlock": "BatchWriteItem", "disable": "UpdateItem", "resend": "SendMessageBatch"}[name]
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        ACTS[name](world)

    ACTS[name](world)

    tries = world.database.read(world.services.attempts.lookup(AttemptTimes.on_account(ROSSIGNOL)))
    assert {"unlock": not tries.times, "disable": world.account().disabled, "resend": world.aws.queue_bodies()}[name]


def remove_methods(world: World) -> bool:
    return helpdesk.remove_methods(world.services, ASKED, world.now)


def notified_authors(world: World) -> list[str]:
    """List the removals in the family's trail, once the mails are delivered to each address once."""
    world.deliver_patiently()
    assert sorted(mail.to for mail in world.mails()) == sorted((COME, EMAIL))
    return [change.actor.who for change in world.account().access_corrections if change.what == "sign_in"]


@faults_of("PutItem", "SendMessageBatch", "UpdateItem")
def test_after_a_fault_the_form_removes_the_methods_and_mails_once(world: World, call: str, when: When) -> None:
    world.settle(emails=(EMAIL, COME), passkeys=(TELEPHONE,), links=(LINK,))
    with suppress(Unavailable), world.aws.failing(call, when):
        remove_methods(world)

    remove_methods(world)

    assert not world.account().has_login_methods
    assert set(kinds(world)) == {"sign_in_changed"}
    assert notified_authors(world) == ["Mme Houx"]


def test_two_secretaries_at_once_remove_the_login_methods_once(world: World) -> None:
    session = open_session(world, world.settle(emails=(EMAIL, COME), passkeys=(TELEPHONE,)))

    with world.aws.interrupted("UpdateItem", lambda: remove_methods(world)):
        assert not remove_methods(world)

    assert notified_authors(world) == ["Mme Houx"]
    with pytest.raises(NotLoggedIn):
        authenticate(world.visit(session))
