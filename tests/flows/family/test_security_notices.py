"""Notices of changes of access: posted first, mailed once stored, to the addresses of that time, never displaced."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import record_corrections, record_password_change
from chalicelib.domain.family.corrections import KEPT_AT_MOST, Actor, Correction
from chalicelib.domain.family.households import Guardian, Household
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.security_notices import NOTICE, email_notices, password_notices
from chalicelib.mail.account_jobs import EmailChanged, PasswordChanged
from chalicelib.mail.outbox import PATIENCE, Outbox
from tests.support.email_change import notices
from tests.support.logins import facts_of_job
from tests.support.world import World

EMAILS = tuple(f"g{number}@example.org" for number in range(1, 5))
FAMILY = Actor("family", "Aimée")


@pytest.fixture
def family(world: World) -> Account:
    guardians = tuple(Guardian(f"G {each}", each) for each in EMAILS)
    return world.settle(emails=EMAILS, household=Household(guardians))


def take_away(world: World, email: str, decision: str) -> None:
    """Post the notice and write the change, as both flows that change addresses do."""
    before = world.account()
    after = replace(before, emails=tuple(each for each in before.emails if each != email))
    Outbox(world.services.post_box).post(*email_notices(world.visit(), before, decision))
    world.services.accounts.change(before, record_corrections(before, after, FAMILY, world.now, decision))


def replace_password(world: World, origin: str = "chosen") -> None:
    """Post the notice and write the change, as both flows that change a password do."""
    before = world.account()
    account = before.with_password("hash", origin, world.now)  # type: ignore[arg-type]  # one of the two
    after = record_password_change(before, account, "login", world.now)
    Outbox(world.services.post_box).post(*password_notices(world.visit(), after))
    world.services.accounts.change(before, after)


def correct_often(world: World) -> None:
    """Correct coordinates more often than any limit allows."""
    before = account = world.account()
    for number in range(2 * KEPT_AT_MOST):
        after = replace(account, household=replace(account.household, payer=f"Payeur {number}"))
        account = record_corrections(account, after, FAMILY, world.now)
    world.services.accounts.change(before, account)


def told_of_password(world: World) -> list[str]:
    return sorted(each.to for each in world.mails() if each.subject.startswith("Votre mot de passe"))


@pytest.mark.usefixtures("family")
def test_each_of_several_changes_is_told_to_those_on_file_before_it(world: World) -> None:
    correct_often(world)
    for number, email in enumerate(EMAILS[:3]):
        take_away(world, email, f"decision-{number}")
    correct_often(world)

    for _ in range(3):
        world.deliver()

    assert notices(world) == sorted((*EMAILS, *EMAILS[1:], *EMAILS[2:]))


@pytest.mark.usefixtures("family")
def test_a_password_changed_again_or_an_address_taken_away_at_once_hides_no_notice(world: World) -> None:
    replace_password(world, "mailed")
    take_away(world, EMAILS[0], "decision")
    replace_password(world)
    correct_often(world)

    for _ in range(3):
        world.deliver()

    assert told_of_password(world) == sorted((*EMAILS, *EMAILS[1:]))
    assert notices(world) == list(EMAILS)


def test_a_stamp_without_its_password_proves_no_change(world: World, family: Account) -> None:
    job = PasswordChanged(**facts_of_job(world), mailbox="m", stamp="written")
    world.services.accounts.change(family, replace(family, disabled=True, stamp="written", password=None))

    NOTICE.send(world.services, job, world.wait(PATIENCE))

    assert (world.mails(), world.events()[-1]["reason"]) == ([], "not_changed")


def test_a_change_that_the_version_before_wrote_is_told_too(world: World, family: Account) -> None:
    """It stored no trace of passwords, and that of addresses among the others."""
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAILS[0])
    facts = facts_of_job(world)
    trace = Correction("emails", EMAILS, EMAILS[1:], FAMILY, world.now, "decision")
    world.services.accounts.change(
        family, replace(family.with_password("hash", "chosen", world.now), corrections=(trace,))
    )
    stamp = world.account().stamp

    NOTICE.send(world.services, PasswordChanged(**facts, mailbox=mailbox, stamp=stamp), world.now)
    NOTICE.send(world.services, EmailChanged(**facts, mailbox=mailbox, decision="decision"), world.now)

    assert [each.to for each in world.mails()] == [EMAILS[0]] * 2
    assert "a été modifié le" in world.mails()[0].text


@pytest.mark.usefixtures("family")
def test_a_notice_whose_mail_fails_is_told_when_the_job_comes_again(world: World) -> None:
    replace_password(world, "mailed")
    mailbox = world.services.record.pseudonyms.of_mailbox(EMAILS[0])
    job = PasswordChanged(**facts_of_job(world), mailbox=mailbox, stamp=world.account().stamp)

    with world.aws.failing("SendEmail", "before"), pytest.raises(Unavailable):
        NOTICE.send(world.services, job, world.now)
    world.wait(timedelta(hours=3))
    take_away(world, EMAILS[0], "decision")
    replace_password(world)
    correct_often(world)
    NOTICE.send(world.services, job, world.now)

    assert told_of_password(world) == [EMAILS[0]]
