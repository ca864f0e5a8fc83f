"""A lost password: its form, the mail, its recipients and its limits."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.passwords import PasswordRule
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.lost_password import LostSlowedDown, mail_passwords
from chalicelib.mail.account_jobs import LostPassword
from tests.support.aws import When, faults_of
from tests.support.logins import lose_password, opens
from tests.support.world import EMAIL, PASSWORD, ROSSIGNOL, World

TWIN = AccountRef("villabe-yves-henry", ROSSIGNOL.identifier)


def reasons(world: World) -> list[str]:
    return [event["reason"] for event in world.events() if event["event"] == "reset_dropped"]


def test_asking_looks_nothing_up_whoever_asks(world: World) -> None:
    world.settle()
    calls = []
    for identifier in (ROSSIGNOL.identifier, "nobody"):
        world.aws.calls.clear()
        lose_password(world, identifier)
        calls.append(list(world.aws.calls))

    assert calls == [["UpdateItem", "SendMessageBatch"]] * 2


@pytest.mark.parametrize(
    ("identifier", "email", "values", "reason"),
    [
        pytest.param("nobody", EMAIL, {}, "unknown", id="unknown identifier"),
        pytest.param("xen1", "autre@example.org", {}, "unknown", id="another address"),
        pytest.param("xen1", "ross\N{LATIN SMALL LETTER DOTLESS I}gnol@example.org", {}, "unknown", id="look-alike"),
        pytest.param("xen1", EMAIL, {"emails": ()}, "unknown", id="no address on file"),
        pytest.param("xen1", EMAIL, {"disabled": True}, "disabled", id="a closed account"),
        pytest.param("xen1", "zoé@example.org", {"emails": ("zoé@example.org",)}, "undeliverable", id="not ASCII"),
    ],
)
def test_a_pair_that_does_not_match_gets_no_mail(
    world: World, identifier: str, email: str, values: dict[str, Any], reason: str
) -> None:
    world.settle(**values)

    lose_password(world, identifier, email)

    world.deliver()
    assert (world.mails(), reasons(world)) == ([], [reason])


def test_1_6_a_password_is_mailed_to_the_address_typed_and_the_old_one_still_works(world: World) -> None:
    world.settle(emails=("a@example.org", " Rossignol@Example.ORG"))  # as the administration wrote it
    lose_password(world)

    world.deliver()

    (mail,) = world.mails()
    assert mail.to.strip().lower() == EMAIL
    for part in (mail.text, mail.html):
        for words in ("Evry - Xénakis", "2 septembre 2026 à 9 h 00", "http://127.0.0.1:8000/extranet/usager", "01 99"):
            assert words in part
    assert PasswordRule().violations(world.mailed_password(), ROSSIGNOL.identifier, "Evry - Xénakis") == ()
    assert opens(world, PASSWORD)
    assert opens(world, world.mailed_password())


def test_one_identifier_and_address_at_two_sites_gets_two_letters(world: World) -> None:
    world.settle()
    world.settle(TWIN)
    lose_password(world)

    world.deliver()

    subjects = {mail.subject for mail in world.mails()}
    assert {subject.partition(" - ")[2] for subject in subjects} == {"Evry - Xénakis", "Villabé - Yves Henry"}
    assert not opens(world, world.mailed_password(), ROSSIGNOL) or not opens(world, world.mailed_password(), TWIN)


@pytest.mark.parametrize(("email", "calls"), [(EMAIL, ["Query", "BatchGetItem"]), ("nobody@example.org", ["Query"])])
def test_only_the_sites_of_the_address_are_read_of_however_many(world: World, email: str, calls: list[str]) -> None:
    """At 830 sites it read 1,660 items in 17 round trips."""
    world.settle()
    world.have_sites(150)
    mailbox = world.services.record.pseudonyms.of_mailbox(email)
    world.aws.calls.clear()

    mail_passwords(world.services, replace(job(world), mailbox=mailbox), world.now)

    reads = [call for call in world.aws.calls if call in {"Query", "BatchGetItem"}]
    assert (reads, len(world.mails())) == (calls, len(calls) - 1)


def test_families_that_share_a_mailbox_get_only_what_they_asked(world: World) -> None:
    world.settle()
    world.settle(AccountRef("evry-xenakis", "xen2"), name="Famille Fauvette")
    lose_password(world, "xen2")

    world.deliver()

    assert ["Famille Fauvette" in mail.text for mail in world.mails()] == [True]


def test_one_mail_each_two_minutes_and_six_a_day(world: World) -> None:
    world.settle()
    for _ in range(8):
        lose_password(world)
        lose_password(world)
        world.deliver()
        world.wait(timedelta(minutes=2))

    assert len(world.mails()) == 6
    world.wait(timedelta(hours=24))
    lose_password(world)
    world.deliver()
    assert len(world.mails()) == 7


def test_the_31st_request_of_an_address_in_ten_minutes_is_dropped(world: World) -> None:
    for number in range(30):
        lose_password(world, f"somebody{number}")
    with pytest.raises(LostSlowedDown):
        lose_password(world)

    names = [event["event"] for event in world.events()]
    assert (names.count("reset_asked"), names.count("reset_slowed")) == (30, 1)
    world.wait(timedelta(minutes=10))
    lose_password(world)
    assert world.events()[-1]["event"] == "reset_asked"


def job(world: World, request: str = "request-9") -> LostPassword:
    mailbox = world.services.record.pseudonyms.of("mailbox", EMAIL)
    return LostPassword(request=request, asked_at=world.now, identifier=ROSSIGNOL.identifier, mailbox=mailbox)


def test_a_job_delivered_twice_mails_two_passwords_and_both_work(world: World) -> None:
    world.settle()
    mail_passwords(world.services, job(world), world.now)
    first = world.mailed_password()

    mail_passwords(world.services, job(world), world.now)

    assert world.mailed_password() != first
    assert len(world.account().mailed_passwords) == 2
    assert opens(world, first)


def test_why_no_password_leaves_is_told_in_the_record(world: World) -> None:
    world.settle()
    mail_passwords(world.services, job(world), world.wait(timedelta(hours=1, seconds=1)))
    with world.aws.failing("SendEmail", "before", error=(400, "BadRequestException")):
        mail_passwords(world.services, job(world), world.now)

    assert (world.mails(), reasons(world)) == ([], ["stale", "undeliverable"])


def test_two_consumers_of_two_requests_send_one_mail(world: World) -> None:
    world.settle()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: mail_passwords(world.services, job(world, name), world.now), ("one", "two")))

    assert len(world.mails()) == 1
    assert reasons(world) == ["too_soon"]
    assert opens(world, world.mailed_password())


@faults_of("BatchGetItem", "UpdateItem", "SendEmail")
def test_a_fault_while_mailing_is_mended_by_the_next_delivery(world: World, call: str, when: When) -> None:
    world.settle()

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        mail_passwords(world.services, job(world), world.now)
    mail_passwords(world.services, job(world), world.now + timedelta(seconds=30))

    assert opens(world, world.mailed_password())


@faults_of("UpdateItem", "SendMessageBatch")
def test_a_fault_while_asking_is_told_and_asking_again_works(world: World, call: str, when: When) -> None:
    world.settle()

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        lose_password(world)
    lose_password(world)
    world.deliver()

    assert opens(world, world.mailed_password())


def test_neither_the_queue_nor_the_tables_hold_an_address_or_a_password_in_clear(world: World) -> None:
    world.settle(emails=())
    lose_password(world)
    queue = world.aws.queue_bodies()
    world.settle()
    lose_password(world)
    world.deliver()

    assert EMAIL not in queue
    assert ROSSIGNOL.identifier in queue
    assert world.mailed_password() not in world.aws.everything(world.resources)


@pytest.mark.parametrize(("email", "text"), [("un-7005", "un7005"), ("un7005", "un–7005"), ("un-7005", "un-7005")])
def test_a_dash_more_or_less_gets_the_password_all_the_same(world: World, email: str, text: str) -> None:
    world.settle(AccountRef("evry-magnard", email))
    lose_password(world, text)

    world.deliver()

    assert [mail.to for mail in world.mails()] == [EMAIL]
    assert opens(world, world.mailed_password(), AccountRef("evry-magnard", text))


def test_of_two_that_differ_by_a_dash_the_address_says_which_and_else_the_exact_one_is_meant(world: World) -> None:
    with_dash, without = (AccountRef("evry-magnard", identifier) for identifier in ("un-7005", "un7005"))
    world.settle(with_dash, emails=("merle@example.org",))
    world.settle(without)
    lose_password(world, "un7005", "merle@example.org")
    world.deliver()
    assert [mail.to for mail in world.mails()] == ["merle@example.org"]
    assert opens(world, world.mailed_password(), with_dash)
    world.settle(with_dash)

    lose_password(world, "un7005")
    world.deliver()

    assert len(world.mails()) == 2
    assert opens(world, world.mailed_password(), without)
