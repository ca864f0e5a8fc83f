"""An address changed by the office: a notice to the former ones, and no mailed password outlives its mailbox."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, FailingMailbox
from chalicelib.domain.account.audit import Author
from chalicelib.domain.account.email_addresses import EmailChange, apply_email_change
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.domain.refusals import LoginRefused, Unavailable, WriteConflict
from chalicelib.flows.family import lost_password
from chalicelib.flows.family.not_me import disown_change
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.email import AddressChange, AddressChangeResult, change_email, version_of
from chalicelib.office.refusals import OfficeRefusal
from tests.support.aws import faults_of
from tests.support.change_links import last_link
from tests.support.helpdesk import enter, kinds
from tests.support.refusals import sentence_of
from tests.support.staff import in_parallel
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

ASKED = HelpdeskCase("xen1", None, Author("Mme Houx", "a changé d'opérateur"))
NEW, COME = "nouvelle@example.org", "come@example.org"


def change_address(
    world: World, new: str | None = NEW, removal: str | None = EMAIL, **more: Any
) -> AddressChangeResult:
    return change_email(world.services, ASKED, AddressChange(new, removal, **more), world.now)


def notified_mailboxes(world: World) -> list[str]:
    return [mail.to for mail in world.mails() if mail.subject.startswith("Votre adresse e-mail a été changée")]


def ask_for_a_password(world: World, email: str = EMAIL) -> None:
    lost_password.request_password(world.visit(), lost_password.LostPasswordForm("xen1", email))


def failing(world: World, email: str) -> FailingMailbox:
    return FailingMailbox(world.services.record.pseudonyms.of_mailbox(email), "bounced", world.now)


def test_the_only_address_is_replaced_with_its_guardians(world: World) -> None:
    world.settle(household=Household(guardians=(Guardian("Aimée Rossignol", EMAIL),)))

    result = change_address(world, " Nouvelle@Example.ORG ")

    assert world.account().emails == (NEW,)
    assert world.account().household.guardians == (Guardian("Aimée Rossignol", NEW),)
    assert (result.before.emails, result.after.emails, result.emails) == ((EMAIL,), (NEW,), (EMAIL,))
    assert kinds(world) == ["email_changed"]


def test_the_notice_has_a_link_that_freezes_the_account_and_leaves_the_address_to_the_office(world: World) -> None:
    world.settle(emails=(EMAIL, COME))
    change_address(world, removal=COME)
    world.deliver()

    disown_change(world.visit(), last_link(world, COME))

    assert (world.account().emails, world.account().password) == ((EMAIL,), None)


def test_a_family_without_an_address_gets_its_first_and_nobody_is_told(world: World) -> None:
    world.settle(emails=())

    assert change_address(world, removal=None).emails == ()
    assert world.account().emails == (NEW,)


@pytest.mark.parametrize(
    ("new", "more", "code"),
    [
        ("pas-une-adresse", {"removal": EMAIL}, "email_unreadable"),
        ("zélie@example.org", {"removal": None}, "email_not_ascii"),
        ("COME@example.org", {"removal": None}, "email_known"),
        (NEW, {"removal": "ailleurs@example.org"}, "email_not_on_file"),
        (None, {"removal": "ailleurs@example.org"}, "email_not_on_file"),
    ],
)
def test_an_impossible_wish_changes_nothing(world: World, new: str | None, more: dict[str, Any], code: str) -> None:
    world.settle(emails=(EMAIL, COME))
    before = world.account()

    with pytest.raises(OfficeRefusal, match=code):
        change_address(world, new, **more)

    assert world.account() == before
    assert kinds(world) == []
    assert world.mails() == []


def test_the_notice_says_neither_the_new_address_nor_a_password(world: World) -> None:
    world.settle()

    change_address(world)
    assert set(world.aws.delays()) == {35}
    world.deliver()

    (mail,) = world.mails()
    assert mail.to == EMAIL
    assert "L'administration a changé" in mail.text
    assert "Mme Houx" not in mail.text + mail.html
    assert "le 1er septembre 2026 à 9 h 00 (heure de Paris)" in mail.text
    assert NEW not in mail.text + mail.html
    assert PASSWORD not in mail.text + mail.html


def test_a_former_address_that_fails_is_not_written_to(world: World) -> None:
    world.settle(emails=(EMAIL, COME), failing_mailboxes=(failing(world, EMAIL),))

    assert change_address(world, removal=EMAIL).emails == (COME,)
    assert world.account().failing_mailboxes == ()


def test_an_address_that_ses_will_never_take_stops_nothing(world: World) -> None:
    world.settle(emails=("zélie@example.org",))

    assert change_address(world, removal="zélie@example.org").emails == ()
    assert world.account().emails == (NEW,)


def test_a_password_mailed_to_the_former_address_opens_nothing_any_more(world: World) -> None:
    world.settle()
    ask_for_a_password(world)
    world.deliver()
    in_the_old_mailbox = world.mailed_password()

    result = change_address(world)

    assert result.password_ended
    with pytest.raises(LoginRefused):
        enter(world, in_the_old_mailbox)
    enter(world, PASSWORD)


def test_nor_one_that_was_asked_for_and_not_written_yet(world: World) -> None:
    world.settle()
    ask_for_a_password(world)

    change_address(world)
    world.deliver()

    assert world.account().mailed_passwords == ()
    assert [mail.to for mail in world.mails()] == [EMAIL]  # the notice only
    assert notified_mailboxes(world) == [EMAIL]


def test_a_chosen_password_ends_with_no_address(world: World) -> None:
    world.settle()

    assert not change_address(world).password_ended

    enter(world, PASSWORD)


def test_passwords_written_at_the_same_time_end_too(world: World) -> None:
    """The consumer and the secretary race. In both orders, the former mailbox has nothing that opens the account."""
    for _ in range(5):
        world.settle()
        ask_for_a_password(world)
        in_parallel(2, lambda which: change_address(world) if which else world.deliver())

        assert world.account().emails == (NEW,)
        assert world.account().mailed_passwords == ()
        world.wait(timedelta(minutes=3))


def test_of_two_secretaries_who_change_the_same_address_one_is_told_that_it_is_gone(world: World) -> None:
    world.settle()

    outcomes = in_parallel(2, lambda which: change_address(world, (NEW, COME)[which], removal=EMAIL))

    (refusal,) = (outcome for outcome in outcomes if isinstance(outcome, OfficeRefusal))
    assert refusal.code == "email_not_on_file"
    assert len(world.account().emails) == 1


def test_an_account_erased_meanwhile_is_not_made_again(world: World) -> None:
    account = world.settle()

    class Interrupted:
        """A post box that is used while the account is erased concurrently."""

        def post(self, *_: Any, **__: Any) -> None:
            world.services.accounts.erase(account)

    world.services = replace(world.services, post_box=Interrupted())  # type: ignore[arg-type]  # it posts nothing

    with pytest.raises(OfficeRefusal, match="family_vanished"):
        change_address(world)
    assert world.services.accounts.find(ROSSIGNOL) is None


@faults_of("BatchGetItem", "BatchWriteItem", "SendMessageBatch", "UpdateItem")
def test_no_fault_leaves_a_change_unnoted_or_untold(world: World, call: str, when: Any) -> None:
    before = world.settle()

    with world.aws.failing(call, when, times=1), pytest.raises(Unavailable):
        change_address(world)

    world.deliver_patiently()
    assert notified_mailboxes(world) == ([EMAIL] if world.account() != before else [])
    if world.account() != before:
        assert kinds(world) == ["email_changed"]
    _again(world, before)


def _again(world: World, before: Account) -> None:
    """Repeat a command: it completes the change, or reports it as done."""
    if world.account() == before:
        change_address(world)
    else:
        with pytest.raises(OfficeRefusal, match="email_known"):
            change_address(world)
    assert replace(world.account(), emails=before.emails, access_corrections=()) == before
    assert world.account().emails == (NEW,)
    assert len(world.account().access_corrections) == 1


def test_a_password_mailed_between_the_reading_and_the_writing_does_not_outlive_the_address(world: World) -> None:
    before = world.settle()
    after = apply_email_change(before, EmailChange(added=NEW, removed=EMAIL), world.services.record.pseudonyms)
    world.services.accounts.change(before, before.with_mailed_password("Mouette31Grise", "request-1", world.now))

    with pytest.raises(WriteConflict):
        world.services.accounts.change(before, after)

    assert world.account().emails == (EMAIL,)


# Decided on the version of a page.


def test_who_saw_other_addresses_reads_who_changed_them_and_changes_nothing(world: World) -> None:
    version = version_of(world.settle())
    change_address(world)
    before = world.account()

    with pytest.raises(OfficeRefusal, match="email_moved") as refusal:
        change_address(world, COME, version=version)

    assert "(1er septembre 2026 à 9 h 00, par l'administration (Mme Houx))" in sentence_of(refusal.value)
    assert f"Au dossier maintenant : {NEW}." in sentence_of(refusal.value)
    assert (world.account(), kinds(world)) == (before, ["email_changed"])
