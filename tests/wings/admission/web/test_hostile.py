"""An attacker learns nothing, floods no mailbox, and reads or changes no other visitor's data."""

import email as mime
from collections.abc import Callable
from datetime import timedelta
from email.policy import default
from typing import Final

import pytest

from tests.support.admission import ADMISSION, MERLE, START, announce, applicant, application_of, ask, mailed_code
from tests.support.admission import walk_in as come_in
from tests.support.application_form import ALBA_TYPED, GUARDIAN, GUARDIAN_STEP, HOME, NEW_STEP, RECEIPT, SUMMARY, fill
from tests.support.applications import NEW_EMAIL
from tests.support.old_applications import NUMBER, send_application
from tests.support.world import EMAIL, Visitor, World

Strangers = Callable[[], Visitor]
PAPERS: Final = f"{HOME}/pieces"


@pytest.fixture(autouse=True)
def opened(world: World) -> None:
    announce(world)


@pytest.fixture
def strangers(visitor: Visitor) -> Strangers:
    """Open a new browser at each call."""
    return lambda: Visitor(visitor._client.application)  # noqa: SLF001 - the same service


def posts_from(stranger: Visitor, number: int, text: str, stamp: str) -> int:
    """Send the start form from a new client address."""
    form = {"email": text, "site_web": "", "depuis": stamp}
    address = {"REMOTE_ADDR": f"198.51.100.{number % 250 + 1}"}
    return stranger.post(START, form, environ_overrides=address).status_code


def test_addresses_of_a_family_an_application_and_nobody_are_answered_alike(world: World, strangers: Strangers) -> None:
    world.settle(emails=(EMAIL,))
    world.services.accounts.enter_mailboxes(world.account())
    send_application(world)
    answers, counts = [], []

    for address in (EMAIL, NEW_EMAIL, MERLE):
        stranger = strangers()
        world.aws.calls.clear()
        answer = ask(world, stranger, address)
        page = stranger.get(f"{START}/code").text.replace(address, "ADDRESS")
        counts.append([call for call in world.aws.calls if call != "GetItem"])
        answers.append((answer.status_code, answer.headers["Location"], page.count("\n"), page.partition("valable")[0]))

    assert answers[0] == answers[1] == answers[2]
    assert counts[0] == counts[1] == counts[2] == ["UpdateItem", "SendMessageBatch"]


def deliver_all(world: World) -> None:
    while world.services.post_box.waiting():
        world.deliver()


def test_addresses_made_up_of_one_of_the_same_mailbox_are_counted_as_one(world: World, strangers: Strangers) -> None:
    spelt = (
        *("merle@gmail.com", " MERLE@Gmail.com ", "merle+1@gmail.com"),
        *("m.e.rle+deux@gmail.com", "Mer.le@gmail.com", "merle+@gmail.com"),
    )
    stamp = stamp_that_is_ripe(world, strangers())

    for number, address in enumerate(spelt):
        posts_from(strangers(), number, address, stamp)
    deliver_all(world)

    assert len(world.mails()) == 3


def test_a_number_in_a_public_draw_keeps_nobody_out(world: World, strangers: Strangers, visitor: Visitor) -> None:
    send_application(world)
    world.wait(ADMISSION.ends_at - world.now + timedelta(days=2))  # applications are closed, places are offered
    for _ in range(8):  # for two days, a stranger types the number again and again
        for _ in range(4):
            strangers().post(f"{START}/suivi", {"numero": NUMBER})
        deliver_all(world)
        world.wait(timedelta(hours=6, minutes=1))
    assert len(world.mails()) <= 7

    mails = len(world.mails())
    visitor.post(f"{START}/suivi", {"numero": f" {NEW_EMAIL.upper()}"})
    world.deliver()
    assert len(world.mails()) == mails + 1
    assert visitor.post(f"{START}/code", {"code": mailed_code(world)}).status_code == 303

    assert NUMBER in visitor.get(HOME).text


def stamp_that_is_ripe(world: World, stranger: Visitor) -> str:
    page = stranger.get(START).text
    world.wait(timedelta(seconds=5))
    return page.partition('name="depuis" value="')[2].partition('"')[0]


def test_names_that_carry_headers_and_tags_reach_the_mail_as_words(world: World, visitor: Visitor) -> None:
    come_in(world, visitor)
    evil = "Alba\r\nBcc: victime@example.org\r\n\r\n<script>alert(1)</script>"
    fill(visitor, GUARDIAN_STEP, **GUARDIAN | {"nom": "Mme Inès\r\nBcc: victime@example.org"})
    fill(visitor, NEW_STEP, **ALBA_TYPED | {"prenom": evil})
    fill(visitor, PAPERS, **{"papier-justificatif-domicile-foyer": "oui"})
    fill(visitor, SUMMARY)
    world.deliver()

    assert "<script>" not in visitor.get(RECEIPT).text
    receipt = world.aws.sent_messages()[-1]
    message = mime.message_from_string(receipt.raw_data, policy=default)
    assert (message["To"], message["Bcc"], message["Cc"]) == (MERLE, None, None)
    assert set(receipt.destinations) == {MERLE}
    assert "<script>" not in world.mails()[-1].html


def test_a_birth_date_told_after_the_sending_is_no_way_around_the_ages(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)
    fill(visitor, GUARDIAN_STEP, **GUARDIAN)
    fill(visitor, NEW_STEP, **ALBA_TYPED)
    fill(visitor, PAPERS, **{"papier-justificatif-domicile-foyer": "oui"})
    fill(visitor, SUMMARY)
    (alba,) = application_of(world).live

    answer = fill(visitor, f"{HOME}/eleves/{alba.key}", naissance="14/03/2024")

    assert answer.status_code == 422
    assert application_of(world).live == (alba,)
    assert application_of(world).draft is None
