"""A lost identifier: its form, the mail, its recipients and its limits. No other user learns anything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.domain.refusals import Unavailable
from chalicelib.flows.family.lost_password import LostSlowedDown, mail_identifiers, request_identifiers
from chalicelib.mail.account_jobs import LostIdentifier
from tests.support.aws import When, faults_of
from tests.support.logins import lose_password
from tests.support.world import EMAIL, ROSSIGNOL, World

UN = AccountRef("evry-magnard", "un-7005")
HOUSEHOLD = Household(
    guardians=(Guardian("Mme Aimée Rossignol", EMAIL, "01 99 00 10 01"),),
    address=("3 rue des Mésanges", "91000 Evry"),
    pupils=(Pupil("Zélie Rossignol"), Pupil("ROSSIGNOL Léo")),
)


def settle(world: World, ref: AccountRef = ROSSIGNOL, **values: Any) -> Account:
    account = world.settle(ref, **values)
    world.services.accounts.enter_mailboxes(account)
    return account


def lose(world: World, email: str = EMAIL, address: str = "192.0.2.7") -> None:
    request_identifiers(world.visit(address=address), email)


def job(world: World, request: str = "request-x", email: str = EMAIL) -> LostIdentifier:
    mailbox = world.services.record.pseudonyms.of_mailbox(email)
    return LostIdentifier(request=request, asked_at=world.now, mailbox=mailbox)


def reasons(world: World) -> list[str]:
    return [event["reason"] for event in world.events() if event["event"] == "identifier_dropped"]


def test_one_mail_lists_each_site_family_identifier_and_first_names_and_the_ways_on(world: World) -> None:
    settle(world, display_identifier="XEN 1", household=HOUSEHOLD)
    settle(world, UN, name="Famille Merle", emails=("merle@example.org", EMAIL), display_identifier="UN-7005")
    lose(world)

    world.deliver()

    (mail,) = world.mails()
    assert (mail.to, mail.subject) == (EMAIL, "Vos identifiants pour l'extranet")
    for part in (mail.text, mail.html):
        for expected in ("Evry - Xénakis", "Famille Rossignol", "XEN 1", "Zélie, Léo"):
            assert expected in part
        for expected in ("Evry - Magnard", "Famille Merle", "UN-7005", "01 99 00 10 03"):
            assert expected in part
        assert "http://127.0.0.1:8000/extranet/usager/mot-de-passe-perdu" in part
        for text in ("Aimée", "merle@example.org", "Mésanges", "01 99 00 10 01"):
            assert text not in part
    assert mail.html.count("<a ") - mail.html.count("mailto:") == 3, "the way to a password, twice, and to the login"


def test_of_one_account_it_says_so(world: World) -> None:
    settle(world, household=replace(HOUSEHOLD, pupils=HOUSEHOLD.pupils[:1]))
    lose(world)

    world.deliver()

    (mail,) = world.mails()
    assert mail.subject == "Votre identifiant pour l'extranet - Evry - Xénakis"
    assert "Élève : Zélie\n" in mail.text
    assert world.account().password, "nothing changed"


def test_asking_looks_nothing_up_whoever_asks(world: World) -> None:
    settle(world)
    calls = []
    for email in (EMAIL, "personne@example.org"):
        world.aws.calls.clear()
        lose(world, email)
        calls.append(list(world.aws.calls))

    assert calls == [["UpdateItem", "SendMessageBatch"]] * 2


def test_neither_queue_nor_log_nor_table_says_in_clear_who_asked(world: World) -> None:
    settle(world, UN)
    lose(world)
    lose(world, "personne@example.org")
    assert "lost_identifier" in world.aws.queue_bodies()
    for text in (EMAIL, "example.org", "un-7005", "personne"):
        assert text not in world.aws.queue_bodies()

    world.deliver()

    assert [event["event"] for event in world.events()] == [
        *["identifier_asked"] * 2,
        *("identifier_mailed", "identifier_dropped"),
    ]
    for text in (EMAIL, "example.org", "un-7005", "personne"):
        assert text not in world.log.getvalue()


def test_what_is_listed_and_not_so_any_more_is_told_to_nobody_and_why_in_the_record(world: World) -> None:
    settle(world, AccountRef("former-site", "xen1"))
    settle(world)
    for values in ({"emails": ("autre@example.org",)}, {"disabled": True}):
        world.settle(**values)
        mail_identifiers(world.services, job(world), world.now)
    email = "zoé@example.org"
    settle(world, emails=(email,))
    mail_identifiers(world.services, job(world, email=email), world.now)
    mail_identifiers(world.services, job(world), world.wait(timedelta(minutes=61)))

    assert (world.mails(), reasons(world)) == ([], ["unknown", "unknown", "undeliverable", "stale"])


def test_a_letter_leaves_each_two_minutes_and_six_a_day(world: World) -> None:
    settle(world)
    for _ in range(3):
        lose(world)
    world.deliver()
    assert (len(world.mails()), reasons(world)) == (1, ["too_soon"] * 2)

    for _ in range(8):
        world.wait(timedelta(minutes=2))
        lose(world)
        world.deliver()

    assert len(world.mails()) == 6
    world.wait(timedelta(hours=24))
    lose(world)
    world.deliver()
    assert len(world.mails()) == 7


@faults_of("Query", "BatchGetItem", "UpdateItem", "SendEmail")
def test_a_fault_at_any_call_ends_in_a_letter_once_the_job_comes_again(world: World, call: str, when: When) -> None:
    settle(world)

    with world.aws.failing(call, when), pytest.raises(Unavailable):
        mail_identifiers(world.services, job(world), world.now)
    mail_identifiers(world.services, job(world), world.now)

    assert len(world.mails()) == (2 if (call, when) == ("SendEmail", "after") else 1)


@faults_of("UpdateItem", "SendMessageBatch")
def test_a_fault_at_the_door_is_no_answer(world: World, call: str, when: When) -> None:
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        lose(world)


def test_one_client_address_asks_for_passwords_and_identifiers_thirty_times_in_all(world: World) -> None:
    settle(world)

    for _ in range(30):
        lose(world)

    with pytest.raises(LostSlowedDown):
        lose(world)
    with pytest.raises(LostSlowedDown):
        lose_password(world)
    assert [event["event"] for event in world.events()][-2:] == ["identifier_slowed", "reset_slowed"]
