"""One account for the secretary, as read at one moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef, FailingMailbox
from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.notices import Notice
from chalicelib.office.account import pseudonym
from chalicelib.office.helpdesk.show import AccountOverview, account_overview
from chalicelib.office.refusals import OfficeRefusal
from tests.support.helpdesk import try_in_vain
from tests.support.refusals import sentence_of
from tests.support.world import EMAIL, ROSSIGNOL, World

TWIN = AccountRef("evry-magnard", "xen1")
AUTHOR = Author("Mme Houx", "radiée")


def overview(world: World, text: str = "xen 1", site: str | None = None) -> AccountOverview:
    return account_overview(world.services, text, site, world.now)


def test_an_account_is_read_in_one_round_trip_its_acts_and_the_tries_of_its_browsers_in_two_more(world: World) -> None:
    world.settle()
    world.aws.calls.clear()

    overview(world)

    assert world.aws.calls == ["BatchGetItem", "GET", "Query", "Query"]  # SES is asked about its one address


def test_who_waits_at_its_own_browser_is_told_apart_from_no_one(world: World) -> None:
    world.settle()
    device = world.new_client(devices=world.device()).devices.find(ROSSIGNOL, world.now)
    try_in_vain(world, device=device)
    try_in_vain(world, 2)

    page = overview(world)

    assert page.waits_until == world.now + timedelta(minutes=1)
    assert [finding.code for finding in page.causes][:1] == ["waiting"]


def test_each_address_says_whether_mails_reach_it(world: World) -> None:
    failing = FailingMailbox(world.services.record.pseudonyms.of_mailbox(EMAIL), "bounced", world.now)
    notice = Notice("rentree", world.services.record.pseudonyms.of_mailbox("come@example.org"), "delivered", world.now)
    emails = (EMAIL, "come@example.org", "zelie@example.org")
    world.settle(emails=emails, notices=(notice,), failing_mailboxes=(failing,))

    addresses = overview(world).addresses

    assert [address.email for address in addresses] == [EMAIL, "come@example.org", "zelie@example.org"]
    assert [address.failing and address.failing.kind for address in addresses] == ["bounced", None, None]
    assert [address.delivered_at for address in addresses] == [None, world.now, None]


def test_tries_at_a_twin_are_the_twins_own(world: World) -> None:
    world.settle()
    world.settle(TWIN)
    try_in_vain(world, 2, TWIN)

    assert [finding.code for finding in overview(world, site=ROSSIGNOL.site).causes] == ["twins", "nothing"]


def test_the_acts_on_the_account_are_shown_and_those_on_another_are_not(world: World) -> None:
    world.settle()
    act = AuditEntry("unlocked", ROSSIGNOL.site, pseudonym(world.services, ROSSIGNOL), AUTHOR, world.now)
    world.services.audit_trail.add(act)
    world.services.audit_trail.add(replace(act, account=pseudonym(world.services, TWIN)))

    assert overview(world).acts == (act,)


def test_an_identifier_of_several_sites_asks_which(world: World) -> None:
    world.settle()
    world.settle(TWIN)

    with pytest.raises(OfficeRefusal, match="several_sites") as refusal:
        overview(world)

    assert "Sites : Evry - Magnard, Evry - Xénakis." in sentence_of(refusal.value)


def test_an_identifier_of_another_site_says_which(world: World) -> None:
    world.settle()

    with pytest.raises(OfficeRefusal, match="family_elsewhere") as refusal:
        overview(world, site="evry-magnard")

    assert "Evry - Xénakis" in sentence_of(refusal.value)
    with pytest.raises(OfficeRefusal, match="family_unknown"):
        overview(world, "xen2")


@pytest.mark.parametrize("text", ["UN-7005", "un7005", "UN – 7005"])
def test_a_dash_more_or_less_shows_the_same_account_and_the_tries_at_it(world: World, text: str) -> None:
    ref = AccountRef("evry-magnard", "un-7005")
    world.settle(ref)
    try_in_vain(world, ref=AccountRef("evry-magnard", "un7005"))
    try_in_vain(world, 1, AccountRef("bondoufle-gounod", "un–7005"))

    page = overview(world, text)

    assert page.account.ref == ref
    assert page.waits_until == world.now + timedelta(minutes=1)
    assert "wrong_site" in {finding.code for finding in page.causes}


def test_of_two_that_differ_by_a_dash_the_exact_one_is_shown_or_both_are_named(world: World) -> None:
    for identifier in ("un-7005", "un7005"):
        world.settle(AccountRef("evry-magnard", identifier))

    assert overview(world, "UN-7005").account.ref.identifier == "un-7005"
    with pytest.raises(OfficeRefusal, match="several_spellings") as refusal:
        overview(world, "UN–7005")
    assert "un7005 ; un-7005" in sentence_of(refusal.value)
