"""A link that makes a browser known: mailed to members only, used once, and no way around one's own wrong tries."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.refusals import FormRefusal, Unavailable
from chalicelib.domain.staff.browser_links import LINK_LASTS, BrowserLinkGone
from chalicelib.domain.staff.recent_logins import SENT_AGAIN_WITHIN
from chalicelib.flows.staff.browser_link import LinksSlowedDown, ask_for_link, open_link, use_link
from chalicelib.flows.staff.login import device_scope, find_browser, own_tries
from chalicelib.services.family import Client, Visit
from tests.support.aws import When, faults_of
from tests.support.staff import MANAGER, SECRETARY, in_parallel, invite, member, read_member, stores
from tests.support.world import World


def ask(world: World, email: str = SECRETARY) -> None:
    ask_for_link(world.visit(), email)
    world.deliver()


def mailed(world: World) -> list[str]:
    """Read the mailed links, oldest first."""
    text = "\n".join(mail.text for mail in world.mails())
    return re.findall(r"/extranet/bureau/navigateur/(\S+)$", text, re.MULTILINE)


def asked_for(world: World) -> str:
    """Mail a link to a new member."""
    member(world)
    ask(world)
    return mailed(world)[-1]


def opened(world: World, lien: str, devices: str = "") -> Client:
    """Open a link, and return the browser with the page's cookie."""
    page = open_link(world.visit(devices=devices, use="staff-devices"), lien)
    return world.new_client(devices=page, use="staff-devices")


def outcome(world: World, lien: str, browser: Client | None = None) -> str:
    try:
        return use_link(Visit(world.services, browser or opened(world, lien), world.now), lien)
    except (FormRefusal, Unavailable) as refusal:
        return type(refusal).__name__


def test_a_link_is_used_once_within_a_quarter_of_an_hour(world: World) -> None:
    lien = asked_for(world)
    world.wait(timedelta(minutes=2))
    ask(world)

    browser, phone = opened(world, lien), opened(world, lien)
    assert [outcome(world, lien, one) for one in (browser, phone, browser)] == [SECRETARY, "BrowserLinkGone", SECRETARY]
    assert outcome(world, lien) == "BrowserLinkGone", "a browser that opens it later"
    world.wait(SENT_AGAIN_WITHIN)
    assert outcome(world, lien, browser) == "BrowserLinkGone"
    world.wait(LINK_LASTS)
    assert outcome(world, mailed(world)[-1]) == "BrowserLinkGone"
    assert [event["event"] for event in world.events() if "link" in event["event"] or "known" in event["event"]] == [
        "staff_link_asked", "staff_link_asked", "staff_browser_known", "staff_browser_known",
    ]  # fmt: skip


def test_a_link_before_another_one_opens_as_long(world: World) -> None:
    """Otherwise a stranger's request would cancel the member's link."""
    lien = asked_for(world)
    world.wait(timedelta(minutes=2))
    ask(world)

    assert len(mailed(world)) == 2
    assert outcome(world, lien) == SECRETARY


def test_an_address_without_an_access_gets_nothing_and_costs_the_same(world: World) -> None:
    closure = member(world)
    stores(world).members.change(closure, closure.with_disabled(is_disabled=True))
    invite(world, MANAGER)
    calls = []
    for email in (SECRETARY, MANAGER, "corneille@example.org"):
        world.aws.calls.clear()
        ask_for_link(world.visit(), email)
        calls.append(tuple(world.aws.calls))
        world.deliver()

    assert len(set(calls)) == 1
    assert world.mails() == []


def test_a_link_of_an_access_that_was_closed_since_opens_nothing(world: World) -> None:
    lien = asked_for(world)
    stores(world).members.revise(SECRETARY, lambda one: one.with_disabled(is_disabled=True))

    assert outcome(world, lien) == "BrowserLinkGone"
    assert outcome(world, "a" * 64) == "BrowserLinkGone"


def test_a_browser_that_failed_itself_keeps_its_own_tries(world: World) -> None:
    lien = asked_for(world)
    cookie = world.device(device_scope(SECRETARY), use="staff-devices")
    before = own_tries(world.new_client(devices=cookie, use="staff-devices"), read_member(world), world.now)

    browser = opened(world, lien, cookie)
    email = use_link(Visit(world.services, browser, world.now), lien)

    after = browser.devices.remember(device_scope(email), world.now)
    assert own_tries(world.new_client(devices=after, use="staff-devices"), read_member(world), world.now) == before


def test_a_browser_that_only_opened_the_link_is_a_stranger_s(world: World) -> None:
    lien = asked_for(world)

    assert find_browser(opened(world, lien), SECRETARY, world.now) is None


def test_of_eight_browsers_that_use_one_link_at_once_one_is_known(world: World) -> None:
    lien = asked_for(world)
    browsers = [opened(world, lien) for _ in range(8)]

    came = in_parallel(8, lambda which: use_link(Visit(world.services, browsers[which], world.now), lien))

    assert sorted(map(str, came)) == sorted([*[str(BrowserLinkGone)] * 7, SECRETARY])


def test_eight_clicks_on_one_form_are_one_use(world: World) -> None:
    lien = asked_for(world)
    browser = opened(world, lien)

    came = in_parallel(8, lambda _: use_link(Visit(world.services, browser, world.now), lien))

    assert set(came) == {SECRETARY}
    assert [bool(link.used_at) for link in read_member(world).browser_links.links] == [True]


def test_a_connection_that_asks_too_often_is_refused_whatever_the_address(world: World) -> None:
    for _ in range(30):
        ask_for_link(world.visit(), "corneille@example.org")

    with pytest.raises(LinksSlowedDown):
        ask_for_link(world.visit(), SECRETARY)
    assert world.events()[-1]["event"] == "staff_link_slowed"


@faults_of("UpdateItem", "SendMessageBatch")
def test_after_a_failure_the_same_request_works(world: World, call: str, when: When) -> None:
    member(world)
    with world.aws.failing(call, when), pytest.raises(Unavailable):
        ask_for_link(world.visit(), SECRETARY)

    ask(world)

    assert outcome(world, mailed(world)[-1]) == SECRETARY


@faults_of("GetItem", "UpdateItem")
def test_after_a_failure_the_same_link_works(world: World, call: str, when: When) -> None:
    lien = asked_for(world)
    browser = opened(world, lien)
    with world.aws.failing(call, when):
        assert outcome(world, lien, browser) == "Unavailable"

    assert outcome(world, lien, browser) == SECRETARY
